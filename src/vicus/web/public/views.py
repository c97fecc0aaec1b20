"""What residents read, and the one form they may send. No account, no cookie, no script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from vicus.web.public import reading
from vicus.web.public.forms import FeedbackForm
from vicus.web.public.limits import LIMITS
from vicus.web.public.models import LANGUAGES, Feedback, Snapshot


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Both languages, to choose from."""
    translation.activate(LANGUAGES[0])
    return render(request, "public/start.html", {"language": LANGUAGES[0]})


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the database answers."""
    try:
        Snapshot.objects.exists()
    except DatabaseError:
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})


@require_safe
def bulletins(request: HttpRequest, language: str) -> HttpResponse:
    """Every bulletin that can be read, per commune and neighbourhood."""
    found = Snapshot.objects.filter(withdrawn_on=None)
    context = {"communes": by_commune(found, language)}
    return shown(request, language, "public/bulletins.html", context, "bulletins", {})


@require_safe
def bulletin(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """One bulletin; one that was withdrawn says so."""
    return page(request, language, one(slug), FeedbackForm(slug=slug))


@require_POST
def feedback(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """Keep what somebody wrote. Where from is used to slow down who sends much, and is not kept."""
    snapshot = one(slug)
    if snapshot.withdrawn_on:
        return page(request, language, snapshot, FeedbackForm(slug=slug))
    translation.activate(language)
    form = FeedbackForm(request.POST, slug=slug)
    if not form.is_valid() or form.found:
        return page(request, language, snapshot, form.renewed(), status=422)
    if not form.is_by_a_program:
        if not LIMITS.allow(sender(request)):
            return page(request, language, snapshot, form.renewed(), status=429, too_many=True)
        Feedback.objects.create(
            bulletin=slug,
            language=language,
            text=form.cleaned_data["text"],
            received_on=timezone.localdate(),
        )
    return redirect("thanks", language, slug)


@require_safe
def thanks(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """A plain word of thanks, and what happens now."""
    snapshot = one(slug)
    context = {"snapshot": snapshot, "bulletin": snapshot.in_language(language)}
    return shown(request, language, "public/thanks.html", context, "thanks", {"slug": slug})


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """There is no such page; both languages, since the address may not say which."""
    return wrong(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed; nothing that was sent is shown."""
    return wrong(request, 500)


def wrong(request: HttpRequest, status: int) -> HttpResponse:
    language = next((code for code in LANGUAGES if request.path.startswith(f"/{code}/")), LANGUAGES[0])
    translation.activate(language)
    return render(
        request, "public/wrong.html", {"language": language, "missing": status == 404}, status=status
    )


def one(slug: str) -> Snapshot:
    found = Snapshot.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def page(
    request: HttpRequest,
    language: str,
    snapshot: Snapshot,
    form: FeedbackForm,
    *,
    status: int = 200,
    too_many: bool = False,
) -> HttpResponse:
    """A bulletin with its form."""
    translation.activate(language)
    context = reading.page(snapshot, language, timezone.localdate()) | {
        "form": None if snapshot.withdrawn_on else form,
        "too_many": too_many,
    }
    status = 410 if snapshot.withdrawn_on else status
    return shown(
        request, language, "public/bulletin.html", context, "bulletin", {"slug": snapshot.slug}, status
    )


def shown(
    request: HttpRequest,
    language: str,
    template: str,
    context: dict[str, Any],
    name: str,
    kwargs: dict[str, str],
    status: int = 200,
) -> HttpResponse:
    """A page in one language, with the way to the other."""
    translation.activate(language)
    other = next(code for code in LANGUAGES if code != language)
    address = reverse(name, kwargs={**kwargs, "language": other})
    return render(
        request,
        template,
        {**context, "language": language, "other": other, "other_url": address},
        status=status,
    )


def by_commune(found: Iterable[Snapshot], language: str) -> list[dict[str, Any]]:
    """Communes in the order of the alphabet, each with its places, each with its bulletins, the newest first."""

    def named(snapshot: Snapshot, part: str) -> str:
        return str(snapshot.place[part].get(language) or next(iter(snapshot.place[part].values())))

    def order(snapshot: Snapshot) -> tuple[str, str, int]:
        return named(snapshot, "commune"), named(snapshot, "place"), -date.toordinal(snapshot.ends_on)

    communes = []
    for commune, of_commune in groupby(sorted(found, key=order), key=lambda it: named(it, "commune")):
        places = [
            {"name": place, "bulletins": [{"it": it, **it.in_language(language)} for it in of_place]}
            for place, of_place in groupby(of_commune, key=lambda it: named(it, "place"))
        ]
        communes.append({"name": commune, "places": places})
    return communes


def sender(request: HttpRequest) -> str:
    """The address a request comes from, behind as many proxies as the settings trust."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    trusted = int(getattr(settings, "PROXIES", 0))
    return told[-trusted] if trusted and len(told) >= trusted else str(request.META.get("REMOTE_ADDR", ""))
