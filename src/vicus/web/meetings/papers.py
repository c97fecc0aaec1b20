"""The minutes as a document: what `documents.minutes` needs, in the three languages of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import override

from vicus import __version__
from vicus.documents import Export, minutes
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings import pack, rules, shape
from vicus.web.meetings.models import Commitment, Level, Meeting
from vicus.web.meetings.opened import Opened
from vicus.web.meetings.showing import meeting as showing


def of(opened: Opened, export: Export | None = None) -> minutes.Minutes:
    """Everything the minutes say."""
    meeting = opened.meeting
    return minutes.Minutes(
        body=meeting.body.names,
        zone=meeting.zone.names,
        levels=[said(partial(_level, level)) for level in rules.levels(meeting)],
        starts_at=meeting.starts_at,
        timezone=meeting.zone.timezone,
        place=meeting.place,
        chair=meeting.chair,
        spoken=meeting.language,
        closed=meeting.state == Meeting.State.MINUTED,
        revision=meeting.revision,
        changed_at=meeting.changed_at,
        software=__version__,
        places=[_title(hotspot) for hotspot in meeting.hotspots.all()],
        presences=[
            minutes.Presence(each.organisation.names, each.roles, said(each.get_state_display))
            for each in opened.rows(shape.PRESENCE)
        ],
        passages=list(_passages(opened)),
        decisions=[
            (each.text, _title(each.hotspot) if each.hotspot else {}) for each in opened.rows(shape.DECISION)
        ],
        promises=[_promise(each) for each in opened.rows(shape.COMMITMENT)],
        carried=[_promise(each) for each in pack.carried(opened.who, meeting)],
        counts=list(_counts(opened)),
        export=export,
    )


def said(words: Callable[[], Any]) -> dict[str, str]:
    """The same words in every language of the house."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = str(words())
    return found


def _passages(opened: Opened) -> Iterator[minutes.Passage]:
    """Texts in the order of the form; what is written for residents stands in their own papers."""
    for section in opened.sections:
        for each in section.passages:
            text = str(opened.meeting.words.get(each.key, "")).strip()
            if text and each.key not in ("summary_fr", "summary_nl"):
                yield minutes.Passage(said(partial(str, each.label)), text)
    situation = str(opened.meeting.words.get("situation", "")).strip()
    if situation:
        field = shape.SITUATION.fields[0]
        nature, reliability = shape.SITUATION.fields[1:]
        kept = [opened.meeting.words.get(each.key) for each in (nature, reliability)]
        marks = said(lambda: f"{field.label} ({nature.words(kept[0])}, {reliability.words(kept[1])})")
        yield minutes.Passage(marks, situation)


def _counts(opened: Opened) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Attendance, topics, priorities, sentiment: counts and codes."""
    groups = [section.group for section in opened.sections if section.group and section.group != "seen"]
    for key in groups:
        for field in shape.GROUPS[key].fields:
            if showing.value(field, opened.meeting):
                yield (
                    said(partial(str, field.label)),
                    said(partial(showing.value, field, opened.meeting)),
                )


def _level(level: int) -> str:
    return f"{level} {Level(level).label}"


def _title(hotspot: Hotspot) -> dict[str, str]:
    """Number and name of a hotspot in every language."""

    def title() -> str:
        return hotspot.title

    return said(title)


def _promise(each: Commitment) -> minutes.Promise:
    return minutes.Promise(each.title, each.owner.names, each.due_on, said(each.get_state_display))
