"""The style guide: every component once, in every state, in the reader's language and scheme."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vicus.pictures.tokens import tokens
from vicus.web.site import styleguide_map as sample_map
from vicus.web.site import styleguide_samples as samples
from vicus.web.site.templatetags.look import SCHEME_COOKIE, SCHEMES, language

A_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_GET
def guide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    spoken = language()
    context: dict[str, Any] = {
        "crumbs": [{"label": "Vicus", "url": "/"}, {"label": _("Style guide")}],
        "colours": list(tokens().colours()),
        "data_colours": list(tokens().data()),
        "figure": samples.series_figure(spoken),
        "not_enough": samples.instead("not_enough"),
        "empty": samples.instead("empty"),
        "loading": samples.instead("loading"),
        "broken": samples.instead("error"),
        "measures": samples.measures(spoken),
        "ranked": samples.ranked(spoken),
        "ranked_empty": {
            "state": "empty",
            "message": {
                "title": _("No hotspots yet"),
                "text": _("Import perimeters, or let Vicus propose them from the facts."),
                "action": {"label": _("Propose perimeters"), "url": "#ranked"},
            },
        },
        "table": samples.table(),
        "table_empty": samples.table("empty"),
        "table_loading": samples.table("loading"),
        "table_error": samples.table("error"),
        "form": samples.form(),
        "wrong_form": samples.form("wrong"),
        "disabled_form": samples.form("disabled"),
        "reason_form": samples.SampleReasonForm(auto_id="dialog_%s"),
        "month": samples.month_picker(spoken),
        "day": samples.day_picker(spoken),
        "day_wrong": samples.day_picker(spoken, wrong=True),
        "pages": samples.pages(),
        "tabs": [
            {"label": _("Situation"), "url": "#tabs", "current": True},
            {"label": _("Actions"), "url": "#tabs", "count": 4},
            {"label": _("Perimeter"), "url": "#tabs"},
            {"label": _("Versions"), "url": "#tabs", "count": 1_214},
        ],
        "phases": samples.phases(),
        "running": samples.progress(),
        "unknown_length": {**samples.progress(), "id": "progress-unknown", "total": None, "left": ""},
        "done": samples.progress("done"),
        "failed": samples.progress("failed"),
        "map": sample_map.context("map-sample"),
        "still_map": sample_map.context("map-still", small=True, moving=False),
        "legend": [
            {"colour": "ink", "kind": "line", "label": _("perimeter")},
            {"colour": "muted", "kind": "dash", "label": _("ring of 150 m")},
            {"colour": "data-unknown", "kind": "hatch", "label": _("not enough data")},
        ],
        "transitions": [
            {"label": _("Validate the sheet"), "url": "", "primary": True},
            {"label": _("Send back"), "url": ""},
            {"label": _("Close the hotspot"), "url": "", "danger": True},
            {"label": _("Publish"), "why_not": _("Publishing waits for the French text.")},
        ],
        "waiting": [
            {"label": _("Validate the sheet of hotspot 7"), "url": "#waiting",
             "due": _("due 3 November, 2 days late"), "late": True},
            {"label": _("Answer the proposal for a perimeter at hotspot 12"), "url": "#waiting",
             "due": _("due 12 November")},
        ],
    }  # fmt: skip
    return render(request, "site/styleguide.html", context)


@login_not_required
@require_GET
def example_page(request: HttpRequest) -> HttpResponse:
    """A whole page as a hotspot page is built, to see the parts together and on paper."""
    spoken = language()
    context = {
        "crumbs": [{"label": _("Style guide"), "url": reverse("styleguide:guide")}, {"label": "12"}],
        "figure": {**samples.series_figure(spoken), "level": 2},
        "measures": samples.measures(spoken),
        "month": samples.month_picker(spoken),
        "map": sample_map.context("map-sample", small=True),
        "ranked": samples.ranked(spoken),
        "phases": samples.phases(),
        "waiting": [{"label": _("Validate the sheet of hotspot 7"), "url": "#", "due": _("due 12 November")}],
        "print_subject": _("Hotspot 12, October 2026, perimeter version 3"),
        "print_version": _("Data version 14, as known on 4 November 2026"),
    }
    return render(request, "site/styleguide_page.html", context)


@login_not_required
def reason_page(request: HttpRequest) -> HttpResponse:
    """The audit door as a page of its own, as readers without scripts meet it. Keeps nothing."""
    form = samples.SampleReasonForm(request.POST if request.method == "POST" else None)
    return render(request, "site/styleguide_reason.html", {"form": form})


@login_not_required
@require_POST
def choose_appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device says; kept for a year in a cookie that says nothing else."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("styleguide:guide")
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        response.set_cookie(
            SCHEME_COOKIE, chosen, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response
