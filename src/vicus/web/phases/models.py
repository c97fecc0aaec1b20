"""Moves of hotspots between phases: what is asked, the checklist of the gate, what was decided."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot, Phase
from vicus.web.zone.models import Zone

FIGURES_READERS = _("Members of the zone whose role sees figures.")
MOST_MONTHS = 36


class Setting(models.Model):
    """What a zone asks of a gate. Without a row the default of the field holds."""

    processing = Processing(
        purpose=_("Say how long figures must have been stable before a hotspot passes to Build."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("A number of months."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    zone = models.OneToOneField(Zone, on_delete=models.CASCADE, related_name="phase_setting")
    stable_months = models.PositiveSmallIntegerField(
        _("stable months asked before Build"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )

    class Meta:
        verbose_name = _("setting of phases")
        verbose_name_plural = _("settings of phases")

    def __str__(self) -> str:
        return f"{self.zone}: {self.stable_months}"


class Move(models.Model):
    """One move of a hotspot from a phase to the next, or one back: drawn up, asked, decided."""

    processing = Processing(
        purpose=_("Say why a hotspot is to pass to another phase, on what evidence, and what was decided."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Phases, state, figures of the gate, reason and comment of the decision."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ASKED = "asked", _("asked")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="moves")
    # Empty: no phase was decided before.
    source = models.CharField(_("from phase"), max_length=10, choices=Phase.Kind, blank=True)
    target = models.CharField(_("to phase"), max_length=10, choices=Phase.Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    # What the system worked out for the gate when the move was asked, by the code of the item.
    figures = models.JSONField(_("figures of the gate"), default=dict, blank=True)
    drawn_up_on = models.DateField(_("drawn up on"))
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    starts_on = models.DateField(_("the phase starts on"), null=True, blank=True)
    reference = models.CharField(_("decision"), max_length=200, blank=True)
    # Why the gate was opened although items were missing.
    exception = models.TextField(_("why items may be missing"), max_length=1000, blank=True)
    vouched = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("move to another phase")
        verbose_name_plural = _("moves to another phase")
        ordering = ["hotspot", "drawn_up_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hotspot"],
                condition=models.Q(state__in=["draft", "asked"]),
                name="one_open_move_per_hotspot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hotspot}: {self.get_target_display()}"


class Item(models.Model):
    """One item of the checklist of a gate: done or not, and the evidence for it."""

    processing = Processing(
        purpose=_("Keep the evidence on which a hotspot passes the gate to another phase."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Done or not; evidence about the place, marked fact or assessment, with its reliability."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    class Nature(models.TextChoices):
        FACT = "fact", _("fact")
        ASSESSMENT = "assessment", _("assessment")

    class Reliability(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed by another source")
        PROBABLE = "probable", _("probable")
        UNCERTAIN = "uncertain", _("uncertain")

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(_("item"), max_length=20)
    done = models.BooleanField(_("done"), default=False)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    nature = models.CharField(_("fact or assessment"), max_length=10, choices=Nature, blank=True)
    reliability = models.CharField(_("reliability"), max_length=10, choices=Reliability, blank=True)

    class Meta:
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of a checklist")
        ordering = ["move", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["move", "code"], name="one_answer_per_item_of_a_gate"),
            models.CheckConstraint(
                condition=models.Q(done=False)
                | ~models.Q(evidence="") & ~models.Q(nature="") & ~models.Q(reliability=""),
                name="what_is_done_shows_its_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move}: {self.code}"


class Step(models.Model):
    """What happened to a move: which step, when, by which account, with which comment."""

    processing = Processing(
        purpose=_("Show how a move to another phase came to its decision."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Step, day, account, comment."),
        recipients=FIGURES_READERS,
        review=YEAR,
    )

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(_("step"), max_length=10)
    taken_on = models.DateField(_("day"))
    by = models.CharField(_("account"), max_length=150)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a move")
        verbose_name_plural = _("steps of moves")
        ordering = ["move", "pk"]

    def __str__(self) -> str:
        return f"{self.move}: {self.code}"
