"""What the figures rest on: how good the data are, how it was counted, and every version that took part."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from vicus.documents.content import Block, Cell, Column, Note, Row, Section, Sentence, Table, row
from vicus.documents.report import MonthReport
from vicus.documents.voice import NONE, Voice
from vicus.incidents.months import months_before
from vicus.pictures import rhythm, words
from vicus.pictures.sentences import LOCATED_ENOUGH

if TYPE_CHECKING:
    from vicus.incidents.figures import PlaceFigures


def geocoding(figures: PlaceFigures, voice: Voice) -> str:
    """The share of facts with a location, counts first."""
    quality = figures.quality
    if not quality.rows:
        return voice.t.gettext("no facts registered")
    return words.share(quality.located, quality.rows, voice.language)


def geocoding_warning(figures: PlaceFigures, voice: Voice) -> list[Note]:
    """A warning where too many facts have no location; empty where enough have one (rule R21)."""
    t, quality = voice.t, figures.quality
    if not quality.rows or quality.located / quality.rows >= LOCATED_ENOUGH:
        return []
    text = t.gettext(
        "Too few facts of the zone have a location: {share}, where at least {limit} is required. "
        "The map and the counts of this hotspot may miss facts; a sheet that rests on them cannot be validated."
    ).format(share=geocoding(figures, voice), limit=words.percent(LOCATED_ENOUGH, voice.language))
    return [Note(t.gettext("Warning."), text, "warning")]


def counted(figures: PlaceFigures, voice: Voice) -> str:
    """Which sources the column of facts counts (rule R14)."""
    t = voice.t
    if "discovered" in figures.sources:
        return t.gettext("Facts: all registered facts, those discovered by police activity included.")
    if "unknown" in figures.sources:
        return t.gettext(
            "Facts: reported by the public, or of unknown source; those discovered by police activity "
            "are left out and stand apart."
        )
    return t.gettext(
        "Facts: reported by the public; those discovered by police activity are left out and stand apart."
    )


def too_little(figures: PlaceFigures, voice: Voice) -> str:
    """Why there is no expected range."""
    t = voice.t
    months = figures.expected.n_history
    if not months:
        return t.gettext(
            "There are no complete months before this one, so nothing can be said about what was to be expected."
        )
    return t.ngettext(
        "The {n} complete month before this one is too little to say what was to be expected.",
        "The {n} complete months before this one are too little to say what was to be expected.",
        months,
    ).format(n=voice.number(months))


def provisional(figures: PlaceFigures, voice: Voice) -> str:
    """Why the month may still grow; only said where the time until registration is known."""
    return voice.t.gettext(
        "Facts are registered late: one in ten after {days} days or more. As known on {day}, this month is still "
        "growing and looks quieter than it was."
    ).format(days=voice.number(figures.quality.lag_p90_days or 0), day=voice.day(figures.version.known_at))


def since(figures: PlaceFigures, months: int) -> date:
    """First month of so many that end with the month of the report, as far as the data reach back."""
    first = months_before(figures.month, months - 1)
    begin = figures.quality.first_day
    return min(max(first, begin.replace(day=1) if begin else first), figures.month)


def designation(report: MonthReport, voice: Voice) -> str:
    """Which authority listed the hotspot."""
    t = voice.t
    return {
        None: "",
        "zonal": t.gettext("zonal hotspot"),
        "municipal": t.gettext("municipal hotspot"),
        "regional": t.gettext("regional hotspot"),
        "federal": t.gettext("federal hotspot"),
    }[report.perimeter.designation]


def phase(report: MonthReport, voice: Voice) -> str:
    """The phase of Clear, Hold, Build and since when."""
    t, present = voice.t, report.phase
    if present is None:
        return ""
    name = {"clear": t.gettext("Clear"), "hold": t.gettext("Hold"), "build": t.gettext("Build")}[present.kind]
    return t.gettext("phase {name} since {day}").format(
        name=name, day=voice.day(present.start).replace(" ", "\u00a0")
    )


def quality(report: MonthReport, voice: Voice, *, sheet: str) -> Section:
    """How complete the data are, and how late they come."""
    t, figures = voice.t, report.figures
    q = figures.quality

    def told(name: str, cell: Cell) -> Row:
        return row([voice.text(name), cell])

    rows = [
        told(t.gettext("Facts registered in the zone"), voice.count(q.rows)),
        told(t.gettext("With a location (geocoding rate)"), _share(q.located, q.rows, voice)),
        told(
            t.gettext("Without a date of the fact"), _share(q.missing_dates, q.rows + q.missing_dates, voice)
        ),
        told(t.gettext("Last day with a fact"), voice.day_or_missing(q.last_day)),
        told(
            t.gettext("Half of the facts registered within (days)"),
            voice.decimal(q.lag_median_days) if q.lag_median_days is not None else voice.missing(),
        ),
        told(
            t.gettext("Nine in ten facts registered within (days)"),
            voice.decimal(q.lag_p90_days) if q.lag_p90_days is not None else voice.missing(),
        ),
    ]
    table = Table(
        t.gettext("Data quality, whole zone, {period}").format(period=_year(figures, voice)),
        (Column(t.gettext("Measure"), share=3), Column(t.gettext("Value"), "number", share=2)),
        tuple(rows),
    )
    text = t.gettext(
        "Facts are often registered late, so the count of a recent month still rises. "
        "Facts without a location or a date are missing from every count of a place."
    )
    return Section(t.gettext("How good the data are"), (Sentence(text), table), sheet=sheet)


def versions(report: MonthReport, voice: Voice, *, sheet: str) -> Section:
    """How everything was counted, and with which versions, so that the report can be drawn again."""
    t = voice.t
    blocks: list[Block] = [Sentence(text, "method") for text in _method(report, voice)]
    rows = [row([voice.text(name), cell]) for name, cell in _versions(report, voice)]
    table = Table(
        t.gettext("Versions and parameters"),
        (Column(t.gettext("What"), share=3), Column(t.gettext("Value"), share=4)),
        tuple(rows),
        source=t.gettext("With the same versions and parameters this report can be drawn again, identical."),
        abreast=2,
    )
    return Section(t.gettext("Method and versions"), (*blocks, table), sheet=sheet)


def _method(report: MonthReport, voice: Voice) -> list[str]:
    t, figures = voice.t, report.figures
    parameters = figures.parameters
    expected = figures.expected
    share = voice.number(round(100 * expected.coverage))
    texts = [
        t.gettext(
            "Counted are registered facts with a location inside the perimeter, by the local day on which they "
            "happened. The same outline is used for every month, so that months can be compared."
        ),
        counted(figures, voice)
        + " "
        + t.gettext(
            "What police activity discovers depends on where the police look; counted together, attention would "
            "feed on itself."
        ),
        t.gettext(
            "The expected range of a month rests on at most {months} whole months before it: the level they ran "
            "at, recent months counting more where it moves, and the time of year as far as the data show one. "
            "Counts are taken to vary as a negative binomial distribution does, more than by chance alone where "
            "they did so before. The range should hold {share} of 100 ordinary months. A month outside it "
            "differs from the past; the figures do not say why."
        ).format(months=voice.number(int(parameters.get("history_months", expected.n_history))), share=share),
        t.gettext(
            "Hours and weekdays are those of the last twelve months in local time. A fact known only to lie "
            "between two moments is shared out evenly over the time between them (aoristic analysis)."
        )
        + " "
        + rhythm.method(voice.language),
        t.gettext("Percentages are given only from a base of {n}; counts come first.").format(
            n=voice.number(words.SMALLEST_BASE)
        ),
    ]
    if figures.buffer is not None:
        texts.insert(
            4,
            t.gettext(
                "The surroundings are the ring of {width} m around the perimeter, without the ground of other "
                "hotspots."
            ).format(width=voice.number(figures.buffer.width_m)),
        )
    return texts


def _versions(report: MonthReport, voice: Voice) -> list[tuple[str, Cell]]:
    t, figures, perimeter = voice.t, report.figures, report.perimeter
    version = figures.version
    rows = [
        (t.gettext("Hotspot"), voice.text(f"{voice.number(report.number)} – {voice.named(report.name)}")),
        (t.gettext("Month"), voice.period(figures.month)),
        (
            t.gettext("Data version"),
            Cell(
                t.gettext("{version}, as known on {moment}").format(
                    version=voice.number(version.number), moment=voice.moment(version.known_at)
                ),
                version.number,
            ),
        ),
        (t.gettext("First whole month of the data"), voice.period(figures.first_month))
        if figures.first_month
        else (t.gettext("First whole month of the data"), voice.missing()),
        (t.gettext("Perimeter version"), voice.count(perimeter.number)),
        (t.gettext("Perimeter in force"), voice.text(_in_force(report, voice))),
        (t.gettext("Perimeter to be reviewed by"), voice.day_or_missing(perimeter.review_due)),
        (t.gettext("Decided by"), _or_missing(voice.named(perimeter.decided_by), voice)),
        (t.gettext("Decision"), _or_missing(perimeter.decision, voice)),
        (
            t.gettext("Area of the perimeter"),
            Cell(
                t.gettext("{n} km²").format(n=voice.number(figures.area_km2, 3)),
                round(figures.area_km2, 3),
                decimals=3,
            ),
        ),
        (t.gettext("Sources counted"), voice.text(words.listed(_sources(figures, voice), voice.language))),
        (t.gettext("Coverage of the expected range"), _percentage(figures.expected.coverage, voice)),
        (t.gettext("Months the expected range rests on"), voice.count(figures.expected.n_history)),
        (
            t.gettext("Dispersion (1: as chance alone)"),
            voice.decimal(figures.expected.dispersion, 2) if figures.expected.enough_data else NONE,
        ),
        (t.gettext("Season"), _season(figures, voice)),
    ]
    if figures.buffer is not None:
        width = figures.buffer.width_m
        rows.append((t.gettext("Width of the surroundings"), Cell(f"{voice.number(width)} m", width)))
    rows.append((t.gettext("Software"), voice.text(f"Vicus {figures.software}")))
    rows.append(
        (
            t.gettext("Source"),
            voice.text(
                t.gettext("Registered facts of police zone {zone}").format(zone=voice.named(report.zone))
                + (f"; {report.attribution}" if report.attribution else "")
            ),
        )
    )
    if report.export is not None:
        rows.append((t.gettext("Handed to"), _as_written(report.export.recipient)))
        rows.append((t.gettext("Handed over by"), _as_written(report.export.user)))
        rows.append((t.gettext("Handed on"), voice.text(voice.moment(report.export.at))))
        rows.append((t.gettext("Purpose"), voice.text(report.export.purpose)))
    return rows


def _in_force(report: MonthReport, voice: Voice) -> str:
    t, perimeter = voice.t, report.perimeter
    first = voice.day(perimeter.valid_from)
    if perimeter.valid_to is None:
        return t.gettext("since {day}").format(day=first)
    return t.gettext("from {first} to {last}").format(first=first, last=voice.day(perimeter.valid_to))


def _sources(figures: PlaceFigures, voice: Voice) -> list[str]:
    t = voice.t
    told = {
        "reported": t.gettext("reported by the public"),
        "discovered": t.gettext("discovered by police activity"),
        "unknown": t.gettext("of unknown source"),
    }
    return [told[source] for source in figures.sources]


def _season(figures: PlaceFigures, voice: Voice) -> Cell:
    t = voice.t
    if not figures.expected.enough_data:
        return NONE
    if figures.expected.season and figures.expected.season > 1:
        text = t.gettext("a pattern that returns after {n} months is taken into account")
        return voice.text(text.format(n=voice.number(figures.expected.season)))
    return voice.text(t.gettext("not taken into account: that takes two full years before the month"))


def _year(figures: PlaceFigures, voice: Voice) -> str:
    return voice.months(since(figures, 12), figures.month)


def _share(part: int, whole: int, voice: Voice) -> Cell:
    return voice.share(part, whole) if whole else Cell(voice.t.gettext("no facts registered"))


def _or_missing(text: str, voice: Voice) -> Cell:
    return voice.text(text) if text else voice.missing()


def _as_written(name: str) -> Cell:
    return Cell(name, name)


def _percentage(value: float, voice: Voice) -> Cell:
    return Cell(words.percent(value, voice.language), value)
