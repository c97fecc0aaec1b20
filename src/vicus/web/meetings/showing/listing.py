"""The list of meetings: those to come and those that were, by level, commune and state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.web.meetings import queries, rules
from vicus.web.meetings.models import Level, Meeting
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.showing import meeting as one
from vicus.web.zone.models import Area

PER_PAGE = 40


def page(who: Reader, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the page."""
    found = queries.meetings(who)
    communes = list(Area.objects.filter(zone=who.zone, kind=Area.Kind.COMMUNE, in_zone=True))
    level, commune, state = (asked.get(name, "") for name in ("level", "commune", "state"))
    if commune in {area.code for area in communes}:
        found = found.filter(Q(body__commune__code=commune) | Q(communes__code=commune)).distinct()
    if state in Meeting.State.values:
        found = found.filter(state=state)
    shown = list(found.annotate(promises=Count("commitments", distinct=True)))
    if level.isdecimal():
        shown = [each for each in shown if int(level) in rules.levels(each)]
    coming = sorted(
        (each for each in shown if each.state == Meeting.State.PLANNED), key=lambda m: m.starts_at
    )
    past = [each for each in shown if each.state != Meeting.State.PLANNED]
    pages = Paginator(past, PER_PAGE)
    past_page = pages.get_page(asked.get("page"))
    kept = {
        name: value for name, value in (("level", level), ("commune", commune), ("state", state)) if value
    }
    base = reverse("meetings:list", args=[who.zone.slug])
    past_table = _table("past", _("Meetings that were"), list(past_page), who)
    if pages.num_pages > 1:
        past_table["pages"] = _pages(pages, past_page, base, kept)
    return {
        "zone": who.zone,
        "crumbs": one.crumbs(who),
        "sentence": _sentence(coming, past),
        "tables": [_table("coming", _("Meetings to come"), coming, who), past_table],
        "filters": _filters(communes, level, commune, state) if not who.is_partner else None,
        "plan_url": reverse("meetings:plan", args=[who.zone.slug]) if rules.may_plan(who) else "",
        "more": _more(who),
    }


def _pages(pages: Paginator[Any], here: Page[Any], base: str, kept: Mapping[str, str]) -> dict[str, Any]:
    """Where the reader is in a long list, as the component of pages takes it."""

    def url(number: int) -> str:
        return f"{base}?{urlencode({**kept, 'page': number})}"

    return {
        "current": here.number,
        "last": pages.num_pages,
        "items": [
            {"gap": True}
            if str(number) == str(pages.ELLIPSIS)
            else {"number": number, "url": url(int(number)), "current": number == here.number}
            for number in pages.get_elided_page_range(here.number)
        ],
        "previous_url": url(here.number - 1) if here.has_previous() else "",
        "next_url": url(here.number + 1) if here.has_next() else "",
        "note": _("%(from)d to %(to)d of %(n)d")
        % {"from": here.start_index(), "to": here.end_index(), "n": pages.count},
    }


def _sentence(coming: Sequence[Meeting], past: Sequence[Meeting]) -> str:
    now = timezone.now()
    late = sum(each.starts_at < now for each in coming)
    open_minutes = sum(each.state == Meeting.State.HELD for each in past)
    said = [
        ngettext("%(n)d meeting is planned.", "%(n)d meetings are planned.", len(coming)) % {"n": len(coming)}
    ]
    if late:
        said.append(
            ngettext(
                "%(n)d of them is past its day: was it held?",
                "%(n)d of them are past their day: were they held?",
                late,
            )
            % {"n": late}
        )
    if open_minutes:
        said.append(
            ngettext("%(n)d has open minutes.", "%(n)d have open minutes.", open_minutes)
            % {"n": open_minutes}
        )
    return " ".join(said)


def _table(key: str, caption: str, found: Sequence[Meeting], who: Reader) -> dict[str, Any]:
    if not found:
        return {
            "id": key, "caption": caption, "state": "empty",
            "message": _("No meeting is planned.") if key == "coming" else _("No meeting was held yet."),
        }  # fmt: skip
    labels = (_("Day"), _("Meeting"), _("Level"), _("State"))
    columns: list[dict[str, Any]] = [{"key": str(n), "label": label} for n, label in enumerate(labels)]
    if not who.is_partner:
        columns.append({"key": "promises", "label": _("Commitments"), "numeric": True})
    rows = [
        {
            "url": one.address(each),
            "cells": [
                one.when(each),
                each.body.name,
                ", ".join(f"{level}\u00a0{Level(level).label}" for level in rules.levels(each)),
                {"value": each.get_state_display(), "minor": each.why},
                *([] if who.is_partner else [{"value": each.promises}]),  # type: ignore[attr-defined]
            ],
        }
        for each in found
    ]
    return {"id": key, "caption": caption, "columns": columns, "rows": rows, "stacked": True, "whole": True}


def _filters(communes: Sequence[Area], level: str, commune: str, state: str) -> list[dict[str, Any]]:
    """Three choices, each a list of (value, words, chosen)."""

    def field(name: str, label: str, options: Sequence[tuple[str, Any]], chosen: str) -> dict[str, Any]:
        every = [("", _("all")), *options]
        return {
            "name": name,
            "label": label,
            "options": [{"value": v, "label": words, "chosen": v == chosen} for v, words in every],
        }

    levels = [(str(each.value), f"{each.value} {each.label}") for each in Level]
    return [
        field("level", _("Level"), levels, level),
        field("commune", _("Commune"), [(area.code, area.name) for area in communes], commune),
        field("state", _("State"), list(Meeting.State.choices), state),
    ]


def _more(who: Reader) -> list[dict[str, str]]:
    """Pages beside this one."""
    if who.is_partner:
        return []
    slug = who.zone.slug
    return [
        {"label": _("Organisations"), "url": reverse("meetings:organisations", args=[slug])},
        {"label": _("Bodies that meet"), "url": reverse("meetings:bodies", args=[slug])},
        {"label": _("Pulse of the partnership"), "url": reverse("meetings:pulse", args=[slug])},
    ]
