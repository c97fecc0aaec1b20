"""Pages of meetings and commitments."""
