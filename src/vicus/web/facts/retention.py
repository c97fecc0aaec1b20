"""What goes when its time has come: received files with their reports, and facts beyond the limit of the zone."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from vicus.incidents import Selection, questions
from vicus.web.audit.models import Action
from vicus.web.audit.services import SYSTEM, record
from vicus.web.facts.models import Import
from vicus.web.facts.queries import find_store
from vicus.web.facts.services import erase
from vicus.web.zone.models import Zone


def remove_imports(before: datetime) -> int:
    """Remove imports that last moved before this moment, with their files; those at work stay."""
    removed = 0
    for entry in Import.objects.select_related("zone").filter(changed_at__lt=before):
        if entry.is_busy:
            continue
        folder = entry.folder
        with transaction.atomic():
            record(
                actor=SYSTEM, action=Action.ERASURE, object_type="facts.import", object_id=entry.file_name,
                zone=entry.zone, details={"event": "retention applied", "import": entry.pk},
            )  # fmt: skip
            entry.delete()
        shutil.rmtree(folder, ignore_errors=True)
        removed += 1
    return removed


def limit_of(zone: Zone, today: date) -> date | None:
    """The first day whose facts are still kept: the beginning of this month, so many years ago. None without a limit."""
    if zone.facts_kept_years is None:
        return None
    return date(today.year - zone.facts_kept_years, today.month, 1)


def remove_facts(now: datetime) -> int:
    """Remove the facts that lie before the limit of their zone, from every version of the data."""
    removed = 0
    for zone in Zone.objects.exclude(facts_kept_years=None):
        limit, store = limit_of(zone, now.astimezone(ZoneInfo(zone.timezone)).date()), find_store(zone)
        if limit is None or store is None:
            continue
        if int(questions.count(store, Selection(end=limit), by=())["n"].sum()):
            years = f"retention limit of the zone: {zone.facts_kept_years} years"
            removed += erase(zone=zone, before=limit, actor=SYSTEM, reason=years).removed
    return removed
