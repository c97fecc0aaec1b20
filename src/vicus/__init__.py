"""Vicus: problem-oriented, place-based safety work. It is about places, never persons."""

from importlib.metadata import version

__version__ = version("vicus")
