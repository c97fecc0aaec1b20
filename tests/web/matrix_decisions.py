"""Addresses of decisions. Whoever sees figures of hotspots reads them, and takes tables away with a reason."""

from matrix import POLICE, WEST, Row
from matrix_hotspots import furnish

# A division head without a commune sees pages without hotspots, and no table of them.
SEES = POLICE - {"division_head"}
PAGES = ("waiting", "board", "differences", "around", "compare")
# The door asks for a reason before anything leaves: 403 and the question.
ROWS = (
    *(Row(f"decisions:{page}", POLICE, WEST) for page in PAGES),
    *(Row(f"decisions:{page}", POLICE, WEST, prepare=furnish) for page in PAGES),
    # Nothing of that name was decided; whoever may note nothing is refused.
    Row("decisions:note", (), WEST, method="post", data={"about": "phases.move:1"},
        exceptions={"analyst": 403, "division_head": 403, "hotspot_manager": 403, "direction": 302}),
    Row("decisions:file", POLICE, WEST | {"table": "waiting", "kind": "csv"}, ok=403),
    Row("decisions:file", SEES, WEST | {"table": "differences", "kind": "xlsx"}, prepare=furnish, ok=403),
    Row("decisions:file", SEES, WEST | {"table": "compare", "kind": "csv"}, prepare=furnish, ok=403),
    Row("decisions:file", (), WEST | {"table": "differences", "kind": "csv"}, query="month=1999-01", prepare=furnish),
    Row("decisions:file", (), WEST | {"table": "differences", "kind": "pdf"}, prepare=furnish),
    Row("decisions:file", (), WEST | {"table": "persons", "kind": "csv"}, prepare=furnish),
)  # fmt: skip
