"""Parts of pages about meetings and commitments."""
