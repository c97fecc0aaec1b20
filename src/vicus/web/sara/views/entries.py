"""Entries of a sheet: observations, problems touched, promises and what became of them. One form for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.services import today
from vicus.web.sara import queries, services, shape, showing
from vicus.web.sara.forms import EntryForm
from vicus.web.sara.queries import Desk, Open
from vicus.web.sara.shape import Kind

SECTION_OF = {section.entries: section.key for section in shape.SECTIONS if section.entries}


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, zone: str, number: int, month: str, kind: str) -> HttpResponse:
    """A new entry."""
    opened = _to_write(request, zone, number, month)
    of = _kind(kind)
    promise = _promise(request, opened) if of is shape.REVIEW else None
    form = showing.new_form(opened, of, request.POST if request.method == "POST" else None)

    def fresh() -> Any:
        sheet = services.open_sheet(hotspot=opened.hotspot, month=opened.sheet.month, actor=request.user)
        more = {"promise": promise} if promise is not None else {}
        return of.model(sheet=sheet, **more)

    title = f"{of.add}: {promise.title}" if promise is not None else str(of.add)
    return handle(
        request,
        opened,
        of,
        form,
        fresh,
        title=title,
        back=_back(opened, of),
        may_another=of is shape.OBSERVATION,
    )


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, zone: str, number: int, month: str, kind: str, pk: int) -> HttpResponse:
    """An entry that is there."""
    opened = _to_write(request, zone, number, month)
    of = _kind(kind)
    thing = opened.entry(kind, pk)
    form = EntryForm(
        of,
        request.POST if request.method == "POST" else None,
        thing=thing,
        problems=opened.problems,
        latest=today(opened.zone),
    )
    remove_url = showing.address(opened, "remove", kind, pk)
    return handle(
        request, opened, of, form, lambda: thing, title=str(of.change), back=_back(opened, of),
        remove_url=remove_url,
    )  # fmt: skip


@require_POST
def remove(request: HttpRequest, zone: str, number: int, month: str, kind: str, pk: int) -> HttpResponse:
    """Take an entry out of a draft."""
    opened = _to_write(request, zone, number, month)
    of = _kind(kind)
    services.remove(kind=of, thing=opened.entry(kind, pk), actor=request.user)
    messages.success(request, _("Removed."))
    return redirect(_back(opened, of))


def handle(
    request: HttpRequest,
    desk: Desk,
    kind: Kind,
    form: EntryForm,
    thing: Callable[[], Any],
    *,
    title: str,
    back: str,
    **more: Any,
) -> HttpResponse:
    """Keep what was sent, or show the form: with its errors, with a warning, with what somebody else saved."""
    context: dict[str, Any] = {
        "form": form, "kind": kind, "zone": desk.zone, "hotspot": desk.hotspot, "back": back, "entry_title": title,
        "crumbs": showing.crumbs(desk, (title, "")), **more,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "sara/entry.html", context)
    if not form.is_valid():
        return render(request, "sara/entry.html", context, status=422)
    try:
        # In one piece, so that a sheet is not opened by an entry that is not kept.
        with transaction.atomic():
            services.keep(
                kind=kind,
                thing=thing(),
                values=form.values(),
                revision=form.cleaned_data["revision"] or 0,
                vouched=form.cleaned_data["vouched"],
                actor=request.user,
            )
    except Suspected as suspected:
        context["warning"] = showing.warning(suspected.findings)
        return render(request, "sara/entry.html", context, status=422)
    except Met as met:
        context["theirs"] = [
            (field.label, showing.told(field, field.value(met.current), desk))
            for field in kind.fields
            if field.value(met.current) != form.values()[field.key]
        ]
        context["their_name"] = str(met.current.written_by or "")
        context["revision_now"] = met.current.revision
        return render(request, "sara/entry.html", context, status=409)
    except ValidationError as error:
        for message in error.messages:
            form.add_error(None, message)
        return render(request, "sara/entry.html", context, status=422)
    messages.success(request, _("Kept."))
    if "another" in request.POST:
        return redirect(request.get_full_path())
    return redirect(back)


def _to_write(request: HttpRequest, zone: str, number: int, month: str) -> Open:
    """The sheet for somebody who may write on it now; others who see it are refused."""
    opened = queries.sheet(request.user, zone, number, month)
    if not opened.writes:
        raise PermissionDenied
    return opened


def _kind(name: str) -> Kind:
    """A kind of entry that belongs to a sheet."""
    if name not in shape.KINDS or name == shape.PROBLEM.key:
        raise Http404
    return shape.KINDS[name]


def _promise(request: HttpRequest, opened: Open) -> Any:
    """The promise that a review is about, one of those still open."""
    wanted = request.GET.get("of", "")
    for promise, review in opened.promises:
        if str(promise.pk) == wanted and review is None:
            return promise
    raise Http404


def _back(opened: Open, kind: Kind) -> str:
    return showing.address(opened) + f"#{SECTION_OF[kind.key]}"
