"""The sheet as data: its sections, and the fields of everything that is filled in. One renderer draws them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from vicus.web.knowledge.rules import PROBLEM_TYPES
from vicus.web.sara.models import Observation, Problem, ProblemNote, Promise, Review

Words = str | Lazy
Kinds = Literal["text", "line", "chips", "list", "day", "yes_no", "problem", "choice", "count"]
ROWS = ("problem", "choice")
"""Kinds of which the key of a row is kept."""

SCALE_OF_TENSION = tuple((str(n), str(n)) for n in range(1, 7))
SENTIMENT = (
    ("1", _("1 very bad")), ("2", _("2 bad")), ("3", _("3 mixed")), ("4", _("4 good")), ("5", _("5 very good")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: what it asks, how it is filled in, and whether it may stay empty.

    `kind`: text (several lines), line, chips (a few choices to tap), list (many of them), day, yes_no, count, problem
    (one of the problems of the hotspot), choice (one of the rows that the page offers). With `within` it is kept in
    that JSON column instead of a column of its own.
    """

    key: str
    label: Words
    kind: Kinds = "text"
    choices: tuple[tuple[str, Words], ...] = ()
    required: bool = False
    hint: Words = ""
    within: str = ""
    fold: bool = False
    """Behind "more": what can wait in a hurry."""

    def value(self, thing: Any) -> Any:
        """What stands in this field."""
        if self.within:
            return getattr(thing, self.within).get(self.key)
        return getattr(thing, f"{self.key}_id" if self.kind in ROWS else self.key)

    def put(self, thing: Any, value: Any) -> None:
        """Write it."""
        if self.within:
            setattr(thing, self.within, {**getattr(thing, self.within), self.key: value})
        else:
            setattr(thing, f"{self.key}_id" if self.kind in ROWS else self.key, value)

    def words(self, value: Any) -> Words:
        """What a choice means."""
        known = dict(self.choices)
        if isinstance(value, list):
            return ", ".join(str(known.get(each, each)) for each in value)
        return known.get("" if value is None else str(value), "")


@dataclass(frozen=True, kw_only=True)
class Check:
    """Fields that must agree: when `wrong` holds of the values, `says` stands at the field."""

    field: str
    wrong: Callable[[Mapping[str, Any]], bool]
    says: Words


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of entry: the record it is kept in, its words and its fields."""

    key: str
    model: type[models.Model]
    add: Words
    change: Words
    save: Words
    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()
    empty: Words = ""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text of the sheet, saved while it is written."""

    key: str
    label: Words
    hint: Words
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the sheet: a heading, the texts written in it and the kind of entry it collects."""

    key: str
    title: Words
    hint: Words = ""
    passages: tuple[Passage, ...] = ()
    entries: str = ""


OBSERVATION = Kind(
    key="observation",
    model=Observation,
    add=_("Add an observation"),
    change=_("Change an observation"),
    save=_("Keep the observation"),
    empty=_("Nothing was noted yet. An observation takes ten seconds, also on a phone."),
    fields=(
        Field(key="text", label=_("What was seen or heard"), required=True,
              hint=_("About the place, never about a person.")),
        Field(key="source", label=_("Who saw or said it"), kind="chips", choices=tuple(Observation.Source.choices),
              required=True),
        Field(key="nature", label=_("Fact or assessment"), kind="chips", choices=tuple(Observation.Nature.choices),
              required=True),
        Field(key="reliability", label=_("Reliability"), kind="chips",
              choices=tuple(Observation.Reliability.choices), required=True),
        Field(key="about", label=_("About"), kind="chips", choices=tuple(Observation.About.choices), fold=True),
        Field(key="seen_on", label=_("Day"), kind="day", required=True, fold=True),
        Field(key="tension_kind", label=_("Tension"), kind="chips", choices=tuple(Observation.Tension.choices),
              fold=True),
        Field(key="tension", label=_("Level of tension"), kind="chips", choices=SCALE_OF_TENSION, fold=True,
              hint=_("1 hardly any, 6 about to break out.")),
        Field(key="sentiment", label=_("Sentiment"), kind="chips", choices=SENTIMENT, fold=True),
    ),
    checks=(
        Check(field="tension", wrong=lambda v: bool(v["tension_kind"]) and not v["tension"],
              says=_("Give the level of the tension.")),
        Check(field="tension_kind", wrong=lambda v: bool(v["tension"]) and not v["tension_kind"],
              says=_("Say what kind of tension it is.")),
    ),
)  # fmt: skip

NOTE = Kind(
    key="note",
    model=ProblemNote,
    add=_("Touch a problem"),
    change=_("Change what is said of a problem"),
    save=_("Keep it"),
    empty=_("No problem was touched this month."),
    fields=(
        Field(key="problem", label=_("Problem"), kind="problem", required=True),
        Field(key="changed", label=_("What changed"), required=True),
        Field(key="standing", label=_("The hypothesis"), kind="chips",
              choices=tuple(ProblemNote.Standing.choices), required=True),
        Field(key="update", label=_("What this changes in the hypothesis")),
    ),
)  # fmt: skip

PROMISE = Kind(
    key="promise",
    model=Promise,
    add=_("Propose an action"),
    change=_("Change a proposed action"),
    save=_("Keep the proposal"),
    empty=_("No action is proposed for next month."),
    fields=(
        Field(key="title", label=_("Action"), kind="line", required=True),
        Field(key="objective", label=_("Objective"), required=True,
              hint=_("Specific, measurable, attainable, relevant, with a date: SMART.")),
        Field(key="mechanism", label=_("Mechanism"), required=True, hint=_("Why would it work here?")),
        Field(key="expected", label=_("Expected result"), required=True),
        Field(key="due", label=_("Due by"), kind="day", required=True),
        Field(key="lead", label=_("Organisation in charge"), kind="line"),
        Field(key="problem", label=_("Problem"), kind="problem"),
    ),
)  # fmt: skip

REVIEW = Kind(
    key="review",
    model=Review,
    add=_("Say what became of it"),
    change=_("Change what became of it"),
    save=_("Keep it"),
    fields=(
        Field(key="kept", label=_("Done?"), kind="chips", choices=tuple(Review.Kept.choices), required=True),
        Field(key="why", label=_("Why"), hint=_("Needed when it was not wholly done.")),
        Field(key="decision", label=_("Decision"), kind="chips", choices=tuple(Review.Decision.choices),
              required=True),
        Field(key="confidence", label=_("Confidence in this"), kind="chips",
              choices=tuple(Review.Confidence.choices), required=True),
        Field(key="outcome", label=_("Outcome against the expected range"), fold=True),
        Field(key="dose", label=_("What was delivered"), kind="line", fold=True,
              hint=_("Visits and minutes, or another measure.")),
        Field(key="moved", label=_("Displacement or diffusion"), fold=True),
        Field(key="side_effects", label=_("Side effects"), fold=True,
              hint=_("Complaints, identity checks, how residents see it.")),
    ),
    checks=(
        Check(field="why", wrong=lambda v: v["kept"] != Review.Kept.DONE and not v["why"],
              says=_("Say why it was not wholly done.")),
    ),
)  # fmt: skip

CHEERS: tuple[tuple[str, Words, Words], ...] = (
    ("community", _("Community"), _("Do members of the public experience it?")),
    ("harm", _("Harm"), _("Is somebody or something harmed?")),
    ("expectation", _("Expectation"), _("Does the public expect the police to do something?")),
    ("events", _("Events"), _("Are there separate events that can be told?")),
    ("recurring", _("Recurring"), _("Do the events come back?")),
    ("similarity", _("Similarity"), _("Do they have something in common?")),
)
"""The six tests of what is a problem (Clarke & Eck 2005, Crime Analysis for Problem Solvers, step 14)."""

TRIANGLE: tuple[tuple[str, Words, Words], ...] = (
    ("offenders", _("Offenders, as a group"), _("What brings them here? Never who they are.")),
    ("handlers", _("Who could hold them back"), ""),
    ("targets", _("Targets"), _("What or which groups are harmed?")),
    ("guardians", _("Who could protect the targets"), ""),
    ("place", _("Place"), _("What in the place makes it possible?")),
    ("place_managers", _("Who runs the place"), _("An organisation or a function.")),
)

PROBLEM = Kind(
    key="problem",
    model=Problem,
    add=_("Describe a problem"),
    change=_("Change a problem"),
    save=_("Keep the problem"),
    empty=_("No problem is described yet. A problem is a pattern that comes back; it lives across months."),
    fields=(
        Field(key="title", label=_("Title"), kind="line", required=True),
        Field(key="problem_type", label=_("Type of problem"), kind="chips", choices=tuple(PROBLEM_TYPES.items()),
              hint=_("What is known about such problems then comes up beside it.")),
        Field(key="pattern", label=_("Pattern"), required=True, hint=_("What happens, where, when, how often?")),
        *(
            field
            for key, label, question in CHEERS
            for field in (
                Field(key=key, label=label, kind="yes_no", hint=question, within="answers"),
                Field(key=f"{key}_why", label=_("Why"), kind="line", within="answers"),
            )
        ),
        *(Field(key=key, label=label, hint=hint, within="answers") for key, label, hint in TRIANGLE),
        Field(key="hypothesis", label=_("Hypothesis"), hint=_("Why does it happen here and then?")),
        Field(key="disproof", label=_("What would disprove it"),
              hint=_("If this were seen, the hypothesis would be given up.")),
        Field(key="tried", label=_("What was tried")),
        Field(key="status", label=_("Status"), kind="chips", choices=tuple(Problem.Status.choices), required=True),
        Field(key="outcome", label=_("Why it was closed")),
    ),
    checks=(
        Check(field="outcome", wrong=lambda v: v["status"] == Problem.Status.CLOSED and not v["outcome"],
              says=_("Say why the problem is closed.")),
    ),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.key: kind for kind in (OBSERVATION, NOTE, PROMISE, REVIEW, PROBLEM)}
"""Every kind of entry by its name in addresses."""

SECTIONS = (
    Section(
        key="promises",
        title=_("Last promises"),
        hint=_("What was promised and is still open: done, partly or not, and how it goes on."),
        entries="review",
    ),
    Section(key="figures", title=_("Figures")),
    Section(
        key="seen",
        title=_("What was seen"),
        passages=(
            Passage(
                key="situation",
                label=_("What goes on in the hotspot"),
                hint=_("In a few sentences: what the figures do not say."),
                required=True,
            ),
        ),
        entries="observation",
    ),
    Section(
        key="problems",
        title=_("Problems"),
        passages=(
            Passage(
                key="change",
                label=_("What changed this month, and why"),
                hint=_(
                    "What would another explanation be: the season, how facts are registered, works nearby?"
                ),
                required=True,
            ),
        ),
        entries="note",
    ),
    Section(key="next", title=_("Promises for next month"), entries="promise"),
    Section(
        key="remarks",
        title=_("Remarks"),
        passages=(
            Passage(
                key="remarks",
                label=_("For whoever validates"),
                hint=_("What is needed, what is in the way."),
            ),
        ),
    ),
)

PASSAGES: dict[str, Passage] = {passage.key: passage for section in SECTIONS for passage in section.passages}
