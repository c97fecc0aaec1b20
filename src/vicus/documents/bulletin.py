"""The bulletin of a neighbourhood: French and Dutch in one document, for residents.

Everything in it may be read by everybody: counts come with what is hidden already missing (None), words exist in both
languages (rights R18, R25).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from vicus.documents.content import Block, Cell, Column, Document, Note, Section, Sentence, Table, row
from vicus.documents.report import Names
from vicus.documents.voice import Voice
from vicus.pictures import words

LANGUAGES = ("fr", "nl")
"""A bulletin is written in both, French first unless the zone says otherwise."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of the table of counts: names of the kind of facts, a count for each column; None is not shown."""

    names: Names
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that residents may read: what, by whom, by when, how it stands and why it was not kept."""

    text: Names
    organisation: Names
    due_on: date
    state: Names
    reason: Names = ""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting that residents can come to."""

    starts_at: datetime
    place: Names


@dataclass(frozen=True)
class Bulletin:
    """Everything a bulletin says; equal bulletins give equal bytes.

    Attributes
    ----------
    heading : mapping of language to str
        Title in French and Dutch.
    texts : mapping of language to mapping of str
        By language, "said", "done" and "not_possible": paragraphs, empty ones are left out.
    starts_on, ends_on : date
        First and last day of the period.
    columns : tuple of Names
        Headings of the columns of counts, in each language.
    counts : tuple of Counted
        Rows, disclosure-controlled already; none leaves the table out.
    least : int
        Counts below this number are hidden: said under the table.
    gatherings, promises : tuple
        What comes, and what was promised.
    answer_at : str
        Address where residents answer; empty leaves it out.
    first : str
        The language that stands first.
    """

    zone: Names
    place: Names
    heading: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    starts_on: date
    ends_on: date
    published_at: datetime
    software: str
    columns: tuple[Names, ...] = ()
    counts: tuple[Counted, ...] = ()
    least: int = 5
    gatherings: tuple[Gathering, ...] = ()
    promises: tuple[Promise, ...] = ()
    answer_at: str = ""
    timezone: str = "Europe/Brussels"
    caution: Names = ""
    first: str = "fr"


def content(bulletin: Bulletin) -> Document:
    """The bulletin as one document: first in one language, then, on a new page, in the other."""
    languages = [bulletin.first, *(code for code in LANGUAGES if code != bulletin.first)]
    voices = [Voice(language, bulletin.timezone) for language in languages]
    first = voices[0]
    heads = [bulletin.heading.get(voice.language, "") for voice in voices]
    zone = [voice.named(bulletin.zone) for voice in voices]
    kicker = " – ".join(dict.fromkeys(voice.t.gettext("Neighbourhood bulletin") for voice in voices))
    places = dict.fromkeys(voice.named(bulletin.place) for voice in voices)
    return Document(
        language=first.language,
        locale=words.locale(first.language),
        kicker=kicker,
        title=" – ".join(dict.fromkeys(head for head in heads if head)),
        subtitle=" – ".join([*places, *dict.fromkeys(zone)]),
        subject=kicker,
        author=first.t.gettext("Police zone {zone}").format(zone=zone[0]),
        keywords=(*dict.fromkeys(zone), *places),
        produced_by=f"Vicus {bulletin.software}",
        known_at=bulletin.published_at,
        running=(" / ".join(places), first.day(bulletin.published_at)),
        footer=" / ".join(dict.fromkeys(zone)),
        figure=first.t.gettext("Figure"),
        table=first.t.gettext("Table"),
        sections=tuple(
            replace(section, locale=words.locale(voice.language), new_page=section.new_page or (turn > 0 and not at))
            for turn, voice in enumerate(voices)
            for at, section in enumerate(_sections(bulletin, voice))
        ),
    )  # fmt: skip


def _sections(bulletin: Bulletin, voice: Voice) -> Iterator[Section]:
    """Everything in one language."""
    t, language = voice.t, voice.language
    period = t.gettext("{first} to {last}").format(
        first=voice.day(bulletin.starts_on), last=voice.day(bulletin.ends_on)
    )
    head: list[Block] = [Sentence(period, "method")]
    if bulletin.caution:
        head.append(Note(t.gettext("Note."), voice.named(bulletin.caution)))
    # The heading names the language's own part for whoever goes from heading to heading.
    yield Section(bulletin.heading.get(language, ""), tuple(head), sheet=language)
    titles = {
        "said": t.gettext("What you said"),
        "done": t.gettext("What was done"),
        "not_possible": t.gettext("What was not possible, and why"),
    }
    texts = bulletin.texts.get(language, {})
    for key, title in titles.items():
        parts = [part.strip() for part in texts.get(key, "").split("\n\n") if part.strip()]
        if parts:
            yield Section(title, tuple(Sentence(part) for part in parts), sheet=language)
    if bulletin.promises:
        yield Section(t.gettext("What was promised"), (_promises(bulletin, voice),), sheet=language)
    if bulletin.counts:
        hidden = t.gettext(
            "Counts below {k} are not shown, nor those from which they could be worked out."
        ).format(k=voice.number(bulletin.least))
        told = (_counts(bulletin, voice), Sentence(hidden, "method"))
        yield Section(t.gettext("Facts registered"), told, sheet=language)
    closing: list[Block] = []
    if bulletin.gatherings:
        closing.append(_gatherings(bulletin, voice))
    if bulletin.answer_at:
        asked = t.gettext("Answer us at {address}. No account is needed; nobody is asked for a name.")
        closing.append(Sentence(asked.format(address=bulletin.answer_at)))
    if closing:
        yield Section(t.gettext("Come and talk"), tuple(closing), sheet=language)


def _promises(bulletin: Bulletin, voice: Voice) -> Table:
    t = voice.t
    columns = (
        Column(t.gettext("Promise"), share=7),
        Column(t.gettext("By"), share=4),
        Column(t.gettext("By when"), "day", share=3),
        Column(t.gettext("How it stands"), share=6),
    )
    rows = []
    for promise in bulletin.promises:
        stands = ". ".join(
            words.capital(voice.named(part)) for part in (promise.state, promise.reason) if part
        )
        due = Cell(words.day(promise.due_on, voice.language, style="medium"), promise.due_on)
        told = [voice.text(voice.named(promise.text)), voice.text(voice.named(promise.organisation))]
        rows.append(row([*told, due, Cell(stands, stands)]))
    return Table("", columns, tuple(rows))


def _counts(bulletin: Bulletin, voice: Voice) -> Table:
    columns = [Column(voice.named(name), "count", share=2) for name in bulletin.columns]
    hidden = Cell(voice.t.gettext("not shown"))
    return Table(
        "",
        (Column(voice.t.gettext("Kind of fact"), share=5), *columns),
        tuple(
            row([
                voice.text(voice.named(line.names)),
                *(hidden if value is None else voice.count(value) for value in line.values),
            ])
            for line in bulletin.counts
        ),
    )  # fmt: skip


def _gatherings(bulletin: Bulletin, voice: Voice) -> Table:
    t = voice.t
    columns = (Column(t.gettext("When"), share=4), Column(t.gettext("Where"), share=6))
    return Table(
        "",
        columns,
        tuple(
            row([Cell(voice.moment(one.starts_at), one.starts_at), voice.text(voice.named(one.place))])
            for one in bulletin.gatherings
        ),
    )
