"""The commands: `vicus --help` lists them."""

from vicus.cli.app import main

__all__ = ["main"]
