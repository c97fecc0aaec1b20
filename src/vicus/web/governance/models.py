"""What the clock and the post of a zone keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import DAY, Processing, Regime
from vicus.web.zone.models import Organisation, Zone


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
    subject = models.CharField(_("subject"), max_length=200)
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
