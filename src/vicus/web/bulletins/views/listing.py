"""All bulletins of somebody's places, a new one, and the setting of the zone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.pictures import words
from vicus.web.bulletins import content, disclosure, queries, rules, services
from vicus.web.bulletins.forms import BeginForm, SettingForm
from vicus.web.bulletins.models import Bulletin
from vicus.web.hotspots.services import today
from vicus.web.meetings.queries import Reader


def language() -> str:
    """The reader's language as the words of pictures know it."""
    return (get_language() or "en")[:2]


def crumbs(who: Reader, *more: tuple[str, str]) -> list[dict[str, str]]:
    """Where the reader is."""
    here = [(who.zone.name, "/"), (_("Bulletins"), reverse("bulletins:list", args=[who.zone.slug])), *more]
    found = [{"label": label, "url": url} for label, url in here]
    found[-1]["url"] = ""
    return found


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The list: what is published, what waits, what residents wrote."""
    who = queries.reader(request.user, zone)
    return _shown(request, who, SettingForm(initial={"k": disclosure.least_count(who.zone)}))


def _shown(request: HttpRequest, who: Reader, form: SettingForm) -> HttpResponse:
    found = list(queries.bulletins(who))
    unread = queries.feedback(who).filter(seen_on=None).count()
    published = sum(it.state == Bulletin.State.PUBLISHED for it in found)
    told = ngettext("%(n)s bulletin is published.", "%(n)s bulletins are published.", published)
    read = ngettext("%(n)s feedback waits to be read.", "%(n)s feedbacks wait to be read.", unread)
    spoken = language()
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "sentence": f"{told % {'n': words.number(published, spoken)}} {read % {'n': words.number(unread, spoken)}}",
        "unread": unread,
        "table": _table(found, spoken),
        "k": disclosure.least_count(who.zone),
        "form": form if rules.PUBLISH in who.role.permissions else None,
    }
    return render(request, "bulletins/list.html", context, status=422 if form.is_bound else 200)


def _table(found: list[Bulletin], spoken: str) -> dict[str, Any]:
    if not found:
        message = {
            "title": _("No bulletin yet"),
            "text": _("Begin one after a neighbourhood meeting: what was said, what is done with it."),
        }
        return {"id": "bulletins", "state": "empty", "message": message}
    rows = [
        {
            "url": reverse("bulletins:bulletin", args=[it.zone.slug, it.slug]),
            "cells": [
                it.title(spoken if spoken in ("fr", "nl") else "fr"),
                str(it.place),
                content.period(it, spoken),
                str(it.get_state_display()),
                words.day(it.published_on, spoken) if it.published_on else {"value": None, "missing": "–"},
            ],
        }
        for it in found
    ]
    labels = (_("Bulletin"), _("Place"), _("Period"), _("State"), _("Published on"))
    columns = [{"key": str(i), "label": label} for i, label in enumerate(labels)]
    return {"id": "bulletins", "caption": _("Bulletins of your places"), "columns": columns, "rows": rows,
            "caption_hidden": True}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, zone: str) -> HttpResponse:
    """A new draft."""
    who = queries.reader(request.user, zone)
    day = today(who.zone)
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        hotspots=queries.hotspots(who), areas=list(queries.areas(who)), today=day,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            bulletin = services.begin(
                zone=who.zone, place=form.chosen(), actor=request.user, on=day,
                starts_on=form.cleaned_data["starts_on"], ends_on=form.cleaned_data["ends_on"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("bulletins:bulletin", who.zone.slug, bulletin.slug)
    context = {"zone": who.zone, "form": form, "crumbs": crumbs(who, (_("New bulletin"), ""))}
    return render(request, "bulletins/begin.html", context, status=422 if form.is_bound else 200)


@require_POST
def setting(request: HttpRequest, zone: str) -> HttpResponse:
    """Below which number counts are not published; those who publish say."""
    who = queries.reader(request.user, zone)
    if rules.PUBLISH not in who.role.permissions or who.areas is not None:
        raise PermissionDenied
    form = SettingForm(request.POST)
    if not form.is_valid():
        return _shown(request, who, form)
    services.set_least_count(zone=who.zone, k=form.cleaned_data["k"], actor=request.user)
    messages.success(request, _("The number is kept; it holds for what is published from now on."))
    return redirect("bulletins:list", who.zone.slug)
