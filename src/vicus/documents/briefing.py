"""Short reports for meetings: what they say, part by part, in one language; one page where one page is asked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from gettext import NullTranslations

from vicus.documents import paper
from vicus.documents.briefs import KINDS, Brief, Line, Part, Place
from vicus.documents.content import Block, Cell, Column, Document, Note, Row, Section, Sentence, Table, row
from vicus.documents.voice import NONE, Voice
from vicus.pictures import sentences, words

Room = Mapping[Part, int]
"""How many lines each part may take."""
MOST: Room = {"decisions": 3}
"""A mayor is asked three decisions a month; the others are counted."""
MOST_LINES = 12
"""More lines of one part than this leave no room for the others."""
LONGEST = (170, 120, 90, 60)
"""Characters of a text on a single page; the next is taken when even the fewest lines do not fit."""
FEWEST = 1


def content(brief: Brief, language: str) -> Document:
    """What the report says in a language, shortened where it must fit one page; what was left out is counted."""
    writer = _Brief(brief, Voice(language, brief.timezone))
    return _on_one_page(writer) if KINDS[brief.code].one_page else writer.document()


def _on_one_page(writer: _Brief) -> Document:
    """The longest part gives way line by line until the page holds; then texts become shorter."""
    rooms = list(_rooms({part: len(writer.found(part)) for part in writer.parts}))
    for longest in LONGEST:
        tried = [replace(writer, room=room, longest=longest) for room in rooms]
        # Less room never takes more paper, so the first that fits is found by halving.
        first = bisect_left(tried, True, key=lambda one: paper.pages(paper.pdf(one.document())) == 1)
        if first < len(tried):
            break
    return tried[min(first, len(tried) - 1)].document()


def _rooms(wanted: Room) -> Iterator[Room]:
    """From all that a page could hold to one line each: the longest part gives way first."""
    room = {part: min(n, MOST.get(part, MOST_LINES)) for part, n in wanted.items()}
    yield room
    while (longest := max(room, key=lambda part: room[part], default=None)) and room[longest] > FEWEST:
        room = {**room, longest: room[longest] - 1}
        yield room


@dataclass(frozen=True)
class _Brief:
    """One report being written in one language, in so much room."""

    brief: Brief
    voice: Voice
    room: Room | None = None
    longest: int = 0

    @property
    def t(self) -> NullTranslations:
        return self.voice.t

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that were asked, in the order of the kind."""
        asked = KINDS[self.brief.code].parts
        of_places = ("situation", "ranking")
        return tuple(p for p in asked if (self.brief.places if p in of_places else p in self.brief.lines))

    def found(self, part: Part) -> Sequence[Place | Line]:
        """Everything a part could say."""
        return self.brief.places if part in ("situation", "ranking") else self.brief.lines[part]

    def document(self) -> Document:
        """Head and sections."""
        t, voice, brief = self.t, self.voice, self.brief
        zone, title, period = (voice.named(name) for name in (brief.zone, brief.title, brief.period))
        version = voice.day(brief.known_at)
        if brief.version is not None:
            version = t.gettext("data version {version}").format(version=voice.number(brief.version))
        return Document(
            language=voice.language,
            locale=words.locale(voice.language),
            kicker=f"{self.kind()} – {period}",
            title=title,
            subtitle=t.gettext("Police zone {zone}").format(zone=zone),
            subject=self.lead() or self.kind(),
            author=t.gettext("Police zone {zone}").format(zone=zone),
            keywords=(zone, title, period),
            produced_by=f"Vicus {brief.software}",
            known_at=brief.known_at,
            running=(f"{zone} – {title}", f"{period} – {version}"),
            footer=footer(brief, voice),
            figure=t.gettext("Figure"),
            table=t.gettext("Table"),
            sections=(self.head(), *(self.section(part) for part in self.parts), self.made()),
            compact=KINDS[brief.code].one_page,
        )

    def kind(self) -> str:
        """What this report is."""
        t = self.t
        return {
            "mayor": t.gettext("The month on one page"),
            "pack": t.gettext("Meeting pack"),
            "partner-pack": t.gettext("Pack for partners"),
            "coordination": t.gettext("Quarterly coordination"),
        }[self.brief.code]

    def headings(self) -> dict[Part, str]:
        """The title of each part."""
        t = self.t
        return {
            "agenda": t.gettext("Agenda"),
            "situation": t.gettext("Situation"),
            "ranking": t.gettext("How far each hotspot lies from what was expected"),
            "decisions": t.gettext("Decisions asked"),
            "promises": t.gettext("Promises"),
            "orders": t.gettext("Orders and perimeters that end"),
            "requests": t.gettext("Requests for phases and perimeters"),
            "conflicts": t.gettext("Where means are short"),
            "displacement": t.gettext("Around the perimeters"),
            "duties": t.gettext("Overdue"),
            "shared": t.gettext("What is shared with you"),
        }

    def nothing(self) -> dict[Part, str]:
        """What stands there when a part has nothing to say."""
        t = self.t
        return {
            "agenda": t.gettext("No agenda was written."),
            "decisions": t.gettext("No decision is asked."),
            "promises": t.gettext("No promise is open."),
            "orders": t.gettext("No order ends soon, and no review is due."),
            "requests": t.gettext("No request waits for a decision."),
            "conflicts": t.gettext("No action is blocked, and none asks for more than there is."),
            "displacement": t.gettext("Around no perimeter were there more facts than expected."),
            "duties": t.gettext("Nothing is overdue."),
            "shared": t.gettext("Nothing is shared for this meeting."),
        }

    # -- sections ------------------------------------------------------------------------------------------

    def lead(self) -> str:
        """The sentence: which hotspots differ from what was expected."""
        if not self.brief.places:
            return ""
        return sentences.states_sentence({p.number: p.state for p in self.brief.places}, self.voice.language)

    def head(self) -> Section:
        """The sentence, and what must be known before it is believed."""
        blocks: list[Block] = [Sentence(self.lead(), "lead")] if self.brief.places else []
        notes = [text for text in (self.brief.caution, self.brief.note) if text]
        blocks += [Note(self.t.gettext("Note."), self.voice.named(text)) for text in notes]
        return Section("", tuple(blocks), sheet=self.t.gettext("Summary"))

    def section(self, part: Part) -> Section:
        """One part: a table of what fits, and how much more there is."""
        found, heading = self.found(part), self.headings()[part]
        if not found:
            return Section(heading, (Sentence(self.nothing()[part]),), sheet=heading[:31], key=part)
        limit = len(found) if self.room is None else self.room[part]
        shown = found[:limit]
        drawn: dict[str, Callable[..., Block]] = {
            "situation": self.situation, "ranking": self.ranking, "agenda": self.agenda, "shared": self.shared,
        }  # fmt: skip
        blocks = [drawn.get(part, self.lines)(shown)]
        if len(shown) < len(found):
            left = len(found) - len(shown)
            more = self.t.ngettext("And {n} more.", "And {n} more.", left)
            blocks.append(Sentence(more.format(n=self.voice.number(left)), "method"))
        if part == "ranking":
            blocks.append(Sentence(self.ranked_words(), "method"))
        return Section(heading, tuple(blocks), sheet=heading[:31], key=part)

    def made(self) -> Section:
        """How it was made: what was counted, and until when."""
        t, voice, brief = self.t, self.voice, self.brief
        told = [t.gettext("As known on {day}.").format(day=voice.day(brief.known_at))]
        if brief.month is not None:
            told.insert(
                0,
                t.gettext(
                    "Facts in {month}, reported by the public; expected from the months before, at 95 %. Places, not persons."
                ).format(month=voice.month(brief.month)),
            )
        return Section("", (Sentence(" ".join(told), "method"),))

    # -- tables --------------------------------------------------------------------------------------------

    def situation(self, places: Sequence[Place]) -> Table:
        """Each hotspot in a line."""
        t, voice = self.t, self.voice
        phases = any(place.phase for place in places)
        columns = (
            Column(t.gettext("Hotspot"), share=5),
            Column(t.gettext("Facts"), "count", share=1),
            replace(voice.expected_column(), share=2),
            Column(t.gettext("Compared"), share=3),
            *([Column(t.gettext("Phase"), share=2)] if phases else []),
        )
        return Table(
            "",
            columns,
            tuple(
                row(
                    [
                        self.place(place),
                        voice.count(place.n),
                        voice.span(place.low, place.high),
                        voice.text(sentences.state_words(place.state, voice.language)),
                        *([voice.text(voice.named(place.phase)) if place.phase else NONE] if phases else []),
                    ],
                    strong=place.state == "above",
                )
                for place in places
            ),
        )

    def ranking(self, places: Sequence[Place]) -> Table:
        """Each hotspot with its ranks and the interval of its ratio (rule R15)."""
        t, voice = self.t, self.voice
        columns = (
            Column(t.gettext("Rank"), share=2),
            Column(t.gettext("Hotspot"), share=6),
            Column(t.gettext("Facts"), "count", share=2),
            replace(voice.expected_column(), share=3),
            Column(t.gettext("Facts / expected"), "number", share=2),
            Column(t.gettext("At 95 %"), share=3),
            Column(t.gettext("Compared"), share=4),
        )
        return Table(
            "",
            columns,
            tuple(
                row(
                    [
                        self.ranks(place),
                        self.place(place),
                        voice.count(place.n),
                        voice.span(place.low, place.high),
                        voice.decimal(place.ratio, 2),
                        self.interval(place),
                        voice.text(sentences.state_words(place.state, voice.language)),
                    ],
                    strong=place.state == "above",
                )
                for place in places
            ),
        )

    def ranks(self, place: Place) -> Cell:
        """ "1", or "2–5" where places cannot be told apart."""
        if place.rank_low is None or place.rank_high is None:
            return NONE
        low, high = self.voice.number(place.rank_low), self.voice.number(place.rank_high)
        return Cell(low if low == high else f"{low}–{high}")

    def interval(self, place: Place) -> Cell:
        """The interval of the ratio."""
        if place.ratio_low is None or place.ratio_high is None:
            return NONE
        low, high = (self.voice.number(value, 2) for value in (place.ratio_low, place.ratio_high))
        return Cell(self.t.gettext("{low} to {high}").format(low=low, high=high))

    def ranked_words(self) -> str:
        """How to read the ranks."""
        return self.t.gettext(
            "A rank from 2 to 5 says that these places cannot be told apart. Patrols do not count in the ranking."
        )

    def place(self, place: Place) -> Cell:
        """Number, name and where it lies."""
        name, area = self.voice.named(place.name), self.voice.named(place.area)
        told = f"{self.voice.number(place.number)} {name}".strip()
        return self.cut(f"{told} ({area})" if area else told)

    def lines(self, lines: Sequence[Line]) -> Table:
        """What, where, by whom, by when, why: the columns that any of the lines fills."""
        t, voice = self.t, self.voice
        columns: list[tuple[Column, Callable[[Line], Cell]]] = [
            (Column(t.gettext("What"), share=9), lambda line: self.cut(voice.named(line.what)))
        ]
        if any(line.place for line in lines):
            columns.append((Column(t.gettext("Where"), share=4), lambda line: self.named(line.place)))
        if any(line.who for line in lines):
            columns.append((Column(t.gettext("Who"), share=4), lambda line: self.named(line.who)))
        if any(line.day for line in lines):
            columns.append((Column(t.gettext("Day"), "day", share=3), self.day))
        if any(line.why for line in lines):
            columns.append((Column(t.gettext("Why"), share=6), lambda line: self.named(line.why)))
        rows: tuple[Row, ...] = tuple(
            row([cell(line) for _column, cell in columns], strong=line.late) for line in lines
        )
        return Table("", tuple(column for column, _cell in columns), rows)

    def agenda(self, lines: Sequence[Line]) -> Block:
        """The agenda as it was written."""
        return Sentence("\n".join(self.voice.named(line.what) for line in lines))

    def shared(self, lines: Sequence[Line]) -> Table:
        """What is shared with this organisation, and on what basis."""
        t = self.t
        columns = (
            Column(t.gettext("What"), share=6), Column(t.gettext("Basis"), share=4), Column(t.gettext("What for"), share=4),
        )  # fmt: skip
        rows = (row([self.named(line.what), self.named(line.why), self.named(line.who)]) for line in lines)
        return Table("", columns, tuple(rows))

    def named(self, name: object) -> Cell:
        """A name or text in a cell; nothing where there is none."""
        text = self.voice.named(name)  # type: ignore[arg-type]
        return self.cut(text) if text else NONE

    def day(self, line: Line) -> Cell:
        """The day, and that it is past."""
        if line.day is None:
            return NONE
        told = words.day(line.day, self.voice.language, style="medium")
        if line.late:
            told = self.t.gettext("{day} – past").format(day=told)
        return Cell(told, line.day)

    def cut(self, text: str) -> Cell:
        """A text in its room; what was cut shows it."""
        text = words.capital(text.strip())
        if not self.longest or len(text) <= self.longest:
            return Cell(text, text)
        shorter = text[: self.longest].rsplit(" ", 1)[0].rstrip(" ,.;:–-")
        return Cell(f"{shorter} …", text)


def footer(brief: Brief, voice: Voice) -> str:
    """The foot of the page: to whom the file was handed, by whom, when and for what (rule R08)."""
    if brief.export is not None:
        return voice.handed_to(brief.export)
    return voice.t.gettext("Police zone {zone} – registered facts, not persons").format(
        zone=voice.named(brief.zone)
    )
