"""The yearly evaluation of a hotspot or of the Zonal Security Plan: what it says, section by section, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from vicus.documents import yearly_tables as tables
from vicus.documents.content import Block, Cell, Column, Document, Note, Section, Sentence, Table, row
from vicus.documents.voice import Voice
from vicus.documents.years import Figures, YearReport
from vicus.pictures import words


def content(report: YearReport, language: str) -> Document:
    """What the evaluation says in a language, ready for paper, Word or Excel."""
    return _Year(report, Voice(language, report.timezone)).document()


@dataclass(frozen=True)
class _Year:
    """One evaluation being written in one language."""

    report: YearReport
    voice: Voice

    @property
    def t(self) -> NullTranslations:
        return self.voice.t

    @property
    def figures(self) -> Figures:
        return self.report.figures

    def named(self, key: str) -> str:
        """A name as it stood."""
        return self.voice.named(self.figures["names"].get(key, ""))

    def document(self) -> Document:
        """Head and sections."""
        t, voice, report = self.t, self.voice, self.report
        year, zone = str(self.figures["year"]), self.named("zone")
        title = self.named("subject")
        if report.number is not None:
            title = t.gettext("Hotspot {number} – {name}").format(number=report.number, name=title)
        version = t.gettext("without facts")
        if report.version is not None:
            version = t.gettext("data version {version}").format(version=voice.number(report.version))
        return Document(
            language=voice.language,
            locale=words.locale(voice.language),
            kicker=t.gettext("Yearly evaluation – {year}").format(year=year),
            title=title,
            subtitle=" – ".join(part for part in (self.named("commune"), self.period()) if part),
            subject=self.lead(),
            author=t.gettext("Police zone {zone}").format(zone=zone),
            keywords=(zone, title, year),
            produced_by=f"Vicus {report.software}",
            known_at=report.known_at,
            running=(f"{zone} – {title}", f"{year} – {version}"),
            footer=self.footer(),
            figure=t.gettext("Figure"),
            table=t.gettext("Table"),
            sections=tuple(self.sections()),
        )

    def period(self) -> str:
        """The months that the figures cover."""
        first, last = (date.fromisoformat(self.figures[key]) for key in ("first", "last"))
        return self.voice.months(first, last)

    def lead(self) -> str:
        """The sentence: the year against the one before, or how many indicators of the plan reach their target."""
        if self.report.number is None:
            return tables.reached(self.figures["indicators"], self.voice)
        return tables.change_sentence(self.figures["facts"], self.voice)

    def footer(self) -> str:
        """To whom the file was handed, by whom, when and for what (rule R08)."""
        export, t = self.report.export, self.t
        if export is None:
            return t.gettext("Police zone {zone} – registered facts, not persons").format(
                zone=self.named("zone")
            )
        return t.gettext("Handed to {recipient} by {user} on {moment} – purpose: {purpose}").format(
            recipient=export.recipient,
            user=export.user,
            moment=self.voice.moment(export.at),
            purpose=export.purpose,
        )

    def sections(self) -> list[Section]:
        """Everything in reading order: what was decided first, how it was made last."""
        found = [self.summary(), self.written()]
        found += [self.plan(), self.places()] if self.report.number is None else [self.year()]
        return [
            section for section in [*found, self.work(), self.agreed(), self.made()] if section is not None
        ]

    def summary(self) -> Section:
        """The sentence, what must be known first, what was decided."""
        t, voice, decided = self.t, self.voice, self.report.decided
        blocks: list[Block] = [Sentence(self.lead(), "lead")]
        if self.report.caution:
            blocks.append(Note(t.gettext("Note."), voice.named(self.report.caution)))
        if decided is None:
            text = t.gettext("Nothing is decided yet; the figures may still change.")
            blocks.append(Note(t.gettext("Draft."), text, "warning"))
        else:
            on = t.gettext("{by}, {day}").format(by=voice.named(decided.by), day=voice.day(decided.on))
            by = f"{on} ({decided.reference})" if decided.reference else on
            blocks += [
                Note(
                    t.gettext("Decided: {what}.").format(what=tables.decision(decided.kind, voice)), f"{by}."
                ),
                Sentence(decided.reason),
            ]
        return Section("", tuple(blocks), sheet=t.gettext("Summary"))

    def written(self) -> Section | None:
        """The words around the figures."""
        t = self.t
        titles = {
            "worked": t.gettext("What worked"),
            "not_worked": t.gettext("What did not work"),
            "learned": t.gettext("What we learn"),
            "next": t.gettext("What comes next"),
        }
        rows = [
            row([
                Cell(titles[told.key], titles[told.key]), Cell(told.text, told.text),
                self.voice.text(tables.sure(told.nature, told.reliability, self.voice)),
            ])
            for told in self.report.words if told.text
        ]  # fmt: skip
        if not rows:
            return None
        columns = (
            Column(t.gettext("About"), share=4), Column(t.gettext("In words"), share=14),
            Column(t.gettext("How sure"), share=5),
        )  # fmt: skip
        return Section(
            t.gettext("Looking back and ahead"),
            (Table(t.gettext("The year in words"), columns, tuple(rows)),),
            sheet=t.gettext("In words"),
        )

    def year(self) -> Section:
        """The facts of a hotspot, its phases, its perimeter."""
        t, voice, figures = self.t, self.voice, self.figures
        blocks: list[Block] = []
        if figures["facts"] is None or not figures["months"]:
            blocks.append(
                Note(t.gettext("Not enough data."), t.gettext("No facts of this year were imported."))
            )
        else:
            blocks += [tables.against(figures["facts"], voice), tables.by_month(figures["months"], voice)]
        blocks += [
            Sentence(tables.phases(figures["phases"], voice)),
            Sentence(tables.fitted(figures["fit"], voice)),
        ]
        return Section(t.gettext("What the figures say"), tuple(blocks), sheet=t.gettext("Figures"))

    def plan(self) -> Section:
        """The indicators of the plan."""
        t = self.t
        if not self.figures["indicators"]:
            note = Note(t.gettext("Not enough data."), t.gettext("The plan has no indicators yet."))
            return Section(t.gettext("Indicators"), (note,))
        return Section(
            t.gettext("Indicators"),
            (tables.indicators(self.figures["indicators"], self.voice),),
            sheet=t.gettext("Indicators"),
        )

    def places(self) -> Section | None:
        """The hotspots under the plan."""
        if not self.figures["places"]:
            return None
        t = self.t
        return Section(
            t.gettext("The hotspots"),
            (tables.places(self.figures["places"], self.voice),),
            sheet=t.gettext("Hotspots"),
        )

    def work(self) -> Section:
        """Actions with their dose and what was found, and their side effects."""
        t, voice, figures = self.t, self.voice, self.figures
        blocks: list[Block] = []
        if figures["actions"]:
            blocks.append(tables.actions(figures["actions"], voice))
        else:
            blocks.append(Sentence(t.gettext("No action ran in this year.")))
        blocks.append(tables.side(figures["side"], voice))
        return Section(t.gettext("What was done"), tuple(blocks), sheet=t.gettext("Actions"))

    def agreed(self) -> Section:
        """Commitments, sheets and meetings."""
        t, voice, figures = self.t, self.voice, self.figures
        table = tables.agreed(figures["promised"], figures["sheets"], figures["meetings"], voice)
        return Section(t.gettext("What was agreed and kept"), (table,), sheet=t.gettext("Agreed"))

    def made(self) -> Section:
        """Methods and versions, last."""
        t, voice, report = self.t, self.voice, self.report
        method = t.gettext(
            "The facts of the year are compared with those of the same months of the year before: their ratio per day, with "
            "the exact interval of Clopper and Pearson, widened where months vary more than chance makes them. An interval "
            "on both sides of zero shows no clear change. The expected range of a month rests on the months before it. "
            "No percentage on fewer than ten."
        )
        told = tables.versions(report, voice)
        return Section(
            t.gettext("How this was made"), (Sentence(method, "method"), told), sheet=t.gettext("Versions")
        )
