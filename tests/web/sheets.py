"""Sheets in each state, and readers of each kind, for tests."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from vicus.incidents.figures import PlaceFigures
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara.models import Passage, SaraSheet

KNOWN_AT = datetime(2025, 11, 5, 10, tzinfo=UTC)


def draft(hotspot: Hotspot, month: date) -> SaraSheet:
    sheet, _made = SaraSheet.objects.get_or_create(hotspot=hotspot, month=month)
    return sheet


def write(sheet: SaraSheet, **texts: str) -> None:
    """Texts of a sheet, as if somebody had written them."""
    for key, text in (texts or {"situation": "Calm at night.", "change": "Fewer thefts."}).items():
        Passage.objects.update_or_create(sheet=sheet, key=key, defaults={"text": text, "revision": 1})


def frozen(hotspot: Hotspot, month: date, state: str, rate: float | None = 0.97) -> SaraSheet:
    """A sheet with figures that were made up here, in a state after draft."""
    sheet = draft(hotspot, month)
    write(sheet)
    plain = figures(month).as_dict()
    plain["quality"]["geocoding_rate"] = rate
    SaraSheet.objects.filter(pk=sheet.pk).update(
        state=state, figures=plain, data_version=1, known_at=KNOWN_AT, software="0",
        perimeter=hotspot.perimeters.first(), geocoding_rate=rate,
    )  # fmt: skip
    sheet.refresh_from_db()
    return sheet


@cache
def figures(month: date) -> PlaceFigures:
    """Figures of a place in a month, all of them present."""
    import numpy as np

    from vicus.analysis import expected_range
    from vicus.incidents.figures import BufferFigure, CategoryFigure, Count, MonthFigure
    from vicus.incidents.questions import Quality
    from vicus.incidents.versions import Version

    count = Count(8, 8, 1, 0)
    expected = expected_range(np.array([8, 9, 7, 8, 10, 6] * 6))
    rest: dict[str, Any] = {
        "this_month": count, "same_month_last_year": count, "three_months": count, "three_months_last_year": None,
        "twelve_months": count, "twelve_months_before": None,
    }  # fmt: skip
    return PlaceFigures(
        place=1, month=month, complete=True, sources=("reported", "unknown"),
        version=Version(1, KNOWN_AT, "import", 10, 0, 0, 10, "made up", True), software="0", area_km2=0.09,
        **rest, expected=expected, state="within",
        series=(MonthFigure(month, 8, 8, 1, 0, 3.0, 8.0, 13.0),),
        categories=(CategoryFigure("THEFT", count, None, count, count, expected, "within"),),
        hour_of_week=np.ones((7, 24)), hour_of_week_n=168,
        buffer=BufferFigure(150.0, count, count, expected, "within"),
        quality=Quality(
            rows=100, located=97, geocoding_rate=0.97, missing_dates=0, undated_share=0.0, sources={"reported": 100},
            lag_median_days=1.0, lag_p90_days=4.0, first_day=date(2024, 11, 1), last_day=date(2025, 10, 31),
            last_reported=KNOWN_AT,
        ),
        first_month=date(2023, 1, 1),
        parameters={"coverage": 0.95, "season": 12, "history_months": 60},
    )  # fmt: skip
