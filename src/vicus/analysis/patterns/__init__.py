"""Points as a pattern: their middle and spread, their spacing, their likeness over areas, their link with time."""

from vicus.analysis.patterns.association import GearyC, GeneralG, geary, general_g
from vicus.analysis.patterns.bands import density_bands
from vicus.analysis.patterns.centres import Centre, centre
from vicus.analysis.patterns.interaction import Interaction, jacquez, mantel
from vicus.analysis.patterns.periods import count_change
from vicus.analysis.patterns.spacing import (
    NearestNeighbours,
    QuadratTest,
    Ripley,
    nearest_neighbours,
    quadrat_test,
    ripley,
)

__all__ = [
    "Centre",
    "GearyC",
    "GeneralG",
    "Interaction",
    "NearestNeighbours",
    "QuadratTest",
    "Ripley",
    "centre",
    "count_change",
    "density_bands",
    "geary",
    "general_g",
    "jacquez",
    "mantel",
    "nearest_neighbours",
    "quadrat_test",
    "ripley",
]
