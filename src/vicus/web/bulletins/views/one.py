"""One bulletin: written in both languages, looked at as residents will see it, published, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vicus.documents import paper
from vicus.incidents import freetext
from vicus.web.audit.texts import Met, Suspected
from vicus.web.bulletins import content, disclosure, papers, queries, rules, services
from vicus.web.bulletins.disclosure import Counted
from vicus.web.bulletins.forms import WithdrawForm, WriteForm
from vicus.web.bulletins.models import Bulletin
from vicus.web.bulletins.views.listing import crumbs, language
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.sheets import attachment
from vicus.web.meetings.queries import Reader
from vicus.web.public import reading
from vicus.web.public.models import LANGUAGES


@require_safe
def page(request: HttpRequest, zone: str, slug: str) -> HttpResponse:
    """The bulletin: to write on while it is a draft, else as residents read it."""
    who, bulletin = _find(request, zone, slug)
    return shown(request, who, bulletin)


def shown(
    request: HttpRequest, who: Reader, bulletin: Bulletin, *, status: int = 422, **bound: Any
) -> HttpResponse:
    """The page, with the forms that were just sent in place of fresh ones."""
    draft = bulletin.state == Bulletin.State.DRAFT
    may = _may(who)
    spoken = language()
    context: dict[str, Any] = {
        "zone": who.zone,
        "bulletin": bulletin,
        "title": bulletin.title(spoken if spoken in LANGUAGES else LANGUAGES[0]),
        "state": bulletin.get_state_display(),
        "tone": rules.TONES[Bulletin.State(bulletin.state)],
        "crumbs": crumbs(who, (str(bulletin.place), "")),
        "sentence": f"{bulletin.place}: {content.period(bulletin, spoken)}",
        "missing": content.missing(bulletin) if bulletin.state in ("draft", "ready") else [],
        "form": WriteForm(bulletin, spoken) if draft else None,
        "steps": [
            {"url": reverse("bulletins:step", args=[who.zone.slug, bulletin.slug, step.code]), "label": step.label,
             "primary": step.primary, "name": "code", "value": step.code}
            for step in rules.open_steps(bulletin, may) if "reason" not in step.needs
        ],
        "withdraw": WithdrawForm()
        if bulletin.state == Bulletin.State.PUBLISHED and rules.PUBLISH in may
        else None,
        "paper": bulletin.state == Bulletin.State.PUBLISHED,
        "languages": [] if draft else as_read(bulletin, today(who.zone)),
    }  # fmt: skip
    return render(request, "bulletins/bulletin.html", {**context, **bound}, status=status if bound else 200)


@require_safe
def preview(request: HttpRequest, zone: str, slug: str) -> HttpResponse:
    """Exactly what residents would read now, in both languages, with the counts that may be shown."""
    who, bulletin = _find(request, zone, slug)
    published = bulletin.state in (Bulletin.State.PUBLISHED, Bulletin.State.WITHDRAWN)
    counted = Counted() if published else disclosure.count(bulletin)
    context = {
        "zone": who.zone,
        "bulletin": bulletin,
        "crumbs": crumbs(
            who,
            (str(bulletin.place), reverse("bulletins:bulletin", args=[who.zone.slug, bulletin.slug])),
            (_("Preview"), ""),
        ),
        "counted": counted,
        "languages": as_read(bulletin, today(who.zone), counted),
    }
    return render(request, "bulletins/preview.html", context)


@require_safe
def pdf(request: HttpRequest, zone: str, slug: str) -> HttpResponse:
    """The published bulletin on paper, French and Dutch in one file; everybody may read what is in it."""
    who, bulletin = _find(request, zone, slug)
    published = queries.snapshot(bulletin)
    if published is None or bulletin.state != Bulletin.State.PUBLISHED:
        raise Http404
    made = paper.pdf(papers.document(bulletin, published, today(who.zone)))
    return attachment(made, f"{bulletin.slug}.pdf", "application/pdf")


def as_read(bulletin: Bulletin, day: Any, counted: Counted | None = None) -> list[dict[str, Any]]:
    """The body of the bulletin in each language, drawn by the very template that residents see."""
    published = queries.snapshot(bulletin)
    if published is None or bulletin.published_on is None:
        published = content.snapshot(bulletin, counted)
        published.published_on = published.renewed_on = day
    found = []
    for code in LANGUAGES:
        with translation.override(code):
            context = reading.page(published, code, day)
            body = render_to_string("public/body.html", context)
        # The template has escaped what was written.
        found.append({"code": code, "title": context["bulletin"]["title"], "body": mark_safe(body)})  # noqa: S308
    return found


@require_POST
def write(request: HttpRequest, zone: str, slug: str) -> HttpResponse:
    """Keep what is written, while it is written or with the button."""
    who, bulletin = _find(request, zone, slug)
    form = WriteForm(bulletin, language(), request.POST)
    by_itself = bool(request.headers.get("HX-Request"))
    if not form.is_valid():
        return _mark(request, form, wrong=True) if by_itself else shown(request, who, bulletin, form=form)
    try:
        kept = services.write(bulletin=bulletin, actor=request.user, **form.written())
    except Suspected as suspected:
        if by_itself:
            return _mark(request, form, suspected=True)
        found = list(suspected.findings)
        warning = {"lines": [it.found for it in found], "fingerprint": freetext.fingerprint(found)}
        return shown(request, who, bulletin, form=form, warning=warning)
    except Met as met:
        if by_itself:
            return _mark(request, form, met=True)
        mine = WriteForm(met.current, language(), {**_flat(request), "revision": met.current.revision})
        mine.is_valid()
        theirs = WriteForm(met.current, language())
        return shown(request, who, met.current, status=409, form=mine, met=theirs)
    except ValidationError as error:
        if by_itself:
            return _mark(request, form, wrong=True)
        return shown(request, who, bulletin, form=form, wrong=error.messages)
    if by_itself:
        return _mark(request, WriteForm(kept, language()), saved=True)
    messages.success(request, _("The bulletin is kept."))
    return redirect("bulletins:bulletin", who.zone.slug, kept.slug)


@require_POST
def step(request: HttpRequest, zone: str, slug: str, code: str) -> HttpResponse:
    """One step of the table of bulletins."""
    who, bulletin = _find(request, zone, slug)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if wanted.by not in _may(who):
        raise PermissionDenied
    why = ""
    if "reason" in wanted.needs and bulletin.state == wanted.before:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return shown(request, who, bulletin, withdraw=form)
        why = form.cleaned_data["why"]
    try:
        services.take(bulletin=bulletin, code=code, actor=request.user, on=today(who.zone), why=why)
    except ValidationError as error:
        return shown(request, who, bulletin, wrong=error.messages)
    messages.success(request, str(wanted.done))
    return redirect("bulletins:bulletin", who.zone.slug, bulletin.slug)


@require_POST
def remove(request: HttpRequest, zone: str, slug: str) -> HttpResponse:
    """Take a draft away."""
    who, bulletin = _find(request, zone, slug)
    try:
        services.remove(bulletin=bulletin, actor=request.user)
    except ValidationError as error:
        return shown(request, who, bulletin, wrong=error.messages)
    messages.success(request, _("The draft is removed."))
    return redirect("bulletins:list", who.zone.slug)


def _find(request: HttpRequest, zone: str, slug: str) -> tuple[Reader, Bulletin]:
    who = queries.reader(request.user, zone)
    return who, queries.bulletin(who, slug)


def _may(who: Reader) -> frozenset[Any]:
    return frozenset(who.role.permissions)


def _flat(request: HttpRequest) -> dict[str, Any]:
    """What was posted, with the boxes that were ticked as a list."""
    given: dict[str, Any] = {name: request.POST.get(name) for name in request.POST}
    return {**given, "categories": request.POST.getlist("categories")}


def _mark(request: HttpRequest, form: WriteForm, **what: bool) -> HttpResponse:
    """For scripts: the mark beside the button, with the revision that the next save starts from."""
    return render(request, "bulletins/saving.html", {"form": form, **what})
