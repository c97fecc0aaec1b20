"""Small pictures inside lists and tables, drawn as SVG on the server in the colours of the reader's scheme.

Large pictures come from `vicus.pictures`; these are too many and too small to be worth a chart each. They use
custom properties instead of colours, and attributes instead of styles, which the content policy forbids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

STATE_COLOURS = {
    "above": "var(--data-above)",
    "below": "var(--data-below)",
    "within": "var(--muted)",
    "not enough data": "var(--muted)",
}
SIGNS = {
    "above": '<path d="M6 1l5 10H1z" fill="{}"/>',
    "below": '<path d="M6 11L1 1h10z" fill="{}"/>',
    "within": '<circle cx="6" cy="6" r="4" fill="var(--data-expected)" stroke="{}" stroke-width="1.5"/>',
    "not enough data": '<path d="M1 11L11 1M1 6l5-5M6 11l5-5" stroke="{}" stroke-width="1.4"/>'
    '<rect x=".7" y=".7" width="10.6" height="10.6" fill="none" stroke="{}"/>',
}


def deviation_sign(state: str) -> SafeString:
    """The sign of a state: its shape says it without its colour."""
    drawn = SIGNS[state].replace("{}", STATE_COLOURS[state])
    return format_html(
        '<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">{}</svg>', SafeString(drawn)
    )


def scale_of(rows: Iterable[Mapping[str, Any]]) -> float:
    """The top of a scale that all rows share, so that their marks can be compared."""
    return max([1.0, *(float(row[name]) for row in rows for name in ("n", "high") if row.get(name))])


def range_mark(n: float, low: float, high: float, top: float) -> SafeString:
    """A count as a dot on the band it was expected in; from zero to the top of the list's scale."""
    wide, middle = 150.0, 11
    at, start, end = (4 + (wide - 10) * min(value, top) / top for value in (n, low, high))
    state = "above" if n > high else "below" if n < low else "within"
    return format_html(
        '<svg viewBox="0 0 150 22" aria-hidden="true" focusable="false">'
        '<path d="M4 {m}H146" stroke="var(--line)"/>'
        '<rect x="{x}" y="5" width="{w}" height="12" fill="var(--data-band)"/>'
        '<path d="M4 3V19" stroke="var(--control)"/>'
        '<circle cx="{at}" cy="{m}" r="4.5" fill="{colour}" stroke="var(--paper)" stroke-width="1.5"/></svg>',
        m=middle,
        x=_px(start),
        w=_px(max(end - start, 1.5)),
        at=_px(at),
        colour="var(--ink)" if state == "within" else STATE_COLOURS[state],
    )


def sparkline(series: Sequence[Mapping[str, Any]], state: str) -> SafeString:
    """Counts of the last months over their expected band; the last one marked. Empty without two months."""
    known = [(i, float(m["n"])) for i, m in enumerate(series) if m.get("n") is not None]
    if len(known) < 2:
        return SafeString("")
    wide, tall = 120.0, 28.0
    highs = [float(m["high"]) for m in series if m.get("high") is not None]
    top = max([1.0, *(n for _i, n in known), *highs])

    def x(place: int) -> float:
        return 2 + (wide - 8) * place / (len(series) - 1)

    def y(value: float) -> float:
        return tall - 3 - (tall - 7) * min(value, top) / top

    band = [(i, m) for i, m in enumerate(series) if m.get("low") is not None and m.get("high") is not None]
    upper = [f"{_px(x(i))} {_px(y(float(m['high'])))}" for i, m in band]
    lower = [f"{_px(x(i))} {_px(y(float(m['low'])))}" for i, m in reversed(band)]
    line = [f"{_px(x(i))} {_px(y(n))}" for i, n in known]
    last_place, last = known[-1]
    colour = "var(--ink)" if state in ("within", "not enough data") else STATE_COLOURS[state]
    counts = [n for _i, n in known]
    return format_html(
        '<svg viewBox="0 0 120 28" role="img" aria-label="{label}">{band}'
        '<path d="M{line}" fill="none" stroke="var(--data-value)" stroke-width="1.5" stroke-linejoin="round"/>'
        '<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/></svg>',
        label=_("From %(first)d to %(last)d; lowest %(low)d, highest %(high)d")
        % {"first": counts[0], "last": counts[-1], "low": min(counts), "high": max(counts)},
        band=format_html('<path d="M{}Z" fill="var(--data-band)"/>', "L".join(upper + lower)) if band else "",
        line="L".join(line),
        x=_px(x(last_place)),
        y=_px(y(last)),
        colour=colour,
    )


def phase_strip(phases: Mapping[str, Any]) -> SafeString:
    """Clear, Hold and Build between two dates, as bars of three tints."""
    start: date = phases["start"]
    end: date = phases["end"]
    days = max((end - start).days, 1)

    def place(day: date) -> float:
        return 1000 * min(max((day - start).days / days, 0), 1)

    bars = format_html_join(
        "",
        '<rect x="{}" y="6" width="{}" height="14" fill="var(--data-{})"/>',
        (
            (_px(place(span["start"])), _px(place(span["end"] or end) - place(span["start"])), span["phase"])
            for span in phases["spans"]
        ),
    )
    return format_html(
        '<svg viewBox="0 0 1000 26" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path d="M0 13H1000" stroke="var(--line)"/>{}</svg>',
        phases["alternative"],
        bars,
    )


KEY_MARKS = {
    "fill": '<rect y="1" width="18" height="10" fill="{}"/>',
    "line": '<path d="M0 6H18" stroke="{}" stroke-width="2"/>',
    "dash": '<path d="M0 6H18" stroke="{}" stroke-width="2" stroke-dasharray="4 3"/>',
    "dot": '<circle cx="9" cy="6" r="4" fill="{}"/>',
    "hatch": '<path d="M1 11L7 1M6 11l6-10M11 11l6-10" stroke="{}" stroke-width="1.3"/>',
}


def key_mark(item: Mapping[str, str]) -> SafeString:
    """The mark beside a word in a key: `kind` is fill, line, dash, dot or hatch; `colour` names a token."""
    drawn = KEY_MARKS[item.get("kind", "fill")].replace("{}", f"var(--{item['colour']})")
    return format_html(
        '<svg viewBox="0 0 18 12" aria-hidden="true" focusable="false">{}</svg>', SafeString(drawn)
    )


def _px(value: float) -> str:
    """A coordinate as SVG wants it, whatever the reader's decimal sign."""
    return f"{value:.1f}"
