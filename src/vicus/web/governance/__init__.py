"""The clock of the five levels: what is due, planned, done; calendar, digest, coordination board."""
