"""R16: patrol dose never enters a ranking. Two equal areas with unequal attention must not diverge."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pytest
import shapely

from vicus.incidents.figures import zone_figures
from vicus.incidents.months import month_after
from vicus.incidents.ranking import rank
from vicus.incidents.schema import SCHEMA
from vicus.incidents.store import Store
from vicus.web.hotspots.figures import EVERYTHING, REPORTED

X, Y = 147_000.0, 171_000.0
AREAS = {1: shapely.box(X, Y, X + 300, Y + 300), 2: shapely.box(X + 2000, Y, X + 2300, Y + 300)}
HISTORY, ROUNDS = 24, 12
REPORTED_A_MONTH, DISCOVERED_A_MONTH = 15.0, 30.0
MOST_ATTENTION = 0.9
"""Share of all patrols that goes to the area ranked first."""


def month_of(area: int, month: date, attention: float, random: np.random.Generator) -> list[dict[str, Any]]:
    """What a month brings: reports do not know of patrols, discoveries are made where patrols are."""
    west, south, _east, _north = AREAS[area].bounds
    rows = []
    for source, mean in (("reported", REPORTED_A_MONTH), ("discovered", DISCOVERED_A_MONTH * attention)):
        for i in range(int(random.poisson(mean))):
            on = month + timedelta(days=int(random.integers(27)))
            at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
            rows.append(
                {
                    "id": f"{area}-{month:%Y%m}-{source}-{i}", "category": "X", "occurred_from": at, "occurred_to": at,
                    "occurred_on": on, "reported_at": at, "x": west + float(random.uniform(5, 295)),
                    "y": south + float(random.uniform(5, 295)), "quality": "exact", "source": source, "sector": None,
                    "status": None, "precision": "minute", "year": on.year,
                }
            )  # fmt: skip
    return rows


def patrolled(folder: Path, sources: tuple[str, ...]) -> list[int]:
    """A year in which patrols go where the last ranking points: which area came first in each month."""
    random = np.random.default_rng(3)
    store = Store.create(folder, crs=31370, timezone="Europe/Brussels")
    places = gpd.GeoDataFrame(geometry=list(AREAS.values()), index=list(AREAS), crs=31370)
    month, rows = date(2023, 1, 1), []
    for _past in range(HISTORY):
        rows += [row for area in AREAS for row in month_of(area, month, 0.5, random)]
        month = month_after(month)
    attention, first = {1: MOST_ATTENTION, 2: 1 - MOST_ATTENTION}, []
    for _round in range(ROUNDS):
        rows += [row for area in AREAS for row in month_of(area, month, attention[area], random)]
        known = datetime(month.year, month.month, 28, tzinfo=UTC) + timedelta(days=10)
        # A fact of the month after: the month that is ranked is over.
        after = [
            {**rows[-1], "id": f"after-{month:%Y%m}", "occurred_on": month_after(month), "x": None, "y": None}
        ]
        store.merge(pa.Table.from_pylist(rows + after, schema=SCHEMA), origin="a test", known_at=known)
        figures = zone_figures(store, places, month, sources=sources)
        top = int(str(rank(list(figures.values()))[0].place))
        first.append(top)
        attention = {area: MOST_ATTENTION if area == top else 1 - MOST_ATTENTION for area in AREAS}
        month, rows = month_after(month), []
    return first


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loop")


def test_equal_areas_do_not_diverge_when_patrols_follow_the_ranking(folder: Path) -> None:
    first = patrolled(folder / "reported", REPORTED)
    assert 3 <= first.count(1) <= ROUNDS - 3, "each comes first as chance has it"


def test_the_simulation_would_notice_a_loop(folder: Path) -> None:
    """Counting what patrols discover, the area that was looked at more comes first, and is looked at more."""
    first = patrolled(folder / "all", EVERYTHING)
    assert first[:5] == [1] * 5, "for months, until its own past no longer sets it apart"


def test_rankings_rest_on_reported_facts_unless_the_reader_says_otherwise() -> None:
    from vicus.web.hotspots.asking import SOURCES_BY_DEFAULT

    assert (SOURCES_BY_DEFAULT, "discovered" in REPORTED) == ("reported", False)


def test_what_ranks_cannot_even_import_visits() -> None:
    """The rooms that count and rank are loaded without the one that knows the dose."""
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'vicus.web.site.settings'\n"
        "import vicus.incidents.ranking, vicus.incidents.figures, vicus.pictures.rankings\n"
        "assert not [name for name in sys.modules if name.startswith('vicus.web.actions')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    web = Path(__file__).resolve().parents[2] / "src" / "vicus" / "web" / "hotspots"
    assert not [path for path in web.rglob("*.py") if "web.actions" in path.read_text(encoding="utf-8")]


def test_pages_that_say_which_hotspots_differ_read_no_dose() -> None:
    """They take counting and statistics from the room of actions, never visits, doses, weeks or hours covered."""
    web = Path(__file__).resolve().parents[2] / "src" / "vicus" / "web" / "decisions"
    dose = ("Visit", "doses", "weeks", "covered", "visits_a_week", "delivered")
    found = [
        f"{path.name}: {word}"
        for name in ("differing.py", "comparing.py", "watching.py")
        for path in [web / name]
        for word in dose
        if re.search(rf"\b{word}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []
