"""Organisations and bodies of the zone: who works with whom, who meets again and again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.pictures import words
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import places, queries, rules
from vicus.web.meetings.forms import BodyForm, EndForm, NamesForm, OrganisationForm
from vicus.web.meetings.models import Body, Level
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.showing.meeting import crumbs
from vicus.web.zone.models import Organisation


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """All organisations, those that ended last."""
    who = _inside(request, zone)
    found = (
        Organisation.objects.filter(zone=who.zone)
        .prefetch_related("areas")
        .annotate(
            promises=Count("commitments", distinct=True),
            still=Count("commitments", filter=Q(commitments__state="open"), distinct=True),
        )
    )
    shown = sorted(found, key=lambda o: (o.ended_on is not None, o.name))
    keeps = rules.keeps_organisations(who)
    rows = [
        {
            "url": reverse("meetings:organisation", args=[who.zone.slug, each.pk]) if keeps else "",
            "cells": [
                {"value": each.name, "minor": _ended(each)},
                str(each.get_kind_display()),
                {"value": each.contact or None, "missing": _("not recorded")},
                {"value": each.mailbox or None, "missing": _("not recorded")},
                ", ".join(area.name for area in each.areas.all()) or _("whole zone"),
                {"value": each.still},
            ],
        }
        for each in shown
    ]
    labels = (_("Organisation"), _("Kind"), _("Role to ask for"), _("Mailbox"), _("Areas"))
    columns: list[dict[str, Any]] = [{"key": str(n), "label": label} for n, label in enumerate(labels)]
    columns.append({"key": "open", "label": _("Open commitments"), "numeric": True})
    context = {
        "zone": who.zone, "title": _("Organisations"),
        "crumbs": crumbs(who, (_("Organisations"), "")),
        "sentence": ngettext(
            "%(n)d organisation works with the zone.", "%(n)d organisations work with the zone.", len(shown)
        ) % {"n": len(shown)} + " " + _("They are known by roles and mailboxes of services, never by names of people."),
        "table": _table("organisations", _("Organisations"), columns, rows, _("No organisation was added yet.")),
        "add_url": reverse("meetings:add_organisation", args=[who.zone.slug]) if keeps else "",
        "add": _("Add an organisation"),
    }  # fmt: skip
    return render(request, "meetings/kept.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, zone: str) -> HttpResponse:
    """A new organisation."""
    return _organisation(request, _keeper(request, zone), None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Its names, kind, contact; and whether it ended."""
    who = _keeper(request, zone)
    return _organisation(request, who, get_object_or_404(Organisation, zone=who.zone, pk=pk))


@require_POST
def end(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """It ended on a day; what it promised stays."""
    who = _keeper(request, zone)
    organisation = get_object_or_404(Organisation, zone=who.zone, pk=pk)
    form = EndForm(request.POST)
    again = "again" in request.POST
    if not again and not form.is_valid():
        return _organisation(request, who, organisation, end=form)
    day = None if again else form.cleaned_data["ended_on"]
    places.end_organisation(actor=request.user, organisation=organisation, on=day)
    messages.success(request, _("Saved."))
    return redirect("meetings:organisation", who.zone.slug, pk)


@require_POST
def delete(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Only what was added by mistake; the others say what keeps them."""
    who = _keeper(request, zone)
    organisation = get_object_or_404(Organisation, zone=who.zone, pk=pk)
    try:
        places.delete_organisation(actor=request.user, organisation=organisation)
    except ValidationError as error:
        return _organisation(request, who, organisation, refused=error.messages)
    messages.success(request, _("Removed."))
    return redirect("meetings:organisations", who.zone.slug)


@require_safe
def bodies(request: HttpRequest, zone: str) -> HttpResponse:
    """Who meets again and again, on which levels."""
    who = _inside(request, zone)
    found = Body.objects.filter(zone=who.zone).select_related("commune", "hotspot__zone")
    shown = sorted(found, key=lambda b: (b.ended_on is not None, -max(b.levels, default=0), b.name))
    keeps = rules.keeps_bodies(who)
    rows = [
        {
            "url": reverse("meetings:body", args=[who.zone.slug, body.pk]) if keeps else "",
            "cells": [
                {"value": body.name, "minor": _ended(body)},
                ", ".join(f"{level}\u00a0{Level(level).label}" for level in body.levels),
                {"value": body.hotspot.title if body.hotspot else body.commune.name if body.commune else _("whole zone")},
                {"value": body.chair or None, "missing": _("not recorded")},
            ],
        }
        for body in shown
    ]  # fmt: skip
    labels = (_("Body"), _("Levels"), _("Place"), _("Chair"))
    columns = [{"key": str(n), "label": label} for n, label in enumerate(labels)]
    context = {
        "zone": who.zone, "title": _("Bodies that meet"), "crumbs": crumbs(who, (_("Bodies that meet"), "")),
        "sentence": _("A body that exists already can count for several levels, so that no meeting is added."),
        "table": _table("bodies", _("Bodies that meet"), columns, rows, _("No body was added yet.")),
        "add_url": reverse("meetings:add_body", args=[who.zone.slug]) if keeps else "",
        "add": _("Add a body"),
    }  # fmt: skip
    return render(request, "meetings/kept.html", context)


@require_http_methods(["GET", "POST"])
def add_body(request: HttpRequest, zone: str) -> HttpResponse:
    """A new body."""
    return _body(request, _directs(request, zone), None)


@require_http_methods(["GET", "POST"])
def change_body(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Its names, levels and places."""
    who = _directs(request, zone)
    return _body(request, who, get_object_or_404(Body, zone=who.zone, pk=pk))


def _organisation(
    request: HttpRequest, who: Reader, organisation: Organisation | None, *, end: EndForm | None = None, refused: Any = (),
) -> HttpResponse:  # fmt: skip
    sent = request.POST if request.method == "POST" and end is None and not refused else None
    initial: dict[str, Any] = {}
    if organisation is not None:
        initial = {
            **NamesForm.of(organisation.names), "areas": organisation.areas.all(),
            **{name: getattr(organisation, name) for name in ("kind", "contact", "mailbox", "language", "strengths")},
        }  # fmt: skip
    form = OrganisationForm(sent, zone=who.zone, initial=initial)
    if sent is not None and form.is_valid():
        said = form.cleaned_data
        fields = ("names", "kind", "contact", "mailbox", "language", "strengths")
        places.keep_organisation(
            actor=request.user, zone=who.zone, organisation=organisation, code=form.code(),
            values={name: said[name] for name in fields}, areas=said.get("areas", ()),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("meetings:organisations", who.zone.slug)
    listed = reverse("meetings:organisations", args=[who.zone.slug])
    title = organisation.name if organisation else _("Add an organisation")
    context = {
        "zone": who.zone, "form": form, "title": title, "thing": organisation, "cancel_url": listed, "refused": refused,
        "end": end or EndForm(), "ended": _ended(organisation) if organisation else "",
        "crumbs": crumbs(who, (_("Organisations"), listed), (title, "")),
    }  # fmt: skip
    wrong = form.is_bound or end is not None or refused
    return render(request, "meetings/organisation.html", context, status=422 if wrong else 200)


def _body(request: HttpRequest, who: Reader, body: Body | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if body is not None:
        initial = {
            **NamesForm.of(body.names), "levels": [str(level) for level in body.levels], "commune": body.commune_id,
            "hotspot": body.hotspot_id, "chair": body.chair, "ended_on": body.ended_on,
        }  # fmt: skip
    form = BodyForm(request.POST if request.method == "POST" else None, zone=who.zone, initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        values = {name: said[name] for name in ("names", "commune", "hotspot", "chair", "ended_on")}
        values["levels"] = sorted(int(level) for level in said["levels"])
        places.keep_body(actor=request.user, zone=who.zone, body=body, code=form.code(), values=values)
        messages.success(request, _("Saved."))
        return redirect("meetings:bodies", who.zone.slug)
    listed = reverse("meetings:bodies", args=[who.zone.slug])
    title = body.name if body else _("Add a body")
    context = {
        "zone": who.zone, "form": form, "title": title, "cancel_url": listed,
        "crumbs": crumbs(who, (_("Bodies that meet"), listed), (title, "")),
    }  # fmt: skip
    return render(request, "meetings/organisation.html", context, status=422 if form.is_bound else 200)


def _table(
    key: str, caption: str, columns: list[dict[str, Any]], rows: list[dict[str, Any]], empty: str
) -> dict[str, Any]:
    if not rows:
        return {"id": key, "caption": caption, "caption_hidden": True, "state": "empty", "message": empty}
    return {
        "id": key, "caption": caption, "caption_hidden": True, "columns": columns, "rows": rows, "stacked": True,
    }  # fmt: skip


def _ended(thing: Organisation | Body) -> str:
    if thing.ended_on is None:
        return ""
    return _("ended on %(day)s") % {"day": words.day(thing.ended_on, language(), style="medium")}


def _inside(request: HttpRequest, zone: str) -> Reader:
    """A reader of the zone; to partners these pages do not exist."""
    who = queries.reader(request.user, zone)
    if who.is_partner:
        raise Http404
    return who


def _keeper(request: HttpRequest, zone: str) -> Reader:
    who = _inside(request, zone)
    if not rules.keeps_organisations(who):
        raise PermissionDenied
    return who


def _directs(request: HttpRequest, zone: str) -> Reader:
    who = _inside(request, zone)
    if not rules.keeps_bodies(who):
        raise PermissionDenied
    return who
