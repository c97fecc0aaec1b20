"""Neighbourhood bulletins: written in both languages, counted with disclosure control, published as snapshots."""
