"""Bulletins of a neighbourhood, and the ledger of every count that was ever released with one."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.models import LANGUAGES
from vicus.web.zone.models import Area, Zone

WRITERS = _("Members of the zone who write bulletins of the place; everybody once it is published.")
LEAST_K, MOST_K = 5, 10


class Setting(models.Model):
    """What a zone asks of counts that everybody may read. Without a row the default of the field holds."""

    processing = Processing(
        purpose=_("Say below which number counts are not published."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("A number."),
        recipients=WRITERS,
        review=YEAR,
    )

    zone = models.OneToOneField(Zone, on_delete=models.CASCADE, related_name="bulletin_setting")
    k = models.PositiveSmallIntegerField(
        _("counts below this number are not published"),
        default=LEAST_K,
        validators=[MinValueValidator(LEAST_K), MaxValueValidator(MOST_K)],
    )

    class Meta:
        verbose_name = _("setting of bulletins")
        verbose_name_plural = _("settings of bulletins")

    def __str__(self) -> str:
        return f"{self.zone}: {self.k}"


class Bulletin(models.Model):
    """What was said, done and not possible in a neighbourhood, for residents to read in both languages."""

    processing = Processing(
        purpose=_("Tell residents what was done with what they said, and why something was not possible."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Place, period, words in French and Dutch, which counts are asked, state, days."),
        recipients=WRITERS,
        review=YEAR,
    )

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        READY = "ready", _("ready to publish")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Columns(models.TextChoices):
        NONE = "none", _("no counts")
        PERIOD = "period", _("the period as a whole")
        QUARTERS = "quarters", _("quarters")
        MONTHS = "months", _("months")

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="bulletins")
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    hotspot = models.ForeignKey(
        Hotspot, on_delete=models.CASCADE, null=True, blank=True, related_name="bulletins",
        verbose_name=_("hotspot"),
    )  # fmt: skip
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("commune or neighbourhood"),
    )  # fmt: skip
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # {"fr": {"title", "said", "done", "not_possible"}, "nl": the same}
    texts = models.JSONField(_("words"), default=dict, blank=True)
    # Why a promise was not kept, for residents: {"12": {"fr": …, "nl": …}} by the number of the commitment.
    reasons = models.JSONField(_("why promises were not kept"), default=dict, blank=True)
    columns = models.CharField(_("counts"), max_length=10, choices=Columns, default=Columns.NONE)
    categories = models.JSONField(_("kinds of facts"), default=list, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    vouched = models.CharField(max_length=64, blank=True, editable=False)
    made_on = models.DateField(_("begun on"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    why_withdrawn = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["zone", "-ends_on", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hotspot=None) ^ models.Q(area=None), name="a_bulletin_is_about_one_place"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="a_bulletin_is_about_a_period"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["published", "withdrawn"])
                | models.Q(published_on__isnull=False),
                name="a_published_bulletin_carries_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def place(self) -> Hotspot | Area:
        """The hotspot, commune or neighbourhood it is about."""
        found = self.hotspot or self.area
        assert found is not None
        return found

    def words(self, language: str) -> dict[str, str]:
        """The texts in one language; empty where nothing was written."""
        return dict(self.texts.get(language, {}))

    def title(self, language: str) -> str:
        """The title in this language, or in the other."""
        found = [self.words(code).get("title", "") for code in (language, *LANGUAGES)]
        return next((title for title in found if title), str(self.place))


class Release(models.Model):
    """The counts that one bulletin released, for good: what was read cannot be unread.

    A later release is checked against all of them (rights R18), also against those of bulletins that were withdrawn.
    """

    processing = Processing(
        purpose=_("Know every count that was published, so that no two of them give a small one away."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Outline of the place, months, kinds of facts, counts shown, versions of the data."),
        recipients=_("Nobody: it is read by the check of bulletins."),
        review=YEAR,
    )

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="releases")
    # The slug, not the bulletin: the ledger outlives what it is about.
    bulletin = models.SlugField(_("address of the bulletin"), max_length=100, unique=True)
    released_on = models.DateField(_("released on"))
    geometry = models.BinaryField(_("outline (WKB)"))
    k = models.PositiveSmallIntegerField(_("counts below this number were not shown"))
    # {"2026-07": 21}: the version of the data that the facts of a month were counted in.
    versions = models.JSONField(_("versions of the data"))
    # [{"months": ["2026-07"], "categories": ["BIKE"], "value": 12 or null when it was not shown}]
    cells = models.JSONField(_("counts"))

    class Meta:
        verbose_name = _("released counts")
        verbose_name_plural = _("released counts")
        ordering = ["zone", "released_on", "pk"]

    def __str__(self) -> str:
        return self.bulletin

    @property
    def shape(self) -> Any:
        """The outline of the place as a shapely geometry."""
        return shapely.from_wkb(bytes(self.geometry))

    @property
    def months(self) -> set[str]:
        """The months it counted."""
        return {month for cell in self.cells for month in cell["months"]}


def month_of(code: str) -> date:
    """The first day of "2026-07"."""
    return date.fromisoformat(f"{code}-01")
