"""What this app tells the rooms above it, which it does not know."""

from django.dispatch import Signal

imported = Signal()
"""Sent with `zone` when facts have come into its store."""
