"""A small zone for tests of hotspots: two communes, four hotspots, three years of facts that were made up here."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from django.conf import settings

from vicus.incidents.schema import SCHEMA
from vicus.incidents.store import Store
from vicus.web.facts.models import Category
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, change_perimeter
from vicus.web.hotspots.territory import Territory
from vicus.web.zone.models import Area, Zone

X, Y = 147_000.0, 171_000.0
FIRST, LAST = date(2023, 1, 1), date(2025, 10, 31)
MONTH = date(2025, 10, 1)
NAMES = {1: "Canal", 2: "Gare", 3: "Parvis", 4: "Marché"}


@dataclass(frozen=True)
class Place:
    """A hotspot of the test: where it lies and how many facts a month it has on average."""

    number: int
    west: float
    south: float
    each_month: float
    last_month: int


# One with more than expected, one as expected, one with fewer, one with almost nothing; the last in the second commune.
PLACES = (
    Place(1, X + 200, Y + 200, 8, 24),
    Place(2, X + 900, Y + 200, 8, 8),
    Place(3, X + 200, Y + 900, 12, 1),
    Place(4, X + 2400, Y + 300, 0.1, 0),
)


def outline(place: Place, size: float = 300) -> Any:
    return shapely.box(place.west, place.south, place.west + size, place.south + size)


def furnish(zone: Zone) -> None:
    """Areas, categories, facts and hotspots of the zone."""
    areas(zone)
    categories(zone)
    facts(zone)
    hotspots(zone)


def share_figures() -> None:
    """Figures that one test had worked out are kept for the next: their key says all they depend on."""
    kept = Path(settings.VICUS_HOME) / "cache" / "figures"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.symlink_to(_folder("figures"), target_is_directory=True)


def categories(zone: Zone) -> None:
    for code, fr, nl, en in (
        ("THEFT", "Vol", "Diefstal", "Theft"),
        ("DRUGS", "Stupéfiants", "Drugs", "Drugs"),
    ):
        Category.objects.create(zone=zone, code=code, names={"fr": fr, "nl": nl, "en": en})


def areas(zone: Zone) -> None:
    for code, west in (("C1", X), ("C2", X + 2000)):
        commune = Area(
            zone=zone, kind="commune", code=code, names={"fr": f"Commune {code}", "nl": f"Gemeente {code}"}
        )
        commune.shape = shapely.box(west, Y, west + 2000, Y + 2000)
        commune.save()
        sector = Area(
            zone=zone, kind="sector", code=f"{code}-1", names={"fr": f"Quartier {code}"}, parent=commune
        )
        sector.shape = shapely.box(west, Y, west + 2000, Y + 2000)
        sector.save()


def hotspots(zone: Zone) -> None:
    territory = Territory.of(zone)
    for place in PLACES:
        shape = outline(place)
        sector = territory.sector_of(shape)
        hotspot = Hotspot.objects.create(
            zone=zone,
            number=place.number,
            names={"fr": NAMES[place.number], "nl": f"{NAMES[place.number]} nl"},
            sector=sector,
            commune=territory.commune_of(shape, sector),
        )
        change_perimeter(
            hotspot=hotspot,
            geometry=shape,
            decision=Decision(
                decided_by="zone direction", valid_from=date(2025, 1, 1), review_due=date(2025, 12, 31)
            ),
            actor="tests",
        )


def hotspot_5(zone: Zone) -> None:
    """One more, without a name, whose review is due a day before that of the others."""
    hotspot = Hotspot.objects.create(zone=zone, number=5)
    change_perimeter(
        hotspot=hotspot,
        geometry=shapely.box(X + 900, Y + 900, X + 1200, Y + 1200),
        decision=Decision(
            decided_by="zone direction", valid_from=date(2025, 1, 1), review_due=date(2025, 12, 30)
        ),
        actor="tests",
    )


def facts(zone: Zone, *, known_at: datetime | None = None) -> Store:
    """The store of the zone, with the facts of `PLACES` and some without a place."""
    folder = Path(settings.STORE_ROOT) / zone.slug
    shutil.copytree(
        _written(zone.crs, zone.timezone, known_at or datetime(2025, 11, 5, 10, tzinfo=UTC)), folder
    )
    return Store.open(folder)


@cache
def _written(crs: int, timezone: str, known_at: datetime) -> Path:
    """A store of these facts, written once and copied from then on."""
    folder = _folder("facts") / f"{crs} {timezone} {known_at:%Y%m%d%H%M%S}".replace("/", "-")
    store = Store.create(folder, crs=crs, timezone=timezone)
    store.merge(table(), origin="tests.csv", known_at=known_at)
    return folder


@cache
def _folder(name: str) -> Path:
    """A folder that lives as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def table() -> pa.Table:
    random = np.random.default_rng(7)
    rows: list[dict[str, Any]] = []
    for place in PLACES:
        month = FIRST
        while month <= LAST:
            following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            n = place.last_month if month == MONTH else int(random.poisson(place.each_month))
            days = (following - month).days
            rows += [
                fact(
                    f"{place.number}-{month:%Y%m}-{i}",
                    month,
                    int(random.integers(days)),
                    place,
                    random,
                    "reported",
                )
                for i in range(n)
            ]
            # Police looks more where it was already: these must not weigh in the ranking.
            rows += [
                fact(
                    f"{place.number}-{month:%Y%m}-d{i}",
                    month,
                    int(random.integers(days)),
                    place,
                    random,
                    "discovered",
                )
                for i in range(3 if place.number == 2 and month == MONTH else 1)
            ]
            month = following
    for i in range(20):
        rows.append(fact(f"nowhere-{i}", MONTH, i % 28, None, random, "reported"))
    rows.append(fact("last", MONTH, 30, None, random, "reported"))
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def fact(
    name: str, month: date, day: int, place: Place | None, random: np.random.Generator, source: str
) -> dict[str, Any]:
    on = month + timedelta(days=day)
    at = datetime(on.year, on.month, on.day, int(random.integers(24)), int(random.integers(60)), tzinfo=UTC)
    # Noon of the same local day, so that no fact slips into the next one by its time zone.
    at = at.replace(hour=12) if at.hour >= 22 else at
    return {
        "id": name,
        "category": "DRUGS" if source == "discovered" else "THEFT",
        "occurred_from": at,
        "occurred_to": at,
        "occurred_on": on,
        "reported_at": at + timedelta(hours=8),
        "x": place.west + float(random.uniform(5, 295)) if place else None,
        "y": place.south + float(random.uniform(5, 295)) if place else None,
        "quality": "exact" if place else "unknown",
        "source": source,
        "sector": None,
        "status": None,
        "precision": "minute",
        "year": on.year,
    }
