"""What is found by searching: one row per text, with its words cut down to their stems."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import YEAR, Processing, Regime
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone


class Document(models.Model):
    """A text that can be found: a copy of what stands in its source, which goes when the source goes.

    Who may find it is not kept here: it is asked of the source, each time (see `sources`). Below this table lies the
    index of the database itself, made in the second migration: FTS5 of SQLite, a `tsvector` of PostgreSQL.
    """

    processing = Processing(
        purpose=_("Find what was written about a place, within what the reader may see."),
        regime=Regime.LAW_ENFORCEMENT,
        data=_("A copy of cards and of texts of problems, sheets, actions, meetings and commitments."),
        recipients=_("Those who may read the text itself."),
        review=YEAR,
    )

    source = models.CharField(_("source"), max_length=30)
    object_id = models.BigIntegerField(_("number in its source"))
    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, null=True, related_name="+")
    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, null=True, related_name="+")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    day = models.DateField(_("day"), null=True)
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"))
    title_stems = models.TextField()
    stems = models.TextField()

    class Meta:
        verbose_name = _("document of the search")
        verbose_name_plural = _("documents of the search")
        ordering = ["source", "object_id"]
        constraints = [models.UniqueConstraint(fields=["source", "object_id"], name="one_document_per_text")]

    def __str__(self) -> str:
        return f"{self.source} {self.object_id}"
