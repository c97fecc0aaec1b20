"""What the clock and the post of a zone keep."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission
from vicus.web.audit.processing import DAY, YEAR, Processing, Regime
from vicus.web.meetings.models import READERS, Level
from vicus.web.zone.models import Organisation, Zone

MOST_MONTHS, MOST_GRACE = 36, 12
DRIVERS = [(role.code, role.name) for role in ROLES.values() if Permission.WRITE_MEETINGS in role.permissions]


class Letter(models.Model):
    """A letter in the outbox: to a user, or to the mailbox of an organisation.

    The key says what the letter is, so that it is queued once. Where `{link}` stands in the text, a fresh link of the
    organisation takes its place as the letter leaves: no usable address is kept.
    """

    processing = Processing(
        purpose=_(
            "Send letters to members and to the mailboxes of organisations, lose none and send none twice."
        ),
        regime=Regime.GDPR,
        data=_("Account or mailbox of a service, language, subject, text, state, attempts, what went wrong."),
        recipients=_(
            "Whoever the letter is for; administrators see kinds, counts and what went wrong, no text."
        ),
        retention=30 * DAY,
        begins=_("the day the letter was sent"),
        since="sent_at",
    )

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=120, unique=True, editable=False)
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(_("kind"), max_length=30)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("user"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("organisation"),
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    # Not before this moment; later after each failed attempt.
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    # Somebody is sending it since; empty again once it is known whether it left.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent on"), null=True, blank=True)
    created_at = models.DateTimeField(_("written on"), default=timezone.now)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None, organisation__isnull=False)
                | models.Q(user__isnull=False, organisation=None),
                name="a_letter_goes_to_a_user_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | ~models.Q(state="sent") & models.Q(sent_at=None),
                name="a_sent_letter_carries_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Rule(models.Model):
    """How often a level meets in a zone, for what, and who drives it. Without a row the default of Vicus holds."""

    processing = Processing(
        purpose=_("Say how often the bodies of each level meet at least, and who sees to it."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Level, number of months, place it holds for, role that drives it."),
        recipients=READERS,
        review=YEAR,
    )

    class Scope(models.TextChoices):
        ZONE = "zone", _("once for the zone")
        COMMUNE = "commune", _("for each commune")
        HOTSPOT = "hotspot", _("for each hotspot")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="clock_rules")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    # A zone with four levels has one that is not kept.
    kept = models.BooleanField(_("the zone keeps this level"), default=True)
    every_months = models.PositiveSmallIntegerField(
        _("at least one meeting every (months)"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    scope = models.CharField(_("held"), max_length=10, choices=Scope)
    driver = models.CharField(_("driven by"), max_length=30, choices=DRIVERS, blank=True)
    # {"nl": …, "fr": …, "en": …}: who drives it, where that is no role of an account.
    driver_words = models.JSONField(_("driven by, in words"), default=dict, blank=True)
    grace_months = models.PositiveSmallIntegerField(
        _("months of grace"), default=0, validators=[MaxValueValidator(MOST_GRACE)]
    )

    class Meta:
        verbose_name = _("rule of the clock")
        verbose_name_plural = _("rules of the clock")
        ordering = ["zone", "-level"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "level"], name="one_rule_per_zone_and_level"),
            models.CheckConstraint(
                condition=models.Q(every_months__range=(1, MOST_MONTHS)), name="a_level_meets_now_and_then"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.level}"


class Done(models.Model):
    """Scheduled work that was done: which, for which zone, for which day, week or month. It is not done again."""

    processing = Processing(
        purpose=_("Do scheduled work once, also when the schedule runs twice or late."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Kind of work, zone, period, moment."),
        recipients=_("Whoever runs the installation."),
        retention=YEAR,
        begins=_("the moment the work was done"),
        since="at",
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="+")
    job = models.CharField(_("work"), max_length=60)
    period = models.CharField(_("period"), max_length=20)
    at = models.DateTimeField(_("moment"), default=timezone.now)

    class Meta:
        verbose_name = _("scheduled work done")
        verbose_name_plural = _("scheduled work done")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "job", "period"], name="scheduled_work_is_done_once")
        ]

    def __str__(self) -> str:
        return f"{self.zone}: {self.job}, {self.period}"


class Feed(models.Model):
    """A calendar that a user reads in another program, by an address that can be revoked.

    Only a fingerprint of the address is kept: whoever reads the database cannot use it.
    """

    processing = Processing(
        purpose=_("Let a user see their meetings and days in a calendar of their own."),
        regime=Regime.GDPR,
        data=_("Account, fingerprint of the address, days of making and revocation, last reading."),
        recipients=_("The user; the auditor, through the audit trail."),
        retention=YEAR,
        begins=_("the day the address was revoked"),
        since="revoked_on",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds")
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_on = models.DateField(_("made on"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    last_read = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar of a user")
        verbose_name_plural = _("calendars of users")
        ordering = ["user", "-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}, {self.made_on}"


class Weekly(models.Model):
    """A user asked for the weekly letter: what waits, what is overdue, what comes."""

    processing = Processing(
        purpose=_("Send the weekly letter to those who asked for it."),
        regime=Regime.GDPR,
        data=_("Account, zone, day of the choice."),
        recipients=_("The user."),
        review=YEAR,
    )

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_letters"
    )
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="weekly_letters")
    chosen_on = models.DateField(_("chosen on"))

    class Meta:
        verbose_name = _("weekly letter")
        verbose_name_plural = _("weekly letters")
        ordering = ["zone", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "zone"], name="one_weekly_letter_per_user_and_zone")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.zone})"
