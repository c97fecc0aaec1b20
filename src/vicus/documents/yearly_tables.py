"""The tables and sentences of a yearly evaluation; the page of the site tells the same in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vicus.documents.content import Cell, Column, Row, Table, row
from vicus.documents.voice import NONE, Voice
from vicus.documents.years import (
    Done,
    Facts,
    Fitted,
    Met,
    Month,
    Placed,
    Promised,
    Sheets,
    Side,
    Span,
    Valued,
    YearReport,
)
from vicus.pictures import words


def change_sentence(facts: Facts | None, voice: Voice) -> str:
    """The year against the one before, and whether that is more than chance."""
    t = voice.t
    if facts is None:
        return t.gettext("Not enough data: no facts of this year were imported.")
    told = t.ngettext("{n} reported fact", "{n} reported facts", facts["after"]).format(
        n=voice.number(facts["after"])
    )
    if facts["before"] is None:
        return t.gettext("{facts}; the year before is not in the data.").format(facts=told)
    before = voice.number(facts["before"])
    low, high, ratio = facts["low"], facts["high"], facts["ratio"]
    if ratio is None or low is None or high is None:
        return t.gettext(
            "{facts}, against {before} in the same months of the year before: too few to compare."
        ).format(facts=told, before=before)
    if high < 1:
        text = t.gettext("{facts}, against {before} in the same months of the year before: fewer.")
    elif low > 1:
        text = t.gettext("{facts}, against {before} in the same months of the year before: more.")
    else:
        text = t.gettext("{facts}, against {before} in the same months of the year before: no clear change.")
    return text.format(facts=told, before=before)


def against(facts: Facts, voice: Voice) -> Table:
    """The figures of the year beside those of the year before."""
    t = voice.t
    columns = (Column(t.gettext("Measured"), share=10), Column(t.gettext("Value"), "number", share=8))
    change = Cell(ratio(facts, voice))
    share = voice.share(facts["above"], facts["judged"]) if facts["judged"] else NONE
    rows = [
        (t.gettext("Reported facts in the year"), voice.count(facts["after"])),
        (t.gettext("In the same months of the year before"), voice.count(facts["before"])),
        (t.gettext("Change, with its range"), change),
        (t.gettext("Months above their expected range"), share),
        (t.gettext("Discovered by the police, counted apart"), voice.count(facts["discovered"])),
    ]
    return Table(
        t.gettext("The year against the year before"),
        columns,
        tuple(row([voice.text(name), cell]) for name, cell in rows),
        source=t.gettext("Facts: reported by the public, or of unknown source."),
    )


def ratio(facts: Facts, voice: Voice) -> str:
    """The change in percent with its range, or that there is not enough data."""
    value, low, high = facts["ratio"], facts["low"], facts["high"]
    if value is None or low is None or high is None:
        return voice.t.gettext("not enough data")
    return voice.t.gettext("{change} ({low} to {high})").format(
        change=_signed(value - 1, voice), low=_signed(low - 1, voice), high=_signed(high - 1, voice)
    )


def _signed(fraction: float, voice: Voice) -> str:
    """A change in percent with its sign; a true minus."""
    told = words.percent(abs(fraction), voice.language)
    return f"+{told}" if fraction > 0 else f"−{told}" if fraction < 0 else told


def by_month(months: Sequence[Month], voice: Voice) -> Table:
    """The months of the year with their expected range."""
    t = voice.t
    expected = voice.expected_column()
    columns = (
        Column(t.gettext("Month"), "month", share=6),
        Column(t.gettext("Facts"), "count", share=3),
        Column(expected.heading, expected.kind, expected.bounds, 4),
    )
    rows = [
        row(
            [
                voice.period(date.fromisoformat(m["month"])),
                voice.count(m["n"]),
                voice.span(m["low"], m["high"]),
            ]
        )
        for m in months
    ]
    return Table(t.gettext("Facts per month"), columns, tuple(rows), abreast=2)


def phases(spans: Sequence[Span], voice: Voice) -> str:
    """The phases that touched the year."""
    t = voice.t
    if not spans:
        return t.gettext("No phase was decided for this hotspot in this year.")
    names = {
        "clear": t.gettext("Clear"),
        "hold": t.gettext("Hold"),
        "build": t.gettext("Build"),
        "ordinary": t.gettext("ordinary work"),
    }
    told = [
        t.gettext("{phase} since {day}").format(
            phase=names[span["kind"]], day=voice.day(date.fromisoformat(span["start"]))
        )
        for span in spans
    ]
    return t.gettext("Phases: {phases}.").format(phases=words.listed(told, voice.language))


def fitted(fit: Fitted | None, voice: Voice) -> str:
    """Whether the perimeter still held its problem."""
    t = voice.t
    if fit is None:
        return t.gettext("Whether the perimeter still fits was not worked out in this year.")
    month = voice.month(date.fromisoformat(fit["month"]))
    if fit["fits"]:
        return t.gettext("The perimeter still fits its problem ({month}).").format(month=month)
    reasons = "; ".join(voice.named(reason) for reason in fit["reasons"])
    return t.gettext("The perimeter no longer fits its problem ({month}): {reasons}.").format(
        month=month, reasons=reasons
    )


def actions(done: Sequence[Done], voice: Voice) -> Table:
    """What was done, how much of the plan was delivered, what the evaluation found."""
    t = voice.t
    columns = (
        Column(t.gettext("Action"), share=9),
        Column(t.gettext("Kind"), share=5),
        Column(t.gettext("State"), share=4),
        Column(t.gettext("Minutes planned"), "count", share=4),
        Column(t.gettext("Minutes delivered"), "count", share=4),
        Column(t.gettext("Facts a month, with range"), share=8),
    )
    rows = [
        row(
            [
                Cell(one["title"], one["title"]),
                voice.text(voice.named(one["kind"])),
                voice.text(voice.named(one["state"])),
                voice.missing() if one["planned"] is None else voice.count(round(one["planned"])),
                voice.count(one["delivered"]),
                Cell(words.capital(found(one, voice))),
            ]
        )
        for one in done
    ]
    return Table(
        t.gettext("Actions that ran in the year"),
        columns,
        tuple(rows),
        source=t.gettext(
            "The change is the one against comparison areas fixed before the action began; minutes are those of the year."
        ),
    )


def found(one: Done, voice: Voice) -> str:
    """What the evaluation of an action found."""
    t = voice.t
    change, low, high = one["change"], one["low"], one["high"]
    if not one["verdict"] or change is None or low is None or high is None:
        return t.gettext("not evaluated")
    verdicts = {
        "fewer": t.gettext("fewer"),
        "more": t.gettext("more"),
        "no clear change": t.gettext("no clear change"),
    }
    return t.gettext("{verdict}: {change} ({low} to {high})").format(
        verdict=verdicts[one["verdict"]],
        change=_decimal(change, voice), low=_decimal(low, voice), high=_decimal(high, voice),
    )  # fmt: skip


def _decimal(value: float, voice: Voice) -> str:
    told = voice.number(abs(value), 1)
    return f"+{told}" if value > 0 else f"−{told}" if value < 0 else told


def side(effects: Side, voice: Voice) -> Table:
    """Side effects; what nobody recorded is said to be missing (rule R31)."""
    t = voice.t
    columns = (Column(t.gettext("Side effect"), share=10), Column(t.gettext("Recorded"), share=8))

    def told(value: int | None) -> Cell:
        return voice.missing() if value is None else voice.count(value)

    perceived = voice.text(effects["perception"]) if effects["perception"] else voice.missing()
    rows: list[Row] = [
        row([voice.text(t.gettext("Complaints")), told(effects["complaints"])]),
        row([voice.text(t.gettext("Identity checks")), told(effects["identity_checks"])]),
        row([voice.text(t.gettext("What residents perceive")), perceived]),
    ]
    n = effects["assessments"]
    source = t.ngettext(
        "From {n} evaluation of an action in the year.", "From {n} evaluations of actions in the year.", n
    )
    return Table(t.gettext("Side effects"), columns, tuple(rows), source=source.format(n=voice.number(n)))


def agreed(promised: Promised, sheets: Sheets, meetings: Sequence[Met], voice: Voice) -> Table:
    """Commitments, sheets and meetings as counts."""
    t = voice.t
    columns = (Column(t.gettext("What"), share=10), Column(t.gettext("Number"), "count", share=4))
    lines = [
        (t.gettext("Commitments due in the year"), promised["due"]),
        (t.gettext("kept by their day"), promised["kept"]),
        (t.gettext("kept later"), promised["late"]),
        (t.gettext("kept in part"), promised["partly"]),
        (t.gettext("dropped"), promised["dropped"]),
        (t.gettext("still open"), promised["open"]),
        (t.gettext("SARA sheets asked"), sheets["asked"]),
        (t.gettext("SARA sheets validated"), sheets["validated"]),
        *(
            (t.gettext("Meetings held: {level}").format(level=voice.named(met["level"])), met["n"])
            for met in meetings
        ),
    ]
    rows = tuple(row([voice.text(name), voice.count(n)]) for name, n in lines)
    source = "" if meetings else t.gettext("No meeting of this year is noted.")
    return Table(t.gettext("Commitments, sheets and meetings"), columns, rows, source=source)


def value(one: Valued, voice: Voice) -> str:
    """The value of an indicator with its unit and range, or that there is not enough data."""
    t = voice.t
    if one["value"] is None:
        if one["part"] is not None and one["whole"]:
            return t.gettext("{part} of {whole}: not enough data").format(
                part=voice.number(one["part"]), whole=voice.number(one["whole"])
            )
        return t.gettext("not enough data")
    told = amount(one["value"], one, voice)
    low, high = one["low"], one["high"]
    if low is None or high is None:
        return told
    return t.gettext("{value} ({low} to {high})").format(
        value=told, low=amount(low, one, voice), high=amount(high, one, voice)
    )


def amount(number: float, one: Valued, voice: Voice) -> str:
    """A number in the unit of an indicator."""
    told = voice.number(number, 0 if float(number).is_integer() or abs(number) >= 10 else 1)
    unit = voice.named(one["unit"])
    return f"{told}\u00a0%" if unit == "%" else told


def state(one: Valued) -> str:
    """ "reached", "not reached" or "" without value or target; a range that holds the target is "within range"."""
    number, target = one["value"], one["target"]
    if number is None or target is None:
        return ""
    low, high = (number if edge is None else edge for edge in (one["low"], one["high"]))
    if low <= target <= high and low != high:
        return "reached" if _reaches(number, one) else "within range"
    return "reached" if _reaches(number, one) else "not reached"


def _reaches(number: float, one: Valued) -> bool:
    assert one["target"] is not None
    return number <= one["target"] if one["aim"] == "less" else number >= one["target"]


def state_words(one: Valued, voice: Voice) -> str:
    """Whether the target is reached, in words."""
    t = voice.t
    return {
        "": t.gettext("cannot be said"),
        "reached": t.gettext("reached"),
        "within range": t.gettext("not reached, but within the range"),
        "not reached": t.gettext("not reached"),
    }[state(one)]


def reached(found: Sequence[Valued], voice: Voice) -> str:
    """How many indicators reach their target."""
    t = voice.t
    known = [one for one in found if state(one)]
    text = t.ngettext(
        "{n} of {of} indicator with a value and a target reaches its target.",
        "{n} of {of} indicators with a value and a target reach their target.",
        len(known),
    ).format(n=voice.number(sum(state(one) == "reached" for one in known)), of=voice.number(len(known)))
    lacking = len(found) - len(known)
    if not lacking:
        return text
    more = t.ngettext("Of {n} nothing can be said yet.", "Of {n} nothing can be said yet.", lacking)
    return f"{text} {more.format(n=voice.number(lacking))}"


def indicators(found: Sequence[Valued], voice: Voice) -> Table:
    """The indicators with baseline, target and value."""
    t = voice.t
    columns = (
        Column(t.gettext("Priority"), share=6),
        Column(t.gettext("Indicator"), share=9),
        Column(t.gettext("Baseline"), "number", share=4),
        Column(t.gettext("Target"), "number", share=4),
        Column(t.gettext("Value, with range"), share=7),
        Column(t.gettext("Target"), share=5),
    )

    def number(given: float | None, one: Valued) -> Cell:
        return NONE if given is None else Cell(amount(given, one, voice), given, 1)

    rows = [
        row(
            [
                voice.text(voice.named(one["priority"])),
                voice.text(_with_unit(one, voice)),
                number(one["baseline"], one),
                number(one["target"], one),
                Cell(value(one, voice)),
                voice.text(state_words(one, voice)),
            ]
        )
        for one in found
    ]
    return Table(t.gettext("Indicators of the plan"), columns, tuple(rows))


def _with_unit(one: Valued, voice: Voice) -> str:
    title, unit = voice.named(one["title"]), voice.named(one["unit"])
    return title if unit in ("", "%") else f"{title} ({unit})"


def places(found: Sequence[Placed], voice: Voice) -> Table:
    """The hotspots under the plan."""
    t = voice.t
    columns = (
        Column(t.gettext("Hotspot"), share=8),
        Column(t.gettext("Facts"), "count", share=3),
        Column(t.gettext("A year earlier"), "count", share=4),
        Column(t.gettext("Change, with its range"), share=7),
        Column(t.gettext("Decided"), share=5),
    )
    rows = [
        row(
            [
                Cell(f"{one['number']} {voice.named(one['name'])}".strip(), one["number"]),
                voice.count(one["facts"]["after"] if one["facts"] else None),
                voice.count(one["facts"]["before"] if one["facts"] else None),
                Cell(words.capital(ratio(one["facts"], voice))) if one["facts"] else NONE,
                voice.text(decision(one["decision"], voice)) if one["decision"] else NONE,
            ]
        )
        for one in found
    ]
    return Table(
        t.gettext("Hotspots under the plan"),
        columns,
        tuple(rows),
        source=t.gettext("With many hotspots some stand out by chance alone."),
    )


def decision(kind: str, voice: Voice) -> str:
    """What was decided."""
    t = voice.t
    return {
        "keep": t.gettext("keep as it is"),
        "shrink": t.gettext("shrink the perimeter"),
        "close": t.gettext("close the hotspot"),
        "adapt": t.gettext("adapt the plan"),
    }[kind]


def sure(nature: str, reliability: str, voice: Voice) -> str:
    """Fact or assessment, and how reliable (rule R05)."""
    t = voice.t
    natures = {"fact": t.gettext("fact"), "assessment": t.gettext("assessment"), "": t.gettext("not told")}
    sources = {
        "confirmed": t.gettext("confirmed by another source"),
        "probable": t.gettext("probable"),
        "uncertain": t.gettext("uncertain"),
    }
    return ", ".join(part for part in (natures[nature], sources.get(reliability, "")) if part)


def versions(report: YearReport, voice: Voice) -> Table:
    """Every version that took part."""
    t, outline = voice.t, report.figures["outline"]
    columns = (Column(t.gettext("What"), share=6), Column(t.gettext("Version"), share=12))
    lines = [(t.gettext("Software"), f"Vicus {report.software}")]
    if report.version is not None:
        data = t.gettext("version {n}, as known on {day}").format(
            n=voice.number(report.version), day=voice.day(report.known_at)
        )
        lines.insert(0, (t.gettext("Data"), data))
    if outline is not None:
        told = t.gettext("version {n}, in force from {day}, decided by {who}").format(
            n=voice.number(outline["version"]),
            day=voice.day(date.fromisoformat(outline["valid_from"])),
            who=voice.named(outline["decided_by"]),
        )
        lines.insert(1, (t.gettext("Perimeter"), told))
    rows = tuple(row([Cell(name, name), Cell(text, text)]) for name, text in lines)
    return Table(t.gettext("Versions"), columns, rows)
