"""Who looks after which hotspot: set by the division head in own communes, by the direction everywhere."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots import queries, services
from vicus.web.hotspots.forms import ManagersForm
from vicus.web.zone.models import Zone


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """A manager and a deputy for each hotspot that the reader is responsible for."""
    here, sight = queries.zone_and_sight(request.user, zone)
    if not may_assign(request.user, here):
        raise Http404
    seen = [hotspot for hotspot in queries.hotspots(here) if sight.covers(hotspot)]
    posted = request.POST if request.method == "POST" else None
    form = ManagersForm(posted, hotspots=seen, people=queries.managers(here))
    if posted is not None and form.is_valid():
        changed = form.changed()
        with transaction.atomic():
            for hotspot, manager, deputy in changed:
                services.assign(hotspot=hotspot, manager=manager, deputy=deputy, actor=request.user)
        said = ngettext("%(n)d hotspot changed.", "%(n)d hotspots changed.", len(changed)) % {
            "n": len(changed)
        }
        messages.success(request, said)
        return redirect("hotspots:managers", here.slug)
    context = {
        "zone": here,
        "crumbs": [
            {"label": here.name, "url": reverse("hotspots:zone", args=[here.slug])},
            {"label": _("Hotspots"), "url": reverse("hotspots:list", args=[here.slug])},
            {"label": _("Hotspot managers"), "url": ""},
        ],
        "form": form,
        "without": sum(hotspot.manager is None for hotspot in seen),
    }
    return render(request, "hotspots/managers.html", context, status=422 if form.is_bound else 200)


def may_assign(user: object, zone: Zone) -> bool:
    """Whether this reader says who looks after hotspots."""
    return isinstance(user, User) and user.permits(Permission.ASSIGN_MANAGERS, zone.slug)
