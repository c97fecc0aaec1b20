"""Texts of a sheet, saved while they are written; two that meet are both kept and shown."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vicus.web.sara import queries, services, shape, showing
from vicus.web.sara.queries import Open
from vicus.web.sara.showing import Draft
from vicus.web.sara.views import sheet as pages
from vicus.web.sara.writing import CHOICES, Written


@require_POST
def write(request: HttpRequest, zone: str, number: int, month: str, key: str) -> HttpResponse:
    """Save one text. A writer whose sheet was submitted meanwhile keeps the text beside it."""
    opened = queries.sheet(request.user, zone, number, month)
    if key not in shape.PASSAGES:
        raise Http404
    if not opened.access.writer:
        raise PermissionDenied
    text = request.POST.get("text", "")
    kept = opened.sheet if opened.sheet.pk else None
    written = services.write(
        sheet=kept
        or services.open_sheet(hotspot=opened.hotspot, month=opened.sheet.month, actor=request.user),
        key=key,
        text=text,
        revision=_whole(request.POST.get("revision", "")),
        page=request.POST.get("page", "")[:20],
        vouched=request.POST.get("vouched", "")[:64],
        actor=request.user,
    )
    # Read again, as it stands now.
    now = queries.sheet(request.user, zone, number, month)
    if request.headers.get("HX-Request"):
        return _fragment(request, now, key, written, text)
    if written.outcome == "suspected":
        return pages.show(request, now, status=422, drafts={key: Draft(text, written.findings)})
    if written.outcome in ("met", "closed"):
        return pages.show(request, now, status=409)
    messages.success(request, _("Saved."))
    return redirect(showing.address(now) + f"#passage-{key}")


def _fragment(request: HttpRequest, opened: Open, key: str, written: Written, text: str) -> HttpResponse:
    """For scripts: only the mark beside the text, or the whole block when two texts met."""
    page = request.POST.get("page", "")[:20]
    draft = Draft(text, written.findings) if written.outcome == "suspected" else None
    context = {"it": showing.passage(opened, opened.passages[key], draft, page), "now": written.outcome}
    if written.outcome in ("met", "closed"):
        answer = render(request, "sara/passage.html", context)
        answer["HX-Retarget"] = f"#passage-{key}"
        answer["HX-Reswap"] = "outerHTML"
        return answer
    return render(request, "sara/passage_state.html", context)


@require_POST
def settle(request: HttpRequest, zone: str, number: int, month: str, aside: int) -> HttpResponse:
    """Choose between two texts that met."""
    opened = queries.sheet(request.user, zone, number, month)
    if not opened.access.writer:
        raise PermissionDenied
    found = queries.aside(opened, aside)
    choice = CHOICES.get(request.POST.get("choice", ""))
    if choice is None:
        raise Http404
    try:
        services.settle(aside=found, choice=choice, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(showing.address(opened) + f"#passage-{found.passage.key}")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
