"""Text alternatives: what a picture says, for those who do not see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vicus.pictures import sentences
from vicus.pictures.figures import About, Action, Phase, PlaceFigures, RankedPlace
from vicus.pictures.words import capital, listed, month_name, number, translator


def series(
    figures: PlaceFigures,
    language: str,
    *,
    about: About | None = None,
    actions: Sequence[Action] = (),
    phases: Sequence[Phase] = (),
) -> str:
    """The finding, the highest and lowest month, months out of range, and what was done."""
    t = translator(language)
    about = about or About()
    parts = [sentences.placed(about.place, sentences.sentence(figures, language))]
    months = list(figures.series)
    if months:
        most, least = max(months, key=lambda m: m.n), min(months, key=lambda m: m.n)
        first = month_name(months[0].month, language, year=True)
        last = month_name(months[-1].month, language, year=True)
        parts.append(
            t.gettext(
                "Line of monthly counts from {first} to {last}: most in {most} ({most_n}), fewest in {least} ({least_n})."
            ).format(
                first=first,
                last=last,
                most=month_name(most.month, language, year=True),
                most_n=number(most.n, language),
                least=month_name(least.month, language, year=True),
                least_n=number(least.n, language),
            )
        )
        out = [m for m in months if m.low is not None and m.high is not None and not m.low <= m.n <= m.high]
        judged = sum(m.low is not None for m in months)
        if judged:
            parts.append(
                t.ngettext(
                    "{n} of {judged} month was outside its expected range.",
                    "{n} of {judged} months were outside their expected range.",
                    judged,
                ).format(n=number(len(out), language), judged=number(judged, language))
            )
        if any(m.discovered for m in months):
            parts.append(
                t.ngettext(
                    "Apart from these, police activity discovered {n} fact in the last month (dashed line).",
                    "Apart from these, police activity discovered {n} facts in the last month (dashed line).",
                    months[-1].discovered,
                ).format(n=number(months[-1].discovered, language))
                if "discovered" not in figures.sources
                else t.ngettext(
                    "Of these, police activity discovered {n} fact in the last month (dashed line).",
                    "Of these, police activity discovered {n} facts in the last month (dashed line).",
                    months[-1].discovered,
                ).format(n=number(months[-1].discovered, language))
            )
    if phases:
        parts.append(sentences.phases_sentence(phases, language))
    if actions:
        parts.append(
            t.gettext("Actions: {names}.").format(names=listed([a.label for a in actions], language))
        )
    return " ".join(parts)


def sparkline(figures: PlaceFigures, language: str) -> str:
    """The finding alone."""
    return sentences.sentence(figures, language)


def hour_of_week(matrix: Any, language: str, *, n: int, days: Sequence[int] | None = None) -> str:
    """The finding, then what the cells are."""
    t = translator(language)
    parts = [sentences.hours_sentence(matrix, language, n=n, days=days)]
    if n:
        parts.append(t.gettext("Heat map of seven days, Monday first, by 24 hours."))
    return " ".join(parts)


def categories(figures: PlaceFigures, language: str, *, names: Mapping[str, str] | None = None) -> str:
    """The finding, then each category with its count and range."""
    t = translator(language)
    parts = [sentences.categories_sentence(figures.categories, names or {}, language)]
    for c in figures.categories[:12]:
        expected = (
            t.gettext("not enough data")
            if c.state == "not enough data"
            else t.gettext("expected {span}").format(span=sentences.expected_span(c.expected, language))
        )
        name = (names or {}).get(c.category, c.category)
        parts.append(f"{name}: {number(c.this_month.n, language)} ({expected}).")
    return " ".join(parts)


def ranking(ranked: Sequence[RankedPlace], language: str, *, names: Mapping[Any, str] | None = None) -> str:
    """The finding, then each place with its count, range and ranks."""
    t = translator(language)
    ordered = sentences.order_known(ranked)
    parts = [sentences.ranking_sentence(ranked, language), sentences.order_sentence(ranked, language)]
    for r in ranked:
        name = (names or {}).get(r.place, str(r.place))
        count = number(r.figures.this_month.n, language)
        if r.rank_low is None or r.rank_high is None:
            parts.append(f"{name}: {count}, {t.gettext('not enough data')}.")
            continue
        rank = sentences.rank_words(r.rank_low, r.rank_high, language)
        span = sentences.expected_span(r.figures.expected, language)
        expected = t.gettext("expected {span}").format(span=span)
        parts.append(f"{name}: {count} ({expected}){f', {rank}' if ordered else ''}.")
    return " ".join(part for part in parts if part)


def place_map(
    figures: PlaceFigures | None,
    language: str,
    *,
    place_number: int | str,
    rate: float | None,
    buffer: float,
    finding: str = "",
) -> str:
    """The finding, what the map of a place shows, and how far it can be trusted."""
    t = translator(language)
    parts = [finding] if finding else []
    parts += [t.gettext("Map of the perimeter of hotspot {number}.").format(number=place_number)]
    if buffer:
        ring = t.gettext("A dashed line marks the {metres} m around it.")
        parts.append(ring.format(metres=number(buffer, language)))
    if figures is not None:
        parts.append(sentences.sentence(figures, language))
    parts.append(sentences.located_sentence(rate, language))
    return " ".join(parts)


def zone_map(states: Mapping[str, str], language: str, *, rate: float | None) -> str:
    """Which hotspots stand out, by number; `states` gives number to state."""
    t = translator(language)
    parts = [sentences.states_sentence(states, language)]
    for state in ("above", "below", "not enough data"):
        numbers = [n for n, s in states.items() if s == state]
        if numbers:
            parts.append(
                t.gettext("{state}: hotspot {numbers}.").format(
                    state=capital(sentences.state_words(state, language)),
                    numbers=listed(numbers, language),
                )
            )
    parts.append(sentences.located_sentence(rate, language))
    return " ".join(parts)
