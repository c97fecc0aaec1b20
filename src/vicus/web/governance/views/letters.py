"""Letters of the zone: counts and what went wrong for the administrator; those of a meeting sent by who minutes it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.governance import post, post_commitments
from vicus.web.governance.models import Letter
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries, rules
from vicus.web.meetings.models import Meeting
from vicus.web.zone.models import Zone
from vicus.web.zone.queries import zones_permitting

State = Letter.State


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is queued, sent and failed; kinds and counts, never a text."""
    zones, spoken = _zones(request), language()
    counted = post.counts(zones)
    waiting = post.letters_of(zones)
    failed = sum(letter.state == State.FAILED for letter in waiting)
    context = {
        "crumbs": [{"label": _("Letters"), "url": ""}],
        "sentence": _sentence(len(waiting) - failed, failed, spoken),
        "configured": post.configured(),
        "demo": Zone.objects.filter(slug__in=zones, is_demo=True).exists(),
        "failed": failed,
        "counts": {
            "id": "kinds",
            "caption": _("Letters by kind"),
            "columns": [
                {"key": "kind", "label": _("Kind")},
                *(
                    {"key": state.value, "label": words.capital(str(state.label)), "numeric": True}
                    for state in State
                ),
            ],
            "rows": [
                {"cells": [_kind(kind), *(states[state.value] for state in State)]}
                for kind, states in sorted(counted.items())
            ],
            "note": _("Letters that were sent go after thirty days."),
            "state": "" if counted else "empty",
            "message": {
                "title": _("No letter yet"),
                "text": _(
                    "Commitments, reminders and weekly letters stand here from the day they are written."
                ),
            },
        },
        "waiting": _waiting(waiting, spoken) if waiting else None,
    }
    return render(request, "governance/letters.html", context)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Queue what failed once more."""
    n = post.again(zones=_zones(request), actor=request.user)
    text = ngettext("%(n)s letter is queued again.", "%(n)s letters are queued again.", n)
    messages.success(request, text % {"n": words.number(n, language())})
    return redirect("letters:list")


@require_POST
def of_meeting(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Send the open commitments of a meeting to the mailboxes of their owners."""
    who = queries.reader(request.user, zone, Permission.WRITE_MEETINGS)
    meeting = queries.meeting(who, pk)
    if not rules.writes(who, meeting) or meeting.state not in (Meeting.State.HELD, Meeting.State.MINUTED):
        raise PermissionDenied
    posted = post_commitments.commitments_of(meeting=meeting, actor=request.user)
    for tell, text in _told(posted):
        tell(request, text)
    return redirect("meetings:meeting", who.zone.slug, meeting.pk)


def _told(posted: post_commitments.Posted) -> list[tuple[Any, str]]:
    spoken = language()

    def names(found: list[Any]) -> str:
        return words.listed([one.name for one in found], spoken)

    told: list[tuple[Any, str]] = []
    if posted.queued:
        told.append((messages.success, _("On their way to %(names)s.") % {"names": names(posted.queued)}))
        if not post.configured():
            told.append((messages.warning, _("They wait: this installation has no mail server yet.")))
    if posted.before:
        told.append(
            (messages.info, _("%(names)s had the same letter before.") % {"names": names(posted.before)})
        )
    if posted.unreachable:
        text = _("No mailbox is known of %(names)s: note it, or give them a link.")
        told.append((messages.warning, text % {"names": names(posted.unreachable)}))
    return told or [(messages.info, _("No commitment of this meeting is open."))]


def _zones(request: HttpRequest) -> tuple[str, ...]:
    slugs = tuple(zones_permitting(request.user, Permission.MANAGE_USERS).values_list("slug", flat=True))
    if not slugs:
        raise Http404
    return slugs


def _kind(kind: str) -> str:
    return words.capital(str(post.KINDS.get(kind, kind)))


def _sentence(queued: int, failed: int, spoken: str) -> str:
    said = {"n": words.number(queued, spoken), "failed": words.number(failed, spoken)}
    text = (
        ngettext("%(n)s letter waits.", "%(n)s letters wait.", queued) % said
        if queued
        else _("No letter waits.")
    )
    if failed:
        text += " " + ngettext("%(failed)s failed.", "%(failed)s failed.", failed) % said
    return text


def _waiting(letters: list[Letter], spoken: str) -> dict[str, Any]:
    def when(letter: Letter) -> dict[str, Any]:
        at = timezone.localtime(letter.due_at)
        if letter.state == State.FAILED:
            return {"value": None, "missing": _("none by itself")}
        return {"value": words.day(at.date(), spoken, style="medium"), "minor": f"{at:%H:%M}"}

    return {
        "id": "waiting",
        "caption": _("Not sent yet"),
        "columns": [
            {"key": "kind", "label": _("Kind")},
            {"key": "to", "label": _("To")},
            {"key": "state", "label": _("State")},
            {"key": "tries", "label": _("Attempts"), "numeric": True},
            {"key": "why", "label": _("What the server said"), "wide": True},
            {"key": "next", "label": _("Next attempt")},
        ],
        "rows": [
            {
                "cells": [
                    _kind(letter.kind),
                    letter.organisation.name if letter.organisation else _("an account"),
                    letter.get_state_display(),
                    letter.tries,
                    {"value": _why(letter), "missing": "–"},
                    when(letter),
                ]
            }
            for letter in letters
        ],
    }


def _why(letter: Letter) -> str | None:
    if letter.last_error == "no address":
        return _("No address is known, or the account or organisation has ended.")
    return letter.last_error or None
