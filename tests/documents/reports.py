"""Reports made by hand: every number in them is known, so what a document prints can be checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Polygon, box

from vicus.analysis import Expected
from vicus.documents import FORMATS, MonthReport, content
from vicus.documents.content import Document
from vicus.documents.report import Export, PerimeterVersion
from vicus.incidents.figures import BufferFigure, CategoryFigure, Count, MonthFigure, PlaceFigures
from vicus.incidents.months import months_before
from vicus.incidents.questions import Quality
from vicus.incidents.versions import Version
from vicus.pictures.figures import Phase
from vicus.pictures.ground import Ground
from vicus.pictures.maps import PlaceLayers

MONTH = date(2026, 10, 1)
KNOWN_AT = datetime(2026, 11, 3, 5, 12, tzinfo=UTC)
CATEGORIES = {
    "theft": {"en": "Theft without violence", "nl": "Diefstal zonder geweld", "fr": "Vol sans violence"},
    "drugs": {"en": "Drugs", "nl": "Drugs", "fr": "Stupéfiants"},
    "damage": {"en": "Damage to property", "nl": "Beschadiging van eigendom", "fr": "Dégradations"},
    "burglary": {"en": "Burglary", "nl": "Inbraak", "fr": "Cambriolage"},
}


def expected(low: float = 11, high: float = 24, mean: float = 17.2) -> Expected:
    return Expected(
        mean=mean,
        low=low,
        high=high,
        dispersion=1.31,
        coverage=0.95,
        season=12,
        n_history=60,
        enough_data=True,
        why="",
    )


def too_little(months: int = 5) -> Expected:
    nan = float("nan")
    return Expected(
        mean=nan,
        low=nan,
        high=nan,
        dispersion=nan,
        coverage=0.95,
        season=None,
        n_history=months,
        enough_data=False,
        why="too few months",
    )


def count(n: int, discovered: int = 0, unknown: int = 0) -> Count:
    return Count(n=n, reported=n - unknown, discovered=discovered, unknown=unknown)


def quality(rows: int = 31_284, located: int = 30_102) -> Quality:
    return Quality(
        rows=rows,
        located=located,
        geocoding_rate=located / rows if rows else None,
        missing_dates=212 if rows else 0,
        undated_share=212 / rows if rows else None,
        sources={"reported": rows, "discovered": 0, "unknown": 0},
        lag_median_days=0.6 if rows else None,
        lag_p90_days=9.4 if rows else None,
        first_day=date(2025, 11, 1) if rows else None,
        last_day=date(2026, 10, 31) if rows else None,
        last_reported=KNOWN_AT if rows else None,
    )


def version(number: int = 7) -> Version:
    return Version(number, KNOWN_AT, "import", 1204, 31, 0, 198_233, "export 2026-11-03.csv")


def a_series(months: int = 36, *, banded: bool = True) -> tuple[MonthFigure, ...]:
    shown = []
    for back in range(months - 1, -1, -1):
        n = 18 if back == 0 else round(17 + 5 * np.sin(back / 2) + (14 if back == 20 else 0))
        band = (11.0, 17.2, 24.0) if banded else (None, None, None)
        shown.append(
            MonthFigure(months_before(MONTH, back), n, n - 2, 5 if back == 0 else 3 + back % 4, 2, *band)
        )
    return tuple(shown)


def a_week(n: int = 214) -> np.ndarray:
    random = np.random.default_rng(5340)
    week = random.gamma(1.2, 1.0, size=(7, 24))
    week[4:6, 17:23] *= 4
    week[:, 2:6] *= 0.2
    return week / week.sum() * n


def a_category(
    code: str, n: int, twelve: int, low: float, high: float, state: str = "within"
) -> CategoryFigure:
    return CategoryFigure(
        category=code,
        this_month=count(n, discovered=1),
        same_month_last_year=count(max(n - 2, 0)),
        three_months=count(n * 3),
        twelve_months=count(twelve, discovered=9),
        expected=expected(low, high, (low + high) / 2),
        state=state,  # type: ignore[arg-type]
    )


def figures(**changes: Any) -> PlaceFigures:
    given = {
        "place": 14,
        "month": MONTH,
        "complete": True,
        "sources": ("reported", "unknown"),
        "version": version(),
        "software": "0.1.0",
        "area_km2": 0.1834,
        "this_month": count(18, discovered=5, unknown=2),
        "same_month_last_year": count(21, discovered=4, unknown=1),
        "three_months": count(52, discovered=13, unknown=5),
        "three_months_last_year": count(60, discovered=9, unknown=4),
        "twelve_months": count(1214, discovered=49, unknown=19),
        "twelve_months_before": count(1190, discovered=61, unknown=22),
        "expected": expected(),
        "state": "within",
        "series": a_series(),
        "categories": (
            a_category("theft", 9, 101, 4, 13),
            a_category("drugs", 6, 44, 0, 4, "above"),
            a_category("damage", 3, 37, 0, 7),
            a_category("burglary", 0, 22, 0, 5),
        ),
        "hour_of_week": a_week(),
        "hour_of_week_n": 214,
        "buffer": BufferFigure(
            150.0,
            count(31, discovered=2, unknown=1),
            count(402, discovered=20),
            expected(20, 41, 30.1),
            "within",
        ),
        "quality": quality(),
        "first_month": date(2020, 11, 1),
        "parameters": {
            "coverage": 0.95,
            "season": 12,
            "history_months": 60,
            "perimeter_rule": "one outline for all months",
            "hour_of_week_months": 12,
        },
    }
    return PlaceFigures(**{**given, **changes})


def layers() -> PlaceLayers:
    """A square with a corner cut off, cells of fifty metres in and around it, two streets, a park."""
    perimeter = Polygon([(0, 0), (420, 0), (420, 300), (300, 430), (0, 430)])
    squares = [(x, y, box(x, y, x + 50, y + 50)) for x in range(-150, 600, 50) for y in range(-150, 600, 50)]
    rows = []
    for inside, part in ((True, perimeter), (False, perimeter.buffer(150).difference(perimeter))):
        for x, y, square in squares:
            if square.intersection(part).area:
                n = (x * 7 + y * 3) // 50 % 11 if inside else (x + y) // 50 % 3
                rows.append({"n": n, "inside": inside, "geometry": square.intersection(part)})
    cells = gpd.GeoDataFrame(rows, crs=31370)
    lines = [LineString([(-400, 180), (900, 240)]), LineString([(190, -400), (210, 900)])]
    streets = gpd.GeoDataFrame({"name": ["Hertoginnestraat", "Vierwindenstraat"]}, geometry=lines, crs=31370)
    green = gpd.GeoDataFrame(geometry=[box(480, 300, 640, 520)], crs=31370)
    return PlaceLayers(perimeter, 14, cells=cells, ground=Ground(streets=streets, green=green))


def report(**changes: Any) -> MonthReport:
    given: dict[str, Any] = {
        "number": 14,
        "name": {"fr": "Place de la Duchesse", "nl": "Hertoginneplein"},
        "zone": {"fr": "Bruxelles-Ouest", "nl": "Brussel-West", "en": "Brussels-West"},
        "commune": {"fr": "Molenbeek-Saint-Jean", "nl": "Sint-Jans-Molenbeek"},
        "sector": {"fr": "Quatre-Vents", "nl": "Vier Winden"},
        "figures": figures(),
        "perimeter": PerimeterVersion(
            number=3,
            valid_from=date(2026, 1, 1),
            review_due=date(2026, 12, 31),
            decided_by={
                "fr": "Conseil zonal de sécurité",
                "nl": "Zonale veiligheidsraad",
                "en": "Zonal security council",
            },
            decision="CZS 2025/114",
            designation="zonal",
        ),
        "categories": CATEGORIES,
        "phases": (Phase("clear", date(2025, 6, 1), date(2026, 3, 1)), Phase("hold", date(2026, 3, 1))),
        "layers": layers(),
    }
    return MonthReport(**{**given, **changes})


def without_enough_data(months: int = 5) -> MonthReport:
    """A hotspot of a young zone: a few months of data, a handful of facts."""
    few = (
        replace(
            a_category("theft", 3, 8, 0, 4, "not enough data"),
            expected=too_little(months),
            same_month_last_year=None,
        ),
    )
    return report(
        figures=figures(
            this_month=count(3),
            same_month_last_year=None,
            three_months=count(6),
            three_months_last_year=None,
            twelve_months=count(8),
            twelve_months_before=None,
            expected=too_little(months),
            state="not enough data",
            series=a_series(months + 1, banded=False),
            categories=few,
            hour_of_week=np.zeros((7, 24)),
            hour_of_week_n=6,
            buffer=BufferFigure(150.0, count(2), count(5), too_little(months), "not enough data"),
            quality=quality(8, 6),
            first_month=date(2026, 5, 1),
        )
    )


def before_the_month_is_over() -> MonthReport:
    """The data end on the 23rd."""
    unfinished = replace(quality(), last_day=date(2026, 10, 23))
    return report(figures=figures(complete=False, state="not enough data", quality=unfinished))


def without_facts() -> MonthReport:
    """A hotspot where nothing was registered."""
    zero = count(0)
    flat = tuple(
        MonthFigure(months_before(MONTH, back), 0, 0, 0, 0, 0.0, 0.0, 0.0) for back in range(35, -1, -1)
    )
    return report(
        figures=figures(
            this_month=zero,
            same_month_last_year=zero,
            three_months=zero,
            three_months_last_year=zero,
            twelve_months=zero,
            twelve_months_before=zero,
            expected=expected(0, 0, 0.0),
            series=flat,
            categories=(),
            hour_of_week=np.zeros((7, 24)),
            hour_of_week_n=0,
            buffer=BufferFigure(150.0, zero, zero, expected(0, 1, 0.1), "within"),
        ),
        layers=replace(layers(), cells=None),
    )


EXPORT = Export(
    "demo-analyst",
    "commissaire de division, Molenbeek",
    datetime(2026, 11, 5, 8, 30, tzinfo=UTC),
    "réunion communale",
)


@cache
def document_of(name: str, language: str) -> Document:
    """The content of one of these reports; made once for all the tests that look at it."""
    return content(globals()[name](), language)


@cache
def file_of(name: str, language: str, kind: str) -> bytes:
    """The same as a file."""
    return FORMATS[kind](document_of(name, language))
