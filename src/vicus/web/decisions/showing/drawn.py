"""Series on one scale, small, for a page that compares."""

from __future__ import annotations

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vicus.pictures import words
from vicus.web.decisions.comparing import Side

WIDE, TALL, LEFT, FOOT = 440.0, 160.0, 34.0, 20.0


def series(side: Side, top: float, label: str, language: str) -> SafeString:
    """Counts by month as a line over their expected range, from zero to a top that both share; the period is marked."""
    months = side.series
    step = (WIDE - LEFT) / max(len(months), 1)
    tall = TALL - FOOT

    def x(place: float) -> float:
        return LEFT + step * place

    def y(value: float) -> float:
        return tall - (tall - 10) * value / max(top, 1)

    period = [i for i, m in enumerate(months) if side.holds(m.month)]
    marked = (
        format_html(
            '<rect x="{}" y="0" width="{}" height="{}" fill="var(--soft)"/>',
            _px(x(period[0])), _px(step * len(period)), _px(tall),
        )
        if period
        else ""
    )  # fmt: skip
    band = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" fill="var(--data-band)"/>',
        (
            (_px(x(i)), _px(y(m.high)), _px(step), _px(max(1.0, y(m.low) - y(m.high))))
            for i, m in enumerate(months)
            if m.low is not None and m.high is not None
        ),
    )
    line = "L".join(f"{_px(x(i + 0.5))} {_px(y(m.n))}" for i, m in enumerate(months))
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="3" fill="var(--accent)"/>',
        ((_px(x(i + 0.5)), _px(y(months[i].n))) for i in period),
    )
    years = format_html_join(
        "",
        '<text x="{}" y="{}" fill="var(--muted)" font-size="13">{}</text>',
        (
            (_px(x(i)), _px(TALL - 4), str(m.month.year))
            for i, m in enumerate(months)
            if m.month.month == 1 and i + 2 < len(months)
        ),
    )
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}'
        '<path d="M{} {}H{}" stroke="var(--control)"/>'
        '<text x="{}" y="{}" fill="var(--muted)" font-size="13" text-anchor="end">0</text>'
        '<text x="{}" y="14" fill="var(--muted)" font-size="13" text-anchor="end">{}</text>'
        '<path d="M{}" fill="none" stroke="var(--data-value)" stroke-width="2" stroke-linejoin="round"/>{}{}</svg>',
        _px(WIDE), _px(TALL), label, marked, band, _px(LEFT), _px(tall), _px(WIDE), _px(LEFT - 6), _px(tall),
        _px(LEFT - 6), words.number(top, language), line, dots, years,
    )  # fmt: skip


def _px(value: float) -> str:
    return f"{value:.1f}"
