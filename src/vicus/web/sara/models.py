"""The SARA cycle of a hotspot: problems that live across months, and one sheet a month."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot, Perimeter

READERS = _(
    "The managers of the hotspot, the division head, the zone direction; once validated the mayor's office."
)


def _account(name: Any, **more: Any) -> Any:
    """An account that wrote something; the words stay when the account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=name, **more,
    )  # fmt: skip


class Entry(models.Model):
    """What everything that is filled in has: its revision, and who wrote it when."""

    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)
    written_by = _account(_("written by"))
    written_at = models.DateTimeField(_("written on"), default=timezone.now)

    class Meta:
        abstract = True


class Writing(models.Model):
    """A text that is saved while it is written: its part of the form, its revision, who wrote it from which page."""

    key = models.CharField(_("part of the sheet"), max_length=20)
    revision = models.PositiveIntegerField(default=0)
    # Names the findings that the writer looked at and vouches for (rights R17).
    vouched = models.CharField(max_length=64, blank=True)
    # The open page that wrote last, by the name it gave itself.
    page = models.CharField(max_length=20, blank=True)
    written_by = _account(_("written by"))
    written_at = models.DateTimeField(_("written on"), default=timezone.now)
    recorded_at = models.DateTimeField(_("in the audit trail since"), null=True, blank=True)

    class Meta:
        abstract = True


class SetAside(models.Model):
    """A text that could not take its place, because somebody else had written there: kept until somebody decides."""

    # A page that is open names itself, so that two pages of one person do not overwrite each other.
    page = models.CharField(max_length=20, blank=True)
    text = models.TextField(_("text"))
    written_by = _account(_("written by"))
    written_at = models.DateTimeField(_("written on"), default=timezone.now)

    class Meta:
        abstract = True


class Problem(Entry):
    """A recurring, harmful pattern in a hotspot. It lives across months."""

    processing = Processing(
        purpose=_("Describe a recurring harm at a place, and what is thought to cause it."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a pattern at a place; the account that wrote them last."),
        recipients=READERS,
        review=YEAR,
    )

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="problems")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=150)
    # A code of `knowledge.rules.PROBLEM_TYPES`: what is known about such problems comes up beside it.
    problem_type = models.CharField(_("type of problem"), max_length=20, blank=True)
    # Codes of cards that were looked at for this problem.
    consulted = models.JSONField(_("cards consulted"), default=list, blank=True, editable=False)
    pattern = models.TextField(_("pattern"))
    # CHEERS and the triangle by the keys of `shape.PROBLEM`: each test yes or no, and why.
    answers = models.JSONField(_("tests and triangle"), default=dict, blank=True)
    hypothesis = models.TextField(_("hypothesis"), blank=True)
    disproof = models.TextField(_("what would disprove it"), blank=True)
    tried = models.TextField(_("what was tried"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    outcome = models.TextField(_("why it was closed"), blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["hotspot", "number"]
        constraints = [
            models.UniqueConstraint(fields=["hotspot", "number"], name="one_problem_per_hotspot_and_number"),
        ]

    def __str__(self) -> str:
        return self.title


class SaraSheet(models.Model):
    """The sheet of a hotspot in a month. Its figures are frozen when it is submitted."""

    processing = Processing(
        purpose=_("Say every month what was seen in a hotspot, why, what was agreed and whether it worked."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Figures of a place with the versions they rest on; dates; state."),
        recipients=READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        VALIDATED = "validated", _("validated")
        ARCHIVED = "archived", _("archived")

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="sheets")
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    opened_at = models.DateTimeField(_("opened on"), default=timezone.now)
    figures = models.JSONField(_("figures when submitted"), null=True, blank=True)
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
    geocoding_rate = models.FloatField(_("share of facts with a place"), null=True, blank=True)

    class Meta:
        verbose_name = _("SARA sheet")
        verbose_name_plural = _("SARA sheets")
        ordering = ["-month", "hotspot"]
        constraints = [
            models.UniqueConstraint(fields=["hotspot", "month"], name="one_sheet_per_hotspot_and_month"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_sheet_is_of_a_whole_month"),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(figures__isnull=False, data_version__isnull=False, known_at__isnull=False)
                & models.Q(perimeter__isnull=False)
                & ~models.Q(software=""),
                name="figures_are_frozen_once_a_sheet_is_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hotspot} {self.month:%Y-%m}"


class Step(models.Model):
    """A sheet passed from one state to another."""

    processing = Processing(
        purpose=_(
            "Say who submitted, returned, validated or archived a sheet, when, and with which comment."
        ),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Account, time, states, comment."),
        recipients=READERS,
        review=YEAR,
    )

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(_("transition"), max_length=20)
    before = models.CharField(_("from"), max_length=10)
    after = models.CharField(_("to"), max_length=10)
    comment = models.TextField(_("comment"), blank=True)
    by = _account(_("by"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.before} > {self.after}"


class Passage(Writing):
    """One text of a sheet, saved while it is written."""

    processing = Processing(
        purpose=_("Keep what is written in a sheet, so that nothing is lost."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the account that wrote them last."),
        recipients=READERS,
        review=YEAR,
    )

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="passages")
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("text of a sheet")
        verbose_name_plural = _("texts of sheets")
        ordering = ["sheet", "key"]
        constraints = [models.UniqueConstraint(fields=["sheet", "key"], name="one_text_per_sheet_and_part")]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.key}"


class Aside(SetAside):
    """A text of a sheet that met another one."""

    processing = Processing(
        purpose=_("Keep a text that met another one, until one of the two is chosen."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the account that wrote them."),
        recipients=_("Those who write the sheet."),
        retention=YEAR,
        begins=_("the day it was set aside"),
        since="written_at",
    )

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="asides")

    class Meta:
        verbose_name = _("text set aside")
        verbose_name_plural = _("texts set aside")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.passage} ({self.pk})"


class Observation(Entry):
    """Something seen or heard at a place: fact or assessment, and how reliable (rights R05)."""

    processing = Processing(
        purpose=_("Keep what was seen and heard at a place beside what was registered."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Kind of source, never its name; words about a place; the account that wrote them."),
        recipients=READERS,
        review=YEAR,
    )

    class About(models.TextChoices):
        SITUATION = "situation", _("what happens")
        DEFECT = "defect", _("defect of the place")
        POSITIVE = "positive", _("positive signal")

    class Source(models.TextChoices):
        OFFICER = "officer", _("officer")
        PARTNER = "partner", _("partner")
        SHOPKEEPER = "shopkeeper", _("shopkeeper")
        INHABITANT = "inhabitant", _("resident")
        SCHOOL = "school", _("school")
        STREET_WORKER = "street_worker", _("street worker")

    class Nature(models.TextChoices):
        FACT = "fact", _("fact")
        ASSESSMENT = "assessment", _("assessment")

    class Reliability(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        RELIABLE = "reliable", _("reliable")
        UNCERTAIN = "uncertain", _("uncertain")
        HEARSAY = "hearsay", _("hearsay")

    class Tension(models.TextChoices):
        EVIDENCED = "evidenced", _("evidenced")
        EXPERIENCED = "experienced", _("experienced")
        POTENTIAL = "potential", _("potential")

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="observations")
    about = models.CharField(_("about"), max_length=12, choices=About, default=About.SITUATION)
    source = models.CharField(_("kind of source"), max_length=15, choices=Source)
    nature = models.CharField(_("fact or assessment"), max_length=12, choices=Nature)
    reliability = models.CharField(_("reliability"), max_length=12, choices=Reliability)
    text = models.TextField(_("what was seen or heard"))
    seen_on = models.DateField(_("day"))
    tension_kind = models.CharField(_("tension"), max_length=12, choices=Tension, blank=True)
    tension = models.PositiveSmallIntegerField(
        _("level of tension"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(6)]
    )
    sentiment = models.PositiveSmallIntegerField(
        _("sentiment"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-seen_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nature__in=["fact", "assessment"])
                & models.Q(reliability__in=["confirmed", "reliable", "uncertain", "hearsay"]),
                name="an_observation_is_fact_or_assessment_with_its_reliability",
            ),
            models.CheckConstraint(
                condition=models.Q(tension__isnull=True, tension_kind="")
                | models.Q(tension__range=(1, 6)) & ~models.Q(tension_kind=""),
                name="tension_has_a_kind_and_a_level",
            ),
            models.CheckConstraint(
                condition=models.Q(sentiment__isnull=True) | models.Q(sentiment__range=(1, 5)),
                name="sentiment_runs_from_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.text[:40]}"


class ProblemNote(Entry):
    """A problem in a month: what changed, and what that says of its hypothesis."""

    processing = Processing(
        purpose=_("Follow a problem from month to month."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the account that wrote them."),
        recipients=READERS,
        review=YEAR,
    )

    class Standing(models.TextChoices):
        SUPPORTED = "supported", _("the month supports it")
        WEAKENED = "weakened", _("the month speaks against it")
        OPEN = "open", _("the month does not say")

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="problem_notes")
    problem = models.ForeignKey(
        Problem, on_delete=models.CASCADE, related_name="notes", verbose_name=_("problem")
    )
    changed = models.TextField(_("what changed"))
    standing = models.CharField(_("the hypothesis"), max_length=10, choices=Standing)
    update = models.TextField(_("what this changes in the hypothesis"), blank=True)

    class Meta:
        verbose_name = _("problem of the month")
        verbose_name_plural = _("problems of the month")
        ordering = ["problem__number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "problem"], name="one_note_per_sheet_and_problem")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {self.problem}"


class Promise(Entry):
    """An action proposed in a sheet: what, how it should work, and what is expected of it by when."""

    processing = Processing(
        purpose=_("Keep what was promised for a hotspot, until it is done or let go."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the organisation in charge; the account that wrote them."),
        recipients=READERS,
        review=YEAR,
    )

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="promises")
    problem = models.ForeignKey(
        Problem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("problem"),
    )
    title = models.CharField(_("action"), max_length=150)
    objective = models.TextField(_("objective"))
    mechanism = models.TextField(_("mechanism"))
    expected = models.TextField(_("expected result"))
    lead = models.CharField(_("organisation in charge"), max_length=120, blank=True)
    due = models.DateField(_("by"))
    # Not one of the words of the sheet: it is set later, also once the sheet is frozen.
    action = models.ForeignKey(
        "actions.Action",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="promises",
        verbose_name=_("action that keeps it"),
    )

    class Meta:
        verbose_name = _("proposed action")
        verbose_name_plural = _("proposed actions")
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.title


class Review(Entry):
    """What became of a promise, said in a later sheet."""

    processing = Processing(
        purpose=_("Say whether a promise was kept, what it gave, and how it goes on."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the account that wrote them."),
        recipients=READERS,
        review=YEAR,
    )

    class Kept(models.TextChoices):
        DONE = "done", _("done")
        PARTLY = "partly", _("partly done")
        NOT = "not", _("not done")

    class Confidence(models.TextChoices):
        HIGH = "high", _("high")
        MIDDLE = "middle", _("middling")
        LOW = "low", _("low")

    class Decision(models.TextChoices):
        CONTINUE = "continue", _("continue")
        ADAPT = "adapt", _("adapt")
        STOP = "stop", _("stop")
        ESCALATE = "escalate", _("bring to a higher level")
        CLOSE = "close", _("close, it is done")

    sheet = models.ForeignKey(SaraSheet, on_delete=models.CASCADE, related_name="reviews")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="reviews")
    kept = models.CharField(_("done"), max_length=10, choices=Kept)
    why = models.TextField(_("why"), blank=True)
    dose = models.CharField(_("what was delivered"), max_length=200, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    moved = models.TextField(_("displacement or diffusion"), blank=True)
    side_effects = models.TextField(_("side effects"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)

    class Meta:
        verbose_name = _("what became of a promise")
        verbose_name_plural = _("what became of promises")
        ordering = ["promise__due", "promise__pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "promise"], name="one_review_per_sheet_and_promise"),
            models.CheckConstraint(
                condition=models.Q(kept="done") | ~models.Q(why=""), name="what_was_not_done_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise}: {self.get_kept_display()}"
