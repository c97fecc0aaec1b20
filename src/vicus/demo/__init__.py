"""A demonstration zone: generated, seeded, labelled as such; no real incident and no real person stands behind it."""

from vicus.demo.world import Demonstration, generate

__all__ = ["Demonstration", "generate"]
