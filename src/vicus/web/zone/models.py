"""A police zone, its territory and who belongs to it."""

from typing import Any
from zoneinfo import available_timezones

import shapely
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from vicus.web.accounts.rules import ROLES
from vicus.web.audit.processing import YEAR, Processing, Regime

# First parts of addresses that belong to the site itself, so that no zone can take them.
RESERVED_SLUGS = frozenset(
    {
        "accounts", "api", "audit", "calendar", "demo", "health", "help", "jsi18n", "language", "letters", "promise", "public",
        "search", "static", "styleguide", "users", "zones",
    }
)  # fmt: skip


def in_language(names: dict[str, str], language: str | None = None) -> str:
    """The name in this language, or else in the first language that has one."""
    wanted = (language or get_language() or "")[:2]
    return names.get(wanted) or next((name for name in names.values() if name), "")


def validate_slug_is_free(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("“%(slug)s” is an address of the site itself."), params={"slug": slug})


def validate_metric_crs(code: int) -> None:
    try:
        crs = CRS.from_epsg(code)
    except CRSError:
        raise ValidationError(_("EPSG:%(code)s is unknown."), params={"code": code}) from None
    if not crs.is_projected or any(axis.unit_conversion_factor != 1 for axis in crs.axis_info):
        raise ValidationError(_("EPSG:%(code)s does not measure in metres."), params={"code": code})


def validate_timezone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name})


def validate_names(names: Any) -> None:
    known = dict(settings.LANGUAGES)
    if not isinstance(names, dict) or not any(names.values()) or not set(names) <= set(known):
        raise ValidationError(_("Give a name in at least one language (nl, fr, en)."))


class Zone(models.Model):
    """A police zone. Each is closed to the others."""

    processing = Processing(
        purpose=_("Say which police zone the data belong to."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Name, languages, coordinate system, time zone."),
        recipients=_("Members of the zone."),
        review=YEAR,
    )

    slug = models.CharField(
        _("short name in addresses"),
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z"), validate_slug_is_free],
    )
    names = models.JSONField(_("names"), validators=[validate_names])
    languages = models.JSONField(_("languages of the zone"), default=list)
    crs = models.PositiveIntegerField(
        _("coordinate system (EPSG)"), default=31370, validators=[validate_metric_crs]
    )
    timezone = models.CharField(
        _("time zone"), max_length=60, default="Europe/Brussels", validators=[validate_timezone]
    )
    # How long is for the data protection officer of the zone to say; nothing goes by itself before that.
    facts_kept_years = models.PositiveSmallIntegerField(_("years that facts are kept"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names) or self.slug


class Area(models.Model):
    """A piece of the territory, in the zone's own coordinate system."""

    processing = Processing(
        purpose=_("Describe the territory that figures are counted in."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Names, codes, outline and population of administrative areas."),
        recipients=_("Members of the zone."),
        review=YEAR,
    )

    class Kind(models.TextChoices):
        COMMUNE = "commune", _("commune")
        DIVISION = "division", _("division")
        COMMISSARIAT = "commissariat", _("commissariat")
        SECTOR = "sector", _("sector")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="areas")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(_("code"), max_length=60)
    names = models.JSONField(_("names"), validators=[validate_names])
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    geometry = models.BinaryField(_("outline (WKB)"))
    # PostgreSQL keeps the names xmin and xmax for itself.
    xmin = models.FloatField(db_column="x_min")
    ymin = models.FloatField()
    xmax = models.FloatField(db_column="x_max")
    ymax = models.FloatField()
    area_m2 = models.FloatField(_("area in square metres"))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    in_zone = models.BooleanField(_("in the zone"), default=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "kind", "code"], name="one_area_per_zone_kind_and_code")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names) or self.code

    @property
    def shape(self) -> Any:
        """The outline as a shapely geometry."""
        return shapely.from_wkb(bytes(self.geometry))

    @shape.setter
    def shape(self, geometry: Any) -> None:
        self.geometry = shapely.to_wkb(geometry)
        self.xmin, self.ymin, self.xmax, self.ymax = geometry.bounds
        self.area_m2 = geometry.area


class Street(models.Model):
    """A street as lines, in the zone's own coordinate system: the ground of maps, and what outlines snap to."""

    processing = Processing(
        purpose=_("Draw the ground under maps, and let outlines follow the streets."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Names and lines of streets."),
        recipients=_("Members of the zone."),
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="streets")
    names = models.JSONField(_("names"), default=dict, blank=True)
    geometry = models.BinaryField(_("lines (WKB)"))
    xmin = models.FloatField(db_column="x_min")
    ymin = models.FloatField()
    xmax = models.FloatField(db_column="x_max")
    ymax = models.FloatField()
    length_m = models.FloatField(_("length in metres"))

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ["pk"]

    def __str__(self) -> str:
        return in_language(self.names) or str(self.pk)

    @property
    def shape(self) -> Any:
        """The lines as a shapely geometry."""
        return shapely.from_wkb(bytes(self.geometry))

    @shape.setter
    def shape(self, geometry: Any) -> None:
        self.geometry = shapely.to_wkb(geometry)
        self.xmin, self.ymin, self.xmax, self.ymax = geometry.bounds
        self.length_m = geometry.length


class Organisation(models.Model):
    """A partner of the zone: who works with whom, where, and what they are good at. Never a named person."""

    processing = Processing(
        purpose=_("Say which organisations work with the zone, where, and how their service is reached."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Names, kind, role to ask for, address of the service, areas, strengths."),
        recipients=_("Members of the zone who work with partners."),
        review=YEAR,
    )

    class Kind(models.TextChoices):
        POLICE = "police", _("police zone")
        FEDERAL = "federal", _("federal police")
        COMMUNE = "commune", _("commune")
        PREVENTION = "prevention", _("prevention service")
        REGION = "region", _("region")
        JUSTICE = "justice", _("justice")
        TRANSPORT = "transport", _("public transport")
        HOUSING = "housing", _("housing")
        SCHOOL = "school", _("school")
        HEALTH = "health", _("health and care")
        YOUTH = "youth", _("youth work")
        TRADE = "trade", _("shops and trade")
        RESIDENTS = "residents", _("residents")
        OTHER = "other", _("other")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="organisations")
    code = models.SlugField(_("short name"), max_length=60)
    names = models.JSONField(_("names"), validators=[validate_names])
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    contact = models.CharField(_("role to ask for"), max_length=120, blank=True)
    # Of a service, never of a person: the form says so and texts are read for persons.
    mailbox = models.EmailField(_("mailbox of the service"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    areas = models.ManyToManyField(Area, verbose_name=_("areas"), blank=True)
    strengths = models.TextField(_("strengths"), max_length=1000, blank=True)
    # An organisation that ended keeps its commitments; it takes no new ones.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["zone", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="one_organisation_per_zone_and_code")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names) or self.code


class Membership(models.Model):
    """The role of a user in a zone, for all of it or for some of its areas; of a partner, its organisation."""

    processing = Processing(
        purpose=_("Say what a user may see and do in a zone."),
        regime=Regime.GDPR,
        data=_("User, zone, role, areas."),
        recipients=_("Administrators of the zone."),
        retention=YEAR,
        begins=_("the day the account is deactivated"),
    )

    ROLE_CHOICES = [(role.code, role.name) for role in ROLES.values()]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=ROLE_CHOICES)
    areas = models.ManyToManyField(Area, verbose_name=_("areas"), blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships",
        verbose_name=_("organisation"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["zone", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "zone"], name="one_role_per_user_and_zone")]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.zone})"
