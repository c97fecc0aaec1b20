"""The minutes as PDF and Word, once somebody said what for and for whom."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vicus.documents import FORMATS, Export, minutes
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.hotspots.views import sheets as files
from vicus.web.hotspots.views.downloads import REPORT_TYPES
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import pack, papers
from vicus.web.meetings.models import Meeting
from vicus.web.meetings.opened import opened
from vicus.web.meetings.showing import meeting as showing

KINDS = ("pdf", "docx")


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, zone: str, pk: int, kind: str) -> HttpResponse:
    """The file; partners read the decisions on the page."""
    it = opened(request.user, zone, pk)
    held = it.meeting.state in (Meeting.State.HELD, Meeting.State.MINUTED)
    if kind not in KINDS or it.who.is_partner or not held:
        raise Http404
    title = _("Minutes of %(body)s, %(when)s") % {
        "body": it.meeting.body.name,
        "when": showing.when(it.meeting),
    }
    what = door.Restricted("meetings.minutes", str(it.meeting.pk), title)
    back = showing.address(it.meeting)
    grant = door.require_reason(request, what=what, zone=it.zone, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    export = Export(str(request.user), grant.recipient, at=timezone.now(), purpose=grant.reason)
    content = FORMATS[kind](minutes.content(papers.of(it, export), language()))
    name = f"{pack.day_of(it.meeting)}-{it.meeting.body.code}-{language()}.{kind}"
    return files.attachment(content, name, REPORT_TYPES[kind])
