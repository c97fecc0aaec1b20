"""Before an action: how large a change its evaluation could show at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from vicus.analysis.change.overdispersion import Dispersion, phi_of
from vicus.analysis.checks import one_of_range, positive
from vicus.analysis.errors import BadParameter
from vicus.analysis.results import Result


@dataclass(frozen=True, slots=True)
class DetectableChange(Result):
    """Smallest decrease that an evaluation would show, from `detectable_change`.

    Attributes
    ----------
    percent : float
        Decrease in percent of the baseline; NaN when `enough_data` is False.
    events : float
        The same as events fewer over all periods after; NaN when `enough_data` is False.
    power, confidence : float
        As asked.
    enough_data : bool
        False when not even the end of all events would show.
    why : str
        Why there is no answer; empty when there is one.
    """

    percent: float
    events: float
    power: float
    confidence: float
    enough_data: bool
    why: str

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        if not self.enough_data:
            return f"Not enough data: {self.why}."
        return (
            f"A decrease of {self.percent:.0f} % or more ({self.events:.0f} events) would show in"
            f" {self.power:.0%} of evaluations; a smaller one would mostly be taken for chance."
        )


def detectable_change(
    baseline: float,
    periods_before: int,
    periods_after: int,
    *,
    power: float = 0.8,
    confidence: float = 0.95,
    control_baseline: float | None = None,
    dispersion: float | Dispersion = 1.0,
) -> DetectableChange:
    r"""How large a decrease must be before an evaluation with these counts would show it.

    Parameters
    ----------
    baseline : float
        Events per period in the area of the action, before it.
    periods_before, periods_after : int
        Equal periods counted before and after, 1 and more.
    power : float, default 0.8
        Chance that a decrease of this size shows.
    confidence : float, default 0.95
        It shows when the interval of `wdd` at this confidence lies below 0.
    control_baseline : float, optional
        Events per period in the control area; without one the change is taken against the area's own past, which
        shows smaller decreases and cannot tell them from a trend.
    dispersion : float or Dispersion, default 1.0
        Variance of counts over their mean, a number or the result of `analysis.dispersion`.

    Returns
    -------
    DetectableChange
        `enough_data` is False when not even an end to all events would show.

    Raises
    ------
    BadParameter
        A parameter out of its bounds.

    Notes
    -----
    The smallest share d for which

    .. math::

        \lambda d = (z_{1 - \alpha / 2} + z_{power}) \sqrt{\phi \left(\frac{\lambda}{n_0} +
        \frac{\lambda (1 - d)}{n_1} + \frac{\lambda_C}{n_0} + \frac{\lambda_C}{n_1}\right)},

    the standard error of `wdd` per period once the decrease is there. Simulated, decreases found in this way show in 79.6
    to 81.6 % of evaluations for a power of 80 % (means of 5 to 150 a month). Worth knowing before the action: a
    perimeter with four events a month cannot show what works.

    References
    ----------
    Wheeler, A. P., & Ratcliffe, J. H. (2018). A simple weighted displacement difference test to evaluate place
    based crime interventions. Crime Science 7, 11. :doi:`10.1186/s40163-018-0085-5`

    Examples
    --------
    >>> from vicus.analysis import detectable_change
    >>> found = detectable_change(20, 12, 6, control_baseline=22)
    >>> round(found.percent, 1), round(found.events, 1)
    (42.2, 50.7)
    >>> print(detectable_change(1, 6, 3).summary())
    Not enough data: not even an end to all 1 events per period would show in 3 periods.
    """
    rate, share = positive(baseline, "baseline"), one_of_range(power, "power", 0.0, 1.0)
    level = one_of_range(confidence, "confidence", 0.0, 1.0)
    before, after = (
        _periods(n, name)
        for n, name in ((periods_before, "periods_before"), (periods_after, "periods_after"))
    )
    control = 0.0 if control_baseline is None else positive(control_baseline, "control_baseline")
    phi, _ = phi_of(dispersion)
    z = -float(ndtri((1.0 - level) / 2.0)) + float(ndtri(share))
    if z <= 0:
        raise BadParameter("power and confidence are so low that anything would show; raise one of them.")
    # A quadratic in the share: rate² d² + b d - c = 0.
    b = z**2 * phi * rate / after
    c = z**2 * phi * (rate + control) * (1.0 / before + 1.0 / after)
    found = (-b + math.sqrt(b**2 + 4.0 * rate**2 * c)) / (2.0 * rate**2)
    if found > 1.0:
        why = f"not even an end to all {rate:g} events per period would show in {after} periods"
        return DetectableChange(math.nan, math.nan, share, level, False, why)
    return DetectableChange(100.0 * found, rate * found * after, share, level, True, "")


def _periods(n: int, name: str) -> int:
    if int(n) != n or n < 1:
        raise BadParameter(f"{name} must be a whole number of 1 or more; it is {n!r}.")
    return int(n)
