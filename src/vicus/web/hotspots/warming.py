"""Work done before anybody asks for it, so that the first reader of new facts, or of a new process, does not wait."""

from __future__ import annotations

import altair as alt
import pandas as pd
from django.conf import settings
from django.utils.translation import override

from vicus.analysis import aoristic
from vicus.incidents.engine import engine
from vicus.pictures import drawing
from vicus.web.hotspots import asking, figures, queries
from vicus.web.hotspots.figures import SOURCES
from vicus.web.hotspots.showing import maps
from vicus.web.hotspots.views.zone import rows
from vicus.web.zone.models import Zone

FIRST_SHOWN = tuple(name for name in SOURCES if name != "discovered")
"""Choices of sources that the first page of a zone compares."""


def zone(here: Zone) -> None:
    """Keep what the pages of the last month rest on: the figures of its hotspots and the map of the zone."""
    latest, found = asking.latest(here), queries.hotspots(here)
    if latest is None or not any(hotspot.perimeters.all() for hotspot in found):
        return
    store, asked = latest
    answers = [figures.of_zone(store, here, found, asked.question.counting(name)) for name in FIRST_SHOWN]
    for answer in answers:
        dict(answer.figures)  # judged only when they are asked for
    shown = rows(here, found, queries.area_names(here), asked, answers[0])
    for language, _name in settings.LANGUAGES:
        with override(language):
            maps.zone(here, answers[0], shown, language)


def kernels() -> None:
    """Load the compiled loops that count; they start no thread, so a server does it once, before it forks."""
    moment = pd.Series(pd.to_datetime(["2024-01-01T12:00Z"]))
    aoristic(moment, moment, tz=settings.TIME_ZONE)


def instruments() -> None:
    """Load what answers questions and draws in this process, which takes a second or two the first time."""
    engine()
    drawing.svg(alt.Chart(pd.DataFrame({"n": [1]})).mark_point().encode(x="n:Q"))
