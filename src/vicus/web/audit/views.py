"""The audit trail on the site: read, verified and exported by the auditor."""

import csv
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from vicus.web.audit import door, queries, services, tables
from vicus.web.audit.forms import FilterForm
from vicus.web.audit.models import Action, Head, Record
from vicus.web.audit.rules import EXPORT, zones_audited_by, zones_permitting
from vicus.web.audit.spreadsheets import harmless

PER_PAGE = 50


def _filters(request: HttpRequest, zones: tuple[str, ...]) -> tuple[FilterForm, dict[str, Any]]:
    form = FilterForm(request.GET or None, zones=zones)
    return form, form.cleaned_data if form.is_valid() else {}


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Who did what, when and why."""
    zones = zones_audited_by(request.user)
    form, filters = _filters(request, zones)
    page = Paginator(queries.trail(request.user, **filters), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    may_export = bool(zones_permitting(request.user, EXPORT))
    context = {
        "form": form,
        "total": page.paginator.count,
        "table": tables.trail(page, query),
        "head": Head.objects.filter(id=Head.ONLY).first(),
        "export_url": f"{reverse('audit:export')}?{query.urlencode()}" if may_export else "",
    }
    return render(request, "audit/trail.html", context)


@require_safe
def chain(request: HttpRequest) -> HttpResponse:
    """Walk the whole chain now, and say whether it is whole."""
    zones_audited_by(request.user)
    outcome = services.verify()
    services.record(
        actor=request.user, action=Action.CONSULTATION, object_type="audit.chain", object_id=outcome.records,
        details={"event": "chain verified", "whole": outcome.whole, "broken_at": outcome.broken_at},
    )  # fmt: skip
    return render(request, "audit/chain.html", {"chain": outcome, "checked_at": timezone.now()})


COLUMNS = (
    "number", "at", "action", "actor", "role", "zone", "object_type", "object_id", "reason", "recipient",
    "details_text", "previous", "seal",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """The records shown, as a file that says who took it, when and why (rights R08)."""
    zones = zones_audited_by(request.user, EXPORT)
    form, filters = _filters(request, zones)
    if form.is_bound and not form.is_valid():
        # Without the filter that was meant, everything would leave.
        raise Http404
    what = door.Restricted(queries.EXPORTED, _named(filters), gettext("audit trail"))
    grant = door.require_reason(
        request, what=what, zone=zones[0], action=Action.DISCLOSURE, back=reverse("audit:trail")
    )
    if isinstance(grant, HttpResponse):
        return grant
    # A file of several zones is a disclosure in each of them.
    for zone in zones[1:]:
        door.grant(
            actor=request.user, what=what, zone=zone, action=Action.DISCLOSURE,
            reason=grant.reason, recipient=grant.recipient,
        )  # fmt: skip
    records = queries.trail_to_export(request.user, grant=grant, **filters)
    response = StreamingHttpResponse(_lines(request, grant, records), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vicus-audit.csv"'
    return response


def _named(filters: dict[str, Any]) -> str:
    """Which records, as the trail keeps it: what was really asked for, and a fingerprint where that is too long."""
    said = {name: str(value) for name, value in sorted(filters.items()) if value}
    text = urlencode(said) or "all"
    return text if len(text) <= 200 else f"{text[:150]}… {hashlib.sha256(text.encode()).hexdigest()[:40]}"


class _Echo:
    """The csv writer writes here, and gets the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(request: HttpRequest, grant: door.Grant, records: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    taken = timezone.now().isoformat(timespec="seconds")
    for name, value in (
        ("exported by", str(request.user)),
        ("at", taken),
        ("purpose", grant.reason),
        ("recipient", grant.recipient),
        ("recorded as", str(grant.record_number)),
    ):
        yield writer.writerow([f"# {name}", harmless(value)])
    yield writer.writerow(COLUMNS)
    for entry in records.iterator(chunk_size=2000):
        yield writer.writerow([harmless(_cell(entry, column)) for column in COLUMNS])


def _cell(entry: Record, column: str) -> str:
    value = getattr(entry, column)
    return value.isoformat() if column == "at" else str(value)
