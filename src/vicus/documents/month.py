"""The monthly report of a hotspot: what it says, section by section, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from typing import TYPE_CHECKING

from vicus.documents import drawn, grounds
from vicus.documents.content import (
    Block,
    Cell,
    Column,
    Document,
    Note,
    Row,
    Section,
    Sentence,
    Table,
    row,
)
from vicus.documents.report import MonthReport
from vicus.documents.voice import NONE, Voice, months_before
from vicus.pictures import sentences, words

if TYPE_CHECKING:
    from vicus.incidents.figures import Count, PlaceFigures

FEWEST_FOR_HOURS = 10
"""Fewer facts than this say nothing about the days and hours at which they happen (rule R22)."""


def content(report: MonthReport, language: str) -> Document:
    """What the report says in a language, ready for paper, Word or Excel."""
    return _Month(report, Voice(language, report.timezone)).document()


@dataclass(frozen=True)
class _Month:
    """One report being written in one language."""

    report: MonthReport
    voice: Voice

    @property
    def t(self) -> NullTranslations:
        return self.voice.t

    @property
    def figures(self) -> PlaceFigures:
        return self.report.figures

    @property
    def sheet(self) -> dict[str, str]:
        """Names of the sheets of the workbook."""
        t = self.t
        return {
            "summary": t.gettext("Summary"),
            "series": t.gettext("By month"),
            "hours": t.gettext("Hour and weekday"),
            "categories": t.gettext("Categories"),
            "quality": t.gettext("Data quality"),
            "versions": t.gettext("Versions"),
        }

    def document(self) -> Document:
        """Head and sections."""
        t, voice, report = self.t, self.voice, self.report
        month = voice.month(self.figures.month)
        zone = voice.named(report.zone)
        hotspot = self.hotspot()
        version = t.gettext("data version {version}").format(
            version=voice.number(self.figures.version.number)
        )
        return Document(
            language=voice.language,
            locale=words.locale(voice.language),
            kicker=t.gettext("Monthly hotspot report – {month}").format(month=month),
            title=hotspot,
            subtitle=" – ".join(self.place()),
            subject=sentences.sentence(self.figures, voice.language),
            author=t.gettext("Police zone {zone}").format(zone=zone),
            keywords=(zone, hotspot, month),
            produced_by=f"Vicus {self.figures.software}",
            known_at=report.drawn_at,
            running=(f"{zone} – {hotspot}", f"{month} – {version}"),
            footer=self.handed_to(),
            figure=t.gettext("Figure"),
            table=t.gettext("Table"),
            sections=tuple(self.sections()),
        )

    def hotspot(self) -> str:
        """Number and name."""
        number, name = self.voice.number(self.report.number), self.voice.named(self.report.name)
        return self.t.gettext("Hotspot {number} – {name}").format(number=number, name=name)

    def place(self) -> list[str]:
        """Where the hotspot lies and what it is, from the zone down."""
        t, voice, report = self.t, self.voice, self.report
        parts = [
            voice.named(report.commune),
            t.gettext("sector {name}").format(name=voice.named(report.sector)) if report.sector else "",
            grounds.designation(report, voice),
            grounds.phase(report, voice),
            report.manager,
        ]
        return [part for part in parts if part]

    def handed_to(self) -> str:
        """The foot of the page: to whom the file was handed, by whom, when and for what (rule R08)."""
        export = self.report.export
        if export is None:
            return self.t.gettext("Police zone {zone} – registered facts, not persons").format(
                zone=self.voice.named(self.report.zone)
            )
        return self.t.gettext("Handed to {recipient} by {user} on {moment} – purpose: {purpose}").format(
            recipient=export.recipient,
            user=export.user,
            moment=self.voice.moment(export.at),
            purpose=export.purpose,
        )

    def sections(self) -> list[Section]:
        """Everything in reading order: what the mayor needs first, how it was made last."""
        found = [
            self.summary(),
            self.evolution(),
            self.surroundings(),
            self.categories(),
            self.hours(),
            self.map(),
            grounds.quality(self.report, self.voice, sheet=self.sheet["quality"]),
            self.behind(),
            grounds.versions(self.report, self.voice, sheet=self.sheet["versions"]),
        ]
        return [section for section in found if section is not None]

    # -- sections ------------------------------------------------------------------------------------------

    def summary(self) -> Section:
        """The sentence, what must be known before it is believed, the key figures."""
        blocks: list[Block] = [
            Sentence(sentences.sentence(self.figures, self.voice.language), "lead"),
            *self.cautions(),
            self.key_figures(),
        ]
        return Section("", tuple(blocks), sheet=self.sheet["summary"])

    def cautions(self) -> list[Note]:
        """Notes that belong on the first page."""
        t, voice, figures = self.t, self.voice, self.figures
        notes = []
        if self.report.caution:
            notes.append(Note(t.gettext("Note."), voice.named(self.report.caution)))
        if not figures.complete:
            notes.append(
                Note(
                    t.gettext("Warning."),
                    t.gettext(
                        "The data do not cover the whole month. The counts are provisional, and nothing is compared with "
                        "what was expected."
                    ),
                    "warning",
                )
            )
        elif not figures.expected.enough_data:
            notes.append(Note(t.gettext("Not enough data."), grounds.too_little(figures, voice)))
        return [*notes, *grounds.geocoding_warning(figures, voice)]

    def key_figures(self) -> Table:
        """This month, three and twelve months, each beside a year earlier; found by police activity apart."""
        t, voice, figures = self.t, self.voice, self.figures
        month = figures.month
        unknown = figures.twelve_months.unknown > 0
        columns = [
            Column(t.gettext("Period"), share=6),
            Column(t.gettext("Facts"), "count", share=2),
            Column(t.gettext("A year earlier"), "count", share=2),
            _sized(voice.expected_column(), 2),
            Column(t.gettext("Reported"), "count", share=2),
            *([Column(t.gettext("Source unknown"), "count", share=2)] if unknown else []),
            Column(t.gettext("Discovered by the police"), "count", share=3),
        ]
        expected = figures.expected
        span = voice.span(expected.low, expected.high) if self.comparable() else NONE
        rows = [
            self._period(voice.month(month), figures.this_month, figures.same_month_last_year, span, unknown),
            self._period(
                voice.months(months_before(month, 2), month),
                figures.three_months,
                figures.three_months_last_year,
                NONE,
                unknown,
            ),
            self._period(
                voice.months(months_before(month, 11), month),
                figures.twelve_months,
                figures.twelve_months_before,
                NONE,
                unknown,
            ),
        ]
        rows[0] = Row(rows[0].cells, strong=True)
        return Table(
            t.gettext("Key figures"),
            tuple(columns),
            tuple(rows),
            source=" ".join([grounds.counted(figures, voice), self._dash()]),
        )

    def _period(self, name: str, count: Count, earlier: Count | None, span: Cell, unknown: bool) -> Row:
        voice = self.voice
        cells = [
            voice.text(name),
            voice.count(count.n),
            voice.count(earlier.n if earlier else None),
            span,
            voice.count(count.reported),
            *([voice.count(count.unknown)] if unknown else []),
            voice.count(count.discovered),
        ]
        return row(cells)

    def _dash(self) -> str:
        return self.t.gettext(
            "A dash: not calculated, or the data do not reach back that far. The expected range is calculated per month."
        )

    def comparable(self) -> bool:
        """Can the month be compared with what was expected?"""
        return self.figures.complete and self.figures.expected.enough_data

    def evolution(self) -> Section:
        """The months against what was expected of each."""
        t, voice, series = self.t, self.voice, self.figures.series
        judged = [m for m in series if m.low is not None and m.high is not None]
        outside = sum(1 for m in judged if m.n < (m.low or 0) or m.n > (m.high or 0))
        if not judged:
            caption = t.gettext("Facts per month; not enough data for an expected range")
        else:
            caption = t.ngettext(
                "Facts per month: {n} of the {months} months with an expected range lies outside it",
                "Facts per month: {n} of the {months} months with an expected range lie outside it",
                outside,
            ).format(n=voice.number(outside), months=voice.number(len(judged)))
        picture = drawn.series(self.report, voice, caption, behind=self.by_month())
        return Section(t.gettext("Evolution by month"), (picture,), sheet=self.sheet["series"])

    def by_month(self) -> Table:
        """The numbers of the series."""
        t, voice = self.t, self.voice
        rows = [
            row(
                [
                    voice.period(m.month),
                    voice.count(m.n),
                    voice.span(m.low, m.high),
                    voice.count(m.reported),
                    voice.count(m.discovered),
                ],
                strong=m.month == self.figures.month,
            )
            for m in self.figures.series
        ]
        columns = (
            Column(t.gettext("Month"), "month", share=6),
            Column(t.gettext("Facts"), "count", share=3),
            _sized(voice.expected_column(), 4),
            Column(t.gettext("Reported"), "count", share=4),
            Column(t.gettext("Discovered"), "count", share=4),
        )
        return Table(t.gettext("Facts per month"), columns, tuple(rows), abreast=2)

    def hours(self) -> Section:
        """Days and hours, over twelve months."""
        t, voice, figures = self.t, self.voice, self.figures
        heading = t.gettext("When it happens")
        period = voice.months(months_before(figures.month, 11), figures.month)
        n = figures.hour_of_week_n
        if n < FEWEST_FOR_HOURS:
            none = t.gettext("In the twelve months {period}, no fact has a known time of day.")
            few = t.ngettext(
                "In the twelve months {period}, {n} fact has a known time of day: too few to say at which hours "
                "facts happen.",
                "In the twelve months {period}, {n} facts have a known time of day: too few to say at which hours "
                "facts happen.",
                n,
            )
            text = (few if n else none).format(period=period, n=voice.number(n))
            return Section(heading, (Note(t.gettext("Not enough data."), text),), sheet=self.sheet["hours"])
        return Section(
            heading,
            (drawn.hours(self.report, voice, behind=self.by_hour()),),
            sheet=self.sheet["hours"],
        )

    def by_hour(self) -> Table:
        """The numbers of hour and weekday."""
        t, voice, matrix = self.t, self.voice, self.figures.hour_of_week
        language = voice.language
        days = words.weekdays(language, short=True)
        columns = (
            Column(t.gettext("From"), share=2),
            *(Column(day, "number", share=2) for day in days),
            Column(t.gettext("Week"), "number", share=2),
        )
        rows = [
            row(
                [
                    Cell(words.hour(hour, language), words.hour(hour, language)),
                    *(voice.decimal(float(matrix[day, hour])) for day in range(7)),
                    voice.decimal(float(matrix[:, hour].sum())),
                ]
            )
            for hour in range(24)
        ]
        rows.append(
            row(
                [
                    Cell(t.gettext("Day"), t.gettext("Day")),
                    *(voice.decimal(float(matrix[day].sum())) for day in range(7)),
                    voice.decimal(float(matrix.sum())),
                ],
                strong=True,
            )
        )
        return Table(
            t.gettext("Facts by hour and weekday, {period}").format(
                period=voice.months(months_before(self.figures.month, 11), self.figures.month)
            ),
            columns,
            tuple(rows),
            source=t.gettext(
                "A fact that may have happened at any moment of an interval is shared out over its hours; hence the decimals."
            ),
        )

    def categories(self) -> Section:
        """What kinds of facts, each with its own expected range."""
        t, figures = self.t, self.figures
        heading = t.gettext("What happens")
        if not figures.categories:
            text = t.gettext("No facts are registered in this perimeter in the last twelve months.")
            return Section(heading, (Sentence(text),), sheet=self.sheet["categories"])
        blocks: list[Block] = [drawn.categories(self.report, self.voice), self.by_category()]
        return Section(heading, tuple(blocks), sheet=self.sheet["categories"])

    def by_category(self) -> Table:
        """Counts and expected range of every category of the last twelve months."""
        t, voice, figures = self.t, self.voice, self.figures
        columns = (
            Column(t.gettext("Category"), share=10),
            Column(t.gettext("This month"), "count", share=4),
            _sized(voice.expected_column(), 5),
            Column(t.gettext("Compared"), share=9),
            Column(t.gettext("Same month last year"), "count", share=6),
            Column(t.gettext("3 months"), "count", share=4),
            Column(t.gettext("12 months"), "count", share=4),
            Column(t.gettext("Discovered this month"), "count", share=6),
        )
        rows = []
        for c in figures.categories:
            name = voice.named(self.report.categories.get(c.category, c.category))
            comparable = c.state != "not enough data"
            state = sentences.state_words(c.state, voice.language)
            rows.append(
                row(
                    [
                        voice.text(name),
                        voice.count(c.this_month.n),
                        voice.span(c.expected.low, c.expected.high) if comparable else NONE,
                        voice.text(state),
                        voice.count(c.same_month_last_year.n if c.same_month_last_year else None),
                        voice.count(c.three_months.n),
                        voice.count(c.twelve_months.n),
                        voice.count(c.this_month.discovered),
                    ],
                    strong=c.state in ("above", "below"),
                )
            )
        return Table(
            t.gettext("Facts by category, {month}").format(month=voice.month(figures.month)),
            columns,
            tuple(rows),
            source=t.gettext(
                "With many categories, one outside its range by chance alone is no surprise. "
                "Categories that overlap must not be added together."
            ),
        )

    def map(self) -> Section | None:
        """Where in and around the perimeter; with its geocoding rate, or a warning (rule R21)."""
        shown = self.report.layers_in(self.voice.language)
        if shown is None:
            return None
        picture = drawn.place(self.report, self.voice, shown)
        blocks: list[Block] = [*grounds.geocoding_warning(self.figures, self.voice), picture]
        return Section(self.t.gettext("Where it happens"), tuple(blocks))

    def surroundings(self) -> Section | None:
        """The ring around the perimeter: the first place to look for displacement."""
        t, voice, ring = self.t, self.voice, self.figures.buffer
        if ring is None:
            return None
        columns = (
            Column(t.gettext("Area"), share=9),
            Column(t.gettext("This month"), "count", share=5),
            _sized(voice.expected_column(), 5),
            Column(t.gettext("Compared"), share=8),
            Column(t.gettext("12 months"), "count", share=6),
            Column(t.gettext("Discovered this month"), "count", share=8),
        )
        width = voice.number(ring.width_m)
        around = t.gettext("Around it, up to {width} m").format(width=width)
        inside = t.gettext("Inside the perimeter")
        rows = []
        for name, place in ((inside, self.figures), (around, ring)):
            comparable = place.state != "not enough data"
            state = sentences.state_words(place.state, voice.language)
            rows.append(
                row(
                    [
                        voice.text(name),
                        voice.count(place.this_month.n),
                        voice.span(place.expected.low, place.expected.high) if comparable else NONE,
                        voice.text(state),
                        voice.count(place.twelve_months.n),
                        voice.count(place.this_month.discovered),
                    ]
                )
            )
        table = Table(
            t.gettext("Inside and around the perimeter, {month}").format(
                month=voice.month(self.figures.month)
            ),
            columns,
            tuple(rows),
            source=t.gettext(
                "A change around the perimeter does not by itself show that a problem has moved or that benefits "
                "have spread: that takes comparable areas elsewhere. Ground inside another hotspot is left out."
            ),
        )
        return Section(t.gettext("Around the perimeter"), (table,), sheet=self.sheet["summary"])

    def behind(self) -> Section:
        """The tables behind the pictures, for those who want the numbers; the workbook has them already."""
        tables: list[Table] = [self.by_month()]
        if self.figures.hour_of_week_n >= FEWEST_FOR_HOURS:
            tables.append(self.by_hour())
        return Section(self.t.gettext("The numbers behind the pictures"), tuple(tables), new_page=True)


def _sized(column: Column, share: int) -> Column:
    return Column(column.heading, column.kind, column.bounds, share)
