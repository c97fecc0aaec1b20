"""What the figures say, in sentences: titles of pictures, first lines of pages and reports."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from vicus.analysis import week_rhythm
from vicus.pictures.figures import About, CategoryFigure, Expected, Phase, PlaceFigures, RankedPlace
from vicus.pictures.words import (
    SMALLEST_BASE,
    capital,
    day,
    day_of_month,
    hour,
    listed,
    month_name,
    number,
    percent,
    translator,
    weekdays,
)

if TYPE_CHECKING:
    from vicus.analysis.week import Busy


def sentence(figures: PlaceFigures, language: str) -> str:
    """The month of a place in one sentence: "18 facts in October, within the expected 11 to 24."

    Parameters
    ----------
    figures : PlaceFigures
        Figures of one place in one month.
    language : str
        ``en``, ``nl`` or ``fr``.
    """
    t = translator(language)
    if not figures.complete:
        return _unfinished(figures, language)
    facts = _facts(figures, language)
    if figures.state == "not enough data":
        return t.gettext("{facts}; not enough data to say what was to be expected.").format(facts=facts)
    span = expected_span(figures.expected, language)
    if figures.state == "above":
        return t.gettext("{facts}, more than the expected {span}.").format(facts=facts, span=span)
    if figures.state == "below":
        return t.gettext("{facts}, fewer than the expected {span}.").format(facts=facts, span=span)
    return t.gettext("{facts}, within the expected {span}.").format(facts=facts, span=span)


def expected_span(expected: Expected, language: str) -> str:
    """The expected range in words: ``11 to 24``; one number when both ends are the same."""
    return span(expected.low, expected.high, language)


def span(low: float, high: float, language: str) -> str:
    """Two counts as a range: ``11 to 24``."""
    if round(low) == round(high):
        return number(round(low), language)
    text = translator(language).gettext("{low} to {high}")
    return text.format(low=number(round(low), language), high=number(round(high), language))


def state_words(state: str, language: str) -> str:
    """The state of a figure as a word: ``more than expected``, ``not enough data``."""
    t = translator(language)
    return {
        "above": t.gettext("more than expected"),
        "within": t.gettext("as expected"),
        "below": t.gettext("fewer than expected"),
        "not enough data": t.gettext("not enough data"),
    }[state]


def counted(figures: PlaceFigures, language: str) -> str:
    """What `n` counts, as a noun (rule R14)."""
    t = translator(language)
    chosen = set(figures.sources)
    if chosen == {"discovered"}:
        return t.gettext("Facts discovered by police activity")
    if chosen == {"reported"}:
        return t.gettext("Facts reported by the public")
    return t.gettext("Registered facts")


def kept_apart(figures: PlaceFigures, language: str) -> str:
    """What the count does with facts that police activity discovered; empty where there are none."""
    t = translator(language)
    if set(figures.sources) == {"discovered"} or not (
        figures.twelve_months.discovered or any(m.discovered for m in figures.series)
    ):
        return ""
    if "discovered" in figures.sources:
        return t.gettext("Facts discovered by police activity are included.")
    return t.gettext("Facts discovered by police activity are not counted.")


def measured(figures: PlaceFigures, language: str, *, about: About) -> str:
    """The line under the title of a series: where, what, and what band and dashes are."""
    t = translator(language)
    parts = [t.gettext("{what} per month.").format(what=counted(figures, language))]
    if any(m.low is not None for m in figures.series):
        share = number(100 * figures.expected.coverage, language)
        parts.append(
            t.gettext(
                "Band: range expected from earlier months, meant to hold {share} months in 100."
            ).format(share=share)
        )
    if apart := kept_apart(figures, language):
        parts.append(apart)
    return placed(about.place, " ".join(parts))


def placed(place: str, text: str) -> str:
    """Put the name of the place before a text."""
    return f"{place}. {text}" if place else text


def source(figures: PlaceFigures, language: str, *, about: About) -> str:
    """Where the figures come from: zone, data version and its date, software."""
    t = translator(language)
    origin = (
        t.gettext("Source: registered facts, police zone {zone}").format(zone=about.zone)
        if about.zone
        else t.gettext("Source: registered facts")
    )
    version = t.gettext("data version {number}, as known on {day}").format(
        number=number(figures.version.number, language),
        day=day(figures.version.known_at, language, timezone=about.timezone),
    )
    return f"{_joined(origin, version, language)}. Vicus {figures.software}."


def categories_sentence(categories: Sequence[CategoryFigure], names: Mapping[str, str], language: str) -> str:
    """Which categories of a place stand out this month."""
    t = translator(language)
    above = [names.get(c.category, c.category) for c in categories if c.state == "above"]
    below = [names.get(c.category, c.category) for c in categories if c.state == "below"]
    if not any(c.state != "not enough data" for c in categories):
        return t.gettext("Not enough data to say what was to be expected of each category.")
    if not above and not below:
        return t.gettext("No category stands out from what was expected.")
    parts = []
    if above:
        parts.append(t.gettext("more than expected: {names}").format(names=listed(above, language)))
    if below:
        parts.append(t.gettext("fewer than expected: {names}").format(names=listed(below, language)))
    return capital(reduce(lambda one, other: _joined(one, other, language), parts)) + "."


MOST_NAMED = 6
"""More hotspots than this on one side are counted, not named."""


def ranking_sentence(ranked: Sequence[RankedPlace], language: str) -> str:
    """How many places stand out, which, and for how many it cannot be said."""
    return states_sentence({r.place: r.figures.state for r in ranked}, language)


def states_sentence(states: Mapping[Any, str], language: str) -> str:
    """Hotspots by what their month was: two above what was expected and which, one below, fifteen within."""
    t = translator(language)
    by_state: dict[str, list[Hashable]] = {
        state: [] for state in ("above", "below", "within", "not enough data")
    }
    for label, state in states.items():
        by_state[state].append(label)
    above, below, within, unknown = (len(labels) for labels in by_state.values())
    if not above + below + within:
        return t.gettext("Not enough data to say what was to be expected of any hotspot.")
    if not above and not below:
        text = t.gettext("No hotspot stands out from what was expected")
    else:
        text = t.ngettext(
            "{n} hotspot above what was expected{which}, {below} below{which_below}, {within} within",
            "{n} hotspots above what was expected{which}, {below} below{which_below}, {within} within",
            above,
        ).format(
            n=number(above, language),
            which=_named(by_state["above"], language),
            below=number(below, language),
            which_below=_named(by_state["below"], language),
            within=number(within, language),
        )
    if unknown:
        lacking = t.ngettext("not enough data for {n} hotspot", "not enough data for {n} hotspots", unknown)
        text = _joined(text, lacking.format(n=number(unknown, language)), language)
    return text + "."


def _named(labels: Sequence[Hashable], language: str) -> str:
    """Which ones, in brackets, where they are few."""
    if not 0 < len(labels) <= MOST_NAMED:
        return ""
    names = listed([str(label) for label in sorted(labels, key=_by_number)], language)
    told = translator(language).gettext("no. {numbers}").format(numbers=names)
    return f" ({told})"


def _by_number(label: Hashable) -> tuple[float, str]:
    return (float(str(label)) if str(label).isdigit() else math.inf, str(label))


def order_sentence(ranked: Sequence[RankedPlace], language: str) -> str:
    """Which order the ranks allow: none, or one with ties, told by an example of the month."""
    t = translator(language)
    spans = [(r.place, r.rank_low, r.rank_high) for r in ranked]
    known = [(place, low, high) for place, low, high in spans if low is not None and high is not None]
    if known and not order_known(ranked):
        text = t.gettext("No order can be told this month: the intervals of all {n} hotspots overlap.")
        return text.format(n=number(len(known), language))
    tied = next(((place, low, high) for place, low, high in known if low < high), None)
    if tied is None:
        return ""
    place, low, high = tied
    return t.gettext(
        "Hotspot {place} may stand anywhere from rank {low} to {high}: the others there cannot be told apart from it. "
        "Where no rank is written, the one above holds."
    ).format(place=place, low=number(low, language), high=number(high, language))


def order_known(ranked: Sequence[RankedPlace]) -> bool:
    """Is any place set apart from any other?"""
    known = [(r.rank_low, r.rank_high) for r in ranked if r.rank_low is not None and r.rank_high is not None]
    return any(span != (1, len(known)) for span in known) or len(known) == 1


def rank_spans(ranked: Sequence[RankedPlace], language: str) -> list[str | None]:
    """The ranks of each place for a list: told once for neighbours that share them, None without enough data."""
    told: list[str | None] = []
    before = None
    for r in ranked:
        if r.rank_low is None or r.rank_high is None:
            told.append(None)
            continue
        span = (r.rank_low, r.rank_high)
        low, high = (number(rank, language) for rank in span)
        told.append(
            "" if span == before or not order_known(ranked) else low if low == high else f"{low}–{high}"
        )
        before = span
    return told


def rank_words(low: int, high: int, language: str) -> str:
    """The ranks that an interval allows: ``rank 1 to 4``."""
    t = translator(language)
    if low == high:
        return t.gettext("rank {rank}").format(rank=number(low, language))
    return t.gettext("rank {low} to {high}").format(low=number(low, language), high=number(high, language))


def hours_sentence(matrix: Any, language: str, *, n: int, days: Sequence[int] | None = None) -> str:
    """Parts of the day, days and hours of the week with more facts than an even week would give them.

    `days` says how many Mondays, Tuesdays ... the period holds; equal when left out. How it is tested:
    `vicus.analysis.week_rhythm`.
    """
    t = translator(language)
    if n == 0:
        return t.gettext("No facts with a known time of day.")
    total = t.ngettext("{n} fact with a known time", "{n} facts with a known time", n).format(
        n=number(n, language)
    )
    found = week_rhythm(matrix, days=days)
    if not found.enough_data:
        return t.gettext("{total}: too few to see a rhythm.").format(total=total)
    busy = []
    if found.hours is not None:
        busy.append(f"{_hours(found.hours, language)} ({number(found.hours.n, language)})")
    if found.days is not None:
        busy.append(f"{_days(found.days, language)} ({number(found.days.n, language)})")
    if found.stretch is not None:
        when = f"{weekdays(language)[found.stretch.start // 24]} {_hours(found.stretch, language)}"
        when = t.gettext("above all {when}").format(when=when) if busy else when
        busy.append(f"{when} ({number(found.stretch.n, language)})")
    if not busy:
        return t.gettext("No part of the day and no day of the week stands out among {total}.").format(
            total=total
        )
    return t.gettext("Busiest: {when}, of {total}.").format(when=listed(busy, language), total=total)


def _hours(busy: Busy, language: str) -> str:
    """``from 20:00 to 24:00``: midnight at the end is 24."""
    text = translator(language).gettext("from {start} to {end}")
    end = (busy.start + busy.length - 1) % 24 + 1
    return text.format(start=hour(busy.start % 24, language), end=hour(end, language))


def _days(busy: Busy, language: str) -> str:
    """Days in a row by name."""
    names = weekdays(language)
    return listed([names[(busy.start + i) % 7] for i in range(busy.length)], language)


def gathered_sentence(counts: Sequence[int], place_number: int | str, language: str) -> str:
    """In how few cells half of the facts of a place lie; `counts` has one number a cell of its perimeter."""
    t, total = translator(language), sum(counts)
    if not total:
        return t.gettext("No located facts in hotspot {number}.").format(number=place_number)
    if total < SMALLEST_BASE:
        return t.ngettext(
            "{n} located fact in hotspot {number}: too few to see where they gather.",
            "{n} located facts in hotspot {number}: too few to see where they gather.",
            total,
        ).format(n=number(total, language), number=place_number)
    reached, cells = 0, 0
    for n in sorted(counts, reverse=True):
        if reached * 2 >= total:
            break
        reached, cells = reached + n, cells + 1
    return t.ngettext(
        "Half of the {total} facts in the perimeter of hotspot {number} lie in {cells} of its {all} cells.",
        "Half of the {total} facts in the perimeter of hotspot {number} lie in {cells} of its {all} cells.",
        cells,
    ).format(
        total=number(total, language),
        number=place_number,
        cells=number(cells, language),
        all=number(len(counts), language),
    )


LOCATED_ENOUGH = 0.85
"""Under this share of located facts a map carries a warning (rule R21)."""


def located_sentence(rate: float | None, language: str) -> str:
    """The geocoding rate that every map prints, with a warning where it is low (rule R21)."""
    t = translator(language)
    if rate is None:
        return t.gettext("Geocoding rate not known.")
    text = t.gettext("Geocoding rate {rate}.").format(rate=percent(rate, language))
    if rate < LOCATED_ENOUGH:
        least = percent(LOCATED_ENOUGH, language)
        text += " " + t.gettext("Under {least}: the map does not show enough of the facts.").format(
            least=least
        )
    return text


def _joined(first: str, second: str, language: str) -> str:
    """Two halves of a sentence; French sets a thin space before the semicolon."""
    return translator(language).gettext("{first}; {second}").format(first=first, second=second)


def _facts(figures: PlaceFigures, language: str) -> str:
    t = translator(language)
    n, month = figures.this_month.n, month_name(figures.month, language)
    if n == 0:
        return t.gettext("No facts in {month}").format(month=month)
    return t.ngettext("{n} fact in {month}", "{n} facts in {month}", n).format(
        n=number(n, language), month=month
    )


def _unfinished(figures: PlaceFigures, language: str) -> str:
    t = translator(language)
    facts = _facts(figures, language)
    last = figures.quality.last_day
    if last is None or last < figures.month:
        return t.gettext("{facts} so far; the data end before this month, so it is not compared.").format(
            facts=facts
        )
    return t.gettext("{facts} so far; the data end on {day}, so the month is not compared.").format(
        facts=facts, day=day_of_month(last, language)
    )


def phases_sentence(phases: Sequence[Phase], language: str) -> str:
    """The phases in words, oldest first: "Phases: Clear, 1 June 2025 to 28 February 2026; Hold, since 1 March 2026."

    A phase ends on the day before the next one begins. Empty without phases.
    """
    if not phases:
        return ""
    t = translator(language)
    told = []
    for phase in sorted(phases, key=lambda p: p.start):
        start, last = day(phase.start, language), phase.last_day
        when = (
            t.gettext("since {day}").format(day=start)
            if last is None
            else t.gettext("{start} to {end}").format(start=start, end=day(last, language))
        )
        told.append(f"{phase.kind.capitalize()}, {when}")
    return t.gettext("Phases: {phases}.").format(phases="; ".join(told))
