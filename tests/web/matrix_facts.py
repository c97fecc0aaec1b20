"""Rows of the permission matrix for imports, versions and categories."""

from matrix import Row

from vicus.web.facts.models import Import
from vicus.web.zone.models import Zone

ANALYST = frozenset({"analyst"})
WEST = {"zone": "west"}
ONE = {"zone": "west", "pk": 7}


def received(zone: Zone) -> None:
    entry = Import.objects.create(
        pk=7, zone=zone, file_name="facts.csv", mapping_text="", state=Import.State.CHECKED
    )
    entry.folder.mkdir(parents=True, exist_ok=True)
    entry.file.write_text("date,kind\n2026-01-01,BIKE\n")
    entry.rejects.write_text("row,column,value,reason\n")


ROWS = (
    Row("facts:imports", ANALYST, kwargs=WEST),
    Row("facts:receive", ANALYST, kwargs=WEST),
    Row("facts:receive", ANALYST, kwargs=WEST, method="post", ok=422),
    Row("facts:import", ANALYST, kwargs=ONE, prepare=received),
    Row("facts:import", (), kwargs=ONE),
    Row("facts:import", ANALYST, kwargs=ONE, method="post", prepare=received, ok=422),
    Row("facts:step", ANALYST, kwargs=ONE, method="post", data={"step": "discard"}, prepare=received, ok=302),
    # A step that only the system takes does not exist for people.
    Row("facts:step", (), kwargs=ONE, method="post", data={"step": "finish"}, prepare=received),
    # Asks for the reason first.
    Row("facts:rejects", ANALYST, kwargs=ONE, prepare=received, ok=403),
    Row("facts:versions", ANALYST, kwargs=WEST),
    Row("facts:categories", ANALYST, kwargs=WEST),
    Row("facts:categories", ANALYST, kwargs=WEST, method="post", ok=422),
)
