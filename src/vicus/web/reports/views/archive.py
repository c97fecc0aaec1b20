"""What was drawn: the list, one report with its versions, and the file through the audit door."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vicus.documents import Export, Voice
from vicus.pictures import words
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.hotspots.views import sheets
from vicus.web.hotspots.views.downloads import REPORT_TYPES
from vicus.web.hotspots.views.reader import language
from vicus.web.reports import archive, queries, showing
from vicus.web.reports.models import Drawn
from vicus.web.reports.queries import Reader

MOST = 300


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The archive: what was drawn, filtered, with saved choices and what can be done."""
    who = queries.reader(request.user, zone)
    asked = {name: request.GET.get(name, "") for name in ("kind", "language")}
    found = queries.drawn(who, kind=asked["kind"], language=asked["language"])
    told = ngettext(
        "%(n)s report is in the archive for you.", "%(n)s reports are in the archive for you.", len(found)
    )
    sentence = (
        told % {"n": words.number(len(found), language())}
        if found
        else _("No report is in the archive for you yet.")
    )
    kinds = [
        {"value": kind.code, "label": str(kind.title), "selected": kind.code == asked["kind"]}
        for kind in who.kinds()
    ]
    languages = [
        {
            "value": code,
            "label": showing.capital(showing.language_name(code)),
            "selected": code == asked["language"],
        }
        for code, _name in settings.LANGUAGES
    ]
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "sentence": sentence,
        "table": showing.drawn_table(found[:MOST], who.zone),
        "found": found,
        "filters": [
            {"name": "kind", "label": _("Report"), "options": kinds},
            {"name": "language", "label": _("Language"), "options": languages},
        ],
        "filtered": any(asked.values()),
        "who": who,
        "saved": queries.selections(who) if who.draws else [],
        "download": door.starting(request),
    }  # fmt: skip
    return render(request, "reports/list.html", context)


@require_safe
def one(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """One report: what it rests on, every version, the way to its file."""
    who = queries.reader(request.user, zone)
    drawn = queries.one(who, pk)
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who, drawn.title),
        "drawn": drawn,
        "kind": showing.kind_title(drawn.kind),
        "sentence": _("%(kind)s, %(period)s, version %(number)s.")
        % {
            "kind": showing.kind_title(drawn.kind),
            "period": showing.period(drawn.period),
            "number": drawn.number,
        },
        "inputs": showing.inputs(drawn),
        "table": showing.drawn_table(queries.versions(drawn), who.zone, name="versions"),
        "format": drawn.get_format_display(),
        "download": door.starting(request),
    }
    return render(request, "reports/drawn.html", context)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The file, drawn again from what was kept, with who took it, when and what for (rights R08)."""
    who = queries.reader(request.user, zone)
    drawn = queries.one(who, pk)
    title = f"{showing.kind_title(drawn.kind)}, {drawn.title}, {showing.period(drawn.period)}"
    said: door.Said = (
        ("kind", drawn.kind),
        ("place", drawn.place),
        ("period", drawn.period),
        ("version", drawn.number),
    )
    what = door.Restricted("reports.drawn", str(drawn.pk), title, said)
    back = reverse("reports:drawn", args=[who.zone.slug, drawn.pk])
    grant = door.require_reason(request, what=what, zone=who.zone, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    try:
        content = marked(
            drawn, Export(str(request.user), grant.recipient, at=timezone.now(), purpose=grant.reason)
        )
    except archive.Gone:
        raise Http404 from None
    place = drawn.place.replace("/", "-") or drawn.zone.slug
    name = f"{drawn.period}-{drawn.kind}-{place}-{drawn.language}-v{drawn.number}.{drawn.format}"
    return sheets.attachment(content, name, REPORT_TYPES[drawn.format])


def marked(drawn: Drawn, export: Export) -> bytes:
    """The report with the mark of whoever takes it, in its own language."""
    document = archive.content_of(drawn)
    foot = Voice(drawn.language, drawn.zone.timezone).handed_to(export)
    with translation.override(drawn.language):
        return archive.render(replace(document, footer=foot), drawn.format, archive.template_of(drawn))


def crumbs(who: Reader, *last: Any) -> list[dict[str, str]]:
    """The way to here."""
    listed = reverse("reports:list", args=[who.zone.slug])
    found = [
        {"label": who.zone.name, "url": reverse("home")},
        {"label": _("Reports"), "url": listed if last else ""},
    ]
    return [*found, *({"label": str(label), "url": ""} for label in last)]
