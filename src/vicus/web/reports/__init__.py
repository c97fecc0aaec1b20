"""Which report, for whom, when; and the archive of what was drawn."""
