"""Lists that compare: the categories of a place, and the places of a zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from vicus.pictures import alternatives, sentences
from vicus.pictures.figures import About, CategoryFigure, PlaceFigures, RankedPlace
from vicus.pictures.ledger import Axis, Ledger, Row
from vicus.pictures.sheet import PRINT_WIDTH, Caption, Sheet, Style, Width, round_step, ticks
from vicus.pictures.tokens import Scheme
from vicus.pictures.words import month_name, number, translator

MOST_CATEGORIES = 12
FURTHEST_RATIO = 4.0
"""Ratios beyond this are drawn at the edge; their number says how large they are."""


def categories(
    figures: PlaceFigures,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    about: About | None = None,
    scheme: Scheme = "light",
    width: Width = PRINT_WIDTH,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw the categories of a place: this month's count as a dot on its expected range, counts beside.

    Parameters
    ----------
    names : mapping, optional
        Category code to its name in the language; codes without one stand as they are.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    style = Style(scheme, width, captions)
    names = names or {}
    sheet = Sheet(
        style,
        categories_caption(figures, language, names=names, about=about),
        alternatives.categories(figures, language, names=names),
    )
    t = translator(language)
    rows = [
        _category(c, names.get(c.category, c.category), language)
        for c in figures.categories[:MOST_CATEGORIES]
    ]
    rest = figures.categories[MOST_CATEGORIES:]
    if rest:
        rows.append(_rest(rest, language))
    highest = max([0.0, *(max(row.value or 0, row.high or 0) for row in rows)])
    scale = ticks(max(highest, 4))
    axis = Axis(tuple(map(float, scale)), tuple(number(v, language) for v in scale))
    heads = (t.gettext("This month"), t.gettext("Expected"), t.gettext("12 months"))
    told = (t.gettext("Category"), t.gettext("This month"), t.gettext("Expected"), t.gettext("State"))
    Ledger(sheet, style, rows, axis, heads=heads, tooltip=told, whiskers=False).draw()
    return sheet.finish("categories")


def categories_caption(
    figures: PlaceFigures,
    language: str,
    *,
    names: Mapping[str, str] | None = None,
    about: About | None = None,
) -> Caption:
    """Title, subtitle and source of the categories."""
    t, about = translator(language), about or About()
    month = month_name(figures.month, language, year=True)
    parts = [
        t.gettext("{what} in {month} by category; the bar is the expected range.").format(
            what=sentences.counted(figures, language), month=month
        )
    ]
    if apart := sentences.kept_apart(figures, language):
        parts.append(apart)
    return Caption(
        sentences.categories_sentence(figures.categories, names or {}, language),
        sentences.placed(about.place, " ".join(parts)),
        sentences.source(figures, language, about=about),
    )


def ranking(
    ranked: Sequence[RankedPlace],
    language: str,
    *,
    names: Mapping[Any, str] | None = None,
    about: About | None = None,
    scheme: Scheme = "light",
    width: Width = PRINT_WIDTH,
    captions: bool | None = None,
) -> alt.LayerChart:
    """Draw the places of a zone by observed / expected with its interval, and the ranks the interval allows.

    Parameters
    ----------
    ranked : sequence of RankedPlace
        In their order; places without enough data stand last, in words.
    names : mapping, optional
        Label of a place to its name in the language.

    Other parameters are those of `vicus.pictures.series.series`.
    """
    style, t = Style(scheme, width, captions), translator(language)
    names = names or {}
    sheet = Sheet(
        style,
        ranking_caption(ranked, language, about=about),
        alternatives.ranking(ranked, language, names=names),
    )
    spans = sentences.rank_spans(ranked, language)
    rows = [
        _ranked(r, names.get(r.place, str(r.place)), span, language)
        for r, span in zip(ranked, spans, strict=True)
    ]
    highest = min(max([1.5, *(r.high or 0 for r in ranked)]), FURTHEST_RATIO)
    step = max(0.5, round_step(highest, 4))
    values = [step * i for i in range(int(-(-highest // step)) + 1)]
    words = ["0", *(t.gettext("{n} ×").format(n=number(v, language, decimals=v % 1 > 0)) for v in values[1:])]
    axis = Axis(tuple(values), tuple(words), reference=1.0, reference_words=t.gettext("as expected"))
    heads = (t.gettext("Facts"), t.gettext("Expected"), t.gettext("Rank"))
    told = (
        t.gettext("Hotspot"),
        t.gettext("Facts"),
        t.gettext("Expected"),
        t.gettext("Ratio"),
        t.gettext("State"),
    )
    Ledger(sheet, style, rows, axis, heads=heads, tooltip=told, whiskers=True, all_columns=True).draw()
    return sheet.finish("ranking")


def ranking_caption(ranked: Sequence[RankedPlace], language: str, *, about: About | None = None) -> Caption:
    """Title, subtitle and source of the ranking."""
    t, about = translator(language), about or About()
    subtitle, source = "", ""
    if ranked:
        figures = ranked[0].figures
        subtitle = t.gettext(
            "{what} in {month} divided by what was expected; the line is the interval."
        ).format(
            what=sentences.counted(figures, language),
            month=month_name(figures.month, language, year=True),
        )
        subtitle = f"{subtitle} {sentences.order_sentence(ranked, language)}".strip()
        source = sentences.source(figures, language, about=about)
    return Caption(
        sentences.ranking_sentence(ranked, language), sentences.placed(about.place, subtitle), source
    )


def _category(category: CategoryFigure, name: str, language: str) -> Row:
    t = translator(language)
    known = category.state != "not enough data"
    expected = sentences.expected_span(category.expected, language) if known else t.gettext("not enough data")
    n = number(category.this_month.n, language)
    return Row(
        name,
        category.state,
        float(category.this_month.n),
        category.expected.low if known else None,
        category.expected.high if known else None,
        (n, expected, number(category.twelve_months.n, language)),
        (name, n, expected, sentences.state_words(category.state, language)),
    )


def _rest(categories: Sequence[CategoryFigure], language: str) -> Row:
    t, n = translator(language), len(categories)
    name = t.ngettext("{n} further category", "{n} further categories", n).format(n=number(n, language))
    month = sum(c.this_month.n for c in categories)
    year = number(sum(c.twelve_months.n for c in categories), language)
    state = sentences.state_words("not enough data", language)
    return Row(
        name,
        "not enough data",
        float(month),
        None,
        None,
        (number(month, language), "–", year),
        (name, number(month, language), "–", state),
    )


def _ranked(place: RankedPlace, name: str, rank: str | None, language: str) -> Row:
    t, figures = translator(language), place.figures
    n = number(figures.this_month.n, language)
    if place.ratio is None or place.low is None or place.high is None:
        unknown = t.gettext("not enough data")
        return Row(
            name, "not enough data", None, None, None, (n, unknown, "–"), (name, n, unknown, "–", unknown)
        )
    expected = sentences.expected_span(figures.expected, language)
    ratio = t.gettext("{ratio}, between {low} and {high}").format(
        ratio=number(place.ratio, language, decimals=2),
        low=number(place.low, language, decimals=2),
        high=number(place.high, language, decimals=2),
    )
    state = sentences.state_words(figures.state, language)
    return Row(
        name,
        figures.state,
        place.ratio,
        place.low,
        place.high,
        (n, expected, rank or ""),
        (name, n, expected, ratio, state),
    )
