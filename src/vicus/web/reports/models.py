"""Reports that were drawn and kept, schedules that draw them, selections that were saved, templates of the zone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.zone.models import Zone

READERS = _("Members of the zone whose role reads this kind of report, of the places they see.")
PLANNERS = _("Members of the zone who plan reports.")
FORMATS = (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"))
LAST_DAY = 28


class DrawnIsFixed(PermissionDenied):
    """Somebody tried to change a report that was drawn."""


def folder(zone: Zone) -> Path:
    """Where the files of the reports of a zone are kept."""
    return Path(settings.FILES_ROOT) / "reports" / zone.slug


class Template(models.Model):
    """The zone's own Word template: reports as Word are written into the newest one that was not removed."""

    processing = Processing(
        purpose=_("Write reports into the zone's own Word template."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Name of the template, the file, who uploaded it and when."),
        recipients=PLANNERS,
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="report_templates")
    name = models.CharField(_("name"), max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded on"), default=timezone.now)
    uploaded_by = models.CharField(_("by"), max_length=150)
    removed_at = models.DateTimeField(_("removed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Word template")
        verbose_name_plural = _("Word templates")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class Wanted(models.Model):
    """Which reports: the kind, of which places, in which languages and formats, without which sections."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("report"), max_length=20)
    # Codes of places as the kind reads them; empty is all of them.
    places = models.JSONField(_("places"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    formats = models.JSONField(_("formats"), default=list)
    left_out = models.JSONField(_("sections left out"), default=list, blank=True)

    class Meta:
        abstract = True


class Selection(Wanted):
    """A choice of the report builder that was saved under a name, to draw again."""

    processing = Processing(
        purpose=_("Draw the same choice of reports again."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Name, kind of report, places, period, languages, formats; the account that saved it."),
        recipients=_("Members of the zone who draw reports."),
        review=YEAR,
    )

    name = models.CharField(_("name"), max_length=120)
    # Empty is the last whole month or quarter at the time of drawing.
    period = models.CharField(_("period"), max_length=10, blank=True)
    saved_by = models.CharField(_("saved by"), max_length=150)
    saved_at = models.DateTimeField(_("saved on"), default=timezone.now)

    class Meta:
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        ordering = ["zone", "name"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "name"], name="a_saved_report_has_its_own_name")
        ]

    def __str__(self) -> str:
        return self.name


class Schedule(Wanted):
    """Reports that are drawn by themselves, for whom and when."""

    processing = Processing(
        purpose=_("Draw reports when they are due, without anybody having to think of it."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Kind of report, places, languages, formats, for whom in words, rhythm, day."),
        recipients=PLANNERS,
        review=YEAR,
    )

    class Rhythm(models.TextChoices):
        MONTHLY = "month", _("every month")
        QUARTERLY = "quarter", _("every quarter")
        YEARLY = "year", _("every year")
        BEFORE = "before", _("before each meeting")

    audience = models.CharField(_("for whom"), max_length=200)
    rhythm = models.CharField(_("when"), max_length=10, choices=Rhythm)
    # Of the first month after the period; before a meeting: so many days.
    day = models.PositiveSmallIntegerField(
        _("day"), default=5, validators=[MinValueValidator(1), MaxValueValidator(LAST_DAY)]
    )
    starts_on = models.DateField(_("from"))
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    made_by = models.CharField(_("made by"), max_length=150)

    class Meta:
        verbose_name = _("schedule of reports")
        verbose_name_plural = _("schedules of reports")
        ordering = ["zone", "kind", "pk"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.rhythm}"


class Order(Wanted):
    """Reports that somebody asked for; they are drawn in the background, and the page says how far it is."""

    processing = Processing(
        purpose=_("Draw reports that were asked for, and say how far it is."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Kind of report, places, period, languages, formats; account, progress, what went wrong."),
        recipients=_("The user who asked for it."),
        retention=YEAR,
        begins=_("the moment it was asked"),
        since="asked_at",
    )

    period = models.CharField(_("period"), max_length=10, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # What could not be drawn, and why, in the language of who asked.
    said = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("reports asked for")
        verbose_name_plural = _("reports asked for")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.asked_at:%Y-%m-%d}"


class Drawn(models.Model):
    """A report as it was drawn: the file, what it was drawn from, and what it rested on. It is never changed.

    Drawn again from `content` it gives the same bytes; drawn anew from other data it is another version.
    """

    processing = Processing(
        purpose=_("Keep reports as they were given, so that a figure can be found again and drawn again."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "Figures, promises and decisions of a place in a period; versions they rest on; the account that drew it."
        ),
        recipients=READERS,
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="reports_drawn")
    kind = models.CharField(_("report"), max_length=20)
    place = models.CharField(_("place"), max_length=120, blank=True)
    title = models.CharField(_("title"), max_length=300)
    period = models.CharField(_("period"), max_length=10)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    format = models.CharField(_("format"), max_length=4, choices=FORMATS)
    number = models.PositiveIntegerField(_("version"))
    # What it was asked with and rests on: sections left out, versions of data and software, the template.
    inputs = models.JSONField(_("what it rests on"))
    content_sha256 = models.CharField(_("fingerprint of what it was drawn from"), max_length=64)
    sha256 = models.CharField(_("fingerprint of the file"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"))
    drawn_at = models.DateTimeField(_("drawn on"), default=timezone.now)
    drawn_by = models.CharField(_("drawn by"), max_length=150)
    schedule = models.ForeignKey(
        Schedule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="drawn",
        verbose_name=_("schedule"),
    )
    occasion = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = _("report drawn")
        verbose_name_plural = _("reports drawn")
        ordering = ["-drawn_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "kind", "place", "period", "language", "format", "number"],
                name="versions_of_a_report_are_numbered",
            ),
            models.UniqueConstraint(
                fields=["schedule", "occasion", "place", "language", "format"],
                condition=models.Q(schedule__isnull=False),
                name="a_schedule_draws_a_report_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.period} ({self.language}, {self.format}, {self.number})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DrawnIsFixed("A report that was drawn is not changed: draw another version.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise DrawnIsFixed("A report that was drawn stays in the archive.")

    @property
    def file(self) -> Path:
        """The file as it was drawn."""
        return folder(self.zone) / f"{self.sha256}.{self.format}"
