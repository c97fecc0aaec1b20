"""The weekly letter to those who asked for it: what waits for them, what is overdue, what comes in two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.decisions import waiting
from vicus.web.governance import post, queries, showing
from vicus.web.governance.models import Weekly
from vicus.web.governance.ticking import period
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import queries as meetings
from vicus.web.meetings.models import Commitment
from vicus.web.meetings.queries import Reader
from vicus.web.zone.models import Zone

AHEAD = timedelta(days=14)
MOST = 8
"""Lines of a part; of more, how many."""

Part = tuple[str, list[str]]


def write(zone: Zone, day: date) -> Mapping[str, int]:
    """Queue the letter of this week for everybody who asked for one. A week with nothing to say brings none."""
    n = 0
    for choice in Weekly.objects.filter(zone=zone, user__is_active=True).exclude(user__email=""):
        spoken = choice.user.language or next(iter(zone.languages), "en")
        with translation.override(spoken):
            text = compose(choice.user, zone, day)
            if text is None:
                continue
            n += post.queue(
                key=f"weekly:{zone.pk}:{choice.user_id}:{period('week', day)}", zone=zone, kind="weekly",
                language=spoken, user=choice.user, body=text,
                subject=_("%(zone)s: your week from %(day)s") % {"zone": zone.name, "day": words.day(day, spoken)},
            )  # fmt: skip
    return {"weekly letters": n}


def compose(user: Any, zone: Zone, day: date) -> str | None:
    """The text for one reader, in the language that is active; None with nothing to say, or nothing they may see."""
    try:
        who = meetings.reader(user, zone.slug)
    except Http404:
        return None
    said = [(title, lines) for title, lines in _parts(who, day) if lines]
    if not said:
        return None
    parts = ["\n".join([title, *_few(lines)]) for title, lines in said]
    page = settings.ADDRESS + reverse("governance:mine", args=[zone.slug])
    foot = _("You asked for this letter. You stop it here: %(page)s") % {"page": page}
    return "\n\n".join([*parts, f"{settings.ADDRESS}{reverse('home')}", foot, zone.name])


def _parts(who: Reader, day: date) -> Iterable[Part]:
    """Titles with their lines, what asks most first."""
    if Permission.READ_FIGURES in who.role.permissions:
        for waits in waiting.of(waiting.desk(who.user, who.zone.slug)):
            yield str(waits.kind.title), [_dated(item.title, item.day) for item in waits.items]
    else:
        overdue = queries.duties(who)
        yield (
            _("Meetings that are overdue"),
            [_dated(showing.duty(cell, place), cell.standing.due_on) for cell, place in overdue],
        )
        yield (
            _("Commitments past their day"),
            [_dated(one.title, one.due_on) for one in queries.late(who, day)],
        )
    soon = meetings.commitments(who).filter(state=Commitment.State.OPEN, due_on__range=(day, day + AHEAD))
    yield _("Commitments due in the next two weeks"), [_dated(one.title, one.due_on) for one in soon]
    coming = queries.coming(who).filter(starts_at__lt=timezone.now() + AHEAD)
    yield (
        _("Meetings in the next two weeks"),
        [f"{one['title']}, {one['when']}" for one in showing.meetings(who, coming)],
    )


def _dated(title: str, day: date | None) -> str:
    return f"{title} ({words.day(day, language())})" if day is not None else title


def _few(lines: list[str]) -> list[str]:
    shown = [f"- {line}" for line in lines[:MOST]]
    more = len(lines) - MOST
    if more > 0:
        text = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": words.number(more, language())}
        shown.append(f"- {text}")
    return shown
