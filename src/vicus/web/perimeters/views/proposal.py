"""One proposal: the old and the new outline over each other, its figures, and the decision."""

from __future__ import annotations

from typing import Any

import shapely
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.services import today
from vicus.web.hotspots.views.reader import language
from vicus.web.perimeters import queries, rules, services
from vicus.web.perimeters.forms import DecisionForm
from vicus.web.perimeters.models import Proposal
from vicus.web.perimeters.queries import Reader
from vicus.web.perimeters.showing import maps, sentences
from vicus.web.perimeters.showing.maps import Shown
from vicus.web.perimeters.views.listing import crumbs

SAID = {
    "propose": gettext_lazy("Proposed. The zone direction decides."),
    "accept": gettext_lazy("Accepted: the new version is in force from today."),
    "refuse": gettext_lazy("Refused; the perimeter stays as it is."),
    "withdraw": gettext_lazy("Withdrawn."),
}


@require_safe
def page(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """The page of a proposal."""
    who = queries.reader(request.user, zone)
    return _shown(request, who, queries.one(who, pk), DecisionForm())


@require_POST
def step(request: HttpRequest, zone: str, pk: int, code: str) -> HttpResponse:
    """One step of the table of states."""
    who = queries.reader(request.user, zone)
    proposal = queries.one(who, pk)
    wanted = rules.BY_CODE.get(code)
    if wanted is None:
        raise Http404
    if not who.may(wanted.by):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.take(
                proposal=proposal, code=code, actor=request.user, on=today(who.zone), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(
                "comment" if wanted.comment and not form.cleaned_data["comment"].strip() else None, error
            )
        else:
            messages.success(request, SAID[code])
            return redirect("perimeters:proposal", who.zone.slug, proposal.pk)
    return _shown(request, who, proposal, form, status=422)


def _shown(
    request: HttpRequest, who: Reader, proposal: Proposal, form: DecisionForm, status: int = 200
) -> HttpResponse:
    spoken = language()
    steps = [
        {
            "label": step.verb,
            "url": reverse("perimeters:step", args=[who.zone.slug, proposal.pk, step.code]),
            "decides": step.comment,
            "primary": step.code in ("propose", "accept"),
            "danger": step.code == "refuse",
        }
        for step in rules.open_steps(proposal, who.role)
    ]
    evidence = proposal.evidence
    way = [(proposal.title, "")]
    if proposal.hotspot is not None:
        place = reverse("perimeters:hotspot", args=[who.zone.slug, proposal.hotspot.number])
        way.insert(0, (proposal.hotspot.title, place))
    context: dict[str, Any] = {
        "zone": who.zone,
        "proposal": proposal,
        "form": form,
        "crumbs": crumbs(who, *way),
        "tone": rules.TONES[Proposal.State(proposal.state)],
        "measures": sentences.measures(evidence, spoken),
        "compared": sentences.compared(evidence, spoken),
        "overlap": sentences.overlap(evidence, spoken),
        "period": sentences.period(evidence, spoken),
        "map": _map(who, proposal, spoken),
        "facts": _facts(proposal, spoken),
        "decisions": [step for step in steps if step["decides"]],
        "steps": [step for step in steps if not step["decides"]],
        "may_change": proposal.state == Proposal.State.DRAFT and who.may(Permission.PROPOSE_PERIMETERS),
    }
    return render(request, "perimeters/proposal.html", context, status=status)


def _map(who: Reader, proposal: Proposal, spoken: str) -> dict[str, Any]:
    shape = proposal.shape
    old = proposal.replaces.shape if proposal.replaces is not None else None
    number = (
        {"number": str(proposal.hotspot.number), "name": proposal.hotspot.name} if proposal.hotspot else {}
    )
    shown = maps.neighbours(who.zone, who.seen(), proposal.hotspot, today(who.zone))
    legend = [{"kind": "dash", "colour": "accent", "label": _("proposed outline")}]
    if old is not None:
        shown.append(Shown("outline", old, number))
        legend.insert(0, {"kind": "line", "colour": "ink", "label": _("outline it would replace")})
    shown.append(Shown("proposal", shape))
    both = shape if old is None else shapely.union_all([shape, old])
    return maps.drawn(
        who.zone,
        shown,
        both.buffer(60),
        _("The proposed outline over the one in force"),
        spoken,
        legend=legend,
    )


def _facts(proposal: Proposal, spoken: str) -> list[tuple[str, str]]:
    def day(value: Any) -> str:
        return words.day(value, spoken) if value else ""

    items = [
        (_("Designation"), proposal.get_designation_display()),
        (_("Legal basis"), proposal.legal_basis),
        (_("Order"), proposal.order_reference),
        (_("Ends on"), day(proposal.ends_on)),
        (_("Review due"), day(proposal.review_due) or _("twelve months after it comes into force")),
        (_("Surroundings"), _("%s m") % words.number(proposal.buffer_m, spoken)),
        (
            _("Control areas"),
            words.listed([str(n) for n in proposal.controls], spoken) if proposal.controls else "",
        ),
        (_("Leaves the list when"), proposal.exit_criteria),
        (_("Proposed on"), day(proposal.proposed_on)),
        (_("Decided on"), day(proposal.decided_on)),
        (_("Decision"), proposal.decision_reference),
    ]
    return [(name, value) for name, value in items if value]
