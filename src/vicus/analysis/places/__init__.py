"""Where: grids, counts, density, clusters."""

from vicus.analysis.places.bandwidths import select_bandwidth
from vicus.analysis.places.clusters import Moran, getis_ord, moran
from vicus.analysis.places.counting import count_points
from vicus.analysis.places.density import kernel_density
from vicus.analysis.places.grid import make_grid
from vicus.analysis.places.groups import dbscan_hotspots
from vicus.analysis.places.likeness import JoinCounts, join_counts, local_moran
from vicus.analysis.places.relative import relative_density
from vicus.analysis.places.trends import classify_hotspots, emerging_hotspots
from vicus.analysis.results import offer_pictures

offer_pictures()

__all__ = [
    "JoinCounts",
    "Moran",
    "classify_hotspots",
    "count_points",
    "dbscan_hotspots",
    "emerging_hotspots",
    "getis_ord",
    "join_counts",
    "kernel_density",
    "local_moran",
    "make_grid",
    "moran",
    "relative_density",
    "select_bandwidth",
]
