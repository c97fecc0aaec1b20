"""Writing facts: nomenclature, mappings, erasure. Every act leaves a record in the audit trail."""

import csv
import shutil
from collections.abc import Callable
from datetime import date, datetime
from math import inf
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.incidents import Store
from vicus.incidents.errors import IncidentError, StoreMissing
from vicus.incidents.importing import run
from vicus.incidents.mapping import Mapping
from vicus.incidents.report import Progress, Report
from vicus.incidents.versions import Version
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.facts.models import Category, SavedMapping
from vicus.web.facts.signals import imported
from vicus.web.zone.models import Zone
from vicus.web.zone.queries import outline

NOMENCLATURE_COLUMNS = {"code", "nl", "fr", "en"}


class NomenclatureInvalid(IncidentError):
    """The file with the categories cannot be used."""


def open_store(zone: Zone) -> Store:
    """The zone's store, made when it is not there yet."""
    folder = Path(settings.STORE_ROOT) / zone.slug
    try:
        return Store.open(folder)
    except StoreMissing:
        return Store.create(folder, crs=zone.crs, timezone=zone.timezone)


def import_file(
    *,
    zone: Zone,
    path: Path,
    mapping: Mapping,
    actor: Any,
    dry_run: bool = False,
    known_at: datetime | None = None,
    rejects: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Check a file and, unless it is a dry run, bring its facts into the zone's store.

    The store changes whole or not at all; the act is recorded with what it changed.
    """
    codes = set(zone.categories.values_list("code", flat=True))
    report = run(
        open_store(zone),
        path,
        mapping,
        zone_outline=outline(zone),
        categories=codes or None,
        dry_run=dry_run,
        known_at=known_at,
        rejects=rejects,
        progress=progress,
    )
    if not dry_run:
        record(
            actor=actor,
            action=Action.COLLECTION,
            object_type="facts.import",
            object_id=path.name,
            zone=zone,
            details={
                "added": report.added,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "rejected": sum(report.rejected.values()),
                "version": report.version,
            },
        )
        imported.send(sender=Report, zone=zone)
    return report


@transaction.atomic
def import_nomenclature(*, zone: Zone, path: Path, actor: Any) -> int:
    """Read categories from a CSV file with columns code, nl, fr, en and, if known, heading, iccs, overlapping,
    harm_weight, harm_source. Codes that exist already are corrected; none is removed. Returns how many were read.
    """
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    missing = NOMENCLATURE_COLUMNS - set(rows[0] if rows else ())
    if missing:
        raise NomenclatureInvalid(
            _("The file with categories has no column %(names)s.") % {"names": ", ".join(sorted(missing))},
            kept=_("The categories stay as they were."),
            todo=_("Give a CSV file with the columns code, nl, fr and en."),
        )
    for row in rows:
        weight = (row.get("harm_weight") or "").strip()
        category = {
            "names": {language: row[language] for language in ("nl", "fr", "en") if row[language]},
            "heading": row.get("heading") or "",
            "iccs": row.get("iccs") or "",
            "overlapping": (row.get("overlapping") or "").strip().lower()
            in ("yes", "ja", "oui", "1", "true"),
            "harm_weight": float(weight) if weight else None,
            "harm_source": row.get("harm_source") or "",
        }
        if weight and not category["harm_source"]:
            raise NomenclatureInvalid(
                _("The harm weight of %(code)s has no source.") % {"code": row["code"]},
                kept=_("The categories stay as they were."),
                todo=_("Fill in harm_source: Vicus takes no weight without one."),
            )
        _can_be_kept(Category(zone=zone, code=row["code"] or "", **category))
        Category.objects.update_or_create(zone=zone, code=row["code"], defaults=category)
    record(
        actor=actor,
        action=Action.CHANGE,
        object_type="facts.nomenclature",
        object_id=path.name,
        zone=zone,
        details={"categories": len(rows)},
    )
    return len(rows)


def _can_be_kept(category: Category) -> None:
    """Refuse values that a database, or a figure, could not hold."""
    try:
        category.full_clean(validate_unique=False, validate_constraints=False)
        if category.harm_weight is not None and not 0 <= category.harm_weight < inf:
            raise ValidationError(_("A harm weight is a number, zero or more."))
    except ValidationError as error:
        raise NomenclatureInvalid(
            f"{category.code}: {' '.join(error.messages)}",
            kept=_("The categories stay as they were."),
            todo=_("Correct that line."),
        ) from error


@transaction.atomic
def save_mapping(*, zone: Zone, name: str, mapping: Mapping, actor: Any) -> SavedMapping:
    """Keep a mapping for the next file of its kind."""
    saved, _created = SavedMapping.objects.update_or_create(
        zone=zone, name=name, defaults={"text": mapping.to_toml()}
    )
    record(actor=actor, action=Action.CHANGE, object_type="facts.mapping", object_id=name, zone=zone)
    return saved


def erase(*, zone: Zone, before: date, actor: Any, reason: str) -> Version:
    """Remove facts before a day for good: the retention limit of the zone.

    They go from every version of the store, and with them what was made of them: received files, refused rows
    and kept figures. The intention is recorded before anything goes, so that no erasure is without a record.
    """
    store = Store.open(Path(settings.STORE_ROOT) / zone.slug)
    what: dict[str, Any] = {
        "object_type": "facts.incidents",
        "object_id": f"before {before.isoformat()}",
        "zone": zone,
        "reason": reason,
    }
    record(actor=actor, action=Action.ERASURE, details={"event": "erasure begun"}, **what)
    version = store.erase(before=before)
    for folder in (
        Path(settings.FILES_ROOT) / "imports" / zone.slug,
        Path(settings.VICUS_HOME) / "cache" / "figures",
    ):
        shutil.rmtree(folder, ignore_errors=True)
    record(
        actor=actor,
        action=Action.ERASURE,
        details={"event": "erasure done", "removed": version.removed, "version": version.number},
        **what,
    )
    return version
