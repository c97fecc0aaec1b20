"""Small pictures of dose and trends, drawn as SVG in the colours of the reader's scheme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.actions.doses import Week

MOST_WEEKS = 26


def dose_bars(weeks: Sequence[Week], language: str) -> SafeString:
    """Delivered minutes a week as bars over the planned ones as outlines; the last half year."""
    shown = list(weeks[-MOST_WEEKS:])
    if not shown:
        return SafeString("")
    top = max([1.0, *(week.planned for week in shown), *(float(week.delivered) for week in shown)])
    step, tall = 26.0, 90.0

    def bar(place: int, week: Week) -> tuple[str, ...]:
        x = place * step + 2
        planned, delivered = (tall * value / top for value in (week.planned, week.delivered))
        return (
            _px(x + 4), _px(tall + 4 - delivered), _px(step - 12), _px(delivered),
            _px(x), _px(tall + 4 - planned), _px(step - 4), _px(planned),
        )  # fmt: skip

    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="var(--accent)"/>'
        '<rect x="{}" y="{}" width="{}" height="{}" fill="none" stroke="var(--control)"/>',
        (bar(i, week) for i, week in enumerate(shown)),
    )
    names = format_html_join(
        "",
        '<text x="{}" y="112" fill="var(--muted)" font-size="12">{}</text>',
        (
            (_px(i * step + 2), words.day_of_month(week.monday, language))
            for i, week in enumerate(shown)
            if i % 6 == 0 and (i + 3 < len(shown) or len(shown) < 4)
        ),
    )
    return format_html(
        '<svg class="dose-bars" viewBox="0 0 {} 118" role="img" aria-label="{}">'
        '<path d="M0 94.5H{}" stroke="var(--control)"/>{}{}</svg>',
        _px(max(len(shown), 12) * step),
        _("Minutes a week: filled what was delivered, outlined what was planned."),
        _px(max(len(shown), 12) * step),
        bars,
        names,
    )


def trend(
    values: Sequence[int], top: float, label: str, *, cut: int | None = None, strong: bool = False
) -> SafeString:
    """Counts by month as a line, from zero to a scale that all lines of a page share; `cut` is the first month after."""
    if len(values) < 2:
        return SafeString("")
    wide, tall = 300.0, 64.0

    def x(place: float) -> float:
        return 2 + (wide - 4) * place / (len(values) - 1)

    line = "L".join(
        f"{_px(x(i))} {_px(tall - 3 - (tall - 8) * v / max(top, 1))}" for i, v in enumerate(values)
    )
    mark = (
        format_html('<path d="M{0} 0V64" stroke="var(--control)" stroke-dasharray="3 3"/>', _px(x(cut - 0.5)))
        if cut
        else ""
    )
    return format_html(
        '<svg class="trend" viewBox="0 0 300 64" role="img" aria-label="{}">'
        '<path d="M0 61.5H300" stroke="var(--line)"/>{}'
        '<path d="M{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"/></svg>',
        label,
        mark,
        line,
        "var(--accent)" if strong else "var(--data-value)",
        "2.5" if strong else "1.5",
    )


def trend_label(name: str, values: Sequence[int], months: Sequence[date], language: str) -> str:
    """What a line says, for those who do not see it."""
    return _("%(name)s: %(low)s to %(high)s facts a month, %(since)s to %(until)s") % {
        "name": name,
        "low": min(values, default=0),
        "high": max(values, default=0),
        "since": words.month_name(months[0], language, year=True) if months else "",
        "until": words.month_name(months[-1], language, year=True) if months else "",
    }


def _px(value: float) -> str:
    return f"{value:.1f}"
