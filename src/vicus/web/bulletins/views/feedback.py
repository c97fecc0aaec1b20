"""What residents wrote: read, put under topics, or taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.bulletins import queries, services
from vicus.web.bulletins.forms import CodeForm
from vicus.web.bulletins.views.listing import crumbs, language
from vicus.web.hotspots.services import today
from vicus.web.meetings.queries import Reader
from vicus.web.public.models import Feedback
from vicus.web.public.reading import topic

ON_A_PAGE = 20


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What waits to be read first, then what was read."""
    who = queries.reader(request.user, zone)
    spoken = language()
    found = queries.feedback(who).order_by("-seen_on", "-received_on", "-pk")
    unread = found.filter(seen_on=None).count()
    ordered = [*found.filter(seen_on=None), *found.exclude(seen_on=None)]
    shown = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
    titles = {it.slug: it.title(spoken) for it in queries.bulletins(who)}
    told = ngettext("%(n)s feedback waits to be read.", "%(n)s feedbacks wait to be read.", unread)
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": crumbs(who, (_("Feedback"), "")),
        "sentence": told % {"n": words.number(unread, spoken)},
        "entries": [
            {
                "it": it,
                "bulletin": titles.get(it.bulletin, it.bulletin),
                "day": words.day(it.received_on, spoken),
                "form": CodeForm(pk=it.pk, chosen=it.topics),
                "topics": [topic(code) for code in it.topics],
            }
            for it in shown
        ],
        "shown": shown,
    }
    return render(request, "bulletins/feedback.html", context)


@require_POST
def code(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """It was read; these are its topics."""
    who, found = _find(request, zone, pk)
    form = CodeForm(request.POST, pk=pk)
    if not form.is_valid():
        raise Http404
    services.code_feedback(
        feedback=found,
        zone=who.zone,
        topics=form.cleaned_data["topics"],
        actor=request.user,
        on=today(who.zone),
    )
    messages.success(request, _("Marked as read."))
    return redirect("bulletins:feedback", who.zone.slug)


@require_POST
def remove(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Take it away for good."""
    who, found = _find(request, zone, pk)
    services.remove_feedback(feedback=found, zone=who.zone, actor=request.user)
    messages.success(request, _("The feedback is removed."))
    return redirect("bulletins:feedback", who.zone.slug)


def _find(request: HttpRequest, zone: str, pk: int) -> tuple[Reader, Feedback]:
    who = queries.reader(request.user, zone)
    found = queries.feedback(who).filter(pk=pk).first()
    if found is None:
        raise Http404
    return who, found
