"""The Zonal Security Plan: priorities, objectives, indicators, what hangs on them; and the yearly evaluations."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.actions.models import Action
from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.sara.models import Problem
from vicus.web.zone.models import Organisation, Zone, in_language, validate_names

READERS = _("Members of the zone whose role sees figures.")
EVALUATION_READERS = _(
    "Members of the zone whose role sees figures; once decided the mayor's office, of its communes."
)


class Part(models.Model):
    """What every part of a plan has: a revision, and what its writer vouched for (rights R17)."""

    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Plan(Part):
    """A Zonal Security Plan for some years."""

    processing = Processing(
        purpose=_("Say what a zone wants to reach in the coming years, and follow whether it does."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Titles, years, state."),
        recipients=READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in_force", _("in force")
        ENDED = "ended", _("ended")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="plans")
    from_year = models.PositiveSmallIntegerField(
        _("first year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    to_year = models.PositiveSmallIntegerField(
        _("last year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    titles = models.JSONField(_("titles"), validators=[validate_names])
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    decided_on = models.DateField(_("in force since"), null=True, blank=True)
    reference = models.CharField(_("decision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Zonal Security Plan")
        verbose_name_plural = _("Zonal Security Plans")
        ordering = ["zone", "-from_year", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(to_year__gte=models.F("from_year")), name="a_plan_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["zone"], condition=models.Q(state="in_force"), name="one_plan_in_force_per_zone"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)


class Priority(Part):
    """What comes first in a plan, and why."""

    processing = Processing(
        purpose=_("Say what comes first in a zone for some years, and why."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Number, titles, words."),
        recipients=READERS,
        review=YEAR,
    )

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    titles = models.JSONField(_("titles"), validators=[validate_names])
    words = models.JSONField(_("why"), default=dict, blank=True)

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_priority_per_plan_and_number")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)


class Objective(Part):
    """What is to be reached under a priority, and who answers for it."""

    processing = Processing(
        purpose=_(
            "Say what is to be reached under a priority, and which organisation or role answers for it."
        ),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Number, words, organisation or role."),
        recipients=READERS,
        review=YEAR,
    )

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="objectives")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    titles = models.JSONField(_("what is to be reached"), validators=[validate_names])
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="objectives",
        verbose_name=_("organisation that answers for it"),
    )  # fmt: skip
    role = models.CharField(_("role that answers for it"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["priority", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["priority", "number"], name="one_objective_per_priority_and_number"
            ),
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False) | ~models.Q(role=""), name="an_objective_has_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def answers(self) -> str:
        """Who answers for it: organisation and role."""
        return ", ".join(part for part in (self.owner.name if self.owner else "", self.role) if part)


class Indicator(Part):
    """How one sees whether an objective comes nearer: worked out by the system, or typed with its source."""

    processing = Processing(
        purpose=_("Follow each year whether an objective of the plan comes nearer."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Titles, how it is worked out, unit, baseline, target, source, values by year."),
        recipients=READERS,
        review=YEAR,
    )

    class Aim(models.TextChoices):
        LESS = "less", _("lower is better")
        MORE = "more", _("higher is better")

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="indicators")
    titles = models.JSONField(_("titles"), validators=[validate_names])
    # A code of `indicators.WORKS`; empty: typed by hand.
    code = models.CharField(_("worked out as"), max_length=30, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    aim = models.CharField(_("direction"), max_length=5, choices=Aim, default=Aim.LESS)
    baseline = models.FloatField(_("baseline"), null=True, blank=True)
    target = models.FloatField(_("target"), null=True, blank=True)
    source = models.CharField(_("source of what is typed"), max_length=200, blank=True)
    # {"2025": 12.0}: only of what is typed by hand.
    values = models.JSONField(_("values by year"), default=dict, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["objective", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(code="") | ~models.Q(source=""), name="what_is_typed_carries_its_source"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.titles)


class Link(models.Model):
    """What hangs on an objective: a hotspot, a problem or an action."""

    processing = Processing(
        purpose=_("Show which hotspots, problems and actions serve an objective of the plan."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Objective, and the hotspot, problem or action that serves it."),
        recipients=READERS,
        review=YEAR,
    )

    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="links")
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.CASCADE, null=True, blank=True, related_name="plan_links"
    )
    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, null=True, blank=True, related_name="plan_links"
    )
    action = models.ForeignKey(
        Action, on_delete=models.CASCADE, null=True, blank=True, related_name="plan_links"
    )

    class Meta:
        verbose_name = _("link of an objective")
        verbose_name_plural = _("links of objectives")
        ordering = ["objective", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(hotspot__isnull=False, problem=None, action=None)
                    | models.Q(hotspot=None, problem__isnull=False, action=None)
                    | models.Q(hotspot=None, problem=None, action__isnull=False)
                ),
                name="a_link_leads_to_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["objective", name],
                    condition=models.Q((f"{name}__isnull", False)),
                    name=f"one_link_per_objective_and_{name}",
                )
                for name in ("hotspot", "problem", "action")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective}: {self.thing}"

    @property
    def thing(self) -> Any:
        """What it leads to."""
        return self.hotspot or self.problem or self.action

    @property
    def place(self) -> Hotspot:
        """The hotspot in which that lies."""
        return self.hotspot or self.thing.hotspot


class Evaluation(Part):
    """What a year brought in a hotspot, or for the plan: figures, words around them, and what is decided."""

    processing = Processing(
        purpose=_("Look back on a year in a hotspot or on the plan, and decide how it goes on."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "Figures of a place over a year with the versions they rest on; words, each marked fact or assessment; "
            "decision and its reason."
        ),
        recipients=EVALUATION_READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ASKED = "asked", _("waits for a decision")
        DECIDED = "decided", _("decided")

    class Decision(models.TextChoices):
        KEEP = "keep", _("keep as it is")
        SHRINK = "shrink", _("shrink the perimeter")
        CLOSE = "close", _("close the hotspot")
        ADAPT = "adapt", _("adapt the plan")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="evaluations")
    year = models.PositiveSmallIntegerField(_("year"))
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.CASCADE, null=True, blank=True, related_name="evaluations",
        verbose_name=_("hotspot"),
    )  # fmt: skip
    plan = models.ForeignKey(
        Plan,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="evaluations",
        verbose_name=_("plan"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # {"worked": {"text": …, "nature": fact | assessment, "reliability": …}} by the keys of `rules.TEXTS` (R05).
    words = models.JSONField(_("words"), default=dict, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, blank=True)
    reason = models.TextField(_("why"), max_length=2000, blank=True)
    decided_by = models.CharField(_("decided by (role or body)"), max_length=200, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    reference = models.CharField(_("reference of the decision"), max_length=200, blank=True)
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    # Frozen when decided; None means that nothing was counted.
    figures = models.JSONField(_("figures when decided"), null=True, blank=True)
    data_version = models.PositiveIntegerField(_("version of the data"), null=True, blank=True)
    known_at = models.DateTimeField(_("data as known on"), null=True, blank=True)
    perimeter = models.ForeignKey(
        Perimeter,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("perimeter"),
    )
    software = models.CharField(_("software"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("yearly evaluation")
        verbose_name_plural = _("yearly evaluations")
        ordering = ["-year", "hotspot"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hotspot__isnull=False, plan=None)
                | models.Q(hotspot=None, plan__isnull=False),
                name="an_evaluation_is_of_a_hotspot_or_of_a_plan",
            ),
            models.UniqueConstraint(
                fields=["hotspot", "year"],
                condition=models.Q(hotspot__isnull=False),
                name="one_evaluation_per_hotspot_and_year",
            ),
            models.UniqueConstraint(
                fields=["plan", "year"],
                condition=models.Q(plan__isnull=False),
                name="one_evaluation_per_plan_and_year",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="decided")
                | models.Q(figures__isnull=False, decided_on__isnull=False)
                & ~models.Q(decision="")
                & ~models.Q(reason="")
                & ~models.Q(software=""),
                name="a_decided_evaluation_is_frozen_and_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.year}"

    @property
    def subject(self) -> str:
        """What is evaluated: the hotspot, or the plan."""
        return self.hotspot.title if self.hotspot else self.plan.title if self.plan else ""


class Step(models.Model):
    """What happened to an evaluation: which step, when, by which account, with which comment."""

    processing = Processing(
        purpose=_("Show how a yearly evaluation came to its decision."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Step, day, account, comment."),
        recipients=EVALUATION_READERS,
        review=YEAR,
    )

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(_("step"), max_length=10)
    taken_on = models.DateField(_("day"))
    by = models.CharField(_("account"), max_length=150)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of an evaluation")
        verbose_name_plural = _("steps of evaluations")
        ordering = ["evaluation", "pk"]

    def __str__(self) -> str:
        return f"{self.evaluation}: {self.code}"
