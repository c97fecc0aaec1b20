"""`python -m vicus` is the command `vicus`."""

from vicus.cli import main

main()
