"""Imports of registered facts, the zone's nomenclature and its saved mappings. The facts themselves are in the store."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.zone.models import Zone, in_language, validate_names


class Category(models.Model):
    """One code of the zone's nomenclature."""

    processing = Processing(
        purpose=_("Name the kinds of facts in the languages of the zone."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Code, names, main heading, international class, harm weight with its source."),
        recipients=_("Members of the zone."),
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="categories")
    code = models.CharField(_("code"), max_length=60)
    names = models.JSONField(_("names"), validators=[validate_names])
    heading = models.CharField(_("main heading"), max_length=200, blank=True)
    iccs = models.CharField(_("ICCS class"), max_length=20, blank=True)
    overlapping = models.BooleanField(
        _("overlaps others"),
        default=False,
        help_text=_("Such figures count facts that other figures count too, and must not be added to them."),
    )
    harm_weight = models.FloatField(_("harm weight"), null=True, blank=True)
    harm_source = models.CharField(_("source of the harm weight"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["zone", "code"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "code"], name="one_category_per_zone_and_code"),
            models.CheckConstraint(
                condition=models.Q(harm_weight=None) | ~models.Q(harm_source=""),
                name="harm_weights_carry_their_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names) or self.code


class SavedMapping(models.Model):
    """How the columns of one kind of file become facts, kept for the next file of that kind."""

    processing = Processing(
        purpose=_("Read the next export of a source the way the last one was read."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Name and text of the mapping."),
        recipients=_("Those who import facts."),
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="mappings")
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("mapping (TOML)"))
    changed_at = models.DateTimeField(_("changed on"), auto_now=True)

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ["zone", "name"]
        constraints = [models.UniqueConstraint(fields=["zone", "name"], name="one_mapping_per_zone_and_name")]

    def __str__(self) -> str:
        return self.name


class Import(models.Model):
    """One file on its way into the store: received, checked, imported or refused, with what was found."""

    processing = Processing(
        purpose=_("Show what a file brought, what was refused and why, and who imported it."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("File, mapping, counts by reason, refused rows, user, times."),
        recipients=_("Those who import facts; the auditor, through the audit trail."),
        retention=YEAR,
        begins=_("the day of the import"),
    )

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        IMPORTING = "importing", _("being imported")
        IMPORTED = "imported", _("imported")
        FAILED = "failed", _("failed")
        DISCARDED = "discarded", _("discarded")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    file_size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    mapping_name = models.CharField(_("mapping"), max_length=100, blank=True)
    mapping_text = models.TextField(_("mapping (TOML)"), blank=True)
    known_at = models.DateField(_("known at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    rows_done = models.PositiveBigIntegerField(_("rows read so far"), default=0)
    share_done = models.FloatField(_("share done"), null=True, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    # Sentences with their values, in no language yet: the reader's is known when they are read.
    said = models.JSONField(_("message"), default=list, blank=True)
    store_version = models.PositiveBigIntegerField(_("data version"), null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    created_at = models.DateTimeField(_("received on"), auto_now_add=True)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"

    @property
    def folder(self) -> Path:
        """Where the received file and its refused rows are kept."""
        return Path(settings.FILES_ROOT) / "imports" / self.zone.slug / str(self.pk)

    @property
    def file(self) -> Path:
        return self.folder / self.file_name

    @property
    def rejects(self) -> Path:
        # With a space, which no received file has in its name: neither can take the place of the other.
        return self.folder / "refused rows.csv"

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)

    @property
    def message(self) -> str:
        """What went wrong, in the reader's language."""
        return " ".join(_told(self.said))

    @property
    def notes(self) -> list[str]:
        """What the importer found out by itself, in the reader's language."""
        return _told(self.report.get("notes", ()))

    def figure(self, name: str) -> Any:
        """One value of the report, None before there is one."""
        return self.report.get(name)


def _told(sentences: Iterable[Any]) -> list[str]:
    # Models are loaded by every command; the room of the store takes a second, and few need it.
    from vicus.web.facts.telling import retold

    return [retold(sentence) for sentence in sentences]
