"""The clock: which level met where, what is planned, due and overdue; and how often each must."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vicus.web.accounts.rules import Permission
from vicus.web.governance import queries, services, showing
from vicus.web.governance.forms import RulesForm

NEXT = 8


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """A sentence, the grid of levels and communes, the same as a table, the next meetings."""
    who = queries.reader(request.user, zone)
    shown = queries.face(who)
    context = showing.frame(who, "clock") | {
        "sentence": showing.sentence(shown),
        "communes": [area.name for area in shown.communes.values()],
        "rows": showing.grid(who, shown, queries.bodies(who.zone)),
        "table": showing.table(shown),
        "next": showing.meetings(who, queries.coming(who)[:NEXT]),
        "day": shown.day,
        "method": {
            "paragraphs": [
                _(
                    "A level meets in periods of the calendar: once a quarter is on any day of each quarter. It is due "
                    "until the last day of the period after that of the last meeting, and overdue from the next day."
                ),
                _(
                    "A meeting counts for every level of its body, or for those it names itself: one meeting that "
                    "exists already can count for several. It counts for its communes, and where it names none for all; "
                    "for a hotspot only where it names the hotspot."
                ),
                _(
                    "A meeting counts once it is noted as held or minuted. One that was cancelled counts for nothing."
                ),
            ]
        },
    }
    return render(request, "governance/clock.html", context)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, zone: str) -> HttpResponse:
    """How often each level meets, for what, and who drives it; the zone direction changes it."""
    who = queries.reader(request.user, zone)
    sets = Permission.SET_CLOCK in who.role.permissions
    if request.method == "POST" and not sets:
        raise PermissionDenied
    found = queries.rules(who.zone)
    form = RulesForm(found, who.zone.languages, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = [
            services.set_rule(zone=who.zone, level=level, values=values, actor=request.user)
            for level, values in form.values().items()
        ]
        told = _("The rules of the clock are kept.") if any(changed) else _("Nothing was changed.")
        messages.success(request, told)
        return redirect("governance:rules", who.zone.slug)
    context = showing.frame(who, "rules") | {
        "form": form if sets else None,
        "error_form": form,
        "rules": [
            {
                "level": showing.level_name(rule.level),
                "often": showing.often(rule),
                "held": showing.held_for(rule),
                "driver": showing.driver(rule),
                "grace": rule.grace_months,
                "kept": rule.kept,
            }
            for rule in found
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "governance/rules.html", context, status=status)
