"""The minutes of a meeting: who was there in which role, what was said, decided and promised. In one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from vicus.documents.content import Block, Cell, Column, Document, Note, Section, Sentence, Table, row
from vicus.documents.report import Export, Names, in_language
from vicus.documents.voice import NONE, Voice
from vicus.pictures import words


@dataclass(frozen=True)
class Presence:
    """An organisation that was asked: its roles, and whether it came, in the reader's language."""

    organisation: Names
    roles: str
    state: Names


@dataclass(frozen=True)
class Promise:
    """What an organisation promised, by when, and how it stands."""

    title: str
    owner: Names
    due_on: date
    state: Names


@dataclass(frozen=True)
class Passage:
    """A text of the minutes under its heading, as it was written."""

    heading: Names
    text: str


@dataclass(frozen=True)
class Minutes:
    """Everything the minutes say; equal minutes give equal bytes.

    Attributes
    ----------
    body, zone : Names
        Who met, and in which zone.
    levels : sequence of Names
        The levels of governance it counts for.
    starts_at : datetime
        When it began; shown on the clock of `timezone`.
    place, chair : str
        Where, and the function in the chair.
    spoken : str
        Language the texts were written in.
    closed : bool
        False while the minutes are open: the paper says so.
    revision : int
        Which writing of the minutes this is.
    changed_at : datetime
        The last change: the moment the file carries.
    presences, passages, decisions, promises, carried
        What was said and agreed; `carried` are promises of earlier meetings.
    counts : sequence of (Names, str)
        What was counted or coded, already in words.
    """

    body: Names
    zone: Names
    levels: Sequence[Names]
    starts_at: datetime
    timezone: str
    place: str
    chair: str
    spoken: str
    closed: bool
    revision: int
    changed_at: datetime
    software: str
    places: Sequence[Names] = ()
    presences: Sequence[Presence] = ()
    passages: Sequence[Passage] = ()
    decisions: Sequence[tuple[str, Names]] = ()
    promises: Sequence[Promise] = ()
    carried: Sequence[Promise] = ()
    counts: Sequence[tuple[Names, Names]] = ()
    export: Export | None = field(default=None, compare=False)


def content(minutes: Minutes, language: str) -> Document:
    """What the minutes say in a language, ready for paper or Word. Texts stay in the language they were written in."""
    voice = Voice(language, minutes.timezone)
    t = voice.t
    zone, body = voice.named(minutes.zone), voice.named(minutes.body)
    moment = voice.moment(minutes.starts_at)
    version = t.gettext("version {number}").format(number=voice.number(minutes.revision))
    levels = ", ".join(voice.named(level) for level in minutes.levels)
    return Document(
        language=language,
        locale=words.locale(language),
        kicker=t.gettext("Minutes – {moment}").format(moment=moment),
        title=body,
        subtitle=" – ".join(part for part in (minutes.place, levels) if part),
        subject=t.gettext("Minutes of {body}, {moment}").format(body=body, moment=moment),
        author=t.gettext("Police zone {zone}").format(zone=zone),
        keywords=(zone, body),
        produced_by=f"Vicus {minutes.software}",
        known_at=minutes.changed_at,
        running=(f"{zone} – {body}", f"{voice.day(minutes.starts_at)} – {version}"),
        footer=_handed_to(minutes, voice),
        figure=t.gettext("Figure"),
        table=t.gettext("Table"),
        sections=tuple(_sections(minutes, voice)),
    )


def _sections(minutes: Minutes, voice: Voice) -> Iterator[Section]:
    t = voice.t
    yield Section("", tuple(_head(minutes, voice)))
    if minutes.carried:
        caption = t.gettext("What was promised before")
        yield Section(caption, (_promises(caption, minutes.carried, voice),))
    if minutes.counts:
        caption = t.gettext("Counted and coded")
        columns = (Column(t.gettext("What"), share=2), Column(t.gettext("How many, or which"), share=5))
        rows = tuple(row([Cell(voice.named(what)), Cell(voice.named(how))]) for what, how in minutes.counts)
        yield Section(caption, (Table(caption, columns, rows),))
    for passage in minutes.passages:
        blocks = tuple(Sentence(line.strip()) for line in passage.text.splitlines() if line.strip())
        yield Section(voice.named(passage.heading), blocks)
    yield Section(t.gettext("Decisions"), (_decisions(minutes, voice),))
    caption = t.gettext("Commitments")
    yield Section(
        caption,
        (
            _promises(caption, minutes.promises, voice)
            if minutes.promises
            else Sentence(t.gettext("Nothing was promised.")),
        ),
    )


def _head(minutes: Minutes, voice: Voice) -> Iterator[Block]:
    t = voice.t
    if not minutes.closed:
        yield Note(t.gettext("Draft."), t.gettext("The minutes are still open and may change."), "warning")
    lines = []
    if minutes.chair:
        lines.append(t.gettext("Chair: {role}.").format(role=minutes.chair))
    if minutes.places:
        places = ", ".join(voice.named(place) for place in minutes.places)
        lines.append(t.gettext("About: {places}.").format(places=places))
    spoken = {"nl": t.gettext("Dutch"), "fr": t.gettext("French"), "en": t.gettext("English")}
    language = spoken.get(minutes.spoken, minutes.spoken)
    lines.append(t.gettext("Texts in: {language}.").format(language=language))
    yield Sentence(" ".join(lines), "lead")
    caption = t.gettext("Organisations")
    columns = (
        Column(t.gettext("Organisation"), share=4),
        Column(t.gettext("Roles"), share=4),
        Column(t.gettext("Presence"), share=2),
    )
    if not minutes.presences:
        yield Sentence(t.gettext("No organisation was asked."))
        return
    yield Table(
        caption,
        columns,
        tuple(
            row(
                [
                    Cell(voice.named(each.organisation)),
                    Cell(each.roles) if each.roles else NONE,
                    Cell(voice.named(each.state)),
                ]
            )
            for each in minutes.presences
        ),
    )


def _decisions(minutes: Minutes, voice: Voice) -> Block:
    t = voice.t
    if not minutes.decisions:
        return Sentence(t.gettext("Nothing was decided."))
    columns = (Column(t.gettext("Decision"), share=6), Column(t.gettext("Hotspot"), share=3))
    rows = tuple(
        row([Cell(text), Cell(voice.named(place)) if place else NONE]) for text, place in minutes.decisions
    )
    return Table(t.gettext("Decisions"), columns, rows)


def _promises(caption: str, promises: Sequence[Promise], voice: Voice) -> Table:
    t = voice.t
    columns = (
        Column(t.gettext("What is promised"), share=6),
        Column(t.gettext("Organisation"), share=4),
        Column(t.gettext("Due by"), share=3),
        Column(t.gettext("State"), share=2),
    )
    rows = tuple(
        row(
            [
                Cell(each.title),
                Cell(voice.named(each.owner)),
                Cell(words.day(each.due_on, voice.language, style="medium")),
                Cell(voice.named(each.state)),
            ]
        )
        for each in promises
    )
    return Table(caption, columns, rows)


def _handed_to(minutes: Minutes, voice: Voice) -> str:
    """The foot of the page: to whom the file was handed, by whom, when and for what (rule R08)."""
    export = minutes.export
    if export is None:
        return voice.t.gettext("Police zone {zone}").format(zone=in_language(minutes.zone, voice.language))
    return voice.t.gettext("Handed to {recipient} by {user} on {moment} – purpose: {purpose}").format(
        recipient=export.recipient, user=export.user, moment=voice.moment(export.at), purpose=export.purpose
    )
