"""The pulse of the partnership over time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vicus.web.meetings import queries
from vicus.web.meetings.showing import pulse


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Six principles, meeting after meeting."""
    who = queries.reader(request.user, zone)
    if who.is_partner:
        raise Http404
    return render(request, "meetings/pulse.html", pulse.page(who, request.GET))
