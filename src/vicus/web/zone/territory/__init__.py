"""Reading, checking and comparing the territory of a zone, before anything is written."""
