"""What the page of a meeting shows, section by section, in the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import pack, rules, shape
from vicus.web.meetings.models import Commitment, Level, Meeting
from vicus.web.meetings.opened import Opened
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.shape import Section
from vicus.web.sara.forms import EntryForm
from vicus.web.sara.shape import Field, Kind
from vicus.web.sara.showing import Draft, moment, warning


@dataclass(frozen=True, slots=True)
class Part:
    """A section on the page."""

    number: int
    section: Section
    texts: list[dict[str, Any]]
    items: list[dict[str, Any]]
    lines: list[tuple[Any, str]]
    empty: Any
    form: EntryForm | None
    form_url: str
    add: Any


def address(meeting: Meeting, name: str = "meeting", *more: Any) -> str:
    """An address of this meeting."""
    return reverse(f"meetings:{name}", args=[meeting.zone.slug, meeting.pk, *more])


def crumbs(who: Reader, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Meetings, and what follows; who may not see the zone begins with the meetings."""
    found = [(_("Meetings"), reverse("meetings:list", args=[who.zone.slug])), *more]
    if not who.is_partner:
        found.insert(0, (who.zone.name, reverse("hotspots:zone", args=[who.zone.slug])))
    return [{"label": label, "url": url} for label, url in found]


def when(meeting: Meeting) -> str:
    """Day and hour, as the clock of the zone shows them."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.zone.timezone))
    return f"{words.day(local, language())}, {local:%H:%M}"


def level_words(meeting: Meeting) -> str:
    """The levels a meeting counts for: "2 partners, 3 municipal"."""
    return ", ".join(f"{level} {Level(level).label}" for level in rules.levels(meeting))


def overlap_words(found: list[Meeting]) -> list[str]:
    """Which meetings fall together with this one."""
    return [
        _("It overlaps with %(body)s, %(when)s.") % {"body": other.body.name, "when": when(other)}
        for other in found
    ]


def page(opened: Opened, drafts: Mapping[str, Draft] | None = None) -> dict[str, Any]:
    """Everything on the page of a meeting."""
    meeting, token = opened.meeting, secrets.token_hex(4)
    parts = [
        _part(number, section, opened, drafts or {}, token)
        for number, section in enumerate(opened.sections, 1)
    ]
    steps = list(rules.offered(opened.who, meeting))
    todo = [
        {"label": str(condition.missing), "url": f"#{condition.anchor}"}
        for step in steps[:1]
        for condition in rules.missing(meeting, step)
    ]
    return {
        "zone": opened.zone,
        "meeting": meeting,
        "title": meeting.body.name,
        "state": meeting.get_state_display(),
        "tone": rules.TONES[Meeting.State(meeting.state)],
        "sentence": _sentence(meeting),
        "crumbs": crumbs(opened.who, (f"{meeting.body.name}, {when(meeting)}", "")),
        "times": [
            {"key": key, "title": title, "parts": [part for part in parts if part.section.time == key]}
            for key, title in shape.TIMES.items()
        ],
        "facts": _facts(opened),
        "overlaps": _overlaps(opened),
        "writes": opened.writes,
        "may_write": opened.may_write,
        "steps": [
            {
                "step": step,
                "url": address(meeting, "step", step.code),
                "missing": [
                    {"words": c.missing, "anchor": f"#{c.anchor}"} for c in rules.missing(meeting, step)
                ],
            }
            for step in steps
        ],
        "todo": todo,
        "carried": _carried(opened) if not opened.who.is_partner else None,
        "orders": _orders(opened) if not opened.who.is_partner else None,
        "change_url": address(meeting, "change") if opened.writes else "",
        "papers": _papers(opened),
        "print_subject": f"{meeting.body.name} · {when(meeting)} · {meeting.get_state_display()}",
    }


def _overlaps(opened: Opened) -> list[str]:
    """Meetings at the same time, while something can still be done about it."""
    if opened.who.is_partner or opened.meeting.state != Meeting.State.PLANNED:
        return []
    return overlap_words(pack.overlapping(opened.who, opened.meeting))


def new_form(opened: Opened, kind: Kind, data: Mapping[str, Any] | None = None) -> EntryForm:
    """An empty form of a row, or one that was sent."""
    return EntryForm(
        kind, data, options=opened.options(kind), initial={"state": "asked"}, name=f"new-{kind.key}"
    )


def group_form(opened: Opened, kind: Kind, data: Mapping[str, Any] | None = None) -> EntryForm:
    """The fields that are kept together, as they stand."""
    kept = opened.passages[kind.key]
    thing = SimpleNamespace(pk=1, revision=kept.revision, words=opened.meeting.words)
    return EntryForm(kind, data, thing=thing, name=f"group-{kind.key}")


def passage(opened: Opened, key: str, draft: Draft | None, token: str) -> dict[str, Any]:
    """One text, as sara/passage.html draws it."""
    kept, asked = opened.passages[key], shape.PASSAGES[key]
    meeting = opened.meeting
    asides = kept.asides.select_related("written_by") if kept.pk and opened.may_write else ()
    saved = ""
    if kept.pk and kept.text and opened.may_write:
        saved = _("Saved %(when)s by %(who)s") % {
            "when": moment(kept.written_at, language()),
            "who": kept.written_by or _("somebody whose account was closed"),
        }
    return {
        "passage": asked,
        "text": draft.text if draft else kept.text,
        "kept": kept,
        "writes": opened.writes,
        "closed": _("The minutes are closed."),
        "url": address(meeting, "write", key),
        "page": token,
        "asides": [
            {
                "aside": aside,
                "who": str(aside.written_by or _("somebody whose account was closed")),
                "when": moment(aside.written_at, language()),
                "url": address(meeting, "settle", aside.pk),
            }
            for aside in asides
        ],
        "saved": saved,
        "warning": warning(draft.findings if draft else ()),
    }


def row(opened: Opened, kind: Kind, thing: Any) -> dict[str, Any]:
    """A row: its first line and the rest, each choice in words."""
    head = shape.LEADING[kind.key]
    told = [(field, value(field, thing)) for field in kind.fields]
    filled = [(field, text) for field, text in told if text and field.key != head]
    chips = [text for field, text in filled if field.kind in ("chips", "day", "choice")]
    if kind is shape.PULSE:
        chips = [f"{field.label} {text[:1]}" for field, text in filled]
    if kind is shape.COMMITMENT:
        chips.append(str(thing.get_state_display()))
    found: dict[str, Any] = {
        "id": f"{kind.key}-{thing.pk}",
        "head": next(text for field, text in told if field.key == head),
        "chips": chips,
        "lines": [(field.label, text) for field, text in filled if field.kind in ("text", "line")],
    }
    if kind is shape.COMMITMENT:
        found["change_url"] = reverse("commitments:commitment", args=[opened.zone.slug, thing.pk])
    elif opened.writes:
        found["change_url"] = address(opened.meeting, "change_row", kind.key, thing.pk)
    return found


def value(field: Field, thing: Any) -> str:
    """What stands in a field, in words."""
    if field.kind == "choice":
        return str(getattr(thing, field.key) or "")
    kept = field.value(thing)
    if kept in (None, "", []):
        return ""
    if field.kind == "day":
        return words.day(kept, language(), style="medium")
    return str(field.words(kept)) if field.choices else str(kept)


def _part(number: int, section: Section, opened: Opened, drafts: Mapping[str, Draft], token: str) -> Part:
    texts = [passage(opened, each.key, drafts.get(each.key), token) for each in section.passages]
    items: list[dict[str, Any]] = []
    lines: list[tuple[Any, str]] = []
    form, url = None, ""
    add: Any = ""
    empty: Any = ""
    if section.group:
        kind = shape.GROUPS[section.group]
        lines = [(field.label, text) for field in kind.fields if (text := value(field, opened.meeting))]
        empty = _("Nothing was noted yet.")
        if opened.writes:
            form, url = group_form(opened, kind), address(opened.meeting, "group", kind.key)
            add = kind.change if lines else kind.add
    elif section.entries:
        kind = shape.KINDS[section.entries]
        items = [row(opened, kind, thing) for thing in opened.rows(kind)]
        empty = kind.empty
        offered = opened.options(kind)
        needed = [field.key for field in kind.fields if field.kind == "choice" and field.required]
        if opened.writes and all(offered[key] for key in needed):
            form, url, add = new_form(opened, kind), address(opened.meeting, "add_row", kind.key), kind.add
    return Part(number, section, texts, items, lines, empty, form, url, add)


def _sentence(meeting: Meeting) -> str:
    said = {
        Meeting.State.PLANNED: _("Planned for %(when)s, %(place)s; it counts for level %(levels)s."),
        Meeting.State.HELD: _("Held on %(when)s, %(place)s; the minutes are open. Level %(levels)s."),
        Meeting.State.MINUTED: _("Held on %(when)s, %(place)s; the minutes are closed. Level %(levels)s."),
        Meeting.State.CANCELLED: _(
            "It was planned for %(when)s, %(place)s, and cancelled. Level %(levels)s."
        ),
    }[Meeting.State(meeting.state)]
    place = meeting.place or _("place not yet known")
    return said % {"when": when(meeting), "place": place, "levels": level_words(meeting)}


def _facts(opened: Opened) -> list[tuple[str, str]]:
    meeting = opened.meeting
    names = {"nl": _("Dutch"), "fr": _("French"), "en": _("English")}
    found = [
        (_("Chair"), meeting.chair),
        (_("Length"), _("%(n)d minutes") % {"n": meeting.minutes}),
        (_("Language of the minutes"), names.get(meeting.language, meeting.language)),
        (_("Communes"), ", ".join(area.name for area in meeting.communes.all())),
    ]
    if not opened.who.is_partner:
        found.append((_("Hotspots"), ", ".join(place.title for place in meeting.hotspots.all())))
    if meeting.why:
        found.append((_("Why"), meeting.why))
    return [(label, text) for label, text in found if text]


def _carried(opened: Opened) -> dict[str, Any] | None:
    """Promises of before, with what became of them."""
    day = pack.day_of(opened.meeting)
    found = pack.carried(opened.who, opened.meeting)
    if not found:
        return None
    labels = (_("What is promised"), _("Organisation"), _("Due by"), _("State"))
    rows = [
        {
            "url": reverse("commitments:commitment", args=[opened.zone.slug, each.pk]),
            "cells": [
                each.title,
                each.owner.name,
                words.day(each.due_on, language(), style="medium"),
                {"value": _state(each, day), "minor": each.reason},
            ],
        }
        for each in found
    ]
    return {
        "id": "carried-table", "caption": _("What was promised before"), "caption_hidden": True,
        "columns": [{"key": str(n), "label": label} for n, label in enumerate(labels)], "rows": rows, "stacked": True,
    }  # fmt: skip


def _state(commitment: Commitment, day: Any) -> str:
    state = str(commitment.get_state_display())
    return _("%(state)s, late") % {"state": state} if commitment.late(day) else state


def _orders(opened: Opened) -> dict[str, Any] | None:
    """Orders that end and reviews that are due."""
    found = pack.orders(opened.who, opened.meeting)
    if not found:
        return None
    labels = (_("What"), _("Day"), _("Why"))
    rows = [
        {"url": line.url, "cells": [line.title, words.day(line.date, language(), style="medium"), line.why]}
        for line in found
    ]
    return {
        "id": "orders-table", "caption": _("Orders that expire"), "caption_hidden": True,
        "columns": [{"key": str(n), "label": label} for n, label in enumerate(labels)], "rows": rows, "stacked": True,
    }  # fmt: skip


def _papers(opened: Opened) -> list[dict[str, str]]:
    """The minutes as files, for those who read all of them."""
    if opened.who.is_partner or opened.meeting.state not in (Meeting.State.HELD, Meeting.State.MINUTED):
        return []
    return [
        {"label": label, "url": address(opened.meeting, "paper", kind)}
        for kind, label in (("pdf", "PDF"), ("docx", "Word"))
    ]
