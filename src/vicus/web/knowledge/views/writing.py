"""Writing cards: new, changed, taken out and put back."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vicus.incidents.freetext import fingerprint
from vicus.web.audit.texts import Met, Suspected
from vicus.web.knowledge import queries, rules, services, showing
from vicus.web.knowledge.forms import CardForm
from vicus.web.knowledge.models import Card
from vicus.web.zone.models import Zone


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, zone: str) -> HttpResponse:
    """A new card of the zone."""
    the = _writer(request, zone)
    form = CardForm(
        request.POST if request.method == "POST" else None,
        initial={"language": (get_language() or "en")[:2], "kind": Card.Kind.MEASURE},
    )

    def keep() -> Card:
        return services.write(
            zone=the, values=form.values(), actor=request.user, vouched=form.cleaned_data["vouched"]
        )

    return _handle(request, the, form, keep, title=_("Write a card"))


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A card of the zone that is there."""
    the = _writer(request, zone)
    card = _own(the, pk)
    # The form writes on the record it is given; what the service compares with stays as it is.
    form = CardForm(request.POST if request.method == "POST" else None, instance=copy.copy(card))

    def keep() -> Card:
        return services.change(
            card=card, values=form.values(), actor=request.user, vouched=form.cleaned_data["vouched"],
            revision=form.cleaned_data["revision"] or 0,
        )  # fmt: skip

    return _handle(request, the, form, keep, title=_("Change a card"), card=card)


@require_POST
def take_out(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Take a card out, with a way back."""
    the = _writer(request, zone)
    card = services.take_out(card=_own(the, pk), actor=request.user)
    back = reverse("knowledge:put_back", args=[the.slug, card.pk])
    messages.success(request, _("The card is taken out: %s") % card.title, extra_tags=f"undo:{back}")
    return redirect("knowledge:list", the.slug)


@require_POST
def put_back(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Put a card back that was taken out."""
    the = _writer(request, zone)
    card = services.put_back(card=_own(the, pk), actor=request.user)
    messages.success(request, _("The card is back."))
    return redirect("knowledge:card", the.slug, card.pk)


def _handle(
    request: HttpRequest, zone: Zone, form: CardForm, keep: Callable[[], Card], *, title: str, card: Card | None = None
) -> HttpResponse:  # fmt: skip
    """Keep what was sent, or show the form: with its errors, with a warning, with what somebody else saved."""
    list_url = reverse("knowledge:list", args=[zone.slug])
    context: dict[str, Any] = {
        "zone": zone, "form": form, "form_title": title, "crumbs": showing.crumbs(zone, title),
        "cancel_url": reverse("knowledge:card", args=[zone.slug, card.pk]) if card else list_url,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "knowledge/form.html", context)
    if form.is_valid():
        try:
            kept = keep()
        except Suspected as suspected:
            context["warning"] = {
                "fingerprint": fingerprint(list(suspected.findings)),
                "found": [finding.found for finding in suspected.findings[:6]],
            }
        except Met as met:
            context["theirs"] = _differences(met.current, form)
            context["revision_now"] = met.current.revision
            return render(request, "knowledge/form.html", context, status=409)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The card is kept."))
            return redirect("knowledge:card", zone.slug, kept.pk)
    return render(request, "knowledge/form.html", context, status=422)


def _differences(current: Card, form: CardForm) -> list[tuple[Any, Any]]:
    values = form.values()
    return [
        (form[name].label, getattr(current, name))
        for name in values
        if getattr(current, name) != values[name]
    ]


def _writer(request: HttpRequest, slug: str) -> Zone:
    the = queries.reader(request.user, slug)
    if not queries.writes(request.user, the):
        raise PermissionDenied
    return the


def _own(zone: Zone, pk: int) -> Card:
    card = queries.card(zone, pk)
    if not rules.may_change(card):
        raise PermissionDenied(
            _("Cards that come with Vicus are the same for everybody. Write one of your own.")
        )
    return card
