"""Reading what is known: the list, a card, networks, and the few cards beside what somebody writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.pictures import words
from vicus.web.knowledge import queries, showing


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list of cards."""
    the = queries.reader(request.user, zone)
    wanted = {name: request.GET.get(name, "") for name in queries.FILTERS}
    found = queries.listed(the, wanted)
    spoken = (get_language() or "en")[:2]
    context = {
        "zone": the,
        "crumbs": showing.crumbs(the),
        "tabs": showing.tabs(the, "list"),
        "sentence": ngettext("%(n)s card.", "%(n)s cards.", len(found))
        % {"n": words.number(len(found), spoken)},
        "filters": showing.filters(wanted),
        "filtered": any(wanted.values()),
        "cards": [showing.line(the, card) for card in found],
        "writes": queries.writes(request.user, the),
    }
    return render(request, "knowledge/list.html", context)


@require_safe
def one(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A card, as EMMIE asks it."""
    the = queries.reader(request.user, zone)
    card = queries.card(the, pk)
    return render(
        request, "knowledge/card.html", showing.whole(the, card, writes=queries.writes(request.user, the))
    )


@require_safe
def networks(request: HttpRequest, zone: str) -> HttpResponse:
    """The organisations the zone works with and what each is good at."""
    the = queries.reader(request.user, zone)
    found = queries.networks(the)
    context = {
        "zone": the,
        "crumbs": showing.crumbs(the, _("Networks")),
        "tabs": showing.tabs(the, "networks"),
        "organisations": found,
    }
    return render(request, "knowledge/networks.html", context)


@require_safe
def near(request: HttpRequest, zone: str) -> HttpResponse:
    """A piece of a page: a few cards on the type of problem or the kind of action that somebody just chose."""
    the = queries.reader(request.user, zone)
    found = showing.beside(
        the, request.user,
        problem_type=request.GET.get("problem_type", ""), action_kind=request.GET.get("kind", ""),
    )  # fmt: skip
    return render(request, "knowledge/near.html", {"zone": the, "near": found})
