"""What is known to work, where and why: cards, as EMMIE asks it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.zone.models import Zone


class Card(models.Model):
    """One card: what was done, for which problem type, with what effect, how, where it works, what it takes and costs."""

    processing = Processing(
        purpose=_("Keep what is known to work against which problem, and where that knowledge comes from."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Measure, problem type, effect, mechanism, moderators, implementation, costs, grade, source."),
        recipients=_("Members of the zone who work on hotspots."),
        review=2 * YEAR,
    )

    class Kind(models.TextChoices):
        MEASURE = "measure", _("measure")
        LESSON = "lesson", _("lesson")
        PATTERN = "pattern", _("modus operandi")

    class Grade(models.TextChoices):
        STRONG = "strong", _("strong: several controlled studies agree")
        FAIR = "fair", _("fair: controlled studies, few or mixed")
        WEAK = "weak", _("weak: before and after, without comparison")
        PRACTICE = "practice", _("practice: told by those who did it")

    # Without a zone: shipped with the product, read by all.
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, null=True, blank=True, related_name="cards")
    code = models.SlugField(_("short name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MEASURE)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=150)
    # Codes of `rules.PROBLEM_TYPES` and of `actions.Action.Kind`.
    problem_types = models.JSONField(_("problem types"), default=list)
    action_kinds = models.JSONField(_("kinds of action"), default=list, blank=True)
    done = models.TextField(_("what was done"), max_length=3000)
    effect = models.TextField(_("effect"), max_length=3000, blank=True)
    mechanism = models.TextField(_("mechanism"), max_length=3000, blank=True)
    moderators = models.TextField(_("moderators"), max_length=3000, blank=True)
    implementation = models.TextField(_("implementation"), max_length=3000, blank=True)
    economics = models.TextField(_("economics"), max_length=3000, blank=True)
    grade = models.CharField(_("grade of the evidence"), max_length=10, choices=Grade)
    source = models.TextField(_("source"), max_length=1000)
    source_url = models.URLField(_("address of the source"), blank=True)
    # The lesson of an action that became a card: "actions.action:12".
    origin = models.CharField(max_length=60, blank=True, editable=False)
    ended_on = models.DateField(_("taken out on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)
    written_at = models.DateTimeField(_("written on"), default=timezone.now)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "code", "language"], name="one_card_per_zone_code_and_language"
            ),
            models.UniqueConstraint(
                fields=["code", "language"],
                condition=models.Q(zone=None),
                name="one_shipped_card_per_code_and_language",
            ),
        ]

    def __str__(self) -> str:
        return self.title
