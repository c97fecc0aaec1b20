"""The calendar at its secret address, for programs that cannot sign in."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from vicus.web.accounts.addresses import digest, too_many
from vicus.web.governance import calendar
from vicus.web.governance.models import Feed
from vicus.web.meetings.queries import reader

MOST_AN_HOUR = 60
HOUR = 3600


@login_not_required
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """What the account may see at this moment; the same 404 for an address that is wrong, revoked or of an ended account."""
    if too_many("calendar", get_adapter().get_client_ip(request), most=MOST_AN_HOUR, seconds=HOUR):
        return HttpResponse(status=429, headers={"Retry-After": str(HOUR)})
    feed = Feed.objects.select_related("user", "zone").filter(digest=digest(token), revoked_on=None).first()
    if feed is None or not feed.user.is_active:
        raise Http404
    # Also 404 when the account has left the zone, or its role reads no meetings any more.
    who = reader(feed.user, feed.zone.slug)
    with translation.override(feed.user.language or feed.zone.languages[0]):
        body = calendar.of(who)
    Feed.objects.filter(pk=feed.pk).update(last_read=timezone.now())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="vicus.ics"'
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
