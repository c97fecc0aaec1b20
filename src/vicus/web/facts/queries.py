"""Reading facts. Every question takes the user; points and rows also need a grant from the audit door."""

import codecs
import shutil
from pathlib import Path
from typing import IO, Any

import geopandas as gpd
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from vicus.incidents import Selection, Store, questions
from vicus.incidents.errors import StoreMissing
from vicus.incidents.mapping import shipped, shipped_text
from vicus.web.accounts.rules import Permission
from vicus.web.audit import door
from vicus.web.audit.spreadsheets import stamp
from vicus.web.facts.models import Import
from vicus.web.zone.models import Zone

POINTS, REJECTS = "facts.points", "facts.rejects"
SHIPPED = shipped()


def find_store(zone: Zone) -> Store | None:
    """The store of a zone, None when there is none; who may read it is asked by whoever calls."""
    try:
        return Store.open(Path(settings.STORE_ROOT) / zone.slug)
    except StoreMissing:
        return None


def store_for(user: Any, zone: Zone) -> Store | None:
    """The store of a zone for someone who may see its figures; None while nothing was imported."""
    if not user.permits(Permission.READ_FIGURES, zone.slug):
        raise Http404
    return find_store(zone)


@door.restricted(POINTS)
def points(user: Any, zone: Zone, selection: Selection, *, grant: door.Grant) -> gpd.GeoDataFrame:
    """Incidents one by one, with their place: restricted, so a reason stands in the audit trail."""
    if not user.permits(Permission.OPEN_INCIDENT_POINTS, zone.slug):
        raise Http404
    if grant.zone != zone.slug:
        raise door.NoGrant("This grant is for another zone.")
    if dict(grant.what.said).get("version", selection.version) != selection.version:
        raise door.NoGrant("This grant is for another version of the data.")
    store = store_for(user, zone)
    if store is None:
        raise Http404
    return questions.points(store, selection)


@door.restricted(REJECTS)
def refused_rows(user: Any, rejects: Path, target: IO[bytes], *, grant: door.Grant) -> None:
    """Copy a file of refused rows, under lines that say who took it, when, why and for whom (rights R08)."""
    about = (
        ("exported by", user),
        ("at", timezone.now().isoformat(timespec="seconds")),
        ("purpose", grant.reason),
        ("recipient", grant.recipient),
        ("recorded as", grant.record_number),
    )
    target.write(codecs.BOM_UTF8 + stamp(about).encode())
    with rejects.open("rb") as rows:
        if rows.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            rows.seek(0)
        shutil.copyfileobj(rows, target)


def imports(user: Any, zone: Zone) -> QuerySet[Import]:
    """Imports of the zone, newest first."""
    if not user.permits(Permission.IMPORT_FACTS, zone.slug):
        raise Http404
    return Import.objects.filter(zone=zone).select_related("requested_by", "zone")


def mappings(zone: Zone) -> dict[str, str]:
    """Name and text of every mapping a file can be read with: the zone's own first, then those shipped."""
    own = dict(zone.mappings.values_list("name", "text"))
    return own | {name: shipped_text(name) for name in SHIPPED if name not in own}


def category_names(zone: Zone, language: str) -> dict[str, str]:
    """Code to name in a language, for the words of charts and reports."""
    rows = zone.categories.values_list("code", "names")
    return {code: names.get(language) or next(iter(names.values()), code) for code, names in rows}


def overlapping_categories(zone: Zone) -> frozenset[str]:
    """Codes of categories that count facts which other categories count too."""
    return frozenset(zone.categories.filter(overlapping=True).values_list("code", flat=True))
