"""The tables of these pages as files: through the audit door, and each says who took it, when and what for (R08)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vicus.web.actions.queries import Reader, reader
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.decisions import waiting
from vicus.web.decisions.showing import pages
from vicus.web.decisions.showing.pages import Asking
from vicus.web.decisions.showing.tables import Table
from vicus.web.decisions.views import around, compare, differences
from vicus.web.decisions.views import waiting as waiting_page
from vicus.web.hotspots.views import downloads, sheets


@dataclass(frozen=True)
class File:
    """A table that can be taken: its name in words, and how it is made; `of_facts` when it rests on registered facts."""

    title: Promise
    made: Callable[[HttpRequest, Reader, Asking | None], Table]
    of_facts: bool = True


def _waiting(request: HttpRequest, who: Reader, at: Asking | None) -> Table:
    return waiting_page.table(waiting.desk(request.user, who.zone.slug))


def _differences(request: HttpRequest, who: Reader, at: Asking | None) -> Table:
    found = differences.find(who, at) if at is not None else None
    if found is None:
        raise Http404
    return differences.table(found)


def _around(request: HttpRequest, who: Reader, at: Asking | None) -> Table:
    if at is None:
        raise Http404
    return around.table(who, at, around.find(who, at))


def _compare(request: HttpRequest, who: Reader, at: Asking | None) -> Table:
    found = compare.find(request, who, at) if at is not None else None
    if found is None:
        raise Http404
    return compare.table(found)


FILES: dict[str, File] = {
    "waiting": File(gettext_lazy("What waits"), _waiting, of_facts=False),
    "differences": File(gettext_lazy("Which hotspots differ"), _differences),
    "around": File(gettext_lazy("Around the hotspots"), _around),
    "compare": File(gettext_lazy("Two hotspots or periods compared"), _compare),
}


@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, zone: str, table: str, kind: str) -> HttpResponse:
    """A table as CSV or Excel, once a reason was given."""
    who = reader(request.user, zone)
    file = FILES.get(table)
    if file is None or kind not in sheets.KINDS or not who.sight.exports:
        raise Http404
    at = pages.ask(request, who.zone) if file.of_facts else None
    # A file of another month than the address names would be taken for that month.
    if file.of_facts and (at is None or at.asked.missing):
        raise Http404
    made = file.made(request, who, at)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    said = at.asked.said() if at is not None else ()
    # The reason for one pair opens no other.
    if table == "compare" and at is not None and (found := compare.find(request, who, at)) is not None:
        said = (*said, ("compared", found.query))
    what = door.Restricted(f"decisions.{table}", who.zone.slug, str(file.title), said)
    back = reverse(f"decisions:{table}", args=[who.zone.slug]) + query
    grant = door.require_reason(request, what=what, zone=who.zone, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    about = (
        downloads.about(request, who.zone, at.asked, grant)
        if at is not None
        else [(_("Zone"), who.zone.name), *downloads.taken(request, grant)]
    )
    name = f"{who.zone.slug}-{timezone.localtime():%Y-%m-%d}-{table}"
    return sheets.answer(kind, name, [made.sheet()], [(_("Table"), made.title), *about])
