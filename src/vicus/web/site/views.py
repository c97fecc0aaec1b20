"""The first page, the language switch and the pages for when something is wrong."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import check_for_language, gettext
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from vicus.web.accounts import services as accounts
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.site.navigation import entries
from vicus.web.zone.models import Zone

logger = logging.getLogger(__name__)


def home(request: HttpRequest) -> HttpResponse:
    """To the page with which this reader begins, or the first there is; says so where the role has none."""
    pages = entries(request)
    if pages:
        return redirect(next((page for page in pages if page["home"]), pages[0])["url"])
    return render(request, "site/no_pages.html")


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for those who have signed in."""
    language = request.POST.get("language", "")
    if (
        request.user.is_authenticated
        and check_for_language(language)
        and language in dict(settings.LANGUAGES)
    ):
        accounts.choose_language(user=request.user, language=language)
    response: HttpResponse = set_language(request)
    return response


def _note_refusal(request: HttpRequest) -> None:
    """Somebody who has signed in asked for what is not theirs: the auditor of the zone reads it (rights R06)."""
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or user is None or not user.is_authenticated:
        return
    zone = Zone.objects.filter(slug=match.kwargs.get("zone", "")).first()
    record(
        actor=user, action=Action.ACCESS, object_type="site.page", object_id=request.path[:200], zone=zone,
        details={"event": "page refused", "page": match.view_name, "method": request.method},
    )  # fmt: skip


def _page(request: HttpRequest, *, status: int, title: str, sentence: str) -> HttpResponse:
    """An error page; plain text where even the template does not work."""
    context = {"status": status, "error_title": title, "error_sentence": sentence}
    try:
        return HttpResponse(render_to_string("site/error.html", context, request), status=status)
    except TemplateDoesNotExist:
        return HttpResponse(f"{title}\n{sentence}", status=status, content_type="text/plain; charset=utf-8")


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, status=400, title=gettext("This request cannot be read"),
        sentence=gettext("Go back and try again."),
    )  # fmt: skip


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _note_refusal(request)
    return _page(
        request, status=403, title=gettext("Your role may not do this"),
        sentence=gettext("Ask the administrator of your zone if you think it should."),
    )  # fmt: skip


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    _note_refusal(request)
    return _page(
        request, status=404, title=gettext("This page does not exist"),
        sentence=gettext("Or it is not for you: the address may belong to another zone or role."),
    )  # fmt: skip


@requires_csrf_token
@login_not_required
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, status=403, title=gettext("This form is too old"),
        sentence=gettext("Nothing was saved. Go back, load the page again and send the form once more."),
    )  # fmt: skip


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """Written to the log by Django; must not fail itself, so it looks nothing up."""
    try:
        body = render_to_string("site/broken.html")
    except Exception:
        logger.exception("The page for failures does not work either.")
        body = mark_safe("Something went wrong. It has been written to the log.")
    return HttpResponse(body, status=500)
