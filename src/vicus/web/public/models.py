"""What residents read, copied at the moment it was published, and what they write back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime

LONGEST = 1500
"""Characters of a feedback."""
LANGUAGES = ("fr", "nl")
"""A bulletin is there in both, or not at all (rights R25)."""


class Snapshot(models.Model):
    """A published bulletin, whole: its words and counts in both languages. Nothing in it points elsewhere."""

    processing = Processing(
        purpose=_("Let residents read what was said, done and not possible in their neighbourhood."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Words in French and Dutch, counts that may be published, days of meetings, promises."),
        recipients=_("Everybody."),
        review=YEAR,
    )

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    zone = models.CharField(_("short name of the zone"), max_length=50, db_index=True)
    # {"zone": names, "commune": names, "place": names, "sort": text}
    place = models.JSONField(_("place"))
    # {"fr": …, "nl": …}, each as `vicus.web.bulletins.content` writes it: texts and numbers, no markup.
    content = models.JSONField(_("content"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    published_on = models.DateField(_("published on"))
    renewed_on = models.DateField(_("brought up to date on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("published bulletin")
        verbose_name_plural = _("published bulletins")
        ordering = ["zone", "-ends_on", "slug"]

    def __str__(self) -> str:
        return self.slug

    def in_language(self, language: str) -> dict[str, Any]:
        """The content in one of the two languages."""
        return dict(self.content[language])


class Feedback(models.Model):
    """What somebody wrote about a bulletin: words and the day, nothing that says who or from where."""

    processing = Processing(
        purpose=_("Hear from residents whether what was done in their neighbourhood helps."),
        regime=Regime.GDPR,
        data=_("Words written in a form without account; language, day; topics added by a reader."),
        recipients=_("Members of the zone who write the bulletins of the place."),
        retention=YEAR,
        begins=_("the day it was received"),
        since="received_on",
    )

    bulletin = models.SlugField(_("address of the bulletin"), max_length=100, db_index=True)
    language = models.CharField(_("language"), max_length=2)
    text = models.TextField(_("words"), max_length=LONGEST)
    received_on = models.DateField(_("received on"))
    topics = models.JSONField(_("topics"), default=list, blank=True)
    seen_on = models.DateField(_("read on"), null=True, blank=True)

    class Meta:
        verbose_name = _("feedback of residents")
        verbose_name_plural = _("feedback of residents")
        ordering = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.bulletin}, {self.received_on}"
