"""Actions on a hotspot, the visits that deliver them, the design of their evaluation and what it found."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot, Phase

FIGURES_READERS = _("Members of the zone whose role sees figures.")


class Action(models.Model):
    """What is done about a problem in a hotspot: planned, carried out, judged."""

    processing = Processing(
        purpose=_("Plan what is done in a hotspot, follow it, and learn whether it helped."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("What, why, which organisation, when, planned visits, means, state, lesson."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", _("enforcement")
        ADMINISTRATIVE = "administrative", _("administrative measure")
        PREVENTION = "prevention", _("prevention")
        ENVIRONMENT = "environment", _("environment")
        COMMUNICATION = "communication", _("communication")
        SOCIAL = "social", _("social measure")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        BLOCKED = "blocked", _("blocked")
        DONE = "done", _("done")
        DROPPED = "dropped", _("given up")

    class Blocker(models.TextChoices):
        CAPACITY = "capacity", _("capacity")
        MANDATE = "mandate", _("mandate")
        BUDGET = "budget", _("budget")
        PARTNER = "partner", _("partner")
        WEATHER = "weather", _("weather")
        LEGAL = "legal", _("legal ground")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind of action"), max_length=15, choices=Kind)
    lead = models.CharField(_("lead organisation"), max_length=120)
    partners = models.CharField(_("partners"), max_length=300, blank=True)
    problem = models.TextField(_("problem"), max_length=1000, blank=True)
    objective = models.TextField(_("objective"), max_length=1000)
    mechanism = models.TextField(_("mechanism"), max_length=1000)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.Kind, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    proportionality = models.TextField(_("proportionality"), max_length=1000, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    visits_a_week = models.PositiveSmallIntegerField(
        _("visits a week"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(140)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes a visit"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    # Monday is 0; from_hour after to_hour runs past midnight.
    days = models.JSONField(_("days"), default=list, blank=True)
    from_hour = models.PositiveSmallIntegerField(
        _("from (hour)"), null=True, blank=True, validators=[MaxValueValidator(23)]
    )
    to_hour = models.PositiveSmallIntegerField(
        _("until (hour)"), null=True, blank=True, validators=[MaxValueValidator(24)]
    )
    capacity_hours = models.FloatField(
        _("capacity in hours of work"), null=True, blank=True, validators=[MinValueValidator(0)]
    )
    cost = models.FloatField(_("cost in euro"), null=True, blank=True, validators=[MinValueValidator(0)])
    # {kind: output | outcome, name, baseline, target, source}
    indicators = models.JSONField(_("indicators"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    blocker = models.CharField(_("blocked by"), max_length=10, choices=Blocker, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    lesson = models.TextField(_("lesson"), max_length=2000, blank=True)
    moved_on = models.DateField(_("in this state since"), null=True, blank=True)
    begun_on = models.DateField(_("begun on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("recorded on"), auto_now_add=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="an_action_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(visits_a_week=None, minutes=None)
                | models.Q(visits_a_week__isnull=False, minutes__isnull=False),
                name="a_dose_is_visits_times_minutes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="blocked") & ~models.Q(blocker="")
                | ~models.Q(state="blocked") & models.Q(blocker=""),
                name="what_is_blocked_says_by_what",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_dose(self) -> bool:
        """Was a dose planned at all?"""
        return bool(self.visits_a_week and self.minutes)


class Visit(models.Model):
    """Delivered dose: somebody of a unit was there, from when and how long. Never who."""

    processing = Processing(
        purpose=_("Compare what was delivered on the ground with what was planned."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Kind of unit, start, minutes, kind of visit, short note on the place."),
        recipients=FIGURES_READERS,
        retention=3 * YEAR,
        begins=_("the day of the visit"),
        since="started_at",
    )

    class Unit(models.TextChoices):
        NEIGHBOURHOOD = "neighbourhood", _("neighbourhood police")
        INTERVENTION = "intervention", _("intervention")
        BICYCLE = "bicycle", _("bicycle team")
        TRAFFIC = "traffic", _("traffic")
        INVESTIGATION = "investigation", _("local investigation")
        FEDERAL = "federal", _("federal support")
        WARDENS = "wardens", _("community wardens")
        PARTNER = "partner", _("partner organisation")

    class Kind(models.TextChoices):
        PRESENCE = "presence", _("visible presence")
        CONTACT = "contact", _("contact with residents and shops")
        CHECK = "check", _("check of the place")
        TECHNICAL = "technical", _("technical prevention")
        JOINT = "joint", _("joint visit with a partner")

    class Source(models.TextChoices):
        PAGE = "page", _("on the site")
        QUEUE = "queue", _("sent later")
        FILE = "file", _("file")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="visits")
    # Made where the visit was noted: sending it twice is the same visit.
    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(_("unit"), max_length=15, choices=Unit)
    kind = models.CharField(_("kind of visit"), max_length=10, choices=Kind, default=Kind.PRESENCE)
    started_at = models.DateTimeField(_("start"), db_index=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    observation = models.CharField(_("observation"), max_length=300, blank=True)
    source = models.CharField(_("noted"), max_length=10, choices=Source, default=Source.PAGE)
    created_at = models.DateTimeField(_("recorded on"), auto_now_add=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.action}: {self.started_at:%Y-%m-%d %H:%M}"


class DesignIsFixed(PermissionDenied):
    """Somebody tried to change how an action is judged after it began."""


class Designs(models.QuerySet["Design"]):
    """A design that was frozen stays as it is."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise DesignIsFixed("A design is changed one by one, before its action starts.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise DesignIsFixed("A design is changed one by one, before its action starts.")


class Design(models.Model):
    """How an action will be judged: fixed before it starts, so that nobody chooses after seeing the result."""

    processing = Processing(
        purpose=_("Fix how an action is judged before anybody can see how it went."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Windows, categories, comparison areas with the reason for them, counts before the action."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    action = models.OneToOneField(Action, on_delete=models.CASCADE, related_name="design")
    months_before = models.PositiveSmallIntegerField(
        _("months before"), default=12, validators=[MinValueValidator(3), MaxValueValidator(36)]
    )
    months_after = models.PositiveSmallIntegerField(
        _("months after"), default=6, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    categories = models.JSONField(_("categories"), default=list, blank=True)
    # Numbers of hotspots chosen by somebody; empty: those most alike are taken.
    chosen = models.JSONField(_("comparison areas chosen by hand"), default=list, blank=True)
    reason = models.TextField(_("why these"), max_length=1000, blank=True)
    # What was worked out: see `designing.work_out`.
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    frozen_on = models.DateField(_("fixed on"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = Designs.as_manager()

    class Meta:
        verbose_name = _("design of an evaluation")
        verbose_name_plural = _("designs of evaluations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(chosen=[]) | ~models.Q(reason=""),
                name="comparison_areas_chosen_by_hand_carry_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.months_before} + {self.months_after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and Design.objects.filter(pk=self.pk, frozen_on__isnull=False).exists():
            raise DesignIsFixed("The design was fixed when the action began.")
        super().save(*args, **kwargs)

    @property
    def usable(self) -> bool:
        """Are there figures that an evaluation can rest on?"""
        return bool(self.figures.get("controls"))

    @property
    def starts(self) -> date:
        """First day of the window after."""
        return date.fromisoformat(self.figures["after_from"])


class AssessmentIsFixed(PermissionDenied):
    """Somebody tried to change an assessment that was recorded."""


class Assessment(models.Model):
    """What was found when an action was judged, what else could explain it, and what was decided."""

    processing = Processing(
        purpose=_("Keep what an evaluation found, what else could explain it, and what was decided."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "Result with its range, rival explanations, side effects as counts, decision and its reasons."
        ),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("continue")
        ADAPT = "adapt", _("adapt")
        STOP = "stop", _("stop")
        ESCALATE = "escalate", _("escalate")
        CLOSE = "close", _("close")

    class Confidence(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="assessments")
    made_on = models.DateField(_("made on"))
    result = models.JSONField(_("result"), default=dict)
    # {season | recording | actions | works: {answer: no | possible | likely, why}}
    rivals = models.JSONField(_("what else could explain it"), default=dict)
    # Missing is not zero (R31).
    complaints = models.PositiveIntegerField(_("complaints"), null=True, blank=True)
    identity_checks = models.PositiveIntegerField(_("identity checks"), null=True, blank=True)
    perception = models.CharField(_("what residents perceive"), max_length=300, blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    why = models.TextField(_("why"), max_length=1000)
    decided_by = models.CharField(_("decided by (role or body)"), max_length=200)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_decision_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AssessmentIsFixed("An assessment is kept as it was made; the next one stands beside it.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
