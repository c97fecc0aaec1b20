"""The page an organisation opens from its link, without an account: its open commitments, done with a line."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from vicus.incidents import freetext
from vicus.pictures import words
from vicus.web.accounts.addresses import too_many
from vicus.web.audit.texts import Suspected
from vicus.web.hotspots.services import today
from vicus.web.meetings import links
from vicus.web.meetings.models import Commitment, CommitmentLink
from vicus.web.meetings.showing import commitments as showing

View = Callable[..., HttpResponse]


def _closed(view: View) -> View:
    """The address is the key: no page it leads to learns it, and no machine on the way keeps the answer."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answered


# Nothing here rests on a cookie: whoever knows the address may act, and nobody else can make a browser do so. Besides,
# a page without referrer sends no origin that the protection of forms could compare.
@login_not_required
@csrf_exempt
@_closed
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The open commitments of one organisation. A wrong, ended or withdrawn address gets one and the same answer."""
    link = links.found(token)
    with translation.override(_language(request, link)):
        if link is None:
            return _gone(request)
        if too_many("use", link.digest, most=links.MOST_USES, seconds=links.WINDOW_SECONDS):
            return _wait(request)
        with timezone.override(link.organisation.zone.timezone):
            return _keep(request, token, link) if request.method == "POST" else _shown(request, link)


def _shown(request: HttpRequest, link: CommitmentLink, status: int = 200, **wrong: Any) -> HttpResponse:
    """The page; `wrong` is what was typed for the commitment `pk`, and what is the matter with it."""
    if request.method == "GET":
        links.opened(link)
    day, spoken = today(link.organisation.zone), (translation.get_language() or "en")[:2]
    found = list(links.promised(link))
    n = len(found)
    context = {
        "organisation": link.organisation,
        "zone_name": link.organisation.zone.name,
        "language": spoken,
        "sentence": ngettext("%(n)s commitment is open.", "%(n)s commitments are open.", n)
        % {"n": words.number(n, spoken)}
        if n
        else _("No commitment is open. Thank you for keeping what was promised."),
        "promised": [_one(one, wrong if wrong.get("pk") == one.pk else {}, day, spoken) for one in found],
        "done": "done" in request.GET,
    }
    return render(request, "meetings/promise.html", context, status=status)


def _one(commitment: Commitment, wrong: dict[str, Any], day: Any, spoken: str) -> dict[str, Any]:
    return {
        "pk": commitment.pk,
        "title": commitment.title,
        "detail": commitment.detail,
        "due": showing.due(commitment, day, spoken),
        "late": commitment.late(day),
        "place": showing.place(commitment),
        **wrong,
    }


def _keep(request: HttpRequest, token: str, link: CommitmentLink) -> HttpResponse:
    number, evidence = request.POST.get("commitment", ""), request.POST.get("evidence", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return _gone(request)
    wrong: dict[str, Any] = {"pk": int(number), "evidence": evidence}
    try:
        kept = links.keep(
            link=link, pk=int(number), evidence=evidence[:1000], vouched=request.POST.get("vouched", "")
        )
    except Suspected as suspected:
        found = list(suspected.findings)
        wrong["warning"] = {
            "lines": [finding.found for finding in found],
            "fingerprint": freetext.fingerprint(found),
        }
        return _shown(request, link, 422, **wrong)
    except ValidationError as error:
        return _shown(request, link, 422, error=" ".join(error.messages), **wrong)
    if kept is None:
        return _gone(request)
    spoken = (translation.get_language() or "en")[:2]
    return redirect(f"{reverse('promise', args=[token])}?lang={spoken}&done=1")


def _language(request: HttpRequest, link: CommitmentLink | None) -> str:
    """The one that was chosen, else that of the organisation, else what the browser asks for."""
    asked = request.GET.get("lang", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return (
        (link.organisation.language if link else "") or translation.get_language() or settings.LANGUAGE_CODE
    )


def _gone(request: HttpRequest) -> HttpResponse:
    if too_many(
        "wrong",
        get_adapter().get_client_ip(request),
        most=links.MOST_WRONG,
        seconds=links.WINDOW_SECONDS,
    ):
        return _wait(request)
    context = {
        "title": _("This link does not open anything"),
        "sentence": _(
            "It was copied in part, has ended or was withdrawn. Ask the police zone for a new one."
        ),
    }
    return render(request, "meetings/promise_gone.html", context, status=404)


def _wait(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Too often in a short time"),
        "sentence": _("Nothing is lost. Wait five minutes and open the link again."),
    }
    return render(request, "meetings/promise_gone.html", context, status=429)
