"""Figures of invented places, with the traits that pictures must cope with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import numpy as np


@dataclass(frozen=True)
class Count:
    n: int
    reported: int = 0
    discovered: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class Expected:
    mean: float
    low: float
    high: float
    coverage: float = 0.95
    enough_data: bool = True


@dataclass(frozen=True)
class Month:
    month: date
    n: int
    discovered: int = 0
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    unknown: int = 0

    @property
    def reported(self):
        return self.n


@dataclass(frozen=True)
class Category:
    category: str
    this_month: Count
    twelve_months: Count
    expected: Expected
    state: str


@dataclass(frozen=True)
class Version:
    number: int = 14
    known_at: datetime = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Quality:
    geocoding_rate: float | None = 0.94
    rows: int = 2412
    located: int = 2267
    first_day: date | None = date(2025, 11, 1)
    last_day: date | None = date(2026, 10, 31)


@dataclass(frozen=True)
class Place:
    place: object = 12
    month: date = date(2026, 10, 1)
    complete: bool = True
    sources: tuple[str, ...] = ("reported", "unknown")
    version: Version = field(default_factory=Version)
    software: str = "0.1.0"
    this_month: Count = Count(18, 18, 3)
    twelve_months: Count = Count(214, 214, 30)
    expected: Expected = Expected(17, 11, 24)
    state: str = "within"
    series: tuple[Month, ...] = ()
    categories: tuple[Category, ...] = ()
    hour_of_week: np.ndarray = field(default_factory=lambda: np.zeros((7, 24)), compare=False)
    hour_of_week_n: int = 0
    quality: Quality = field(default_factory=Quality)


def months(n, *, end=date(2026, 10, 1)):
    last = end.year * 12 + end.month - 1
    return [date(k // 12, k % 12 + 1, 1) for k in range(last - n + 1, last + 1)]


def history(n=36, *, level=18.0, known_from=0, discovered=3.0, seed=7, last=None):
    """Counts with a season around a level; a range from the month `known_from` on."""
    draw = np.random.default_rng(seed)
    rows = []
    for i, month in enumerate(months(n)):
        mean = level * (1 + 0.25 * math.sin(2 * math.pi * (month.month - 4) / 12))
        spread = 1.96 * math.sqrt(mean * 1.3)
        count = int(draw.poisson(mean))
        if last is not None and i == n - 1:
            count = last
        low, high = max(0, round(mean - spread)), round(mean + spread)
        if level == 18.0 and i == n - 1:  # the month that `Place` tells of
            low, mean, high = 11, 17.0, 24
        known = i >= known_from
        rows.append(
            Month(
                month,
                count,
                int(draw.poisson(discovered)) if discovered else 0,
                low if known else None,
                mean if known else None,
                high if known else None,
            )
        )
    return tuple(rows)


LONG_NAMES = {
    "burglary": "Inbraak in een woning of een aanhorigheid ervan",
    "theft_vehicle": "Diefstal uit of aan een voertuig",
    "violence": "Opzettelijke slagen en verwondingen buiten de familiale sfeer",
    "robbery": "Diefstal met geweld of bedreiging zonder wapen",
    "drugs": "Drugs: bezit, gebruik en handel",
    "damage": "Beschadiging van onroerende eigendom",
    "nuisance": "Overlast",
    "weapons": "Wapens",
    "pickpocket": "Gauwdiefstal",
    "bicycle": "Fietsdiefstal",
    "arson": "Opzettelijke brandstichting",
    "fraud": "Oplichting",
    "extortion": "Afpersing",
    "graffiti": "Graffiti",
}


def category_rows():
    draw = np.random.default_rng(3)
    rows = []
    for i, code in enumerate(LONG_NAMES):
        year = max(2, int(140 / (i + 1)))
        mean = year / 12
        low, high = max(0, math.floor(mean - 1.96 * mean**0.5)), math.ceil(mean + 1.96 * mean**0.5)
        n = {"violence": high + 4, "bicycle": 0}.get(code, int(draw.poisson(mean)))
        enough = year >= 24
        state = "not enough data" if not enough else "above" if n > high else "below" if n < low else "within"
        n_discovered = 2 if code == "drugs" else 0
        expected = Expected(mean, low, high, enough_data=enough)
        rows.append(Category(code, Count(n, n, n_discovered), Count(year, year), expected, state))
    return tuple(rows)


def week(total=412, *, peak=True, seed=5):
    draw = np.random.default_rng(seed)
    weights = np.ones((7, 24))
    if peak:
        weights[:, 2:8] = 0.2
        weights[4:6, 17:24] = 5
        weights[:, 16:19] += 1
    return draw.poisson(weights / weights.sum() * total).astype(float) + draw.random((7, 24)) * 0.3


def place(**changes):
    """An ordinary month of hotspot 12, with what is to differ."""
    given = Place(
        series=history(last=18), categories=category_rows(), hour_of_week=week(), hour_of_week_n=412
    )
    return replace(given, **changes)


def above():
    return place(series=history(last=31), this_month=Count(31, 31, 3), state="above")


def below():
    return place(series=history(last=5), this_month=Count(5, 5, 3), state="below")


def too_short():
    """Nine months of data: no range can be told."""
    return place(
        series=history(9, known_from=99, discovered=0, last=4),
        this_month=Count(4, 4),
        expected=Expected(math.nan, math.nan, math.nan, enough_data=False),
        state="not enough data",
    )


def unfinished():
    return place(complete=False, state="not enough data", quality=Quality(last_day=date(2026, 10, 1)))


def quiet():
    """A place where hardly anything happens, and nothing this month."""
    rows = tuple(
        Month(
            m,
            1 if i % 9 == 4 else 0,
            0,
            0.0 if i > 11 else None,
            0.1 if i > 11 else None,
            1.0 if i > 11 else None,
        )
        for i, m in enumerate(months(36))
    )
    return place(series=rows, this_month=Count(0), expected=Expected(0.1, 0, 1), twelve_months=Count(1, 1))


def huge():
    """A city: tens of thousands a month."""
    return place(
        series=history(level=21500.0, discovered=900.0, last=26104),
        this_month=Count(26104, 26104, 912),
        expected=Expected(20800, 20115, 21488),
        state="above",
    )


@dataclass(frozen=True)
class Ranked:
    place: object
    figures: Place
    ratio: float | None
    low: float | None
    high: float | None
    rank_low: int | None
    rank_high: int | None


PLACE_NAMES = {
    1: "1 Kattebroek",
    3: "3 Simonis",
    5: "5 Heideken en omgeving van het metrostation",
    8: "8 Miroir / Spiegel",
    11: "11 Kanaal, Havenlaan en Saincteletteplein",
    12: "12 Ninoofsepoort",
    16: "16 Marie-José",
    20: "20 Mettewie",
    21: "21 Peterbos",
}


def ranked():
    """Nine places: two that stand out, some that only seem to, two without enough data."""
    figures = [
        (11, 62, Expected(20, 12, 29), "above"),
        (12, 31, Expected(17, 11, 24), "above"),
        (3, 14, Expected(11, 5, 18), "within"),
        (16, 21, Expected(18, 10, 27), "within"),
        (5, 9, Expected(9.4, 4, 16), "within"),
        (8, 6, Expected(7.2, 2, 13), "within"),
        (1, 0, Expected(5.1, 1, 10), "below"),
    ]
    rows = []
    for label, n, expected, state in figures:
        low, high = n / expected.mean * 0.68, (n + 3.7) / expected.mean * 1.25
        given = place(place=label, this_month=Count(n, n), expected=expected, state=state)
        rows.append((label, given, n / expected.mean, low, high))
    result = []
    for label, given, ratio, low, high in rows:
        first = 1 + sum(1 for other in rows if other[3] > high)
        last = len(rows) - sum(1 for other in rows if other[4] < low)
        result.append(Ranked(label, given, ratio, low, high, first, last))
    unknown = [Ranked(label, replace(too_short(), place=label), *[None] * 5) for label in (20, 21)]
    return result + unknown
