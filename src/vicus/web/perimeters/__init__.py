"""Perimeters drawn, proposed, decided and checked every month against the problem they were drawn for."""
