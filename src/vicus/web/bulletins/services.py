"""Writing bulletins, publishing them, reading feedback. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.incidents.months import last_day_of
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.audit.texts import Met, Suspected
from vicus.web.bulletins import content, disclosure, rules
from vicus.web.bulletins.models import Bulletin, Release, Setting
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.database import PUBLIC
from vicus.web.public.models import LANGUAGES, Feedback, Snapshot
from vicus.web.public.reading import TOPICS
from vicus.web.zone.models import Area, Zone, in_language

MOST_MONTHS = 24
Texts = Mapping[str, Mapping[str, str]]


@transaction.atomic
def begin(
    *, zone: Zone, place: Hotspot | Area, starts_on: date, ends_on: date, actor: Any, on: date
) -> Bulletin:
    """A new draft about a place, for whole months."""
    first, last = starts_on.replace(day=1), last_day_of(ends_on.replace(day=1))
    if last < first:
        raise ValidationError(_("The period ends before it begins."))
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise ValidationError(_("A bulletin tells of %(n)s months at most.") % {"n": MOST_MONTHS})
    hotspot = place if isinstance(place, Hotspot) else None
    bulletin = Bulletin(
        zone=zone, hotspot=hotspot, area=None if isinstance(place, Hotspot) else place,
        starts_on=first, ends_on=last, made_on=on, slug=_slug(zone, place, first, last),
    )  # fmt: skip
    bulletin.full_clean()
    bulletin.save()
    _tell(actor, Action.COLLECTION, bulletin, "bulletin begun")
    return bulletin


@transaction.atomic
def write(
    *,
    bulletin: Bulletin,
    texts: Texts,
    reasons: Texts,
    columns: str,
    categories: Sequence[str],
    revision: int,
    actor: Any,
    vouched: str = "",
) -> Bulletin:
    """Keep what was written. Raises `Suspected` when a text may speak of a person, `Met` when somebody wrote meanwhile."""
    bulletin = _locked(bulletin)
    if bulletin.state != Bulletin.State.DRAFT:
        raise ValidationError(_("This bulletin is no longer a draft."))
    if revision != bulletin.revision:
        raise Met(bulletin)
    every = [text for of in (texts, reasons) for words in of.values() for text in words.values()]
    findings = freetext.find("\n".join(every))
    named = freetext.fingerprint(findings)
    if findings and named not in (vouched, bulletin.vouched):
        raise Suspected(findings)
    if findings and named != bulletin.vouched:
        kinds = sorted({finding.what for finding in findings})
        _tell(actor, Action.CHANGE, bulletin, "warning of personal data set aside", kinds=kinds)
    bulletin.texts = {code: dict(texts.get(code, {})) for code in LANGUAGES}
    bulletin.reasons = {key: dict(words) for key, words in reasons.items()}
    bulletin.columns, bulletin.categories = columns, list(categories)
    bulletin.vouched, bulletin.revision = named, bulletin.revision + 1
    bulletin.full_clean()
    bulletin.save()
    _tell(actor, Action.CHANGE, bulletin, "bulletin written")
    return bulletin


@transaction.atomic
def take(*, bulletin: Bulletin, code: str, actor: Any, on: date, why: str = "") -> Bulletin:
    """Take one step of the table in `rules`. Publishing writes the snapshot that residents read, and the ledger."""
    bulletin = _locked(bulletin)
    step = rules.BY_CODE[code]
    if bulletin.state != step.before:
        raise ValidationError(
            _("Meanwhile this bulletin is %(state)s.") % {"state": bulletin.get_state_display()}
        )
    if "both" in step.needs and (lacking := content.missing(bulletin)):
        told = "; ".join(lacking)
        raise ValidationError(_("Both languages first. Still missing: %(what)s.") % {"what": told})
    if "reason" in step.needs and not why.strip():
        raise ValidationError(_("Say why in a few words."))
    bulletin.state = step.after
    if code == "publish":
        bulletin.published_on = on
    if code == "withdraw":
        bulletin.withdrawn_on, bulletin.why_withdrawn = on, why.strip()
    bulletin.full_clean()
    bulletin.save()
    act = Action.DISCLOSURE if code == "publish" else Action.CHANGE
    recipient = "everybody" if code == "publish" else ""
    _tell(
        actor,
        act,
        bulletin,
        "bulletin passed on",
        reason=why.strip() or recipient,
        recipient=recipient,
        step=code,
    )
    # The other database last: when it fails, nothing of the above happened.
    with transaction.atomic(using=PUBLIC):
        if code in _SHOWING:
            _SHOWING[code](bulletin, on)
    return bulletin


def _publish(bulletin: Bulletin, on: date) -> None:
    # Two releases at once would not know of each other: the second waits for the first.
    Zone.objects.select_for_update().get(pk=bulletin.zone_id)
    counted = disclosure.count(bulletin)
    if counted.problem:
        raise ValidationError(counted.problem)
    snapshot = content.snapshot(bulletin, counted)
    snapshot.published_on = snapshot.renewed_on = on
    if counted.release is not None:
        counted.release.released_on = on
        counted.release.save()
    snapshot.save()


def _renew(bulletin: Bulletin, on: date) -> None:
    before = Snapshot.objects.get(slug=bulletin.slug)
    kept = {code: before.content[code]["table"] for code in LANGUAGES}
    snapshot = content.snapshot(bulletin, None, table=kept)
    snapshot.renewed_on = on
    snapshot.save()


def _withdraw(bulletin: Bulletin, on: date) -> None:
    Snapshot.objects.filter(slug=bulletin.slug).update(withdrawn_on=on)


_SHOWING = {"publish": _publish, "renew": _renew, "withdraw": _withdraw}


@transaction.atomic
def remove(*, bulletin: Bulletin, actor: Any) -> None:
    """Take a draft away. What was published once stays on record."""
    bulletin = _locked(bulletin)
    if bulletin.state != Bulletin.State.DRAFT:
        raise ValidationError(_("This bulletin is no longer a draft."))
    _tell(actor, Action.ERASURE, bulletin, "bulletin removed")
    bulletin.delete()


@transaction.atomic
def set_least_count(*, zone: Zone, k: int, actor: Any) -> None:
    """Below which number counts are not published, from now on."""
    setting = Setting.objects.filter(zone=zone).first() or Setting(zone=zone)
    before, setting.k = setting.k, k
    setting.full_clean()
    setting.save()
    record(
        actor=actor, action=Action.CHANGE, object_type="bulletins.setting", object_id=zone.slug, zone=zone,
        details={"event": "least published count set", "k": k, "before": before},
    )  # fmt: skip


def code_feedback(*, feedback: Feedback, zone: Zone, topics: Sequence[str], actor: Any, on: date) -> None:
    """Somebody read it and says what it is about."""
    if unknown := set(topics) - set(TOPICS):
        raise ValidationError(_("Unknown topic: %(topics)s.") % {"topics": ", ".join(sorted(unknown))})
    with transaction.atomic(), transaction.atomic(using=PUBLIC):
        feedback.topics, feedback.seen_on = [code for code in TOPICS if code in topics], on
        feedback.save(update_fields=["topics", "seen_on"])
        _tell_feedback(actor, Action.CHANGE, feedback, zone, "feedback read", topics=feedback.topics)


def remove_feedback(*, feedback: Feedback, zone: Zone, actor: Any) -> None:
    """Take it away: it names somebody, or has nothing to do with the bulletin."""
    with transaction.atomic(), transaction.atomic(using=PUBLIC):
        _tell_feedback(actor, Action.ERASURE, feedback, zone, "feedback removed")
        feedback.delete()


def _slug(zone: Zone, place: Hotspot | Area, first: date, last: date) -> str:
    name = in_language(place.names, LANGUAGES[0]) or f"{getattr(place, 'number', '')}"
    start = f"{slugify(name) or 'quartier'}-{first:%Y-%m}-{last:%Y-%m}"[:85]
    taken = set(Bulletin.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    taken |= set(Release.objects.filter(bulletin__startswith=start).values_list("bulletin", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := start if n == 1 else f"{start}-{n}") not in taken
    )


def _locked(bulletin: Bulletin) -> Bulletin:
    found = Bulletin.objects.select_for_update(of=("self",)).select_related(
        "zone", "hotspot__commune", "hotspot__sector", "area__parent"
    )
    return found.get(pk=bulletin.pk)


def _tell(
    actor: Any,
    action: Action,
    bulletin: Bulletin,
    event: str,
    *,
    reason: str = "",
    recipient: str = "",
    **details: Any,
) -> None:
    record(
        actor=actor, action=action, object_type="bulletins.bulletin", object_id=bulletin.slug, zone=bulletin.zone,
        reason=reason, recipient=recipient, details={"event": event, **details},
    )  # fmt: skip


def _tell_feedback(
    actor: Any, action: Action, feedback: Feedback, zone: Zone, event: str, **details: Any
) -> None:
    record(
        actor=actor, action=action, object_type="public.feedback", object_id=feedback.pk, zone=zone,
        details={"event": event, "bulletin": feedback.bulletin, **details},
    )  # fmt: skip
