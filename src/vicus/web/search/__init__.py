"""Search over everything that is written, within what the reader may see."""
