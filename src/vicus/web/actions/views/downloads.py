"""The actions of a choice as a file: through the audit door, and it says who took it, when and what for (R08)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus.web.actions import queries
from vicus.web.actions.forms import spoken
from vicus.web.actions.showing import listing
from vicus.web.actions.views.board import asked, choice, chosen
from vicus.web.audit import door
from vicus.web.audit.models import Action as Act
from vicus.web.hotspots.asking import sort_order
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views import downloads, sheets
from vicus.web.hotspots.views.sheets import Sheet

LIST = "actions.list"


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, zone: str, kind: str) -> HttpResponse:
    """What the table under the board shows, and the lessons."""
    who = queries.reader(request.user, zone)
    if kind not in sheets.KINDS or not who.sight.exports:
        raise Http404
    wanted, sort, language = choice(request), sort_order(request.GET, listing.BY_KEY), spoken()
    said = tuple((name, value) for name, value in wanted.items() if value)
    what = door.Restricted(LIST, who.zone.slug, _("List of actions"), said)
    back = reverse("actions:board", args=[who.zone.slug]) + listing.address(wanted)
    grant = door.require_reason(request, what=what, zone=who.zone, action=Act.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    day = today(who.zone)
    found = listing.lines(chosen(asked(who, wanted, day), wanted, day), day, sort)
    sheet = Sheet(
        _("Actions"),
        [str(column.label) for column in listing.COLUMNS],
        [[listing.stored(column, line, language) for column in listing.COLUMNS] for line in found],
    )
    about = [
        (_("Zone"), who.zone.name),
        (_("Chosen"), ", ".join(f"{name}: {value}" for name, value in said) or _("all actions")),
        (_("Ended"), _("whenever") if wanted["ended"] == "all" else _("in the last three months")),
        *downloads.taken(request, grant),
    ]
    return sheets.answer(kind, f"{who.zone.slug}-{day:%Y-%m-%d}-actions", [sheet], about)
