"""Links of organisations: made, shown once, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from vicus.pictures import words
from vicus.web.accounts.rules import Permission
from vicus.web.hotspots.views.reader import language
from vicus.web.meetings import links, queries
from vicus.web.meetings.models import Commitment, CommitmentLink
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.views.commitments import crumbs
from vicus.web.zone.models import Organisation


@require_safe
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """Every organisation of the zone with its links."""
    return _shown(request, _writer(request, zone))


@require_POST
def make(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """A new link. Its address stands in this answer and nowhere else."""
    who = _writer(request, zone)
    organisation = get_object_or_404(Organisation, zone=who.zone, pk=pk)
    try:
        link, token = links.make(organisation=organisation, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("commitments:links", who.zone.slug)
    address = request.build_absolute_uri(reverse("promise", args=[token]))
    response = _shown(request, who, shown=link, address=address)
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
def revoke(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Withdraw a link."""
    who = _writer(request, zone)
    link = get_object_or_404(CommitmentLink, organisation__zone=who.zone, pk=pk)
    links.revoke(link=link, actor=request.user)
    messages.success(request, _("The link is withdrawn and opens nothing any more."))
    return redirect("commitments:links", who.zone.slug)


def _writer(request: HttpRequest, zone: str) -> Reader:
    who = queries.reader(request.user, zone, Permission.WRITE_MEETINGS)
    if not links.may_write(who):
        raise PermissionDenied
    return who


def _shown(request: HttpRequest, who: Reader, **made: Any) -> HttpResponse:
    spoken = language()
    found = Organisation.objects.filter(zone=who.zone, ended_on=None)
    counts: dict[int, int] = {}
    for owner in Commitment.objects.filter(zone=who.zone, state="open").values_list("owner_id", flat=True):
        counts[owner] = counts.get(owner, 0) + 1
    context = {
        "zone": who.zone,
        "crumbs": [
            *(
                {**crumb, "url": crumb["url"] or reverse("commitments:list", args=[who.zone.slug])}
                for crumb in crumbs(who)
            ),
            {"label": _("Links for organisations"), "url": ""},
        ],
        "days": links.DAYS,
        "rows": [
            {
                "organisation": organisation,
                "said": _open(counts.get(organisation.pk, 0), spoken),
                "links": [
                    {"pk": link.pk, "said": _said(link, spoken)} for link in links.working(organisation)
                ],
            }
            for organisation in sorted(found, key=lambda one: (-counts.get(one.pk, 0), one.name.casefold()))
        ],
    }
    return render(request, "meetings/links.html", {**context, **made})


def _open(n: int, spoken: str) -> str:
    return ngettext("%(n)s commitment is open.", "%(n)s commitments are open.", n) % {
        "n": words.number(n, spoken)
    }


def _said(link: CommitmentLink, spoken: str) -> str:
    said = {
        "made": words.day(link.made_on, spoken, style="medium"),
        "ends": words.day(link.ends_on, spoken, style="medium"),
    }
    if link.last_used is None:
        return _("Link made on %(made)s, ends on %(ends)s, not used yet.") % said
    used = words.day(timezone.localtime(link.last_used).date(), spoken, style="medium")
    return _("Link made on %(made)s, ends on %(ends)s, last used on %(used)s.") % {**said, "used": used}
