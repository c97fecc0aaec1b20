"""From a report to files: one, or many in one go."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
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
    *,
    processes: int = 1,
) -> Iterator[Drawn]:
    """Draw every report in every language and format, in order, so that few wait in memory.

    Parameters
    ----------
    reports : iterable of MonthReport
    languages, formats : sequence of str
        Pictures and sentences are made once for a language and serve all its formats.
    progress : callable, optional
        Called with (files drawn, files in all) after each file.
    processes : int
        More than one draws side by side: worth it from some twenty files on, since each process takes a few
        seconds to start.

    Raises
    ------
    UnknownFormatError
        Before anything is drawn.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise UnknownFormatError(f"No format {', '.join(unknown)}: choose among {', '.join(FORMATS)}.")
    tasks = [(report, language, tuple(formats)) for report in reports for language in languages]
    return _counted(_side_by_side(tasks, processes), len(tasks) * len(formats), progress)


Task = tuple[MonthReport, str, tuple[str, ...]]


def _counted(
    drawn: Iterator[Drawn], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[Drawn]:
    for done, file in enumerate(drawn, start=1):
        if progress is not None:
            progress(done, total)
        yield file


def _side_by_side(tasks: Sequence[Task], processes: int) -> Iterator[Drawn]:
    """The files of all tasks, in order; a few tasks ahead of the reader at most."""
    if processes <= 1:
        for report, language, formats in tasks:
            for name, made in _draw(report, language, formats):
                yield Drawn(report, language, name, made)
        return
    # Started afresh rather than forked: the libraries below have threads of their own, which a fork would break.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[tuple[Task, Future[list[tuple[str, bytes]]]]] = deque()
        ahead = iter(tasks)
        for task in islice(ahead, 2 * processes):
            waiting.append((task, pool.submit(_draw, *task)))
        while waiting:
            (report, language, _), future = waiting.popleft()
            files = future.result()
            for task in islice(ahead, 1):
                waiting.append((task, pool.submit(_draw, *task)))
            for name, made in files:
                yield Drawn(report, language, name, made)


def _draw(report: MonthReport, language: str, formats: Sequence[str]) -> list[tuple[str, bytes]]:
    document = content(report, language)
    return [(name, FORMATS[name](document)) for name in formats]
