"""Where: grids, counts, density, clusters."""

from vicus.analysis.places.counting import count_points
from vicus.analysis.places.grid import make_grid

__all__ = ["count_points", "make_grid"]
