"""Meetings of the five levels, what they decide, and what organisations promise there."""
