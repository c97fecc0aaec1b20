"""Reading proposals and fits. Every question of a page takes the user; strangers get 404.

`alerts`, `reviews_due` and `waiting_proposals` say what waits in a zone, for pages that gather decisions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vicus.web.accounts.rules import Permission
from vicus.web.hotspots import queries as hotspot_queries
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.rules import DUE_SOON_DAYS, perimeter_for
from vicus.web.perimeters import rules
from vicus.web.perimeters.models import Fit, Proposal
from vicus.web.zone.models import Zone


@dataclass(frozen=True, slots=True)
class Alert:
    """An order that ends soon: `urgency` counts the thresholds passed, 1 to 3; `designation` is that of its list."""

    title: str
    hotspot: Hotspot
    url: str
    date: date
    why: str
    urgency: int
    designation: str


@dataclass(frozen=True, slots=True)
class Review:
    """A perimeter that is to be looked at again: its date comes near or is past, or it no longer fits."""

    title: str
    hotspot: Hotspot
    url: str
    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal on which the zone direction has not decided; without hotspot it is about a new one."""

    title: str
    hotspot: Hotspot | None
    url: str
    date: date
    why: str


def alerts(zone: Zone, on: date) -> list[Alert]:
    """Orders in force that end within the first threshold of `rules.ALERT_DAYS`, the soonest first (rights R30)."""
    found = []
    for perimeter in _in_force(zone, on):
        if not perimeter.order_reference or perimeter.ends_on is None:
            continue
        left = (perimeter.ends_on - on).days
        urgency = sum(left <= days for days in rules.ALERT_DAYS)
        if urgency:
            found.append(
                Alert(
                    title=_("The order on %(hotspot)s ends") % {"hotspot": perimeter.hotspot.title},
                    hotspot=perimeter.hotspot,
                    url=_page(zone, perimeter.hotspot),
                    date=perimeter.ends_on,
                    why=_left(perimeter, left),
                    urgency=urgency,
                    designation=perimeter.designation,
                )
            )
    return sorted(found, key=lambda alert: (alert.date, alert.hotspot.number))


def reviews_due(zone: Zone, on: date) -> list[Review]:
    """Perimeters whose review is due within a month, late, or asked for by a fit that no longer holds."""
    latest = latest_fits(zone)
    reviews: dict[int, Review] = {}
    for perimeter in _in_force(zone, on):
        hotspot, fit = perimeter.hotspot, latest.get(perimeter.hotspot_id)
        misfit = fit is not None and not fit.fits and fit.perimeter_id == perimeter.pk
        near = perimeter.review_due <= on + timedelta(days=DUE_SOON_DAYS)
        if not misfit and not near:
            continue
        reasons = [str(rules.RULE_WORDS[code]) for code in fit.reasons] if misfit and fit else []
        review = Review(
            title=_("Review the perimeter of %(hotspot)s") % {"hotspot": hotspot.title},
            hotspot=hotspot,
            url=_page(zone, hotspot),
            date=min(perimeter.review_due, on) if misfit else perimeter.review_due,
            why="; ".join([*([_review_words(perimeter, on)] if near else []), *reasons]),
        )
        if hotspot.pk not in reviews or review.date < reviews[hotspot.pk].date:
            reviews[hotspot.pk] = review
    return sorted(reviews.values(), key=lambda review: (review.date, review.hotspot.number))


def waiting_proposals(zone: Zone, on: date) -> list[Waiting]:
    """Proposals that wait for the zone direction, the longest waiting first."""
    found = (
        Proposal.objects.filter(zone=zone, state=Proposal.State.PROPOSED)
        .exclude(hotspot__status=Hotspot.Status.CLOSED)
        .select_related("zone", "hotspot")
    )
    waiting = [
        Waiting(
            title=proposal.title,
            hotspot=proposal.hotspot,
            url=reverse("perimeters:proposal", args=[zone.slug, proposal.pk]),
            date=proposal.proposed_on or proposal.drawn_on,
            why=proposal.reason,
        )
        for proposal in found
    ]
    return sorted(waiting, key=lambda one: (one.date, one.url))


def latest_fits(zone: Zone) -> dict[int, Fit]:
    """The fit of the last month worked out for each hotspot, by key of the hotspot."""
    found = Fit.objects.filter(hotspot__zone=zone).defer("best").order_by("month")
    return {fit.hotspot_id: fit for fit in found}


@dataclass(frozen=True, slots=True)
class Reader(hotspot_queries.Reader):
    """Who reads: the zone, what is seen of its hotspots, and the role that says what may be done."""

    def may(self, permission: Permission) -> bool:
        """Whether the reader's role carries a permission."""
        return permission in self.role.permissions

    def covers(self, hotspot: Hotspot | None) -> bool:
        """Whether the reader sees a hotspot; of what has none yet, only who sees the whole zone."""
        return self.sight.areas is None if hotspot is None else self.sight.covers(hotspot)


def reader(user: Any, slug: str) -> Reader:
    """The reader in a zone; 404 for strangers and for roles that see counts only."""
    return Reader.of(user, slug)


def proposals(who: Reader) -> list[Proposal]:
    """The proposals the reader sees, newest first: drafts only for those who propose, and always one's own."""
    found: QuerySet[Proposal] = Proposal.objects.filter(zone=who.zone).select_related(
        "zone", "hotspot", "replaces", "perimeter", "author"
    )
    if not who.may(Permission.PROPOSE_PERIMETERS):
        found = found.exclude(state=Proposal.State.DRAFT)
    return [p for p in found if who.covers(p.hotspot) or p.author_id == who.user.pk]


def one(who: Reader, pk: int) -> Proposal:
    """The proposal with that key, when the reader sees it; 404 otherwise."""
    for proposal in proposals(who):
        if proposal.pk == pk:
            return proposal
    raise Http404


def fits_of(hotspot: Hotspot) -> list[Fit]:
    """The fits of a hotspot, the latest first."""
    return list(hotspot.fits.select_related("perimeter").order_by("-month"))


def in_force(hotspot: Hotspot, on: date) -> Perimeter | None:
    """The version in force that figures rest on."""
    return _first_in_force(hotspot.perimeters.all(), on)


def replaced(proposal: Proposal, on: date) -> Perimeter | None:
    """The version a proposal is drawn over: the one in force of its own designation, else that of the hotspot."""
    if proposal.hotspot is None:
        return None
    own = [p for p in proposal.hotspot.perimeters.all() if p.designation == proposal.designation]
    return _first_in_force(own, on) or in_force(proposal.hotspot, on)


def _in_force(zone: Zone, on: date) -> Iterable[Perimeter]:
    found = Perimeter.objects.filter(
        hotspot__zone=zone, hotspot__status=Hotspot.Status.ACTIVE, valid_from__lte=on
    ).select_related("hotspot")
    return [perimeter for perimeter in found if perimeter.in_force_on(on)]


def _first_in_force(versions: Iterable[Perimeter], on: date) -> Perimeter | None:
    used = perimeter_for(list(versions), on)
    return used.perimeter if used is not None and used.why == "in force" else None


def _page(zone: Zone, hotspot: Hotspot) -> str:
    return reverse("perimeters:hotspot", args=[zone.slug, hotspot.number])


def _left(perimeter: Perimeter, days: int) -> str:
    if days <= 0:
        return _("%(order)s: today is its last day.") % {"order": perimeter.order_reference}
    return ngettext(
        "%(order)s: %(n)s day left. Prolong it with a proposal, or let it end.",
        "%(order)s: %(n)s days left. Prolong it with a proposal, or let it end.",
        days,
    ) % {"order": perimeter.order_reference, "n": days}


def _review_words(perimeter: Perimeter, on: date) -> str:
    return _("the review is overdue") if perimeter.review_due < on else _("the review is due soon")
