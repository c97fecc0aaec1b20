"""What the pages of sheets show, in the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.incidents.freetext import Finding, fingerprint
from vicus.incidents.months import month_after, months_before
from vicus.pictures import sentences, words
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.sara import evidence, rules, shape, underway
from vicus.web.sara.forms import CommentForm, EntryForm
from vicus.web.sara.models import Passage, Problem, SaraSheet
from vicus.web.sara.queries import Desk, Open
from vicus.web.sara.rules import Transition
from vicus.web.sara.shape import Field, Kind
from vicus.web.sara.words import FOUND


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was sent and not saved, with what was found in it."""

    text: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the sheet on the page."""

    number: int
    section: shape.Section
    texts: list[dict[str, Any]]
    items: list[dict[str, Any]]
    empty: Any
    form: EntryForm | None
    form_url: str
    add: Any


def address(opened: Open, name: str = "sheet", *more: Any) -> str:
    """An address of this sheet."""
    first = [opened.zone.slug, opened.hotspot.number, f"{opened.sheet.month:%Y-%m}"]
    return reverse(f"sara:{name}", args=[*first, *more])


def month_words(month: date) -> str:
    return words.month_name(month, language(), year=True)


def crumbs(desk: Desk, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Zone, sheets, hotspot and what follows."""
    slug, number = desk.zone.slug, desk.hotspot.number
    found = [
        (desk.zone.name, reverse("hotspots:zone", args=[slug])),
        (_("Sheets"), reverse("sara:list", args=[slug])),
        (desk.hotspot.title, reverse("hotspots:hotspot", args=[slug, number])),
        *more,
    ]
    return [{"label": label, "url": url} for label, url in found]


def sheet(opened: Open, drafts: Mapping[str, Draft], user: Any) -> dict[str, Any]:
    """Everything on the page of a sheet."""
    token = secrets.token_hex(4)
    parts = [
        _part(number, section, opened, drafts, token) for number, section in enumerate(shape.SECTIONS, 1)
    ]
    return {
        "zone": opened.zone,
        "hotspot": opened.hotspot,
        "sheet": opened.sheet,
        "state": opened.sheet.get_state_display(),
        "tone": rules.TONES[SaraSheet.State(opened.sheet.state)],
        "writes": opened.writes,
        "crumbs": crumbs(opened, (words.capital(month_words(opened.sheet.month)), "")),
        "sentence": sentences.sentence(opened.shown.figures, language()) if opened.shown else "",
        "parts": parts,
        "shown": evidence.figures_of(opened),
        "steps": steps(opened),
        "offered": offered(opened),
        "under_way": underway.table(opened),
        "comment": shared_comment(opened),
        "returned": returned(opened),
        "todo": todo(opened),
        "turn": turn(opened),
        "problems_url": reverse("sara:problems", args=[opened.zone.slug, opened.hotspot.number])
        if opened.access.reads_drafts
        else "",
        "observe_url": address(opened, "add", "observation") if opened.writes else "",
        "paper_url": address(opened, "paper") if opened.shown and opened.shown.frozen else "",
        "print_subject": f"{opened.hotspot.title} · {month_words(opened.sheet.month)} · {opened.sheet.get_state_display()}",
        "print_version": evidence.versions(opened)[0][1] if opened.shown and opened.shown.frozen else "",
    }


def _part(number: int, section: shape.Section, opened: Open, drafts: Mapping[str, Draft], token: str) -> Part:
    kind = shape.KINDS.get(section.entries)
    texts = [
        passage(opened, opened.passages[each.key], drafts.get(each.key), token) for each in section.passages
    ]
    form, url = None, ""
    if kind is shape.REVIEW:
        items = [_promise(opened, promise, review) for promise, review in opened.promises]
        empty: Any = _("Nothing was promised before, or everything is closed.")
    elif kind is not None:
        items = [entry(opened, kind, thing) for thing in opened.entries(kind.key)]
        empty = kind.empty
        if opened.writes and not (kind is shape.NOTE and not untouched(opened)):
            form, url = new_form(opened, kind), address(opened, "add", kind.key)
    else:
        items, empty = [], ""
    return Part(number, section, texts, items, empty, form, url, kind.add if kind else "")


def untouched(opened: Open) -> list[Problem]:
    """Open problems that the sheet says nothing of yet."""
    touched = {note.problem_id for note in opened.entries("note")}
    return [p for p in opened.problems if p.pk not in touched and p.status == Problem.Status.OPEN]


def new_form(
    opened: Open, kind: Kind, data: Mapping[str, Any] | None = None, *, of: int = 0, dose: str = ""
) -> EntryForm:
    """An empty form of a kind, or one that was sent; `dose` is what visits say of the action of a promise."""
    now, month = today(opened.zone), opened.sheet.month
    last = month_after(month) - timedelta(days=1)
    after = month_after(month_after(month)) - timedelta(days=1)
    problems = untouched(opened) if kind is shape.NOTE else opened.problems
    return EntryForm(
        kind,
        data,
        problems=problems,
        latest=now,
        name=f"{kind.key}-{of}" if of else kind.key,
        initial={
            "seen_on": min(now, last),
            "about": "situation",
            "due": after,
            "status": "open",
            "dose": dose[:200],
            "problem": problems[0].pk if kind is shape.NOTE and len(problems) == 1 else "",
        },
    )


def passage(opened: Open, kept: Passage, draft: Draft | None, token: str) -> dict[str, Any]:
    """One text: what is asked, what stands there, what was set aside."""
    asked = shape.PASSAGES[kept.key]
    findings = draft.findings if draft else ()
    spoken = language()
    asides = [
        {
            "aside": aside,
            "who": str(aside.written_by or _("somebody whose account was closed")),
            "when": moment(aside.written_at, spoken),
            "url": address(opened, "settle", aside.pk),
        }
        for aside in (
            kept.asides.select_related("written_by") if kept.pk and opened.access.reads_drafts else ()
        )
    ]
    return {
        "passage": asked,
        "text": draft.text if draft else kept.text,
        "kept": kept,
        "writes": opened.writes,
        "url": address(opened, "write", kept.key),
        "page": token,
        "asides": asides,
        "saved": _saved(kept, spoken) if kept.pk and kept.text else "",
        "warning": warning(findings),
    }


def warning(findings: Sequence[Finding]) -> dict[str, Any] | None:
    """What to say before a text that may speak of a person is saved; None when nothing was found."""
    if not findings:
        return None
    return {
        "fingerprint": fingerprint(list(findings)),
        "lines": [
            _("“%(found)s” looks like %(what)s.") % {"found": finding.found, "what": FOUND[finding.what]}
            for finding in findings[:6]
        ],
    }


def entry(opened: Desk, kind: Kind, thing: Any) -> dict[str, Any]:
    """One entry: its first line and the rest, each choice in words."""
    shown = [(field, field.value(thing)) for field in kind.fields]
    filled = [(field, told(field, value, opened)) for field, value in shown if value not in (None, "")]
    head = {"observation": "text", "note": "problem", "promise": "title", "review": "kept"}[kind.key]
    chips = [text for field, text in filled if field.kind in ("chips", "day") and field.key != head]
    if kind is shape.OBSERVATION:
        chips = [
            text if field.key not in ("tension", "sentiment") else f"{field.label} {text}"
            for field, text in filled
            if field.kind in ("chips", "day") and not (field.key == "about" and thing.about == "situation")
        ]
    found: dict[str, Any] = {
        "id": f"{kind.key}-{thing.pk}",
        "head": next((text for field, text in filled if field.key == head), ""),
        "chips": chips,
        "lines": [
            (field.label, text)
            for field, text in filled
            if field.kind in ("text", "line", "problem") and field.key != head
        ],
        "who": who(opened, thing.written_by),
    }
    if isinstance(opened, Open) and opened.writes:
        found["change_url"] = address(opened, "change", kind.key, thing.pk)
        found["remove_url"] = address(opened, "remove", kind.key, thing.pk)
    if isinstance(opened, Open) and kind is shape.PROMISE:
        found["action"] = underway.of_promise(opened, thing)
    return found


def who(desk: Desk, account: Any) -> str:
    """The name of an account, for those who work on sheets; outside the police a sheet has no names."""
    return str(account) if account is not None and desk.access.reads_drafts else ""


def labelled(label: Any, text: str) -> str:
    """A label before what it names: "Why: for lack of patrols"."""
    return _("%(label)s: %(text)s") % {"label": label, "text": text}


def told(field: Field, value: Any, desk: Desk) -> str:
    """A kept value in words."""
    if field.kind == "yes_no":
        return _("yes") if value else _("no")
    if field.kind == "day":
        return words.day(value, language(), style="medium")
    if field.kind == "problem":
        return next((f"{p.number} {p.title}" for p in desk.problems if p.pk == value), "")
    return str(field.words(value)) if field.choices else str(value)


def _promise(opened: Open, promise: Any, review: Any) -> dict[str, Any]:
    """A promise of an earlier sheet with what became of it, or the form that asks."""
    late = promise.due < month_after(opened.sheet.month) and review is None
    found: dict[str, Any] = {
        "id": f"promise-{promise.pk}",
        "head": promise.title,
        "made": _("promised in %(month)s") % {"month": month_words(promise.sheet.month)},
        "due": _("by %(day)s") % {"day": words.day(promise.due, language())},
        "late": late,
        "lines": [
            (field.label, told(field, field.value(promise), opened))
            for field in shape.PROMISE.fields
            if field.key in ("objective", "expected", "lead") and field.value(promise)
        ],
        "review": entry(opened, shape.REVIEW, review) if review is not None else None,
        "action": underway.of_promise(opened, promise),
    }
    if opened.writes and review is None:
        found["form"] = new_form(
            opened, shape.REVIEW, of=promise.pk, dose=(found["action"] or {}).get("dose", "")
        )
        found["form_url"] = address(opened, "add", "review") + f"?of={promise.pk}"
    return found


def steps(opened: Open, *, paper: bool = False) -> list[dict[str, str]]:
    """What happened to the sheet, newest first; on paper with the whole moment, since an hour alone passes."""
    if not opened.sheet.pk:
        return []
    taken = opened.sheet.steps.select_related("by").order_by("-at", "-pk")
    return [
        {
            "what": str(rules.BY_NAME[step.name].done) if step.name in rules.BY_NAME else step.name,
            "who": who(opened, step.by),
            "when": moment(step.at, language(), whole=paper),
            "comment": step.comment,
        }
        for step in taken
    ]


def offered(opened: Open) -> list[dict[str, Any]]:
    """The transitions the reader may make, each with what still stands in the way."""
    if not opened.sheet.pk and not opened.writes:
        return []
    return [
        {
            "transition": transition,
            "url": address(opened, "step", transition.name),
            "missing": [
                {"words": condition.missing, "anchor": f"#{condition.anchor}"}
                for condition in rules.missing(transition, opened.standing)
            ],
        }
        for transition in rules.offered(opened.sheet.state, opened.access)
    ]


def shared_comment(opened: Open) -> Any:
    """The one field of a comment, for whichever transition is chosen; None when none of them takes one."""
    taking = [t for t in rules.offered(opened.sheet.state, opened.access) if t.comment != "none"]
    return CommentForm(must=False, name="step")["comment"] if taking else None


def returned(opened: Open) -> dict[str, str] | None:
    """The comment that a draft came back with."""
    taken = steps(opened)[:1]
    back = opened.sheet.state == SaraSheet.State.DRAFT and taken and taken[0]["comment"]
    return taken[0] if back else None


def comment_form(transition: Transition, data: Any = None) -> CommentForm | None:
    """The form of a comment; None for transitions without one."""
    if transition.comment == "none":
        return None
    return CommentForm(data, must=transition.comment == "must", name=transition.name)


def todo(opened: Open) -> list[dict[str, Any]]:
    """What is still to be done before the sheet can be submitted."""
    if not opened.writes:
        return []
    standing = opened.standing
    lines = [
        {"label": _("Write: %(what)s") % {"what": shape.PASSAGES[key].label}, "url": f"#passage-{key}"}
        for key in standing.missing_texts
    ]
    if standing.open_promises:
        text = ngettext(
            "%(n)s promise: say what became of it",
            "%(n)s promises: say what became of them",
            standing.open_promises,
        )
        lines.insert(0, {"label": text % {"n": standing.open_promises}, "url": "#promises"})
    submit = rules.BY_NAME["submit"]
    told_already = {"written", "promises reviewed"}
    lines += [
        {"label": str(condition.missing), "url": f"#{condition.anchor}"}
        for name, condition in rules.CONDITIONS.items()
        if name in submit.needs and name not in told_already and not condition.holds(standing)
    ]
    return lines


def turn(opened: Open) -> dict[str, dict[str, str] | None]:
    """The sheets of the month before and the month after."""
    month = opened.sheet.month
    before, after = months_before(month, 1), month_after(month)
    kept = dict(opened.hotspot.sheets.filter(month__in=[before, after]).values_list("month", "state"))

    def link(to: date) -> dict[str, str] | None:
        state = kept.get(to, SaraSheet.State.DRAFT)
        if not rules.has_a_sheet(to, today(opened.zone)) or not opened.access.sees(state):
            return None
        args = [opened.zone.slug, opened.hotspot.number, f"{to:%Y-%m}"]
        return {"label": words.capital(month_words(to)), "url": reverse("sara:sheet", args=args)}

    return {"previous": link(before), "next": link(after)}


def _saved(kept: Passage, spoken: str) -> str:
    return _("Saved %(when)s by %(who)s") % {
        "when": moment(kept.written_at, spoken),
        "who": kept.written_by or _("somebody whose account was closed"),
    }


def moment(at: Any, spoken: str, *, whole: bool = False) -> str:
    """An hour when it is of today, else a day and an hour."""
    local = timezone.localtime(at)
    if local.date() == timezone.localdate() and not whole:
        return f"{local:%H:%M}"
    return f"{words.day(local, spoken, style='medium')}, {local:%H:%M}"
