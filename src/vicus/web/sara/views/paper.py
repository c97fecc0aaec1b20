"""The sheet as a PDF, drawn from what was frozen with it: the same sheet gives the same file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus import documents
from vicus.documents import Export
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.hotspots.views import sheets as files
from vicus.web.hotspots.views.reader import language
from vicus.web.sara import papers, queries, showing

PAPER = "sara.paper"


@require_http_methods(["GET", "POST"])
def pdf(request: HttpRequest, zone: str, number: int, month: str) -> HttpResponse:
    """The file, once somebody said what for."""
    opened = queries.sheet(request.user, zone, number, month)
    if opened.shown is None or not opened.shown.frozen:
        raise Http404
    title = _("SARA sheet of hotspot %(hotspot)s, %(month)s") % {
        "hotspot": opened.hotspot.title,
        "month": showing.month_words(opened.sheet.month),
    }
    what = door.Restricted(PAPER, f"{number} {opened.sheet.month:%Y-%m}", title)
    grant = door.require_reason(request, what=what, zone=opened.zone, action=Action.DISCLOSURE)
    if isinstance(grant, HttpResponse):
        return grant
    export = Export(str(request.user), grant.recipient, at=timezone.now(), purpose=grant.reason)
    content = documents.FORMATS["pdf"](papers.document(opened, language(), export))
    name = f"{opened.sheet.month:%Y-%m}-sara-hotspot-{number:02d}-{language()}.pdf"
    return files.attachment(content, name, "application/pdf")
