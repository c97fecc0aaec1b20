"""Bodies that meet, their meetings on the five levels, what was decided there and what was promised."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara.models import SetAside, Writing
from vicus.web.zone.models import Area, Organisation, Zone, in_language, validate_names

READERS = _(
    "Members of the zone who take part in meetings of the place; partners, of the meetings they attend."
)


class Level(models.IntegerChoices):
    """The five levels of governance, from the neighbourhood to the strategy of the zone."""

    POPULATION = 1, _("population")
    PARTNERS = 2, _("partners")
    MUNICIPAL = 3, _("municipal")
    OPERATIONAL = 4, _("operational")
    STRATEGIC = 5, _("strategic")


class Body(models.Model):
    """Who meets again and again: a platform of the zone, the mayor with the police, a neighbourhood.

    One that exists already can count for several levels, so that no new meeting is needed.
    """

    processing = Processing(
        purpose=_("Say which bodies meet, on which levels, and who drives them."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Names, levels, commune or hotspot, roles in the chair and behind the wheel."),
        recipients=READERS,
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="bodies")
    code = models.SlugField(_("short name"), max_length=60)
    names = models.JSONField(_("names"), validators=[validate_names])
    levels = models.JSONField(_("levels it counts for"), default=list)
    commune = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    hotspot = models.ForeignKey(
        Hotspot,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name=_("hotspot"),
    )
    chair = models.CharField(_("chair (role)"), max_length=120, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["zone", "code"]
        constraints = [models.UniqueConstraint(fields=["zone", "code"], name="one_body_per_zone_and_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names) or self.code


class Meeting(models.Model):
    """One meeting: prepared, held, minuted. What was said stands in `words`, by the keys of its form."""

    processing = Processing(
        purpose=_("Prepare meetings, keep their minutes, and know what was shared with whom on what basis."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "Body, levels, day, place, role in the chair, organisations present, minutes, counts of people present."
        ),
        recipients=READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        MINUTED = "minuted", _("minuted")
        CANCELLED = "cancelled", _("cancelled")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="meetings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("body"))
    # Those of the body, unless this meeting counts for fewer or more.
    levels = models.JSONField(_("levels it counts for"), default=list)
    communes = models.ManyToManyField(Area, verbose_name=_("communes"), blank=True, related_name="+")
    hotspots = models.ManyToManyField(
        Hotspot, verbose_name=_("hotspots"), blank=True, related_name="meetings"
    )
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"), default=90, validators=[MinValueValidator(5), MaxValueValidator(720)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    chair = models.CharField(_("chair (role)"), max_length=120, blank=True)
    language = models.CharField(_("language of the minutes"), max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    why = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    words = models.JSONField(_("what was said"), default=dict, blank=True)
    # Two people, two tabs: who saves says which revision of the words was read.
    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.body}, {self.starts_at:%Y-%m-%d}"


class Presence(models.Model):
    """An organisation asked to a meeting: the roles that came, never who."""

    processing = Processing(
        purpose=_("Say which organisations were asked to a meeting and which came."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Organisation, roles, present or excused."),
        recipients=READERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        ASKED = "asked", _("invited")
        PRESENT = "present", _("present")
        EXCUSED = "excused", _("excused")
        ABSENT = "absent", _("absent")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="presences")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="presences")
    roles = models.CharField(_("roles"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["meeting", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "organisation"], name="an_organisation_is_asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.organisation}"


class Passage(Writing):
    """Who wrote a part of the minutes last, from which page; the text itself stands in the words of the meeting."""

    processing = Processing(
        purpose=_("Keep what is written during a meeting, so that nothing is lost."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Part of the form, revision, the account that wrote it last."),
        recipients=READERS,
        review=YEAR,
    )

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="passages")

    class Meta:
        verbose_name = _("text of a meeting")
        verbose_name_plural = _("texts of meetings")
        ordering = ["meeting", "key"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "key"], name="one_text_per_meeting_and_part")
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.key}"

    @property
    def text(self) -> str:
        return str(self.meeting.words.get(self.key, ""))

    @text.setter
    def text(self, text: str) -> None:
        self.meeting.words = {**self.meeting.words, self.key: text}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The text with it; the row of the meeting is locked by whoever writes."""
        super().save(*args, **kwargs)
        self.meeting.revision += 1
        self.meeting.save(update_fields=["words", "revision", "changed_at"])


class Aside(SetAside):
    """A text of a meeting that met another one."""

    processing = Processing(
        purpose=_("Keep a text that met another one, until one of the two is chosen."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words about a place; the account that wrote them."),
        recipients=_("Those who write the minutes."),
        retention=YEAR,
        begins=_("the day it was set aside"),
        since="written_at",
    )

    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="asides")

    class Meta:
        verbose_name = _("text of a meeting set aside")
        verbose_name_plural = _("texts of meetings set aside")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.passage} ({self.pk})"


class Shared(models.Model):
    """What an organisation was told for a meeting, and on what basis; each stands in the trail as a disclosure."""

    processing = Processing(
        purpose=_("Know what was shared with which partner, for what and on what basis."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Organisation, what was shared, basis, purpose, moment."),
        recipients=READERS,
        review=YEAR,
    )

    class Basis(models.TextChoices):
        PUBLIC = "public", _("public already")
        PLACES = "places", _("figures of places only, nobody can be recognised")
        AGREEMENT = "agreement", _("a written agreement with the organisation")
        LAW = "law", _("a task laid down by law")
        ORDER = "order", _("decided by the authority that holds it")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="shared")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="shared", verbose_name=_("organisation")
    )
    what = models.TextField(_("what is shared"), max_length=2000)
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    purpose = models.CharField(_("what it is needed for"), max_length=200)
    at = models.DateTimeField(_("moment"), default=timezone.now)
    vouched = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("information shared")
        verbose_name_plural = _("information shared")
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.organisation}"


class Answer(models.Model):
    """You said, we did, we could not because: what residents said at a meeting and what became of it."""

    processing = Processing(
        purpose=_("Tell residents what became of what they said."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("What was said at a meeting by nobody in particular, what was done, why not."),
        recipients=READERS,
        review=YEAR,
    )

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    said = models.TextField(_("you said"), max_length=500)
    did = models.TextField(_("we did"), max_length=500, blank=True)
    could_not = models.TextField(_("we could not, because"), max_length=500, blank=True)
    vouched = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("answer to residents")
        verbose_name_plural = _("answers to residents")
        ordering = ["meeting", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(did="", could_not=""), name="an_answer_says_what_was_done_or_why_not"
            )
        ]

    def __str__(self) -> str:
        return self.said


class Pulse(models.Model):
    """How an organisation sees the partnership: one to four on each of six principles (`shape.PRINCIPLES`)."""

    processing = Processing(
        purpose=_("See over time how the partnership goes, as each organisation sees it."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Organisation, six values from one to four."),
        recipients=READERS,
        review=YEAR,
    )

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pulses")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pulses", verbose_name=_("organisation")
    )
    need = models.PositiveSmallIntegerField(_("need"))
    clarity = models.PositiveSmallIntegerField(_("clarity and realism"))
    commitment = models.PositiveSmallIntegerField(_("commitment"))
    trust = models.PositiveSmallIntegerField(_("trust"))
    arrangements = models.PositiveSmallIntegerField(_("arrangements"))
    learning = models.PositiveSmallIntegerField(_("learning"))

    class Meta:
        verbose_name = _("pulse of the partnership")
        verbose_name_plural = _("pulses of the partnership")
        ordering = ["meeting", "organisation"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"], name="one_pulse_per_meeting_and_organisation"
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((f"{name}__range", (1, 4))), name=f"pulse_{name}_runs_from_one_to_four"
                )
                for name in ("need", "clarity", "commitment", "trust", "arrangements", "learning")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.organisation}"


class Decision(models.Model):
    """What a meeting decided, in one sentence, and what it is about."""

    processing = Processing(
        purpose=_("Keep what meetings decided, and for which hotspot."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Words of the decision, hotspot."),
        recipients=READERS,
        review=YEAR,
    )

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.SET_NULL, null=True, blank=True, related_name="decisions",
        verbose_name=_("hotspot"),
    )  # fmt: skip
    text = models.TextField(_("decision"), max_length=1000)
    # Where it was carried out at once: "phases.move:12", "perimeters.proposal:3".
    about = models.CharField(max_length=60, blank=True)
    vouched = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "pk"]

    def __str__(self) -> str:
        return self.text


class Commitment(models.Model):
    """What an organisation promised to do by a day: kept, late, dropped, and why."""

    processing = Processing(
        purpose=_("Follow what organisations promised to do for a place, and whether they did."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "What, for which place, organisation, due day, state, reason, evidence; words for the public."
        ),
        recipients=_(
            "Members of the zone who take part in meetings of the place; the organisation that promised."
        ),
        review=YEAR,
    )

    class State(models.TextChoices):
        OPEN = "open", _("open")
        KEPT = "kept", _("kept")
        PARTLY = "partly", _("kept in part")
        DROPPED = "dropped", _("dropped")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="commitments")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments",
        verbose_name=_("meeting"),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    commune = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.CASCADE, null=True, blank=True, related_name="commitments",
        verbose_name=_("hotspot"),
    )  # fmt: skip
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("organisation")
    )
    title = models.CharField(_("what is promised"), max_length=200)
    detail = models.TextField(_("more about it"), max_length=1000, blank=True)
    made_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("due on"))
    # Of one that was postponed: the day that was promised at first.
    first_due_on = models.DateField(_("first due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    reason = models.TextField(_("why not, or why later"), max_length=1000, blank=True)
    evidence = models.TextField(_("what shows it"), max_length=1000, blank=True)
    public = models.BooleanField(_("residents may read it"), default=False)
    # {"nl": …, "fr": …}: what residents read; both are needed before it is published (R25).
    public_words = models.JSONField(_("words for residents"), default=dict, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("recorded on"), default=timezone.now)

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("made_on")),
                name="a_commitment_is_due_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", settled_on=None)
                | ~models.Q(state="open") & models.Q(settled_on__isnull=False),
                name="a_settled_commitment_carries_its_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["dropped", "partly"]) | ~models.Q(reason=""),
                name="what_was_not_kept_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def late(self, day: Any) -> bool:
        """Is it open past its day, or was it settled after it?"""
        return bool((self.settled_on or day) > self.due_on)


class Step(models.Model):
    """What happened to a commitment, when, by which account or organisation, with which words."""

    processing = Processing(
        purpose=_("Show how a commitment came to be kept, changed or dropped."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("Step, moment, account or organisation, comment."),
        recipients=READERS,
        review=YEAR,
    )

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(_("step"), max_length=15)
    at = models.DateTimeField(_("moment"), default=timezone.now)
    by = models.CharField(_("account or organisation"), max_length=150)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("step of a commitment")
        verbose_name_plural = _("steps of commitments")
        ordering = ["commitment", "pk"]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.code}"


class CommitmentLink(models.Model):
    """An address by which an organisation follows its own open commitments, without an account.

    Only a fingerprint of the address is kept: whoever reads the database cannot use it.
    """

    processing = Processing(
        purpose=_("Let an organisation say that a commitment is kept, from a link and without an account."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Organisation, fingerprint of the address, days of making, end, revocation and last use."),
        recipients=_("Members of the zone who write meetings."),
        retention=YEAR,
        begins=_("the day the link ends"),
        since="ends_on",
    )

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_on = models.DateField(_("made on"))
    ends_on = models.DateField(_("ends on"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("link of an organisation")
        verbose_name_plural = _("links of organisations")
        ordering = ["organisation", "-made_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.made_on}"
