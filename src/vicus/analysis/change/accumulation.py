"""Two areas month by month: what has added up since an action began, and what it moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from vicus.analysis.checks import counts_array, one_of_range, same_length
from vicus.analysis.errors import LengthMismatch
from vicus.analysis.results import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike


def cumulative_wdd(
    treated_series: ArrayLike, control_series: ArrayLike, *, confidence: float = 0.9
) -> pd.DataFrame:
    r"""How the difference between a treated area and its control adds up, period by period.

    Parameters
    ----------
    treated_series, control_series : array_like of int, shape (n,)
        Counts of equal periods since the action began, oldest first, in the treated area and in a control of the
        same level.
    confidence : float, default 0.9
        Confidence of the intervals.

    Returns
    -------
    DataFrame, shape (n, 9)
        One row per period, with the index of `treated_series` when it is a Series: `treated` and `control` (sums
        so far), `difference`, its `se`, `low` and `high`, and the rate ratio `irr` with `irr_low` and `irr_high`;
        the ratio is NaN while either sum is 0.

    Raises
    ------
    NotCounts, MissingValues, LengthMismatch, BadParameter
        Values or parameters do not fit.

    Notes
    -----
    With sums T and C so far,

    .. math::

        D = T - C, \quad SE = \sqrt{T + C}, \qquad IRR = T / C, \quad SE_{\log IRR} = \sqrt{1/T + 1/C}

    The interval holds for one period looked at, not for whichever shows most: looking every month and stopping
    when one excludes 0 finds a change too often. A control of another level makes D drift without any action;
    then use `wdd` or `difference_in_differences`.

    References
    ----------
    Wheeler, A. P., & Ratcliffe, J. H. (2018). A simple weighted displacement difference test to evaluate place
    based crime interventions. Crime Science 7, 11. :doi:`10.1186/s40163-018-0085-5`

    Examples
    --------
    >>> from vicus.analysis import cumulative_wdd
    >>> cumulative_wdd([8, 5, 4], [9, 10, 11]).round(2)[["treated", "control", "difference", "se", "irr"]]
       treated  control  difference    se   irr
    0        8        9          -1  4.12  0.89
    1       13       19          -6  5.66  0.68
    2       17       30         -13  6.86  0.57
    """
    level = one_of_range(confidence, "confidence", 0.0, 1.0)
    one, other = (
        counts_array(treated_series, "treated_series"),
        counts_array(control_series, "control_series"),
    )
    same_length(treated_series=one, control_series=other)
    treated, control = np.cumsum(one).astype(np.int64), np.cumsum(other).astype(np.int64)
    z = -float(ndtri((1.0 - level) / 2.0))
    difference, error = treated - control, np.sqrt(treated + control)
    both = (treated > 0) & (control > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        irr = np.where(both, treated / control, np.nan)
        spread = np.exp(z * np.where(both, np.sqrt(1.0 / treated + 1.0 / control), np.nan))
    index = treated_series.index if isinstance(treated_series, pd.Series) else pd.RangeIndex(len(one))
    return pd.DataFrame(
        {
            "treated": treated,
            "control": control,
            "difference": difference,
            "se": error,
            "low": difference - z * error,
            "high": difference + z * error,
            "irr": irr,
            "irr_low": irr / spread,
            "irr_high": irr * spread,
        },
        index=index,
    )


@dataclass(frozen=True, slots=True)
class DisplacementQuotient(Result):
    """What an action moved to the area around it, from `wdq`.

    Attributes
    ----------
    quotient : float or None
        Above 0: the benefit spread around the area. Below 0: part of the problem moved there; below -1, more moved
        than was gained. None where a denominator is 0; without meaning (and `why` says so) where the area itself
        gained nothing.
    total_net_effect : float or None
        Events prevented in both areas together, against the trend of the control. None when the control had none
        before.
    net_effect : float or None
        How far the area fell against its control, as a share of the control.
    gross_effect : float
        Events fewer in the area, before less after.
    why : str
        Why something is None or has no meaning; empty when all have.
    """

    quotient: float | None
    total_net_effect: float | None
    net_effect: float | None
    gross_effect: float
    why: str = ""

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if self.why or self.quotient is None or self.total_net_effect is None:
            return f"Not enough data: {self.why}."
        if self.quotient < -1:
            told = "more moved to the area around than was gained"
        elif self.quotient < 0:
            told = f"{-self.quotient:.0%} of the gain moved to the area around"
        else:
            told = "nothing moved to the area around"
        return f"{self.total_net_effect:.1f} events prevented in both areas; {told} (quotient {self.quotient:.2f})."


def wdq(action: Sequence[int], buffer: Sequence[int], control: Sequence[int]) -> DisplacementQuotient:
    r"""Weighted displacement quotient: did what an action gained move to the area around it.

    Parameters
    ----------
    action, buffer, control : pair of int
        Counts (before, after) in the area of the action, in the area around it, and in a control that neither
        touches. Periods of one length.

    Returns
    -------
    DisplacementQuotient
        `quotient` is None where a denominator is 0; where the area of the action did not fall against its control
        `why` says that nothing was gained that could have moved.

    Raises
    ------
    NotCounts, MissingValues, LengthMismatch
        Counts that are not whole, pairs that are none.

    Notes
    -----
    With A, B and C for action, buffer and control, 0 before and 1 after,

    .. math::

        WDQ = \frac{B_1/C_1 - B_0/C_0}{A_1/C_1 - A_0/C_0}, \quad NE = \frac{A_0}{C_0} - \frac{A_1}{C_1}, \quad
        TNE = \left(A_0 \frac{C_1}{C_0} - A_1\right) + \left(B_0 \frac{C_1}{C_0} - B_1\right)

    The gross effect is :math:`A_0 - A_1`. None of them has a standard error: for a test use `wdd`, which the
    quotient should only accompany.

    References
    ----------
    Bowers, K. J., & Johnson, S. D. (2003). Measuring the geographical displacement and diffusion of benefit
    effects of crime prevention activity. Journal of Quantitative Criminology 19(3), 275-301.
    :doi:`10.1023/A:1024909009240`

    Examples
    --------
    >>> from vicus.analysis import wdq
    >>> found = wdq(action=(100, 70), buffer=(50, 45), control=(200, 190))
    >>> round(found.quotient, 2), found.total_net_effect, found.gross_effect, round(found.net_effect, 3)
    (0.1, 27.5, 30.0, 0.132)
    """
    pairs = []
    for pair, name in ((action, "action"), (buffer, "buffer"), (control, "control")):
        counts = counts_array(list(pair), name)
        if len(counts) != 2:
            raise LengthMismatch(f"{name} must be a pair (before, after); it holds {len(counts)} numbers.")
        pairs.append((float(counts[0]), float(counts[1])))
    (a0, a1), (b0, b1), (c0, c1) = pairs
    gross = a0 - a1
    if c0 == 0:
        return DisplacementQuotient(None, None, None, gross, "the control had no events before")
    total = (a0 * c1 / c0 - a1) + (b0 * c1 / c0 - b1)
    if c1 == 0:
        return DisplacementQuotient(None, total, None, gross, "the control had no events after")
    net = a0 / c0 - a1 / c1
    quotient = (b0 / c0 - b1 / c1) / net if net else None
    why = "the area of the action did not fall against its control, so nothing was gained that could move"
    return DisplacementQuotient(quotient, total, net, gross, "" if net > 0 else why)
