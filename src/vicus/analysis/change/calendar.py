"""This week against the last, this year so far against the same days of the year before."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from vicus.analysis.change.comparison import e_test
from vicus.analysis.checks import one_of_range
from vicus.analysis.errors import BadParameter, MissingTimes, UnknownTimeZone
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Moment = str | date | datetime | pd.Timestamp


@dataclass(frozen=True, slots=True)
class PeriodChange(Result):
    """Two periods of the calendar, from `week_on_week` and `year_to_date`.

    Attributes
    ----------
    after, before : int
        Events in the latest period and in the one it is compared with.
    after_from, after_to, before_from, before_to : date
        First and last day of both, these days included.
    change : int
        `after` less `before`.
    ratio, ratio_low, ratio_high : float
        Events per day after, over those before, and its exact interval at `confidence`; NaN without events.
    percent : float or None
        Change of the events per day in percent; None when `before` is below the smallest base for a percentage.
    p : float
        Two-sided p-value of `e_test`; NaN when `enough_data` is False.
    confidence : float
        As asked.
    enough_data : bool
        False when nothing happened in either period, or records began after the first day.
    why : str
        Why there is no answer, or no percentage; empty when there are both.
    """

    after: int
    before: int
    after_from: date
    after_to: date
    before_from: date
    before_to: date
    change: int
    ratio: float
    ratio_low: float
    ratio_high: float
    percent: float | None
    p: float
    confidence: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        share = f" ({self.percent:+.0f} %)" if self.percent is not None else ""
        verdict = (
            "more than chance would make it differ"
            if self.p < 0.05
            else "no more than chance makes it differ"
        )
        return f"{self.after} events against {self.before}{share}: {verdict} (p {self.p:.2g})."


def week_on_week(
    dates: ArrayLike | pd.Series[Any],
    *,
    as_of: Moment,
    tz: str | None = None,
    since: Moment | None = None,
    minimum_base: int = 10,
    confidence: float = 0.95,
) -> PeriodChange:
    r"""Has the last week seen more or fewer events than the week before.

    Parameters
    ----------
    dates : array_like of datetime, shape (n,)
        When events happened. Naive times are wall time; events after `as_of` are left out.
    as_of : date, datetime or str
        Last day counted. A moment within a day stands for the day before: a day that is still running is no full
        day.
    tz : str, optional
        IANA name of the time zone whose days are counted; needed when `dates` are aware.
    since : date, datetime or str, optional
        Day on which records begin. When it lies in the earlier period the result says so instead of comparing.
    minimum_base : int, default 10
        Events before, below which no percentage is given: 1 more on 2 is no rise of 50 %.
    confidence : float, default 0.95
        Confidence of the interval of the ratio.

    Returns
    -------
    PeriodChange
        The seven days up to `as_of` against the seven days before them.

    Raises
    ------
    MissingTimes
        Dates that are missing or cannot be read.
    UnknownTimeZone
        Aware dates without `tz`, or an unknown zone.
    BadParameter
        `as_of`, `since` or `confidence` cannot be used.

    Notes
    -----
    The p-value is that of `e_test`, the interval that of Clopper and Pearson for the share of events that fall in
    the later period. Both take events as Poisson. Two weeks say little: a quiet week before makes any week look
    busy. Ask `expected_range` whether a week is out of the ordinary.

    References
    ----------
    Krishnamoorthy, K., & Thomson, J. (2004). A more powerful test for comparing two Poisson means. Journal of
    Statistical Planning and Inference 119(1), 23-35. :doi:`10.1016/S0378-3758(02)00408-1`

    Examples
    --------
    >>> from vicus.analysis import week_on_week
    >>> dates = ["2024-03-04"] * 12 + ["2024-03-11"] * 26
    >>> found = week_on_week(dates, as_of="2024-03-17")
    >>> found.before, found.after, round(found.percent)
    (12, 26, 117)
    >>> print(found.summary())
    26 events against 12 (+117 %): more than chance would make it differ (p 0.023).
    """
    last = _last_day(as_of, "as_of")
    first = last - timedelta(days=6)
    earlier = (first - timedelta(days=7), first - timedelta(days=1))
    return _compare(dates, (first, last), earlier, tz, since, minimum_base, confidence)


def year_to_date(
    dates: ArrayLike | pd.Series[Any],
    *,
    as_of: Moment,
    tz: str | None = None,
    since: Moment | None = None,
    minimum_base: int = 10,
    confidence: float = 0.95,
) -> PeriodChange:
    r"""Has this year so far seen more or fewer events than the same days of last year.

    Parameters
    ----------
    dates : array_like of datetime, shape (n,)
        When events happened. Naive times are wall time; events after `as_of` are left out.
    as_of : date, datetime or str
        Last day counted. A moment within a day stands for the day before: a day that is still running is no full
        day.
    tz : str, optional
        IANA name of the time zone whose days are counted; needed when `dates` are aware.
    since : date, datetime or str, optional
        Day on which records begin. When it lies in the earlier period the result says so instead of comparing.
    minimum_base : int, default 10
        Events before, below which no percentage is given.
    confidence : float, default 0.95
        Confidence of the interval of the ratio.

    Returns
    -------
    PeriodChange
        1 January to `as_of`, against 1 January to the same day of the year before (28 February for the 29th).

    Raises
    ------
    MissingTimes
        Dates that are missing or cannot be read.
    UnknownTimeZone
        Aware dates without `tz`, or an unknown zone.
    BadParameter
        `as_of`, `since` or `confidence` cannot be used.

    Notes
    -----
    The periods of a leap year and another may differ by a day: ratio, percentage and p-value are those of events
    per day. In January the two periods are short, and a single year before is a narrow base: look at several.

    References
    ----------
    Wheeler, A. P. (2016). Tables and graphs for monitoring temporal crime trends. International Journal of Police
    Science & Management 18(3), 159-172. :doi:`10.1177/1461355716642781`

    Examples
    --------
    >>> from vicus.analysis import year_to_date
    >>> dates = ["2023-01-20"] * 40 + ["2023-06-01"] * 9 + ["2024-02-10"] * 44
    >>> found = year_to_date(dates, as_of="2024-02-29")
    >>> found.before, found.before_to.isoformat(), found.after, round(found.percent, 1)
    (40, '2023-02-28', 44, 8.2)
    """
    last = _last_day(as_of, "as_of")
    day = 28 if (last.month, last.day) == (2, 29) else last.day
    earlier = (date(last.year - 1, 1, 1), date(last.year - 1, last.month, day))
    return _compare(dates, (date(last.year, 1, 1), last), earlier, tz, since, minimum_base, confidence)


def _last_day(moment: Moment, name: str) -> date:
    """The last day that is over at a moment; a plain day is over."""
    try:
        stamp = pd.Timestamp(moment)
    except (ValueError, TypeError) as error:
        raise BadParameter(f"{name} must be a date; {moment!r} is none: {error}.") from None
    if pd.isna(stamp):
        raise BadParameter(f"{name} must be a date; it is missing.")
    running = stamp != stamp.normalize()
    return stamp.date() - timedelta(days=1) if running else stamp.date()


def _days(dates: Any, tz: str | None) -> Any:
    """Day of wall time of every event."""
    try:
        series = pd.Series(pd.to_datetime(pd.Series(dates).reset_index(drop=True)))
    except (ValueError, TypeError) as error:
        raise MissingTimes(f"dates holds values that are no dates, or mixes time zones: {error}.") from None
    lost = int(series.isna().sum())
    if lost:
        raise MissingTimes(f"{lost} of {len(series)} events have no date; leave them out, and say how many.")
    if not len(series):
        return np.zeros(0, dtype="datetime64[D]")
    if series.dt.tz is not None:
        if tz is None:
            raise UnknownTimeZone(
                "dates are aware of their time zone: say in which zone days are counted, tz=…"
            )
        try:
            series = series.dt.tz_convert(tz)
        except (KeyError, ValueError, TypeError) as error:
            raise UnknownTimeZone(f"{tz!r} is no time zone of the IANA database.") from error
        series = series.dt.tz_localize(None)
    return series.to_numpy().astype("datetime64[D]")


def _compare(
    dates: Any,
    later: tuple[date, date],
    earlier: tuple[date, date],
    tz: str | None,
    since: Moment | None,
    minimum_base: int,
    confidence: float,
) -> PeriodChange:
    level = one_of_range(confidence, "confidence", 0.0, 1.0)
    days = _days(dates, tz)
    after, before = (
        int(np.count_nonzero((days >= np.datetime64(a)) & (days <= np.datetime64(b))))
        for a, b in (later, earlier)
    )
    n_after, n_before = ((b - a).days + 1 for a, b in (later, earlier))
    why = ""
    if since is not None and pd.Timestamp(since).date() > earlier[0]:
        why = f"records begin on {pd.Timestamp(since).date()}, after the first day to compare with ({earlier[0]})"
    elif after + before == 0:
        why = "nothing happened in either period"
    enough = not why
    ratio, low, high, p = math.nan, math.nan, math.nan, math.nan
    percent = None
    if enough:
        per_day = n_before / n_after
        ratio = after / before * per_day if before else math.inf
        low, high = (_odds(share) * per_day for share in _clopper_pearson(after, after + before, level))
        p = e_test(after, n_after, before, n_before)
        if before >= minimum_base:
            percent = 100.0 * (ratio - 1.0)
        else:
            why = f"no percentage on {before} events before, at least {minimum_base} are needed"
    return PeriodChange(
        after, before, *later, *earlier, after - before, ratio, low, high, percent, p, level, enough, why
    )


def _clopper_pearson(k: int, n: int, confidence: float) -> tuple[float, float]:
    tail = (1.0 - confidence) / 2.0
    low = float(betaincinv(k, n - k + 1, tail)) if k else 0.0
    high = float(betaincinv(k + 1, n - k, 1.0 - tail)) if k < n else 1.0
    return low, high


def _odds(share: float) -> float:
    return share / (1.0 - share) if share < 1.0 else math.inf
