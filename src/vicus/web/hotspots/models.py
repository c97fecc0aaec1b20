"""Hotspots, the versions of their perimeters, and their phases."""

from __future__ import annotations

from datetime import date
from typing import Any, NoReturn

import shapely
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.zone.models import Area, Zone, in_language


class Hotspot(models.Model):
    """A place where harm recurs. It lives for years; its outline changes by versions."""

    processing = Processing(
        purpose=_("Follow a place where harm recurs, and say who looks after it."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Number, names, sector, status; the accounts of its manager and deputy."),
        recipients=_("Members of the zone whose role sees figures."),
        review=YEAR,
    )

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="hotspots")
    number = models.PositiveIntegerField(_("number"))
    names = models.JSONField(_("names"), default=dict, blank=True)
    sector = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    commune = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="hotspots_managed",
        verbose_name=_("hotspot manager"),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="hotspots_deputised",
        verbose_name=_("deputy"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)

    class Meta:
        verbose_name = _("hotspot")
        verbose_name_plural = _("hotspots")
        ordering = ["zone", "number"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "number"], name="one_hotspot_per_zone_and_number"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="hotspot_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The name alone, empty when the hotspot has only a number."""
        return in_language(self.names)

    @property
    def label(self) -> str:
        """What stands after the word hotspot: "12 Canal", or "12"."""
        return f"{self.number} {self.name}".strip()

    @property
    def title(self) -> str:
        """Number and name: "12 Canal"."""
        return f"{self.number} {self.name}" if self.name else gettext("Hotspot %d") % self.number


class PerimeterIsFixed(PermissionDenied):
    """Somebody tried to edit or remove a version of a perimeter."""


class Perimeters(models.QuerySet["Perimeter"]):
    """Versions are added and closed; nothing else about them changes."""

    def update(self, **kwargs: Any) -> int:
        if set(kwargs) != {"valid_to"}:
            raise PerimeterIsFixed("A perimeter is not edited: a change is a new version.")
        return super().update(**kwargs)

    def delete(self) -> NoReturn:
        raise PerimeterIsFixed("Versions of a perimeter are kept: old figures rest on them.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PerimeterIsFixed("A perimeter is not edited: a change is a new version.")


class Perimeter(models.Model):
    """One version of the outline of a hotspot, never edited: a change is a new version."""

    processing = Processing(
        purpose=_("Say which ground a hotspot covered when, who decided so and on what figures."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Outline, dates, deciding role, decision, legal basis, purpose, criteria and their figures."),
        recipients=_("Members of the zone whose role sees figures."),
        review=YEAR,
    )

    class Designation(models.TextChoices):
        ZONAL = "zonal", _("zonal")
        MUNICIPAL = "municipal", _("municipal")
        REGIONAL = "regional", _("regional")
        FEDERAL = "federal", _("federal")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="perimeters")
    version = models.PositiveIntegerField(_("version"))
    designation = models.CharField(
        _("designation"), max_length=10, choices=Designation, default=Designation.ZONAL
    )
    geometry = models.BinaryField(_("outline (WKB)"))
    # PostgreSQL keeps the names xmin and xmax for itself.
    xmin = models.FloatField(db_column="x_min")
    ymin = models.FloatField()
    xmax = models.FloatField(db_column="x_max")
    ymax = models.FloatField()
    area_m2 = models.FloatField(_("area in square metres"))
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until (not included)"), null=True, blank=True)
    review_due = models.DateField(_("review due"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    order_reference = models.CharField(_("order with legal force"), max_length=200, blank=True)
    decided_by = models.CharField(_("decided by (role or body)"), max_length=200)
    decision_reference = models.CharField(_("decision"), max_length=200, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    entry_criteria = models.JSONField(_("figures the entry rests on"), default=dict, blank=True)
    exit_criteria = models.TextField(_("exit criteria"), blank=True)
    buffer_m = models.PositiveSmallIntegerField(_("width of the surroundings in metres"), default=150)
    controls = models.JSONField(_("control areas"), default=list, blank=True)
    origin = models.CharField(_("origin of the outline"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("recorded on"), auto_now_add=True)

    objects = Perimeters.as_manager()

    class Meta:
        verbose_name = _("perimeter")
        verbose_name_plural = _("perimeters")
        ordering = ["hotspot", "version"]
        constraints = [
            models.UniqueConstraint(fields=["hotspot", "version"], name="one_perimeter_per_version"),
            models.UniqueConstraint(
                fields=["hotspot", "designation"],
                condition=models.Q(valid_to=None),
                name="one_open_perimeter_per_hotspot_and_designation",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_perimeter_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(review_due__gte=models.F("valid_from")),
                name="a_perimeter_is_reviewed_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(order_reference="") | models.Q(ends_on__isnull=False),
                name="an_order_carries_an_end_date",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("valid_from")),
                name="an_order_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(condition=models.Q(buffer_m__lte=2000), name="surroundings_stay_near"),
        ]

    def __str__(self) -> str:
        return f"{self.hotspot} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise PerimeterIsFixed("A perimeter is not edited: a change is a new version.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PerimeterIsFixed("Versions of a perimeter are kept: old figures rest on them.")

    @property
    def shape(self) -> Any:
        """The outline as a shapely geometry, in the coordinates of the zone."""
        return shapely.from_wkb(bytes(self.geometry))

    @shape.setter
    def shape(self, geometry: Any) -> None:
        self.geometry = shapely.to_wkb(geometry)
        self.xmin, self.ymin, self.xmax, self.ymax = geometry.bounds
        self.area_m2 = geometry.area

    def in_force_on(self, day: date) -> bool:
        """Is this version in force on that day? An order that has run out is not."""
        return (
            self.valid_from <= day
            and (self.valid_to is None or day < self.valid_to)
            and (self.ends_on is None or day <= self.ends_on)
        )


class Phase(models.Model):
    """A phase of the Clear-Hold-Build strategy in a hotspot, dated."""

    processing = Processing(
        purpose=_("Say which phase of the strategy a hotspot was in, and who decided so."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Phase, dates, deciding role, decision, evidence."),
        recipients=_("Members of the zone whose role sees figures."),
        review=YEAR,
    )

    class Kind(models.TextChoices):
        CLEAR = "clear", _("Clear")
        HOLD = "hold", _("Hold")
        BUILD = "build", _("Build")
        ORDINARY = "ordinary", _("ordinary work")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("phase"), max_length=10, choices=Kind)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until (not included)"), null=True, blank=True)
    decided_by = models.CharField(_("decided by (role or body)"), max_length=200)
    decision_reference = models.CharField(_("decision"), max_length=200, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["hotspot", "started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotspot"], condition=models.Q(ended_on=None), name="one_open_phase_per_hotspot"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gt=models.F("started_on")),
                name="a_phase_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hotspot}: {self.get_kind_display()}"
