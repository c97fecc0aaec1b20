"""Proposals to change or add a perimeter, and how well each perimeter in force still fits its problem."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.zone.models import Zone

FIGURES_READERS = _("Members of the zone whose role sees figures.")


class Proposal(models.Model):
    """An outline somebody proposes for a hotspot there is, or for a new one, with the figures it rests on."""

    processing = Processing(
        purpose=_("Propose a change of a perimeter with its reason and figures, and keep what was decided."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Outline, reason, figures, legal basis, dates, state, comment; the account that proposed it."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("state of a proposal", "draft")
        PROPOSED = "proposed", pgettext_lazy("state of a proposal", "waits for a decision")
        ACCEPTED = "accepted", pgettext_lazy("state of a proposal", "accepted")
        REFUSED = "refused", pgettext_lazy("state of a proposal", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("state of a proposal", "withdrawn")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="perimeter_proposals")
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.CASCADE, null=True, blank=True, related_name="perimeter_proposals"
    )
    # The version it was drawn over, so that the comparison stays what it was.
    replaces = models.ForeignKey(Perimeter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    perimeter = models.ForeignKey(
        Perimeter, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name of the new hotspot"), max_length=120, blank=True)
    geometry = models.BinaryField(_("outline (WKB)"))
    area_m2 = models.FloatField(_("area in square metres"))
    reason = models.TextField(_("reason"), max_length=2000)
    evidence = models.JSONField(_("figures it rests on"), default=dict)
    designation = models.CharField(
        _("designation"),
        max_length=10,
        choices=Perimeter.Designation,
        default=Perimeter.Designation.ZONAL,
    )
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    order_reference = models.CharField(_("order with legal force"), max_length=200, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    review_due = models.DateField(_("review due"), null=True, blank=True)
    buffer_m = models.PositiveSmallIntegerField(
        _("width of the surroundings in metres"), default=150, validators=[MaxValueValidator(2000)]
    )
    controls = models.JSONField(_("control areas"), default=list, blank=True)
    exit_criteria = models.TextField(_("exit criteria"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("comment on the decision"), max_length=1000, blank=True)
    decision_reference = models.CharField(_("decision"), max_length=200, blank=True)
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded on"), auto_now_add=True)

    class Meta:
        verbose_name = _("proposal of a perimeter")
        verbose_name_plural = _("proposals of perimeters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(order_reference="") | models.Q(ends_on__isnull=False),
                name="a_proposed_order_carries_an_end_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["accepted", "refused"]) | ~models.Q(comment=""),
                name="a_decided_proposal_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What is proposed: "12 Canal: new outline", or "New hotspot: Station"."""
        if self.hotspot is None:
            return gettext("New hotspot: %s") % (self.name or gettext("without a name yet"))
        if self.replaces_id is None and not self.name:
            return gettext("%s: first outline") % self.hotspot.title
        return (gettext("%s: new hotspot") if self.name else gettext("%s: new outline")) % self.hotspot.title

    @property
    def drawn_on(self) -> date:
        """The local day in the zone on which it was first kept."""
        return timezone.localdate(self.created_at, ZoneInfo(self.zone.timezone))

    @property
    def shape(self) -> Any:
        """The outline as a shapely geometry, in the coordinates of the zone."""
        return shapely.from_wkb(bytes(self.geometry))

    @shape.setter
    def shape(self, geometry: Any) -> None:
        self.geometry = shapely.to_wkb(geometry)
        self.area_m2 = geometry.area


class Fit(models.Model):
    """How well a perimeter held its problem in the twelve months up to the end of a month."""

    processing = Processing(
        purpose=_("See each month whether a perimeter still holds the problem it was drawn for."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Counts, shares and outlines of a hotspot for a month; no single fact."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="fits")
    month = models.DateField(_("month"))
    perimeter = models.ForeignKey(Perimeter, on_delete=models.CASCADE, related_name="+")
    data_version = models.PositiveIntegerField(_("version of the data"))
    # See `fitting.measured` for what each figure is.
    figures = models.JSONField(_("figures"), default=dict)
    reasons = models.JSONField(_("rules it does not meet"), default=list, blank=True)
    best = models.BinaryField(_("best outline nearby (WKB)"), null=True)
    worked_out_at = models.DateTimeField(_("worked out on"), auto_now=True)

    class Meta:
        verbose_name = _("fit of a perimeter")
        verbose_name_plural = _("fits of perimeters")
        ordering = ["hotspot", "month"]
        constraints = [
            models.UniqueConstraint(fields=["hotspot", "month"], name="one_fit_per_hotspot_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.hotspot} {self.month:%Y-%m}"

    @property
    def fits(self) -> bool:
        """Does the perimeter meet every rule that could be judged?"""
        return not self.reasons

    @property
    def best_shape(self) -> Any:
        """The best outline nearby of the same surface, in the zone's coordinates; None without facts."""
        return shapely.from_wkb(bytes(self.best)) if self.best is not None else None
