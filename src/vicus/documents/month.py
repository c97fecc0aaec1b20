"""The monthly report of a hotspot: what it says, section by section, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import NullTranslations
from typing import TYPE_CHECKING

from vicus.documents import drawn, grounds, tables
from vicus.documents.content import Block, Document, Note, Section, Sentence
from vicus.documents.report import MonthReport
from vicus.documents.voice import Voice
from vicus.pictures import sentences, words

if TYPE_CHECKING:
    from vicus.incidents.figures import PlaceFigures

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
        return self.voice.handed_to(export)

    def sections(self) -> list[Section]:
        """Everything in reading order: what the mayor needs first, how it was made last."""
        found = [
            self.summary(),
            self.evolution(),
            self.surroundings(),
            self.categories(),
            self.hours(),
            self.map(),
            self.behind(),
            grounds.quality(self.report, self.voice, sheet=self.sheet["quality"]),
            grounds.versions(self.report, self.voice, sheet=self.sheet["versions"]),
        ]
        return [section for section in found if section is not None]

    # -- sections ------------------------------------------------------------------------------------------

    def summary(self) -> Section:
        """The sentence, what must be known before it is believed, the key figures."""
        blocks: list[Block] = [
            Sentence(sentences.sentence(self.figures, self.voice.language), "lead"),
            *self.cautions(),
            tables.key_figures(self.report, self.voice),
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
        elif figures.provisional:
            notes.append(Note(t.gettext("Provisional."), grounds.provisional(figures, voice)))
        if figures.complete and not figures.expected.enough_data:
            notes.append(Note(t.gettext("Not enough data."), grounds.too_little(figures, voice)))
        return [*notes, *grounds.geocoding_warning(figures, voice)]

    def evolution(self) -> Section:
        """The months against what was expected of each."""
        t, voice, series = self.t, self.voice, self.figures.series
        judged = [m for m in series if m.low is not None and m.high is not None]
        outside = sum(1 for m in judged if m.n < (m.low or 0) or m.n > (m.high or 0))
        if not judged:
            caption = t.gettext("Facts per month; not enough data for an expected range")
        else:
            caption = t.ngettext(
                "Of the {months} months up to {month} with an expected range, {n} lies outside it",
                "Of the {months} months up to {month} with an expected range, {n} lie outside it",
                outside,
            ).format(
                n=voice.number(outside),
                months=voice.number(len(judged)),
                month=voice.month(self.figures.month),
            )
        picture = drawn.series(self.report, voice, caption, behind=tables.by_month(self.report, voice))
        told = sentences.phases_sentence(self.report.phases, voice.language)
        blocks: tuple[Block, ...] = (picture, Sentence(told)) if told else (picture,)
        return Section(t.gettext("Evolution by month"), blocks, sheet=self.sheet["series"], key="evolution")

    def hours(self) -> Section:
        """Days and hours, over twelve months."""
        t, voice, figures = self.t, self.voice, self.figures
        heading = t.gettext("When it happens")
        period = voice.months(grounds.since(figures, 12), figures.month)
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
            return Section(
                heading, (Note(t.gettext("Not enough data."), text),), sheet=self.sheet["hours"], key="hours"
            )
        return Section(
            heading,
            (drawn.hours(self.report, voice, behind=tables.by_hour(self.report, voice)),),
            sheet=self.sheet["hours"],
            key="hours",
        )

    def categories(self) -> Section:
        """What kinds of facts, each with its own expected range."""
        t, figures = self.t, self.figures
        heading = t.gettext("What happens")
        if not figures.categories:
            text = t.gettext("No facts are registered in this perimeter in the last twelve months.")
            return Section(heading, (Sentence(text),), sheet=self.sheet["categories"], key="categories")
        blocks: list[Block] = [
            drawn.categories(self.report, self.voice),
            tables.by_category(self.report, self.voice),
        ]
        return Section(heading, tuple(blocks), sheet=self.sheet["categories"], key="categories")

    def map(self) -> Section | None:
        """Where in and around the perimeter; with its geocoding rate, or a warning (rule R21)."""
        shown = self.report.layers_in(self.voice.language)
        if shown is None:
            return None
        picture = drawn.place(self.report, self.voice, shown)
        blocks: list[Block] = [*grounds.geocoding_warning(self.figures, self.voice), picture]
        return Section(self.t.gettext("Where it happens"), tuple(blocks), key="map")

    def surroundings(self) -> Section | None:
        """The ring around the perimeter: the first place to look for displacement."""
        ring = self.figures.buffer
        if ring is None:
            return None
        table = tables.around(self.report, self.voice, ring)
        return Section(
            self.t.gettext("Around the perimeter"), (table,), sheet=self.sheet["summary"], key="around"
        )

    def behind(self) -> Section:
        """The tables behind the pictures, for those who want the numbers; the workbook has them already."""
        numbers = [tables.by_month(self.report, self.voice)]
        if self.figures.hour_of_week_n >= FEWEST_FOR_HOURS:
            numbers.append(tables.by_hour(self.report, self.voice))
        return Section(
            self.t.gettext("The numbers behind the pictures"), tuple(numbers), new_page=True, key="numbers"
        )
