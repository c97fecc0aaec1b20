"""Vicus beside its peers: the same work on the same data, in turn, in processes of their own."""
