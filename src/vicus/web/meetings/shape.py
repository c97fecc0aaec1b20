"""Meetings as data: the sections of the five levels before, during and after, and the fields of what is filled in.

One form draws all levels: a meeting that counts for several has the sections of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vicus.web.meetings.models import Answer, Commitment, Decision, Meeting, Presence, Pulse, Shared
from vicus.web.sara.models import Observation
from vicus.web.sara.shape import SENTIMENT, Check, Field, Kind, Passage, Words

Time = Literal["before", "during", "after"]
EVERY = frozenset(range(1, 6))

TIMES: dict[Time, Words] = {"before": _("Before"), "during": _("During"), "after": _("After")}


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the form: when it is filled in, on which levels, and what it holds.

    `passages`: texts saved while they are written. `group`: fields kept together. `entries`: rows of a kind.
    `shows`: what is worked out from the rest of the system.
    """

    key: str
    time: Time
    title: Words
    hint: Words = ""
    levels: frozenset[int] = EVERY
    passages: tuple[Passage, ...] = ()
    group: str = ""
    entries: str = ""
    shows: str = ""
    inside: bool = False
    """For those who write and read all of the meeting; a partner does not see it."""


PRINCIPLES: tuple[tuple[str, Words, Words], ...] = (
    ("need", _("Need"), _("We need each other for this, and say so.")),
    ("clarity", _("Clarity and realism"), _("What we want together is clear and can be done.")),
    ("commitment", _("Commitment"), _("Every organisation stands behind it.")),
    ("trust", _("Trust"), _("We trust each other, also when it is difficult.")),
    ("arrangements", _("Arrangements"), _("Who does what is agreed and simple.")),
    ("learning", _("Learning"), _("We look at what it brings, and change it.")),
)
"""Six principles of partnership (Hardy, Hudson & Waddington 2003, Assessing Strategic Partnership)."""

AGREEMENT = (
    ("1", _("1 not at all")), ("2", _("2 rather not")), ("3", _("3 rather yes")), ("4", _("4 wholly")),
)  # fmt: skip

CHANNELS = (
    ("letters", _("letters in the boxes")), ("posters", _("posters")), ("schools", _("through the schools")),
    ("shops", _("through the shops")), ("associations", _("through associations")), ("online", _("online")),
    ("doors", _("from door to door")),
)  # fmt: skip
TOPICS = (
    ("light", _("light")), ("litter", _("litter")), ("traffic", _("traffic and parking")), ("noise", _("noise")),
    ("presence", _("presence of the police")), ("dealing", _("dealing")), ("theft", _("theft and burglary")),
    ("violence", _("violence and threats")), ("youth", _("young people and places for them")),
    ("vacancy", _("empty buildings")), ("space", _("state of the public space")), ("other", _("other")),
)  # fmt: skip
SPOKEN = (
    *settings.LANGUAGES,
    ("ar", _("Arabic")), ("tr", _("Turkish")), ("es", _("Spanish")), ("ro", _("Romanian")), ("other", _("other")),
)  # fmt: skip

INVITATION = Kind(
    key="invitation",
    model=Meeting,
    add=_("Say how residents are asked"),
    change=_("Change how residents are asked"),
    save=_("Keep the invitation"),
    fields=(
        Field(key="channels", label=_("How residents are asked"), kind="list", choices=CHANNELS, within="words"),
        Field(key="invited_in", label=_("In which languages"), kind="list", choices=SPOKEN, within="words"),
        Field(key="invited", label=_("How many invitations"), kind="count", within="words"),
    ),
)  # fmt: skip

ATTENDANCE = Kind(
    key="attendance",
    model=Meeting,
    add=_("Count who came"),
    change=_("Change the counts"),
    save=_("Keep the counts"),
    fields=(
        Field(key="residents", label=_("Residents"), kind="count", required=True, within="words",
              hint=_("Counts only: nobody signs a list.")),
        Field(key="shopkeepers", label=_("Shopkeepers"), kind="count", within="words"),
        Field(key="youngsters", label=_("Young people"), kind="count", within="words",
              hint=_("Fewer than five are told nowhere outside this page.")),
        Field(key="services", label=_("People of services"), kind="count", within="words"),
    ),
)  # fmt: skip

VOICES = Kind(
    key="voices",
    model=Meeting,
    add=_("Code what residents said"),
    change=_("Change what residents said"),
    save=_("Keep what residents said"),
    fields=(
        Field(key="topics", label=_("Topics"), kind="list", choices=TOPICS, within="words"),
        *(
            Field(key=f"priority_{n}", label=label, kind="line", within="words")
            for n, label in enumerate((_("First priority"), _("Second priority"), _("Third priority")), 1)
        ),
        Field(key="sentiment_before", label=_("Sentiment at the beginning"), kind="chips", choices=SENTIMENT,
              within="words", hint=_("What most hands said.")),
        Field(key="sentiment_after", label=_("Sentiment at the end"), kind="chips", choices=SENTIMENT,
              within="words"),
    ),
)  # fmt: skip

SITUATION = Kind(
    key="seen",
    model=Meeting,
    add=_("Say what the organisations see"),
    change=_("Change what the organisations see"),
    save=_("Keep what they see"),
    fields=(
        Field(key="situation", label=_("What the organisations see"), required=True, within="words",
              hint=_("About the place, never about a person.")),
        Field(key="nature", label=_("Fact or assessment"), kind="chips", choices=tuple(Observation.Nature.choices),
              required=True, within="words"),
        Field(key="reliability", label=_("Reliability"), kind="chips",
              choices=tuple(Observation.Reliability.choices), required=True, within="words"),
    ),
)  # fmt: skip

PRESENCE = Kind(
    key="presence",
    model=Presence,
    add=_("Ask an organisation"),
    change=_("Change the presence of an organisation"),
    save=_("Keep the organisation"),
    empty=_("No organisation is asked yet."),
    fields=(
        Field(key="organisation", label=_("Organisation"), kind="choice", required=True),
        Field(key="roles", label=_("Roles"), kind="line", hint=_("The function that comes, never a name.")),
        Field(key="state", label=_("Did it come?"), kind="chips", choices=tuple(Presence.State.choices),
              required=True),
    ),
)  # fmt: skip

SHARED = Kind(
    key="shared",
    model=Shared,
    add=_("Share something with an organisation"),
    change=_("Change what is shared"),
    save=_("Share it"),
    empty=_("Nothing is shared yet. Partners see the agenda, the decisions and their own commitments."),
    fields=(
        Field(key="organisation", label=_("Organisation"), kind="choice", required=True),
        Field(key="what", label=_("What is shared"), required=True,
              hint=_("The organisation reads this text. About places, never about persons.")),
        Field(key="basis", label=_("On what basis"), kind="chips", choices=tuple(Shared.Basis.choices),
              required=True),
        Field(key="purpose", label=_("What it is needed for"), kind="line", required=True),
    ),
)  # fmt: skip

DECISION = Kind(
    key="decision",
    model=Decision,
    add=_("Note a decision"),
    change=_("Change a decision"),
    save=_("Keep the decision"),
    empty=_("No decision is noted yet."),
    fields=(
        Field(key="text", label=_("Decision"), required=True, hint=_("One sentence: who does what.")),
        Field(key="hotspot", label=_("Hotspot"), kind="choice"),
    ),
)  # fmt: skip

COMMITMENT = Kind(
    key="commitment",
    model=Commitment,
    add=_("Note a commitment"),
    change=_("Change a commitment"),
    save=_("Keep the commitment"),
    empty=_("No commitment is noted yet."),
    fields=(
        Field(key="title", label=_("What is promised"), kind="line", required=True),
        Field(key="owner", label=_("By which organisation"), kind="choice", required=True),
        Field(key="due_on", label=_("Due by"), kind="day", required=True),
        Field(key="hotspot", label=_("Hotspot"), kind="choice"),
        Field(key="detail", label=_("More about it"), fold=True),
    ),
)  # fmt: skip

ANSWER = Kind(
    key="answer",
    model=Answer,
    add=_("Answer something residents said"),
    change=_("Change an answer"),
    save=_("Keep the answer"),
    empty=_("Nothing is answered yet."),
    fields=(
        Field(key="said", label=_("You said"), required=True),
        Field(key="did", label=_("We did")),
        Field(key="could_not", label=_("We could not, because")),
    ),
    checks=(
        Check(field="did", wrong=lambda v: not v["did"] and not v["could_not"],
              says=_("Say what was done, or why it could not be.")),
    ),
)  # fmt: skip

PULSE = Kind(
    key="pulse",
    model=Pulse,
    add=_("Note how an organisation sees the partnership"),
    change=_("Change how an organisation sees the partnership"),
    save=_("Keep the pulse"),
    empty=_("No organisation said how it sees the partnership."),
    fields=(
        Field(key="organisation", label=_("Organisation"), kind="choice", required=True),
        *(
            Field(key=key, label=label, kind="chips", choices=AGREEMENT, required=True, hint=hint)
            for key, label, hint in PRINCIPLES
        ),
    ),
)  # fmt: skip

GROUPS: dict[str, Kind] = {kind.key: kind for kind in (INVITATION, ATTENDANCE, VOICES, SITUATION)}
"""Fields that are kept together in the words of the meeting."""

KINDS: dict[str, Kind] = {kind.key: kind for kind in (PRESENCE, SHARED, DECISION, COMMITMENT, ANSWER, PULSE)}
"""Rows by their name in addresses."""

LEADING = {
    "presence": "organisation", "shared": "organisation", "decision": "text", "commitment": "title",
    "answer": "said", "pulse": "organisation",
}  # fmt: skip
"""The field that heads a row on the page."""


def _text(key: str, label: Words, hint: Words = "", *, required: bool = False) -> tuple[Passage, ...]:
    return (Passage(key=key, label=label, hint=hint, required=required),)


SECTIONS = (
    Section(key="carried", time="before", title=_("What was promised before"), shows="carried", inside=True,
            hint=_("First of all: what is still open, and on level 1 what became of earlier promises.")),
    Section(key="invitation", time="before", title=_("Invitation"), levels=frozenset({1}), group="invitation",
            inside=True),
    Section(key="agenda", time="before", title=_("Agenda"), passages=_text(
        "agenda", _("Agenda"), _("One point a line. The organisations that are asked read it."))),
    Section(key="asked", time="before", title=_("Decisions asked"), levels=frozenset({3, 4, 5}), inside=True,
            passages=_text("asked", _("Decisions asked"), _("What must be decided in this meeting, one a line."))),
    Section(key="orders", time="before", title=_("Orders that expire"), levels=frozenset({3, 4}), shows="orders",
            inside=True, hint=_("Orders and perimeters of these places that end or are due for review.")),
    Section(key="room", time="before", title=_("Capacity and displacement"), levels=frozenset({4}), inside=True,
            passages=(
                *_text("conflicts", _("Conflicts of capacity"), _("Where services are asked at the same time.")),
                *_text("displacement", _("Displacement"), _("What moved, what spread, and how sure that is.")),
            )),
    Section(key="year", time="before", title=_("The year and the plan"), levels=frozenset({5}), inside=True, passages=(
        *_text("evaluation", _("Evaluation of the year"), _("Hotspots: keep, shrink or close.")),
        *_text("priorities", _("Priorities of the Zonal Security Plan")),
        *_text("knowhow", _("Know-how to keep"), _("What worked, what did not, and why.")),
    )),
    Section(key="organisations", time="before", title=_("Organisations"), entries="presence", inside=True),
    Section(key="shared", time="before", title=_("Shared with partners"), entries="shared",
            hint=_("Each is written in the audit trail as a disclosure: to whom, what, on what basis.")),
    Section(key="attendance", time="during", title=_("Who came"), levels=frozenset({1}), group="attendance",
            inside=True),
    Section(key="seen", time="during", title=_("What is seen on the ground"), levels=frozenset({2, 3, 4}),
            group="seen", inside=True),
    Section(key="minutes", time="during", title=_("The minutes"), inside=True, passages=_text(
        "minutes", _("What was said"), _("By organisations and functions, never by name. It is saved while you type."),
        required=True)),
    Section(key="voices", time="during", title=_("What residents said"), levels=frozenset({1}), group="voices",
            inside=True),
    Section(key="decisions", time="during", title=_("Decisions"), entries="decision"),
    Section(key="commitments", time="during", title=_("Commitments"), entries="commitment"),
    Section(key="pulse", time="during", title=_("Pulse of the partnership"), levels=frozenset({2}), entries="pulse",
            inside=True, hint=_("Each organisation, from 1 to 4 on six principles.")),
    Section(key="answers", time="after", title=_("You said, we did, we could not because"), levels=frozenset({1}),
            entries="answer", inside=True),
    Section(key="summary", time="after", title=_("Public summary"), levels=frozenset({1}), inside=True,
            hint=_("Residents read it in both languages or not at all."), passages=(
        *_text("summary_fr", _("In French")),
        *_text("summary_nl", _("In Dutch")),
    )),
)  # fmt: skip

PASSAGES: dict[str, Passage] = {passage.key: passage for section in SECTIONS for passage in section.passages}


def sections(levels: Iterable[int]) -> list[Section]:
    """The sections of a meeting that counts for these levels, in order."""
    counted = frozenset(levels) or EVERY
    return [section for section in SECTIONS if section.levels & counted]
