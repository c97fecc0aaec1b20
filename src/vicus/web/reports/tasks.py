"""Background work of this app: drawing the reports that somebody asked for."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from vicus.web.reports import services
from vicus.web.reports.kinds import KINDS
from vicus.web.reports.models import Order
from vicus.web.reports.writing import NothingToTell

logger = logging.getLogger(__name__)


@task()
def draw_order(pk: int) -> None:
    """Draw every report of an order, one by one; what cannot be drawn is said and keeps no other back."""
    order = Order.objects.select_related("zone", "asked_by").get(pk=pk)
    kind, actor = KINDS[order.kind], order.asked_by or "somebody who left"
    spoken = translation.get_language() or "en"
    for place in order.places:
        for language in order.languages:
            try:
                services.draw(
                    zone=order.zone, kind=kind, place=place, period=order.period, language=language,
                    formats=order.formats, left_out=order.left_out, actor=actor,
                )  # fmt: skip
            except NothingToTell as nothing:
                _say(order, str(nothing))
            except Exception:
                logger.exception("A report could not be drawn: %s %s %s", kind.code, place, language)
                with translation.override(spoken):
                    _say(order, _("A report could not be drawn on a fault of the program. The log says why."))
            order.done += 1
            order.save(update_fields=["done", "said"])
    order.ended_at = timezone.now()
    order.save(update_fields=["ended_at"])


def _say(order: Any, sentence: str) -> None:
    if sentence not in order.said:
        order.said = [*order.said, sentence]
