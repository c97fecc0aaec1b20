"""The report builder: a kind, then places, period, sections, languages and formats; drawn in the background."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.reports import queries, services, showing
from vicus.web.reports.forms import ALL, BuildForm
from vicus.web.reports.kinds import KINDS, Kind
from vicus.web.reports.models import Order
from vicus.web.reports.queries import Reader
from vicus.web.reports.views.archive import crumbs


@require_safe
def kinds(request: HttpRequest, zone: str) -> HttpResponse:
    """Which report?"""
    who = queries.drawer(request.user, zone)
    found = [
        {
            "kind": kind,
            "url": reverse("reports:build", args=[who.zone.slug, kind.code]),
            "places": len(who.places(kind)),
        }
        for kind in who.kinds()
    ]
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, _("Build a report")),
        "kinds": found,
        "saved": queries.selections(who),
    }
    return render(request, "reports/kinds.html", context)


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str, kind: str) -> HttpResponse:
    """Choose, and draw or keep the choice."""
    who = queries.drawer(request.user, zone)
    wanted = kind_for(who, kind)
    if request.method == "POST":
        form = BuildForm(request.POST, kind=wanted, reader=who)
        if not form.is_valid():
            return _shown(request, who, wanted, form)
        chosen, period = form.wanted(), form.cleaned_data.get("period", "")
        name = form.cleaned_data["name"]
        if name:
            services.save_selection(
                zone=who.zone, name=name, kind=wanted, period=period, actor=request.user, **chosen
            )
            messages.success(request, _("The choice is kept under this name."))
        order = services.ask(zone=who.zone, kind=wanted, period=period, actor=request.user, **chosen)
        return redirect("reports:order", who.zone.slug, order.pk)
    return _shown(
        request, who, wanted, BuildForm(initial=_beginning(request, who, wanted), kind=wanted, reader=who)
    )


@require_safe
def order(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """How far the work is; it goes on when the page is left."""
    who = queries.drawer(request.user, zone)
    asked = queries.order(who, pk)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, showing.kind_title(asked.kind)),
        "kind": showing.kind_title(asked.kind),
        "order": asked,
        "progress": _progress(asked, who),
    }
    return render(request, "reports/order.html", context)


@require_POST
def remove(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A saved choice goes."""
    who = queries.drawer(request.user, zone)
    services.remove_selection(selection=queries.selection(who, pk), actor=request.user)
    messages.success(request, _("The saved choice is removed. What was drawn with it stays."))
    return redirect("reports:kinds", who.zone.slug)


def kind_for(who: Reader, code: str) -> Kind:
    """The kind with that code that is open to the reader, or 404."""
    if code not in KINDS or KINDS[code] not in who.kinds():
        raise Http404
    return KINDS[code]


def _beginning(request: HttpRequest, who: Reader, kind: Kind) -> dict[str, Any]:
    saved = request.GET.get("saved", "")
    if not saved.isdigit():
        return BuildForm.beginning(kind, languages=[language()])
    found = queries.selection(who, int(saved))
    return BuildForm.beginning(
        kind, places=[code or ALL for code in found.places], languages=found.languages, formats=found.formats,
        period=found.period, left_out=found.left_out,
    )  # fmt: skip


def _shown(request: HttpRequest, who: Reader, kind: Kind, form: BuildForm) -> HttpResponse:
    context = {
        "zone": who.zone, "crumbs": crumbs(who, kind.title), "kind": kind, "form": form,
        "cancel_url": reverse("reports:kinds", args=[who.zone.slug]),
    }  # fmt: skip
    return render(request, "reports/build.html", context, status=422 if form.is_bound else 200)


def _progress(asked: Order, who: Reader) -> dict[str, Any]:
    done = asked.ended_at is not None
    told = ngettext("%(n)s report was drawn.", "%(n)s reports were drawn.", asked.done - len(asked.said))
    return {
        "label": showing.kind_title(asked.kind),
        "done": asked.done,
        "total": asked.total,
        "state": "done" if done else "",
        "message": {"text": told % {"n": words.number(max(asked.done - len(asked.said), 0), language())}},
        "poll_url": reverse("reports:order", args=[who.zone.slug, asked.pk]),
        "result": {"label": _("To the archive"), "url": reverse("reports:list", args=[who.zone.slug]) + f"?kind={asked.kind}"}
        if done else None,
    }  # fmt: skip
