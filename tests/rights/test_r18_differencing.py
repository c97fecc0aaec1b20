"""R18: public counts under k are suppressed, also when two releases are compared: an attacker tries and fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from vicus.incidents import Selection, questions
from vicus.incidents.months import month_after
from vicus.web.bulletins import disclosure, services
from vicus.web.bulletins.differencing import Classes, Sum
from vicus.web.bulletins.models import Bulletin, Release, month_of
from vicus.web.facts.queries import find_store
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.models import Snapshot
from vicus.web.zone.models import Area, Zone

sys.path.append(str(Path(__file__).resolve().parents[1] / "web"))

import hotspot_places
from attackers import Attacker

pytestmark = pytest.mark.django_db(databases=["default", "public"])

ON, K = date(2025, 11, 10), 5
WORDS = {code: {"title": "x", "said": "x", "done": "x", "not_possible": ""} for code in ("fr", "nl")}
Asked = tuple[str, tuple[int, int], str, tuple[str, ...]]
"""Place, first and last month of 2025, columns, kinds named."""

SCENARIOS: dict[str, Sequence[Asked]] = {
    "totals of one table": [("3", (8, 10), "months", ())],
    "an area minus the areas in it": [
        ("C1", (9, 10), "months", ()),
        ("1", (9, 10), "months", ()),
        ("2", (9, 10), "months", ()),
        ("3", (9, 10), "months", ()),
        ("C2", (1, 6), "period", ()),
        ("4", (1, 6), "period", ()),
    ],
    "a period minus the months in it": [
        ("2", (1, 9), "period", ("THEFT",)),
        ("2", (1, 8), "period", ("THEFT",)),
        ("3", (1, 10), "period", ()),
        ("3", (1, 9), "period", ()),
    ],
    "all kinds minus the kinds that are named": [
        ("3", (9, 10), "months", ()),
        ("3", (9, 10), "months", ("THEFT",)),
        ("2", (8, 9), "period", ("DRUGS",)),
        ("2", (8, 9), "months", ()),
    ],
}


@pytest.fixture
def zone(db: None) -> Zone:
    made = Zone.objects.create(
        slug="west", names={"nl": "West", "fr": "Ouest"}, languages=["fr", "nl"], crs=31370
    )
    hotspot_places.furnish(made)
    return made


def publish(zone: Zone, asked: Asked) -> None:
    name, (first, last), columns, categories = asked
    place = (
        Hotspot.objects.get(zone=zone, number=int(name))
        if name.isdigit()
        else Area.objects.get(zone=zone, code=name)
    )
    bulletin = services.begin(
        zone=zone,
        place=place,
        starts_on=date(2025, first, 1),
        ends_on=date(2025, last, 1),
        actor="a test",
        on=ON,
    )
    Bulletin.objects.filter(pk=bulletin.pk).update(
        texts=WORDS, columns=columns, categories=list(categories), state="ready"
    )
    services.take(bulletin=bulletin, code="publish", actor="a test", on=ON)


def truth(zone: Zone, attacker: Attacker) -> Any:
    """How many facts there really are, by piece, month and kind."""
    store = find_store(zone)
    assert store is not None
    areas = gpd.GeoDataFrame(
        geometry=attacker.pieces, index=pd.Index([str(i) for i in range(len(attacker.pieces))]), crs=zone.crs
    )
    span = Selection(start=month_of(attacker.months[0]), end=month_after(month_of(attacker.months[-1])))
    counts = np.zeros(attacker.shape)
    for area, month, code, n in questions.count(
        store, span, areas=areas, by=("area", "month", "category")
    ).itertuples(index=False):
        if f"{month:%Y-%m}" in attacker.months:
            counts[
                int(str(area)), attacker.months.index(f"{month:%Y-%m}"), attacker.codes.index(str(code))
            ] += n
    return counts


def attack(zone: Zone) -> list[str]:
    attacker = Attacker(list(Release.objects.filter(zone=zone)))
    return attacker.found(truth(zone, attacker), K)


def within_each_table_only(found: Classes, sums: Sequence[Sum], k: int) -> tuple[Any, bool]:
    """What a careful but forgetful publisher does: hide small counts, and look at no earlier bulletin."""
    shown = np.array([it.shown for it in sums])
    new = np.array([it.new for it in sums])
    return shown & ~(new & (found.values > 0) & (found.values < k)), True


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_attacker_with_every_bulletin_pins_no_small_count(zone: Zone, scenario: str) -> None:
    for asked in SCENARIOS[scenario]:
        publish(zone, asked)
    assert any(cell["value"] is not None for release in Release.objects.all() for cell in release.cells)
    assert attack(zone) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_attacker_succeeds_where_nobody_remembers_what_was_released(
    zone: Zone, scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, "protect", within_each_table_only)
    if scenario == "totals of one table":
        monkeypatch.setattr(disclosure, "_suppressed", lambda sums, *given: sums)
    for asked in SCENARIOS[scenario]:
        publish(zone, asked)
    assert attack(zone)


def test_everything_of_a_year_together_holds(zone: Zone) -> None:
    for scenario in SCENARIOS.values():
        for asked in scenario:
            publish(zone, asked)
    assert attack(zone) == []


def test_a_released_number_is_never_rounded_averaged_or_made_a_percentage(zone: Zone) -> None:
    publish(zone, SCENARIOS["an area minus the areas in it"][0])
    released = [cell["value"] for cell in Release.objects.get().cells]
    for content in Snapshot.objects.get().content.values():
        table = content["table"]
        assert [value for row in table["rows"] for value in row["cells"]] == released
        assert set(table) == {"k", "columns", "totals", "rows"}
        assert content["heard"] == []


def test_late_facts_are_not_told_by_counting_the_same_month_again(zone: Zone) -> None:
    """The second bulletin counts in the version of the first, so that the difference of the two is nothing."""
    publish(zone, ("C1", (7, 9), "period", ()))
    first = Release.objects.get()
    store = find_store(zone)
    assert store is not None
    assert set(first.versions.values()) == {store.version().number}
    again = disclosure._versions(store, ["2025-09", "2025-10"], [first])
    assert again["2025-09"] == first.versions["2025-09"]


def test_facts_that_are_no_longer_those_of_an_earlier_bulletin_stop_the_next(zone: Zone) -> None:
    publish(zone, ("C1", (7, 9), "period", ()))
    release = Release.objects.get()
    cells = [
        {**cell, "value": cell["value"] + 1 if cell["value"] is not None else None} for cell in release.cells
    ]
    Release.objects.update(cells=cells)
    with pytest.raises(Exception, match="no longer those of an earlier bulletin"):
        publish(zone, ("1", (7, 9), "months", ()))
    assert Release.objects.count() == 1
