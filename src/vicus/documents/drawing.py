"""From a report to files: one, or many in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vicus.documents import excel, paper, word
from vicus.documents.content import Document
from vicus.documents.month import content
from vicus.documents.report import MonthReport

FORMATS: Mapping[str, Callable[[Document], bytes]] = MappingProxyType(
    {"pdf": paper.pdf, "docx": word.docx, "xlsx": excel.xlsx}
)


class UnknownFormatError(ValueError):
    """A format that no renderer makes."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One file that was drawn."""

    report: MonthReport
    language: str
    format: str
    content: bytes

    @property
    def filename(self) -> str:
        """A name that sorts by month and hotspot: ``2026-10-hotspot-14-nl.pdf``."""
        month = self.report.figures.month
        return f"{month:%Y-%m}-hotspot-{self.report.number:02d}-{self.language}.{self.format}"


def pdf(report: MonthReport, language: str) -> bytes:
    """The report as an accessible PDF (PDF/UA-1, PDF/A-2a); equal reports give equal bytes."""
    return paper.pdf(content(report, language))


def docx(report: MonthReport, language: str) -> bytes:
    """The report as Word, with real styles, so that it can be written on in."""
    return word.docx(content(report, language))


def xlsx(report: MonthReport, language: str) -> bytes:
    """The tables of the report as a workbook, numbers as numbers."""
    return excel.xlsx(content(report, language))


def draw_many(
    reports: Iterable[MonthReport],
    languages: Sequence[str] = ("nl", "fr", "en"),
    formats: Sequence[str] = ("pdf",),
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Drawn]:
    """Draw every report in every language and format, one at a time, so that none waits in memory.

    Parameters
    ----------
    reports : iterable of MonthReport
    languages, formats : sequence of str
        Pictures and sentences are made once for a language and serve all its formats.
    progress : callable, optional
        Called with (files drawn, files in all) after each file.

    Raises
    ------
    UnknownFormatError
        Before anything is drawn.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UnknownFormatError(f"No format {', '.join(unknown)}: choose among {', '.join(FORMATS)}.")
    waiting = list(reports)
    return _draw(waiting, languages, formats, progress)


def _draw(
    reports: Sequence[MonthReport],
    languages: Sequence[str],
    formats: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> Iterator[Drawn]:
    total, done = len(reports) * len(languages) * len(formats), 0
    for report in reports:
        for language in languages:
            document = content(report, language)
            for name in formats:
                drawn = Drawn(report, language, name, FORMATS[name](document))
                done += 1
                if progress is not None:
                    progress(done, total)
                yield drawn
