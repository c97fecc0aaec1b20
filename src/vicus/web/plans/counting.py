"""Facts of a year in one hotspot or several together, against the year before, with an interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import betaincinv, gammaincinv

from vicus.analysis import dispersion, year_to_date
from vicus.documents.years import Facts, Month
from vicus.incidents.figures import MonthFigure, PlaceFigures
from vicus.incidents.months import month_after
from vicus.incidents.versions import Version
from vicus.web.facts.queries import find_store
from vicus.web.hotspots import asking, figures
from vicus.web.hotspots.figures import Answer
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone

TAIL = 0.025
"""Half of what lies outside an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of the hotspots in the last month of a year that the data cover, and the version of the data."""

    answer: Answer
    last: date
    version: Version


def of_year(
    zone: Zone, hotspots: Sequence[Hotspot], year: int, *, known: date | None = None
) -> Counted | None:
    """Figures up to December, or up to the last whole month of the year; None without data of that year.

    As known on a day, or now.
    """
    store = find_store(zone)
    as_of = {"known": known.isoformat()} if known else {}
    asked = asking.read(as_of, store, zone) if store is not None else None
    if store is None or asked is None:
        return None
    months = [month for month in asked.months if month.year == year and month <= asked.question.month]
    if not months:
        return None
    asked = asking.read({**as_of, "month": f"{months[-1]:%Y-%m}"}, store, zone)
    assert asked is not None
    found = figures.of_zone(store, zone, hotspots, asked.question)
    return Counted(found, months[-1], asked.question.version)


def months(found: PlaceFigures, year: int) -> list[Month]:
    """The months of the year with their expected range."""
    return [
        {"month": m.month.isoformat(), "n": m.n, "low": m.low, "high": m.high}
        for m in found.series
        if m.month.year == year
    ]


def of_place(found: PlaceFigures, year: int) -> Facts:
    """Facts of a hotspot in a year, against the same months of the year before."""
    return _facts([found.series], found.series, year)


def together(
    zone: Zone,
    hotspots: Sequence[Hotspot],
    linked: Sequence[Hotspot],
    year: int,
    *,
    known: date | None = None,
) -> Facts | None:
    """Facts of several hotspots together; None without data or hotspots."""
    counted = of_year(zone, hotspots, year, known=known)
    if counted is None:
        return None
    numbers = [h.number for h in linked if h.number in counted.answer.figures]
    series = [counted.answer.figures[number].series for number in numbers]
    if not series:
        return None
    return _facts(series, _summed(series), year)


def _facts(series: Sequence[Sequence[MonthFigure]], summed: Sequence[MonthFigure], year: int) -> Facts:
    now = [m for m in summed if m.month.year == year]
    then = {m.month.month: m for m in summed if m.month.year == year - 1}
    covered = bool(now) and all(m.month.month in then for m in now)
    before = [then[m.month.month] for m in now] if covered else []
    phi = _phi(summed)
    found: Facts = {
        "after": sum(m.n for m in now),
        "before": sum(m.n for m in before) if covered else None,
        "discovered": sum(m.discovered for m in now),
        "months": len(now),
        "ratio": None,
        "low": None,
        "high": None,
        "phi": phi,
        "above": 0,
        "below": 0,
        "judged": 0,
    }
    found["above"], found["below"], found["judged"] = _outside(series, year)
    if covered:
        ratio, low, high = _ratio(before, now, phi)
        found["ratio"], found["low"], found["high"] = ratio, low, high
    return found


def _outside(series: Sequence[Sequence[MonthFigure]], year: int) -> tuple[int, int, int]:
    """Months above and below their expected range, of those that have one."""
    judged = [
        m for one in series for m in one if m.month.year == year and m.low is not None and m.high is not None
    ]
    above = sum(m.n > (m.high or 0) for m in judged)
    below = sum(m.n < (m.low or 0) for m in judged)
    return above, below, len(judged)


def _ratio(
    before: Sequence[MonthFigure], now: Sequence[MonthFigure], phi: float | None
) -> tuple[float | None, float | None, float | None]:
    """After over before per day, its exact interval widened by what months vary beyond chance; None on small bases."""
    days = np.repeat([m.month for m in [*before, *now]], [m.n for m in [*before, *now]])
    last = month_after(now[-1].month) - timedelta(days=1)
    found = year_to_date(np.array(days, dtype="datetime64[D]"), as_of=last)
    if found.percent is None or not found.ratio or not math.isfinite(found.ratio_high):
        return None, None, None
    wider = math.sqrt(max(1.0, phi or 1.0))
    low, high = (found.ratio * (edge / found.ratio) ** wider for edge in (found.ratio_low, found.ratio_high))
    return round(found.ratio, 4), round(low, 4), round(high, 4)


def _phi(series: Sequence[MonthFigure]) -> float | None:
    """How much more than by chance months vary, season and level apart; None when the history is too short."""
    if len(series) < 24 or not any(m.n for m in series):
        return None
    found = dispersion([m.n for m in series], season=12)
    return round(found.phi, 3) if found.enough_data else None


def _summed(series: Sequence[Sequence[MonthFigure]]) -> list[MonthFigure]:
    """Month by month over several places; a sum has no expected range of its own."""
    by_month: dict[date, list[MonthFigure]] = {}
    for one in series:
        for month in one:
            by_month.setdefault(month.month, []).append(month)
    return [
        MonthFigure(
            month, sum(m.n for m in found), sum(m.reported for m in found), sum(m.discovered for m in found),
            sum(m.unknown for m in found), None, None, None,
        )
        for month, found in sorted(by_month.items())
    ]  # fmt: skip


def count_range(n: int, phi: float) -> tuple[float, float]:
    """The exact interval of a count (Garwood), widened by what months vary beyond chance, as whole facts."""
    low = float(gammaincinv(n, TAIL)) if n else 0.0
    high = float(gammaincinv(n + 1, 1 - TAIL))
    wider = math.sqrt(max(1.0, phi))
    return max(0.0, math.floor(n - (n - low) * wider)), float(math.ceil(n + (high - n) * wider))


def share_range(part: int, whole: int) -> tuple[float, float]:
    """The exact interval of a share (Clopper and Pearson)."""
    low = float(betaincinv(part, whole - part + 1, TAIL)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - TAIL)) if part < whole else 1.0
    return low, high
