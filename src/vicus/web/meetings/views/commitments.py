"""The tracker of commitments: what is open, late, kept, dropped; one commitment, its steps, its words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vicus.incidents import freetext
from vicus.web.accounts.rules import Permission
from vicus.web.audit import door
from vicus.web.audit.models import Action
from vicus.web.audit.texts import Met, Suspected
from vicus.web.hotspots.asking import sort_order
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views import downloads, sheets
from vicus.web.hotspots.views.reader import language
from vicus.web.hotspots.views.sheets import Sheet
from vicus.web.meetings import commitment_rules as rules
from vicus.web.meetings import links, promises, queries
from vicus.web.meetings.commitment_forms import MakeForm, StepForm, WordsForm
from vicus.web.meetings.models import Commitment, Level
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.showing import commitments as showing

LIST = "meetings.commitments"
CHOICES = ("state", "owner", "level", "commune", "hotspot")


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """What was promised, by whom, and whether it was kept."""
    who = queries.reader(request.user, zone)
    day, spoken, wanted = today(who.zone), language(), choice(request)
    every = list(queries.commitments(who))
    found = showing.lines([one for one in every if _answers(one, wanted)], day)
    sort = sort_order(request.GET, showing.BY_KEY)
    shown = showing.ordered(showing.chosen(found, wanted["state"]), sort)
    by = [part for part in showing.TALLIES if not (part == "owner" and who.is_partner)]
    context = {
        "zone": who.zone,
        "crumbs": crumbs(who),
        "sentence": showing.sentence(found, spoken),
        "any": bool(every),
        "tabs": _tabs(found, wanted, who.zone.slug),
        "filters": [] if who.is_partner else _filters(who, every, wanted),
        "filtered": any(wanted[name] for name in CHOICES[1:]),
        "state": wanted["state"],
        "table": showing.table(
            shown, sort, wanted, who.zone.slug, spoken, exports=not who.is_partner, own=who.is_partner
        ),
        "summaries": [
            showing.summary(found, part, _order(request, part), wanted, who.zone.slug, spoken) for part in by
        ],
        "fewest": showing.FEWEST,
        "may_make": rules.WRITE in who.role.permissions,
        "may_link": links.may_write(who),
    }
    return render(request, "meetings/commitments.html", context)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, zone: str, kind: str) -> HttpResponse:
    """The tracker as CSV or Excel: through the audit door, and it says who took it, when and what for (R08)."""
    who = queries.reader(request.user, zone)
    if kind not in sheets.KINDS or who.is_partner:
        raise Http404
    wanted, sort, spoken, day = (
        choice(request),
        sort_order(request.GET, showing.BY_KEY),
        language(),
        today(who.zone),
    )
    said = tuple((name, value) for name, value in wanted.items() if value)
    what = door.Restricted(LIST, who.zone.slug, _("List of commitments"), said)
    back = reverse("commitments:list", args=[who.zone.slug]) + showing.address(wanted)
    grant = door.require_reason(request, what=what, zone=who.zone, action=Action.DISCLOSURE, back=back)
    if isinstance(grant, HttpResponse):
        return grant
    found = showing.lines([one for one in queries.commitments(who) if _answers(one, wanted)], day)
    shown = showing.ordered(showing.chosen(found, wanted["state"]), sort)
    sheet = Sheet(
        _("Commitments"),
        [str(column.label) for column in showing.COLUMNS],
        [[showing.stored(column, line, spoken) for column in showing.COLUMNS] for line in shown],
    )
    about = [
        (_("Zone"), who.zone.name),
        (_("Chosen"), ", ".join(f"{name}: {value}" for name, value in said)),
        *downloads.taken(request, grant),
    ]
    return sheets.answer(kind, f"{who.zone.slug}-{day:%Y-%m-%d}-commitments", [sheet], about)


@require_safe
def one(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A commitment: where it stands, what happened to it, what may happen now."""
    who = queries.reader(request.user, zone)
    commitment = queries.commitment(who, pk)
    day, spoken = today(who.zone), language()
    standing = rules.standing(commitment, day)
    context = {
        "zone": who.zone,
        "commitment": commitment,
        "crumbs": crumbs(who, commitment),
        "state_label": showing.WORDS[standing],
        "tone": showing.TONES[standing],
        "due": showing.due(commitment, day, spoken),
        "facts": showing.facts(commitment, spoken),
        "history": showing.history(commitment, spoken),
        "steps": [
            {
                "label": step.verb,
                "url": reverse("commitments:step", args=[who.zone.slug, commitment.pk, step.code]),
                "primary": step.code == "keep",
            }
            for step in rules.open_steps(who, commitment)
        ],
        "may_correct": rules.writes(who, commitment),
        "meeting": None if who.is_partner else commitment.meeting,
        "residents": [(code, commitment.public_words[code]) for code in promises.BOTH]
        if commitment.public
        else [],
    }
    return render(request, "meetings/commitment.html", context)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """One step of the table of states; asks for what it needs."""
    who = queries.reader(request.user, zone)
    commitment = queries.commitment(who, pk)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if not rules.may(who, wanted, commitment):
        raise PermissionDenied
    form = StepForm(request.POST if request.method == "POST" else None, step=wanted, commitment=commitment)
    context: dict[str, Any] = {
        "title": wanted.verb,
        "sentence": commitment.title,
        "crumbs": crumbs(who, commitment, str(wanted.verb)),
        "cancel_url": reverse("commitments:commitment", args=[who.zone.slug, commitment.pk]),
    }
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if value is not None}
        try:
            promises.take(commitment=commitment, code=code, actor=request.user, on=today(who.zone), **given)
        except (Suspected, Met, ValidationError) as refused:
            context |= _refused(form, refused)
        else:
            messages.success(request, str(wanted.done))
            return redirect("commitments:commitment", who.zone.slug, commitment.pk)
    return _asked(request, who, form, context)


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, zone: str) -> HttpResponse:
    """A commitment that was made outside a meeting."""
    who = queries.reader(request.user, zone, Permission.WRITE_MEETINGS)
    day = today(who.zone)
    form = MakeForm(request.POST if request.method == "POST" else None, who=who, day=day)
    context: dict[str, Any] = {
        "title": _("Note a commitment"),
        "sentence": _("What an organisation promised outside a meeting; minutes carry those made in one."),
        "crumbs": crumbs(who, None, _("Note a commitment")),
        "cancel_url": reverse("commitments:list", args=[who.zone.slug]),
    }
    if request.method == "POST" and form.is_valid():
        try:
            made = promises.make(
                actor=request.user, zone=who.zone, meeting=None, made_on=day, **form.values()
            )
        except (Suspected, ValidationError) as refused:
            context |= _refused(form, refused)
        else:
            messages.success(request, _("The commitment is noted."))
            return redirect("commitments:commitment", who.zone.slug, made.pk)
    return _asked(request, who, form, context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Correct the words, and say whether residents read them."""
    who = queries.reader(request.user, zone)
    commitment = queries.commitment(who, pk)
    if not rules.writes(who, commitment):
        raise PermissionDenied
    form = WordsForm(
        request.POST if request.method == "POST" else None, initial=WordsForm.initial_of(commitment)
    )
    context: dict[str, Any] = {
        "title": _("Correct the words"),
        "sentence": commitment.title,
        "crumbs": crumbs(who, commitment, _("Correct the words")),
        "cancel_url": reverse("commitments:commitment", args=[who.zone.slug, commitment.pk]),
    }
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        try:
            promises.correct(
                commitment=commitment, actor=request.user, revision=-1 if revision is None else revision,
                **form.values(),
            )  # fmt: skip
        except (Suspected, Met, ValidationError) as refused:
            context |= _refused(form, refused)
        else:
            messages.success(request, _("The words are kept."))
            return redirect("commitments:commitment", who.zone.slug, commitment.pk)
    return _asked(request, who, form, context)


def _asked(request: HttpRequest, who: Reader, form: Form, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(
        request, "meetings/commitment_form.html", {**context, "zone": who.zone, "form": form}, status=status
    )


def _refused(form: Form, refused: Exception) -> dict[str, Any]:
    """What the page says of a refusal; what was typed stays in the form."""
    if isinstance(refused, Suspected):
        found = list(refused.findings)
        lines = [finding.found for finding in found]
        return {"warning": {"lines": lines, "fingerprint": freetext.fingerprint(found)}}
    if isinstance(refused, Met):
        # Sent once more, it is saved: whoever does so has been told and can read what stands there.
        again = QueryDict(mutable=True)
        again.update(form.data)
        again["revision"] = str(refused.current.revision)
        form.data = again
        form.add_error(
            None, _("Somebody else wrote on this commitment meanwhile. Compare, and send yours once more.")
        )
        return {"current": refused.current}
    assert isinstance(refused, ValidationError)
    fields = getattr(refused, "error_dict", None)
    if fields and set(fields) <= set(form.fields):
        form.add_error(None, refused)
    else:
        form.add_error(None, ValidationError(refused.messages))
    return {}


def choice(request: HttpRequest) -> dict[str, str]:
    """What an address asks for; open ones where it does not say."""
    wanted = {name: request.GET.get(name, "") for name in CHOICES}
    wanted["state"] = wanted["state"] if wanted["state"] in showing.STANDINGS else "open"
    return wanted


def _answers(commitment: Commitment, wanted: dict[str, str]) -> bool:
    return (
        wanted["owner"] in ("", commitment.owner.code)
        and wanted["level"] in ("", str(commitment.level))
        and wanted["commune"] in ("", commitment.commune.code if commitment.commune else "-")
        and wanted["hotspot"] in ("", str(commitment.hotspot.number) if commitment.hotspot else "-")
    )


def _order(request: HttpRequest, by: str) -> tuple[str, bool]:
    return sort_order({"sort": request.GET.get(f"order_{by}", "")}, showing.COUNT_KEYS)


def _tabs(found: list[showing.Line], wanted: dict[str, str], slug: str) -> list[dict[str, Any]]:
    here = reverse("commitments:list", args=[slug])
    return [
        {
            "label": label,
            "url": here + showing.address({**wanted, "state": state}),
            "current": state == wanted["state"],
            "count": len(showing.chosen(found, state)),
        }
        for state, label in showing.STANDINGS.items()
    ]


def _filters(who: Reader, every: list[Commitment], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """A select for each part of the address, with what there is to choose."""
    communes = {one.commune.code: one.commune.name for one in every if one.commune}
    hotspots = {one.hotspot.number: one.hotspot.title for one in every if one.hotspot}
    choices: dict[str, tuple[str, list[tuple[str, Any]]]] = {
        "owner": (
            _("Organisation"),
            sorted({(one.owner.code, one.owner.name) for one in every}, key=lambda c: c[1].casefold()),
        ),
        "level": (_("Level"), [(str(level.value), level.label) for level in Level]),
        "commune": (_("Commune"), sorted(communes.items(), key=lambda c: c[1].casefold())),
        "hotspot": (_("Hotspot"), [(str(number), title) for number, title in sorted(hotspots.items())]),
    }
    return [
        {
            "name": name,
            "label": label,
            "choices": [
                {"value": value, "label": text, "selected": value == wanted[name]} for value, text in given
            ],
        }
        for name, (label, given) in choices.items()
        if len(given) > 1
    ]


def crumbs(who: Reader, commitment: Commitment | None = None, *more: str) -> list[dict[str, str]]:
    """The way to a page of a commitment. A partner has no page of the zone."""
    way = [{"label": _("Commitments"), "url": reverse("commitments:list", args=[who.zone.slug])}]
    if not who.is_partner:
        way.insert(0, {"label": who.zone.name, "url": reverse("hotspots:zone", args=[who.zone.slug])})
    if commitment is not None:
        url = reverse("commitments:commitment", args=[who.zone.slug, commitment.pk])
        way.append({"label": commitment.title, "url": url})
    way += [{"label": label, "url": ""} for label in more]
    way[-1]["url"] = ""
    return way
