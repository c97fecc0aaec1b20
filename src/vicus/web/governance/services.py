"""Writing rules of the clock, calendars and choices of users. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from vicus.web.accounts.addresses import digest, secret
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.governance.models import Feed, Rule, Weekly
from vicus.web.hotspots.services import today
from vicus.web.zone.models import Zone

PARTS = ("kept", "every_months", "scope", "driver", "driver_words", "grace_months")


@transaction.atomic
def set_rule(*, zone: Zone, level: int, values: Mapping[str, Any], actor: Any) -> bool:
    """How often a level meets in a zone, for what, who drives it (`PARTS`); False when that is so already.

    Raises ValidationError when a value lies outside what the model allows.
    """
    rule = Rule.objects.select_for_update().filter(zone=zone, level=level).first()
    before = {part: getattr(rule, part) for part in PARTS} if rule else {}
    rule = rule or Rule(zone=zone, level=level)
    wanted = {part: values[part] for part in PARTS}
    if before == wanted:
        return False
    for part, value in wanted.items():
        setattr(rule, part, value)
    rule.full_clean(exclude=["zone"])
    rule.save()
    record(
        actor=actor, action=Action.CHANGE, object_type="governance.rule", object_id=level, zone=zone,
        details={"event": "rule of the clock set", **wanted, "before": before},
    )  # fmt: skip
    return True


@transaction.atomic
def make_feed(*, user: Any, zone: Zone) -> str:
    """A new calendar of a user. Returns the secret part of its address, which is kept nowhere."""
    token = secret()
    feed = Feed.objects.create(user=user, zone=zone, digest=digest(token), made_on=today(zone))
    _told(feed.pk, "calendar made", user, zone)
    return token


@transaction.atomic
def revoke_feed(*, feed: Feed, actor: Any) -> None:
    """The address of this calendar leads nowhere from now on."""
    feed = Feed.objects.select_for_update().get(pk=feed.pk)
    if feed.revoked_on is None:
        feed.revoked_on = today(feed.zone)
        feed.save(update_fields=["revoked_on"])
        _told(feed.pk, "calendar revoked", actor, feed.zone)


@transaction.atomic
def choose_weekly(*, user: Any, zone: Zone, wanted: bool) -> None:
    """Whether a user gets the weekly letter of a zone."""
    if wanted:
        _row, changed = Weekly.objects.get_or_create(
            user=user, zone=zone, defaults={"chosen_on": today(zone)}
        )
    else:
        changed = bool(Weekly.objects.filter(user=user, zone=zone).delete()[0])
    if changed:
        event = "weekly letter asked for" if wanted else "weekly letter stopped"
        record(
            actor=user, action=Action.CHANGE, object_type="governance.weekly", object_id=user.pk, zone=zone,
            details={"event": event},
        )  # fmt: skip


def _told(feed: int, event: str, actor: Any, zone: Zone) -> None:
    record(
        actor=actor, action=Action.CHANGE, object_type="governance.feed", object_id=feed, zone=zone,
        details={"event": event},
    )  # fmt: skip
