"""What is written in a meeting: texts saved while they are typed, fields kept together, rows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vicus.web.audit.texts import Met, Suspected
from vicus.web.meetings import services, shape
from vicus.web.meetings.models import Aside
from vicus.web.meetings.opened import Opened, opened
from vicus.web.meetings.showing import meeting as showing
from vicus.web.meetings.views import meetings as pages
from vicus.web.sara.forms import EntryForm
from vicus.web.sara.shape import Kind
from vicus.web.sara.showing import Draft, warning
from vicus.web.sara.writing import CHOICES, Written


@require_POST
def write(request: HttpRequest, zone: str, pk: int, key: str) -> HttpResponse:
    """Save one text. A writer whose minutes were closed meanwhile keeps the text beside them."""
    it = opened(request.user, zone, pk)
    if key not in shape.PASSAGES:
        raise Http404
    if not it.may_write:
        raise PermissionDenied
    text = request.POST.get("text", "")[:20_000]
    revision = request.POST.get("revision", "")
    written = services.write(
        meeting=it.meeting, key=key, text=text, actor=request.user,
        revision=int(revision) if revision.isdecimal() and len(revision) < 9 else 0,
        page=request.POST.get("page", "")[:20], vouched=request.POST.get("vouched", "")[:64],
    )  # fmt: skip
    now = opened(request.user, zone, pk)
    if request.headers.get("HX-Request"):
        return _fragment(request, now, key, written, text)
    if written.outcome == "suspected":
        return pages.show(request, now, status=422, drafts={key: Draft(text, written.findings)})
    if written.outcome in ("met", "closed"):
        return pages.show(request, now, status=409)
    messages.success(request, _("Saved."))
    return redirect(showing.address(it.meeting) + f"#passage-{key}")


def _fragment(request: HttpRequest, it: Opened, key: str, written: Written, text: str) -> HttpResponse:
    """For scripts: only the mark beside the text, or the whole block when two texts met."""
    draft = Draft(text, written.findings) if written.outcome == "suspected" else None
    shown = showing.passage(it, key, draft, request.POST.get("page", "")[:20])
    context = {"it": shown, "now": written.outcome}
    if written.outcome in ("met", "closed"):
        answer = render(request, "sara/passage.html", context)
        answer["HX-Retarget"] = f"#passage-{key}"
        answer["HX-Reswap"] = "outerHTML"
        return answer
    return render(request, "sara/passage_state.html", context)


@require_POST
def settle(request: HttpRequest, zone: str, pk: int, aside: int) -> HttpResponse:
    """Choose between two texts that met."""
    it = opened(request.user, zone, pk)
    if not it.may_write:
        raise PermissionDenied
    found = Aside.objects.filter(pk=aside, passage__meeting=it.meeting).select_related("passage").first()
    choice = CHOICES.get(request.POST.get("choice", ""))
    if found is None or choice is None:
        raise Http404
    key = found.passage.key
    try:
        services.settle(meeting=it.meeting, aside=found, choice=choice, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(showing.address(it.meeting) + f"#passage-{key}")


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, zone: str, pk: int, kind: str) -> HttpResponse:
    """Fields that are kept together."""
    it = _to_write(request, zone, pk)
    if kind not in shape.GROUPS or not any(section.group == kind for section in it.sections):
        raise Http404
    of = shape.GROUPS[kind]
    form = showing.group_form(it, of, request.POST if request.method == "POST" else None)

    def keep(values: dict[str, Any], vouched: str) -> None:
        services.keep_group(
            meeting=it.meeting, kind=of, values=values, revision=form.cleaned_data["revision"] or 0,
            actor=request.user, vouched=vouched,
        )  # fmt: skip

    return _handle(request, it, of, form, keep, title=str(of.change))


@require_http_methods(["GET", "POST"])
def add_row(request: HttpRequest, zone: str, pk: int, kind: str) -> HttpResponse:
    """A new row: an organisation, something shared, a decision, a commitment, an answer, a pulse."""
    it = _to_write(request, zone, pk)
    of = _kind(it, kind)
    form = showing.new_form(it, of, request.POST if request.method == "POST" else None)

    def keep(values: dict[str, Any], vouched: str) -> None:
        thing = of.model(meeting=it.meeting)
        services.keep(
            meeting=it.meeting, kind=of, thing=thing, values=values, actor=request.user, vouched=vouched
        )

    return _handle(request, it, of, form, keep, title=str(of.add))


@require_http_methods(["GET", "POST"])
def change_row(request: HttpRequest, zone: str, pk: int, kind: str, row: int) -> HttpResponse:
    """A row that is there. Commitments have a page of their own."""
    it = _to_write(request, zone, pk)
    of = _kind(it, kind)
    if of is shape.COMMITMENT:
        raise Http404
    thing = it.row(of, row)
    thing.revision = 0
    form = EntryForm(
        of, request.POST if request.method == "POST" else None, thing=thing, options=it.options(of, thing)
    )

    def keep(values: dict[str, Any], vouched: str) -> None:
        services.keep(
            meeting=it.meeting, kind=of, thing=thing, values=values, actor=request.user, vouched=vouched
        )

    removes = of is not shape.SHARED
    more = {
        "remove_url": showing.address(it.meeting, "remove_row", kind, row),
        "remove_label": _("Take it out"),
    }
    return _handle(request, it, of, form, keep, title=str(of.change), **(more if removes else {}))


@require_POST
def remove_row(request: HttpRequest, zone: str, pk: int, kind: str, row: int) -> HttpResponse:
    """Take a row out; what was shared or promised stays."""
    it = _to_write(request, zone, pk)
    of = _kind(it, kind)
    try:
        services.remove(meeting=it.meeting, kind=of, thing=it.row(of, row), actor=request.user)
        messages.success(request, _("Removed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(_back(it, of))


def _handle(
    request: HttpRequest, it: Opened, kind: Kind, form: EntryForm, keep: Any, *, title: str, **more: Any
) -> HttpResponse:
    """Keep what was sent, or show the form: with its errors, with a warning, with what somebody else saved."""
    back = _back(it, kind)
    context: dict[str, Any] = {
        "form": form, "kind": kind, "zone": it.zone, "back": back, "entry_title": title,
        "entry_sentence": f"{it.meeting.body.name}, {showing.when(it.meeting)}",
        "crumbs": showing.crumbs(it.who, (it.meeting.body.name, showing.address(it.meeting)), (title, "")), **more,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "sara/entry.html", context)
    if not form.is_valid():
        return render(request, "sara/entry.html", context, status=422)
    values = form.values()
    try:
        keep(values, form.cleaned_data["vouched"])
    except Suspected as suspected:
        context["warning"] = warning(suspected.findings)
        return render(request, "sara/entry.html", context, status=422)
    except Met as met:
        fields = [field for field in kind.fields if field.value(met.current) != values[field.key]]
        passage = met.current.passages.select_related("written_by").get(key=kind.key)
        context["theirs"] = [(field.label, showing.value(field, met.current)) for field in fields]
        context["their_name"] = str(passage.written_by or "")
        context["revision_now"] = passage.revision
        return render(request, "sara/entry.html", context, status=409)
    except ValidationError as error:
        for name, said in getattr(error, "error_dict", {None: error.messages}).items():
            for message in ValidationError(said).messages:
                form.add_error(name if name in form.fields else None, message)
        return render(request, "sara/entry.html", context, status=422)
    messages.success(request, _("Kept."))
    return redirect(back)


def _to_write(request: HttpRequest, zone: str, pk: int) -> Opened:
    """The meeting for somebody who may write on it now; others who see it are refused."""
    it = opened(request.user, zone, pk)
    if not it.writes:
        raise PermissionDenied
    return it


def _kind(it: Opened, name: str) -> Kind:
    """A kind of row that the levels of the meeting have."""
    if not any(section.entries == name for section in it.sections):
        raise Http404
    return shape.KINDS[name]


def _back(it: Opened, kind: Kind) -> str:
    anchor = next(s.key for s in shape.SECTIONS if kind.key in (s.entries, s.group))
    return showing.address(it.meeting) + f"#{anchor}"
