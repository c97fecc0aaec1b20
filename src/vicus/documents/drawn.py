"""The pictures of the report: drawn without words around them, since the page sets caption and source itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vicus.documents import grounds
from vicus.documents.content import Picture, Table
from vicus.documents.report import MonthReport
from vicus.documents.voice import Voice
from vicus.pictures.drawing import svg
from vicus.pictures.figures import About
from vicus.pictures.maps import PlaceLayers, place_map, place_map_caption
from vicus.pictures.rankings import categories as categories_chart
from vicus.pictures.rankings import categories_caption
from vicus.pictures.rhythm import caption as hours_caption
from vicus.pictures.rhythm import hour_of_week
from vicus.pictures.series import caption as series_caption
from vicus.pictures.series import series as series_chart
from vicus.pictures.words import SMALLEST_BASE


def about(report: MonthReport, voice: Voice, *, placed: bool = False) -> About:
    """Names that pictures and their alternatives use; the place only where nothing near it says which."""
    return About(
        place=voice.named(report.name) if placed else "",
        zone=voice.named(report.zone),
        timezone=report.timezone,
        attribution=report.attribution,
    )


def series(report: MonthReport, voice: Voice, caption: str, *, behind: Table) -> Picture:
    """Monthly counts with their expected range."""
    figures, language = report.figures, voice.language
    done: dict[str, Any] = {"actions": report.actions, "phases": report.phases}
    chart = series_chart(figures, language, about=about(report, voice, placed=True), captions=False, **done)
    return Picture(
        caption=caption,
        subtitle=series_caption(figures, language, about=about(report, voice)).subtitle,
        alternative=str(chart.description),
        svg=svg(chart),
        behind=behind,
    )


def hours(report: MonthReport, voice: Voice, *, behind: Table) -> Picture:
    """Hour by weekday."""
    figures, language = report.figures, voice.language
    week, n = figures.hour_of_week, figures.hour_of_week_n
    chart = hour_of_week(
        week, language, n=n, figures=figures, about=about(report, voice, placed=True), captions=False
    )
    words = hours_caption(week, language, n=n, figures=figures)
    return Picture(
        caption=_untitled(words.title),
        subtitle=words.subtitle,
        alternative=str(chart.description),
        svg=svg(chart),
        behind=behind,
    )


def categories(report: MonthReport, voice: Voice) -> Picture:
    """This month's count of every category on its expected range."""
    figures, language = report.figures, voice.language
    names = {code: voice.named(named) for code, named in report.categories.items()}
    chart = categories_chart(
        figures, language, names=names, about=about(report, voice, placed=True), captions=False
    )
    words = categories_caption(figures, language, names=names, about=about(report, voice))
    return Picture(
        caption=_untitled(words.title),
        subtitle=words.subtitle,
        alternative=str(chart.description),
        svg=svg(chart),
    )


def place(report: MonthReport, voice: Voice, shown: PlaceLayers) -> Picture:
    """The perimeter, the ring around it, and where the facts lie."""
    figures, language = report.figures, voice.language
    located = ""
    if figures.quality.rows < SMALLEST_BASE:
        # The picture prints a percentage, which so few facts do not bear (rule R22): counts are said instead.
        shown = replace(shown, geocoding_rate=None)
        located = voice.t.gettext("Facts of the zone with a location: {share}.").format(
            share=grounds.geocoding(figures, voice)
        )
    chart = place_map(
        shown, language, figures=figures, about=about(report, voice, placed=True), captions=False
    )
    words = place_map_caption(shown, language, figures=figures, about=about(report, voice))
    return Picture(
        caption=_untitled(words.title),
        subtitle=" ".join([words.subtitle, located]).strip(),
        alternative=" ".join([str(chart.description), located]).strip(),
        svg=svg(chart),
    )


def _untitled(text: str) -> str:
    """A caption is no sentence: it ends without a full stop."""
    return text.removesuffix(".")
