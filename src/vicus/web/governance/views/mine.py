"""What a user has sent to them: calendars with an address of their own, and the weekly letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vicus.web.governance import services, showing
from vicus.web.governance.models import Feed, Weekly
from vicus.web.meetings.queries import Reader, reader

MOST = 5


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The calendars of the reader and whether they get the weekly letter."""
    return _shown(request, reader(request.user, zone))


@require_POST
def make(request: HttpRequest, zone: str) -> HttpResponse:
    """A new calendar. Its address is shown this once: only a fingerprint is kept, so the page does not redirect."""
    who = reader(request.user, zone)
    if Feed.objects.filter(user=who.user, zone=who.zone, revoked_on=None).count() >= MOST:
        messages.error(request, _("You have %(n)s calendars already; revoke one first.") % {"n": MOST})
        return redirect("governance:mine", who.zone.slug)
    token = services.make_feed(user=who.user, zone=who.zone)
    return _shown(request, who, request.build_absolute_uri(reverse("calendar", args=[token])))


@require_POST
def revoke(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """One's own calendar leads nowhere from now on."""
    who = reader(request.user, zone)
    feed = get_object_or_404(Feed, pk=pk, user=who.user, zone=who.zone)
    services.revoke_feed(feed=feed, actor=request.user)
    messages.success(request, _("The calendar is revoked: its address leads nowhere from now on."))
    return redirect("governance:mine", who.zone.slug)


@require_POST
def weekly(request: HttpRequest, zone: str) -> HttpResponse:
    """Ask for the weekly letter, or stop it."""
    who = reader(request.user, zone)
    wanted = request.POST.get("wanted") == "yes"
    services.choose_weekly(user=who.user, zone=who.zone, wanted=wanted)
    told = _("You will get the letter every week.") if wanted else _("You get no weekly letter any more.")
    messages.success(request, told)
    return redirect("governance:mine", who.zone.slug)


def _shown(request: HttpRequest, who: Reader, address: str = "") -> HttpResponse:
    feeds = Feed.objects.filter(user=who.user, zone=who.zone, revoked_on=None)
    context = showing.frame(who, "mine") | {
        "address": address,
        "feeds": feeds,
        "full": len(feeds) >= MOST,
        "weekly": Weekly.objects.filter(user=who.user, zone=who.zone).exists(),
        "email": who.user.email,
    }
    return render(request, "governance/mine.html", context)
