"""Where: grids, counts, density, clusters."""

from vicus.analysis.places.clusters import Moran, getis_ord, moran
from vicus.analysis.places.counting import count_points
from vicus.analysis.places.density import kernel_density, select_bandwidth
from vicus.analysis.places.grid import make_grid
from vicus.analysis.results import offer_pictures

offer_pictures()

__all__ = [
    "Moran",
    "count_points",
    "getis_ord",
    "kernel_density",
    "make_grid",
    "moran",
    "select_bandwidth",
]
