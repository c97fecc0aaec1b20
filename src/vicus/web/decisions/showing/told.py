"""What is said of hotspots that differ, of what moves around them, and of two that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vicus.incidents.figures import PlaceFigures
from vicus.pictures import sentences, words
from vicus.web.actions.evaluation import Effect
from vicus.web.decisions.comparing import SMALLEST, Difference, Side
from vicus.web.decisions.differing import Differing
from vicus.web.decisions.watching import Reading, Watched, Why
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.views.reader import language

READINGS: Mapping[Reading, Any] = {
    "moved": gettext_lazy("Fewer facts inside and more around: the problem may have moved into the ring."),
    "spread of benefits": gettext_lazy(
        "Fewer facts inside and around: the surroundings may have gained too."
    ),
    "fewer inside": gettext_lazy("Fewer facts inside; around, no clear change."),
    "more around": gettext_lazy("More facts around; inside, no clear change."),
    "fewer around": gettext_lazy("Fewer facts around; inside, no clear change."),
    "more": gettext_lazy("More facts inside and around."),
    "more inside": gettext_lazy("More facts inside; around, no increase that is clear."),
    "unclear": gettext_lazy("No clear change inside or around: whether anything moved cannot be said."),
}

WHYS: Mapping[Why, Any] = {
    "no earlier year": gettext_lazy("Nothing can be said: the data hold no earlier year to compare with."),
    "too few facts": gettext_lazy("Nothing can be said: fewer than 10 facts inside or around."),
    "nothing before": gettext_lazy("Nothing can be said: nothing was counted inside or around before."),
    "no other hotspots": gettext_lazy(
        "Nothing can be said: there are too few other hotspots with facts to compare with."
    ),
    "month not complete": gettext_lazy("Nothing can be said: the data end before the month does."),
}


def differ(found: Differing, titles: Mapping[int, str]) -> str:
    """How many hotspots differ, and how many of those named differ by chance."""
    if not found.adjusted:
        return _(
            "No hotspot can be compared this month: the data end too early, or there is too little of it."
        )
    named = [titles[number] for number in found.named]
    if not named:
        return _("No hotspot differs from what was expected by more than chance.")
    text = ngettext(
        "%(n)s hotspot differs from what was expected: %(names)s.",
        "%(n)s hotspots differ from what was expected: %(names)s.",
        len(named),
    ) % {"n": words.number(len(named), language()), "names": words.listed(named, language())}
    return f"{text} {by_chance(found.tests)}"


def by_chance(tests: int) -> str:
    """The false-discovery rate of hotspots named, in words; `tests` were judged together."""
    return ngettext(
        "%(n)s hotspot of the zone was judged; of those named in this way, on average at most 5%% differ by chance.",
        "%(n)s hotspots of the zone were judged together; of those named in this way, on average at most 5%% differ "
        "by chance.",
        tests,
    ) % {"n": words.number(tests, language())}


def changes_by_chance(tests: int) -> str:
    """The false-discovery rate of changes called clear, in words; `tests` were judged together, two of each hotspot."""
    return _(
        "%(n)s changes were judged together; of those called clear, on average at most 5%% are chance."
    ) % {"n": words.number(tests, language())}


def seeming(found: Differing, titles: Mapping[int, str]) -> str:
    """Hotspots that only seem to differ; empty for none."""
    if not found.seeming:
        return ""
    return ngettext(
        "%(names)s lies outside its own range too, but among so many hotspots that may well be chance.",
        "%(names)s lie outside their own range too, but among so many hotspots that may well be chance.",
        len(found.seeming),
    ) % {"names": words.listed([titles[number] for number in found.seeming], language())}


def unknown(found: Differing, titles: Mapping[int, str]) -> str:
    """Hotspots that could not be judged; empty for none."""
    if not found.unknown or not found.adjusted:
        return ""
    return _("Not enough data: %(names)s.") % {
        "names": words.listed([titles[number] for number in found.unknown], language())
    }


def of_place(figures: PlaceFigures) -> str:
    """ "24 facts where 4 to 13 were expected"."""
    return _("%(n)s facts where %(span)s were expected") % {
        "n": words.number(figures.this_month.n, language()),
        "span": sentences.expected_span(figures.expected, language()),
    }


def otherwise(now: Differing, then: Differing, titles: Mapping[int, str]) -> str:
    """What counting other facts would change in the list of those named (rights R14)."""
    more = [titles[n] for n in then.named if n not in now.named]
    fewer = [titles[n] for n in now.named if n not in then.named]
    parts = []
    if more:
        parts.append(_("%(names)s would be named too.") % {"names": words.listed(more, language())})
    if fewer:
        parts.append(_("%(names)s would no longer be named.") % {"names": words.listed(fewer, language())})
    return " ".join(parts) or _("The same hotspots would be named.")


def watched(one: Watched) -> str:
    """What the changes inside and around say together."""
    return str(WHYS[one.why] if one.why else READINGS[one.reading])


def change(effect: Effect | None) -> str | None:
    """ "−4.2 a month (−7.9 to −0.5)"; None where nothing can be said."""
    if effect is None:
        return None
    return _("%(change)s a month (%(low)s to %(high)s)") % {
        "change": signed(effect.change),
        "low": signed(effect.low),
        "high": signed(effect.high),
    }


def signed(value: float) -> str:
    """A number with its sign, to one decimal; what rounds to nothing has none."""
    rounded = round(value, 1)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return sign + words.number(abs(rounded), language(), decimals=1)


def watched_all(places: Sequence[Watched], titles: Mapping[int, str]) -> str:
    """What moves in the zone, in a sentence."""
    clear = [one for one in places if one.reading != "unclear"]
    if not any(not one.why for one in places):
        return str(WHYS[places[0].why]) if places else _("There is no hotspot with a perimeter.")
    moved = [titles[one.number] for one in clear if one.reading == "moved"]
    if not clear:
        return _("Around no hotspot is there a change that is clear: whether anything moved cannot be said.")
    text = ngettext(
        "At %(n)s hotspot there is a clear change inside or around: %(names)s.",
        "At %(n)s hotspots there is a clear change inside or around: %(names)s.",
        len(clear),
    ) % {
        "n": words.number(len(clear), language()),
        "names": words.listed([titles[one.number] for one in clear], language()),
    }
    if moved:
        more = _("The problem may have moved into the ring of %(names)s.") % {
            "names": words.listed(moved, language())
        }
    else:
        more = _("Nowhere did facts go down inside while they went up around.")
    return f"{text} {more}"


def period(side: Side) -> str:
    """ "August 2026 to October 2026", or one month."""
    last = words.month_name(side.month, language(), year=True)
    if side.months == 1:
        return last
    return _("%(first)s to %(last)s") % {
        "first": words.month_name(side.first, language(), year=True),
        "last": last,
    }


def compared(one: Side, other: Side, found: Difference, titles: Mapping[int, Hotspot]) -> str:
    """Whether the two differ at all."""
    if found.verdict == "the same":
        return _("This is twice the same hotspot and period: choose another on one side.")
    if found.verdict == "overlap":
        return _("These periods share months, so they cannot be compared: choose periods apart.")
    if found.verdict == "not enough data":
        return _(
            "Not enough data to say whether they differ: fewer than 10 facts together, or months not known."
        )
    counts = _("%(one)s: %(n)s facts in %(period)s; %(other)s: %(m)s in %(then)s.") % {
        "one": titles[one.number].title, "n": words.number(one.n or 0, language()), "period": period(one),
        "other": titles[other.number].title, "m": words.number(other.n or 0, language()), "then": period(other),
    }  # fmt: skip
    verdict = {
        "more": _("The first has more, by more than chance"),
        "fewer": _("The first has fewer, by more than chance"),
        "no clear difference": _("They do not clearly differ"),
    }[found.verdict]
    # No ratio on a small base; counts first (rights R22).
    ratio = _range(found) if (other.n or 0) >= SMALLEST else ""
    return f"{counts} {verdict}{ratio}."


def _range(found: Difference) -> str:
    if found.ratio is None or found.low is None or found.high is None:
        return ""
    return _(": %(ratio)s times as many, between %(low)s and %(high)s") % {
        "ratio": words.number(found.ratio, language(), decimals=2),
        "low": words.number(found.low, language(), decimals=2),
        "high": words.number(found.high, language(), decimals=2),
    }
