"""Facts on the site: imports with preview and report, versions of the data, categories."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.incidents.errors import IncidentError
from vicus.web.accounts.rules import Permission
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.facts import queries, receiving, rules, services, tables
from vicus.web.facts.forms import MappingForm, NomenclatureForm, UploadForm
from vicus.web.facts.models import Import
from vicus.web.facts.telling import told
from vicus.web.facts.words import TONES
from vicus.web.zone.models import Zone
from vicus.web.zone.queries import zone_for

PER_PAGE = 25


@require_safe
def imports(request: HttpRequest, zone: str) -> HttpResponse:
    """Files received, newest first."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    page = Paginator(queries.imports(request.user, here), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "zone": here,
        "table": tables.imports(page, here, _pages(page)),
        "tabs": _tabs(here, "imports"),
    }
    return render(request, "facts/imports.html", context)


@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, zone: str) -> HttpResponse:
    """Send a file; it is kept and shown, not yet imported."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    form = UploadForm(request.POST or None, request.FILES or None, zone=here)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                received = receiving.receive(
                    zone=here,
                    upload=form.cleaned_data["file"],
                    mapping_name=form.cleaned_data["mapping"],
                    mapping_text=form.mapping_text,
                    known_at=form.cleaned_data["known_at"],
                    actor=request.user,
                )
            except IncidentError as error:
                form.add_error("file", told(error))
            else:
                return redirect("facts:import", here.slug, received.pk)
    return render(request, "facts/receive.html", {"zone": here, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """One file: its first rows and mapping, what was found, and the next step."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    received = get_object_or_404(queries.imports(request.user, here), pk=pk)
    receiving.fail_if_stalled(received)
    form = MappingForm(
        request.POST or None, initial={"text": received.mapping_text, "name": received.mapping_name}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change_mapping(request, here, received, form)
            except IncidentError as error:
                form.add_error("text", told(error))
            else:
                return redirect("facts:import", here.slug, received.pk)
    context = {
        "zone": here,
        "received": received,
        "form": form,
        "tone": TONES[Import.State(received.state)],
        "transitions": _steps(here, received),
        "progress": _progress(here, received),
        "tables": [
            table for kind in ("rejected", "warnings") if (table := tables.findings(received.report, kind))
        ],
        "may_change_mapping": rules.allowed("check", received.state) and received.file.exists(),
        **_preview(received),
    }
    response = render(request, "facts/import.html", context, status=status)
    if request.headers.get("HX-Request") and not received.is_busy:
        # The work that the page was following has ended: steps and findings stand outside what it exchanges.
        response["HX-Refresh"] = "true"
    return response


def _change_mapping(request: HttpRequest, zone: Zone, received: Import, form: MappingForm) -> None:
    from vicus.incidents.mapping import Mapping

    text, name = form.cleaned_data["text"], form.cleaned_data["name"]
    receiving.change_mapping(received=received, text=text, actor=request.user)
    if name and name not in queries.SHIPPED:
        services.save_mapping(zone=zone, name=name, mapping=Mapping.parse(text), actor=request.user)
    receiving.step(received=received, code="check", actor=request.user)


def _preview(received: Import) -> dict[str, Any]:
    """The first rows, as long as the file is kept; a file that cannot be read says why."""
    if received.state not in (Import.State.RECEIVED, Import.State.CHECKED, Import.State.FAILED):
        return {}
    if not received.file.exists():
        return {}
    try:
        return {"preview": tables.preview(receiving.look(received), received.report.get("columns", {}))}
    except IncidentError as error:
        return {"unreadable": told(error)}


@require_POST
def step(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Check, import or discard."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    received = get_object_or_404(queries.imports(request.user, here), pk=pk)
    code = request.POST.get("step", "")
    if code not in rules.STEPS or rules.STEPS[code].permission is None:
        raise Http404
    try:
        receiving.step(received=received, code=code, actor=request.user)
    except IncidentError as error:
        messages.error(request, told(error))
    if code == "discard":
        messages.success(request, _("The file was discarded; no fact of it was imported."))
        return redirect("facts:imports", here.slug)
    return redirect("facts:import", here.slug, received.pk)


@require_http_methods(["GET", "POST"])
def rejects(request: HttpRequest, zone: str, pk: int) -> HttpResponseBase:
    """The refused rows as a file: values of facts leave the store here, so a reason is asked."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    received = get_object_or_404(queries.imports(request.user, here), pk=pk)
    if not received.rejects.exists():
        raise Http404
    what = door.Restricted(
        queries.REJECTS, str(received.pk), _("refused rows of %(file)s") % {"file": received.file_name}
    )
    grant = door.require_reason(
        request, what=what, zone=here, action=Action.DISCLOSURE,
        back=reverse("facts:import", args=[here.slug, received.pk]),
    )  # fmt: skip
    if isinstance(grant, HttpResponse):
        return grant
    stamped = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    queries.refused_rows(request.user, received.rejects, stamped, grant=grant)
    stamped.seek(0)
    name = f"{Path(received.file_name).stem}-rejects.csv"
    return FileResponse(stamped, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


@require_safe
def versions(request: HttpRequest, zone: str) -> HttpResponse:
    """What was known when, and by which import."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    store = queries.store_for(request.user, here)
    found = list(reversed(store.versions())) if store else []
    context = {
        "zone": here,
        "table": tables.versions(found),
        "newest": found[0] if found else None,
        "tabs": _tabs(here, "versions"),
    }
    return render(request, "facts/versions.html", context)


@require_http_methods(["GET", "POST"])
def categories(request: HttpRequest, zone: str) -> HttpResponse:
    """The nomenclature of the zone, and the import of one."""
    here = zone_for(request.user, zone, Permission.IMPORT_FACTS)
    form = NomenclatureForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                count = _import_categories(request, here, form)
            except IncidentError as error:
                form.add_error("file", told(error))
            except (csv.Error, ValueError):
                form.add_error(
                    "file", _("This cannot be read as CSV in UTF-8 with numbers where numbers belong.")
                )
            else:
                messages.success(request, _("%(count)d categories were read.") % {"count": count})
                return redirect("facts:categories", here.slug)
    context = {
        "zone": here,
        "form": form,
        "table": tables.categories(here.categories.all()),
        "tabs": _tabs(here, "categories"),
    }
    return render(request, "facts/categories.html", context, status=status)


def _import_categories(request: HttpRequest, zone: Zone, form: NomenclatureForm) -> int:
    with tempfile.TemporaryDirectory(prefix="vicus-categories-") as folder:
        path = Path(folder) / "categories.csv"
        path.write_bytes(form.cleaned_data["file"].read())
        return services.import_nomenclature(zone=zone, path=path, actor=request.user)


def _steps(zone: Zone, received: Import) -> list[dict[str, Any]]:
    """The steps a person may take now, the usual one first."""
    url = reverse("facts:step", args=[zone.slug, received.pk])
    usual = {"received": "check", "checked": "import", "failed": "check"}.get(received.state)
    return [
        {
            "label": entry.verb,
            "url": url,
            "name": "step",
            "value": entry.code,
            "primary": entry.code == usual,
            "danger": entry.code == "discard",
        }
        for entry in rules.STEPS.values()
        if entry.permission is not None
        and received.state in entry.sources
        and (entry.code == "discard" or received.file.exists())
    ]


def _progress(zone: Zone, received: Import) -> dict[str, Any] | None:
    if not received.is_busy:
        return None
    share = received.share_done
    return {
        "label": received.get_state_display(),
        "done": round((share or 0) * 100),
        "total": 100 if share is not None else None,
        "step": ngettext("%(rows)d row", "%(rows)d rows", received.rows_done) % {"rows": received.rows_done}
        if received.rows_done
        else _("waiting for its turn"),
        "poll_url": reverse("facts:import", args=[zone.slug, received.pk]),
    }


def _tabs(zone: Zone, current: str) -> list[dict[str, Any]]:
    names = {"imports": _("Files"), "versions": _("Versions of the data"), "categories": _("Categories")}
    return [
        {"label": label, "url": reverse(f"facts:{name}", args=[zone.slug]), "current": name == current}
        for name, label in names.items()
    ]


def _pages(page: Any) -> dict[str, Any] | None:
    if page.paginator.num_pages < 2:
        return None
    return {
        "current": page.number,
        "last": page.paginator.num_pages,
        "items": [
            {"number": n, "url": f"?page={n}", "current": n == page.number} for n in page.paginator.page_range
        ],
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
