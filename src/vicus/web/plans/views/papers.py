"""A yearly evaluation as PDF, Word or Excel: through the audit door, and each file says who took it (rights R08)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus import documents
from vicus.documents import Export
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.hotspots.views.downloads import REPORT_TYPES
from vicus.web.hotspots.views.reader import language
from vicus.web.hotspots.views.sheets import attachment
from vicus.web.plans import papers, queries

EVALUATION = "plans.evaluation"


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, zone: str, pk: int, kind: str) -> HttpResponse:
    """The file, in the reader's language."""
    who = queries.reader(request.user, zone)
    found = queries.evaluation(who, pk)
    if kind not in REPORT_TYPES:
        raise Http404
    title = _("Yearly evaluation of %(subject)s, %(year)s") % {"subject": found.subject, "year": found.year}
    what = door.Restricted(EVALUATION, str(pk), title)
    back = reverse("plans:evaluation", args=[who.zone.slug, pk])
    grant = door.require_reason(request, what=what, zone=who.zone, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    export = Export(str(request.user), grant.recipient, at=timezone.now(), purpose=grant.reason)
    content = documents.FORMATS[kind](papers.yearly(found, language(), export=export))
    subject = f"hotspot-{found.hotspot.number:02d}" if found.hotspot else "plan"
    return attachment(content, f"{found.year}-{subject}-{language()}.{kind}", REPORT_TYPES[kind])
