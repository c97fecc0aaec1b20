"""The territory of the zone: its areas with their names in each language, and the import of a file."""

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vicus.web.accounts.rules import Permission
from vicus.web.zone import queries, tables
from vicus.web.zone.forms import TerritoryForm
from vicus.web.zone.models import Zone
from vicus.web.zone.services import import_territory as import_file
from vicus.web.zone.territory.errors import TerritoryRefused
from vicus.web.zone.territory.mapping import KINDS
from vicus.web.zone.territory.streets import KIND as STREET
from vicus.web.zone.territory.streets import import_streets


@require_safe
def territory(request: HttpRequest, zone: str) -> HttpResponse:
    """The areas of the zone, by kind."""
    here = queries.zone_for(request.user, zone, Permission.READ_TERRITORY)
    by_kind = {kind: list(queries.areas(request.user, here, kind=kind)) for kind in KINDS}
    context = {
        "zone": here,
        "sentence": _sentence(here, len(by_kind["commune"]), len(by_kind["sector"])),
        "streets": here.streets.count(),
        "tables": [tables.areas(found, kind, here) for kind, found in by_kind.items() if found],
        "may_import": _may(request, here),
    }
    return render(request, "zone/territory.html", context)


def _sentence(zone: Zone, communes: int, sectors: int) -> str:
    """How many areas the zone has."""
    return _("%(zone)s has %(communes)s and %(sectors)s.") % {
        "zone": zone.name,
        "communes": ngettext("%(n)d commune", "%(n)d communes", communes) % {"n": communes},
        "sectors": ngettext("%(n)d sector", "%(n)d sectors", sectors) % {"n": sectors},
    }


@require_http_methods(["GET", "POST"])
def import_territory(request: HttpRequest, zone: str) -> HttpResponse:
    """Check a file of areas, and import it."""
    here = queries.zone_for(request.user, zone, Permission.READ_TERRITORY)
    queries.refuse_unless(request.user, here, Permission.IMPORT_TERRITORY)
    form = TerritoryForm(request.POST or None, request.FILES or None, zone=here)
    context: dict[str, Any] = {"zone": here, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                context["report"] = _import(request, here, form)
                status = 200
            except TerritoryRefused as refused:
                context["refused"] = refused
                context["problems"] = [
                    # The picture is our own drawing: numbers, and a code that was escaped.
                    {"code": entry.code, "why": entry.why, "picture": mark_safe(entry.picture)}  # noqa: S308
                    for entry in refused.problems[:20]
                ]
    return render(request, "zone/territory_import.html", context, status=status)


def _import(request: HttpRequest, zone: Zone, form: TerritoryForm) -> Any:
    """Through a file of our own naming: what the browser calls it decides nothing but its kind."""
    upload = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory(prefix="vicus-territory-") as folder:
        path = Path(folder) / f"territory{Path(upload.name).suffix.lower()}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        take = import_streets if form.cleaned_data["kind"] == STREET else import_file
        return take(
            zone=zone, path=path, actor=request.user, columns=form.columns(), crs=form.cleaned_data["crs"],
            layer=form.cleaned_data["layer"] or None, dry_run=form.cleaned_data["dry_run"],
        )  # fmt: skip


def _may(request: HttpRequest, zone: Zone) -> bool:
    user = request.user
    return user.is_authenticated and user.permits(Permission.IMPORT_TERRITORY, zone.slug)
