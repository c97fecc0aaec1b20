"""The tables of the monthly report: each number once as words for paper and as a value for a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vicus.documents import grounds
from vicus.documents.content import Cell, Column, Row, Table, row
from vicus.documents.report import MonthReport
from vicus.documents.voice import NONE, Voice
from vicus.pictures import sentences, words

if TYPE_CHECKING:
    from vicus.incidents.figures import BufferFigure, CategoryFigure, Count, PlaceFigures

    Judged = PlaceFigures | BufferFigure | CategoryFigure


def key_figures(report: MonthReport, voice: Voice) -> Table:
    """This month, three and twelve months, each beside a year earlier; found by police activity apart."""
    t, figures = voice.t, report.figures
    unknown = figures.twelve_months.unknown > 0
    columns = (
        Column(t.gettext("Period"), share=6),
        Column(t.gettext("Facts"), "count", share=2),
        Column(t.gettext("A year earlier"), "count", share=2),
        _sized(voice.expected_column(), 2),
        Column(t.gettext("Reported"), "count", share=2),
        *([Column(t.gettext("Source unknown"), "count", share=2)] if unknown else []),
        Column(t.gettext("Discovered by the police"), "count", share=3),
    )

    def period(name: str, count: Count, earlier: Count | None, span: Cell, *, strong: bool = False) -> Row:
        cells = [
            voice.text(name),
            voice.count(count.n),
            voice.count(earlier.n if earlier else None),
            span,
            voice.count(count.reported),
            *([voice.count(count.unknown)] if unknown else []),
            voice.count(count.discovered),
        ]
        return row(cells, strong=strong)

    month = voice.month(figures.month)
    rows = {
        month: period(
            _provisional(month, figures, voice),
            figures.this_month,
            figures.same_month_last_year,
            _span(figures, voice),
            strong=True,
        )
    }
    for months, count, earlier in (
        (3, figures.three_months, figures.three_months_last_year),
        (12, figures.twelve_months, figures.twelve_months_before),
    ):
        # Where the data reach back less far, the same months are not told twice.
        name = voice.months(grounds.since(figures, months), figures.month)
        rows.setdefault(name, period(name, count, earlier, NONE))
    return Table(
        t.gettext("Key figures"),
        columns,
        tuple(rows.values()),
        source=" ".join(
            [
                grounds.counted(figures, voice),
                t.gettext(
                    "A dash: not calculated, or the data do not reach back that far. The expected range is calculated per "
                    "month."
                ),
            ]
        ),
    )


def by_month(report: MonthReport, voice: Voice) -> Table:
    """The numbers of the series."""
    t, figures = voice.t, report.figures
    columns = (
        Column(t.gettext("Month"), "month", share=6),
        Column(t.gettext("Facts"), "count", share=3),
        _sized(voice.expected_column(), 4),
        Column(t.gettext("Reported"), "count", share=4),
        Column(t.gettext("Discovered"), "count", share=4),
    )
    rows = [
        row(
            [
                voice.period(m.month),
                voice.count(m.n),
                voice.span(m.low, m.high),
                voice.count(m.reported),
                voice.count(m.discovered),
            ],
            strong=m.month == figures.month,
        )
        for m in figures.series
    ]
    return Table(t.gettext("Facts per month"), columns, tuple(rows), abreast=2)


def by_hour(report: MonthReport, voice: Voice) -> Table:
    """The numbers of hour and weekday."""
    t, figures = voice.t, report.figures
    matrix, language = figures.hour_of_week, voice.language
    columns = (
        Column(t.gettext("From"), share=2),
        *(Column(day, "number", share=2) for day in words.weekdays(language, short=True)),
        Column(t.gettext("Week"), "number", share=2),
    )
    named = [(words.hour(hour, language), matrix[:, hour]) for hour in range(24)]
    rows = [
        row(
            [
                Cell(name, name),
                *(voice.decimal(float(n)) for n in counts),
                voice.decimal(float(counts.sum())),
            ],
            strong=strong,
        )
        for name, counts, strong in [
            *((name, counts, False) for name, counts in named),
            (t.gettext("Day"), matrix.sum(axis=1), True),
        ]
    ]
    return Table(
        t.gettext("Facts by hour and weekday, {period}").format(
            period=voice.months(grounds.since(figures, 12), figures.month)
        ),
        columns,
        tuple(rows),
        source=t.gettext(
            "A fact that may have happened at any moment of an interval is shared out over its hours; hence the decimals."
        ),
    )


def by_category(report: MonthReport, voice: Voice) -> Table:
    """Counts and expected range of every category of the last twelve months, and their total."""
    t, figures = voice.t, report.figures
    columns = (
        Column(t.gettext("Category"), share=10),
        Column(t.gettext("This month"), "count", share=4),
        _sized(voice.expected_column(), 5),
        Column(t.gettext("Compared"), share=9),
        Column(t.gettext("Same month last year"), "count", share=6),
        Column(_window(figures, 3, voice), "count", share=4),
        Column(_window(figures, 12, voice), "count", share=4),
        Column(t.gettext("Discovered this month"), "count", share=6),
    )

    def line(name: str, of: PlaceFigures | CategoryFigure, *, strong: bool) -> Row:
        cells = [
            voice.text(name),
            voice.count(of.this_month.n),
            _span(of, voice),
            voice.text(sentences.state_words(of.state, voice.language)),
            voice.count(of.same_month_last_year.n if of.same_month_last_year else None),
            voice.count(of.three_months.n),
            voice.count(of.twelve_months.n),
            voice.count(of.this_month.discovered),
        ]
        return row(cells, strong=strong)

    rows = [line(report.category(c.category, voice), c, strong=False) for c in figures.categories]
    return Table(
        t.gettext("Facts by category, {month}").format(month=voice.month(figures.month)),
        columns,
        (*rows, line(t.gettext("Total"), figures, strong=True)),
        source=" ".join(
            [
                t.gettext("With many categories, about one in 20 lies outside its range by chance alone."),
                _overlap(report, voice),
            ]
        ),
    )


def around(report: MonthReport, voice: Voice, ring: BufferFigure) -> Table:
    """The perimeter beside the ring around it."""
    t, figures = voice.t, report.figures
    columns = (
        Column(t.gettext("Area"), share=9),
        Column(t.gettext("This month"), "count", share=5),
        _sized(voice.expected_column(), 5),
        Column(t.gettext("Compared"), share=8),
        Column(_window(figures, 12, voice), "count", share=6),
        Column(t.gettext("Discovered this month"), "count", share=8),
    )
    width = voice.number(ring.width_m)
    named: tuple[tuple[str, PlaceFigures | BufferFigure], ...] = (
        (t.gettext("Inside the perimeter"), figures),
        (t.gettext("Around it, up to {width} m").format(width=width), ring),
    )
    rows = [
        row(
            [
                voice.text(name),
                voice.count(place.this_month.n),
                _span(place, voice),
                voice.text(sentences.state_words(place.state, voice.language)),
                voice.count(place.twelve_months.n),
                voice.count(place.this_month.discovered),
            ]
        )
        for name, place in named
    ]
    return Table(
        t.gettext("Inside and around the perimeter, {month}").format(month=voice.month(figures.month)),
        columns,
        tuple(rows),
        source=t.gettext(
            "A change around the perimeter does not by itself show that a problem has moved or that benefits "
            "have spread: that takes comparable areas elsewhere. Ground inside another hotspot is left out."
        ),
    )


def _overlap(report: MonthReport, voice: Voice) -> str:
    """Do the categories add up to the total?"""
    t = voice.t
    shown = [c.category for c in report.figures.categories if c.category in report.overlapping]
    if not shown:
        return t.gettext("Every fact stands under one category: together they are the total.")
    names = words.listed([report.category(code, voice) for code in shown], voice.language)
    return t.gettext(
        "Facts under {names} may stand under another category too; the total then counts them once for each."
    ).format(names=names)


def _provisional(month: str, figures: PlaceFigures, voice: Voice) -> str:
    return voice.t.gettext("{month} (provisional)").format(month=month) if figures.provisional else month


def _window(figures: PlaceFigures, months: int, voice: Voice) -> str:
    """``12 months``, or as many as the data reach back."""
    first, last = grounds.since(figures, months), figures.month
    n = (last.year - first.year) * 12 + last.month - first.month + 1
    return voice.t.ngettext("{n} month", "{n} months", n).format(n=voice.number(n))


def _span(of: Judged, voice: Voice) -> Cell:
    """The expected range, or a dash where nothing can be compared."""
    if of.state == "not enough data":
        return NONE
    return voice.span(of.expected.low, of.expected.high)


def _sized(column: Column, share: int) -> Column:
    return Column(column.heading, column.kind, column.bounds, share)
