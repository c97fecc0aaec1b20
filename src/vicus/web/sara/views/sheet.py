"""The sheet of a hotspot in a month: last promises, figures ready, two texts to write, submit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vicus.web.sara import queries, showing
from vicus.web.sara.queries import Open
from vicus.web.sara.showing import Draft


@require_safe
def mine(request: HttpRequest, zone: str, number: int) -> HttpResponse:
    """To the sheet of the month that is due."""
    desk = queries.desk(request.user, zone, number)
    month = queries.month_to_write(desk.zone)
    return redirect("sara:sheet", desk.zone.slug, number, f"{month:%Y-%m}")


@require_safe
def page(request: HttpRequest, zone: str, number: int, month: str) -> HttpResponse:
    """The sheet."""
    return show(request, queries.sheet(request.user, zone, number, month))


def show(
    request: HttpRequest,
    opened: Open,
    *,
    status: int = 200,
    drafts: Mapping[str, Draft] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page, with texts that were sent and not saved."""
    context = showing.sheet(opened, drafts or {}, request.user) | more
    return render(request, "sara/sheet.html", context, status=status)
