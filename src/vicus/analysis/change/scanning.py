"""A cluster in time that nobody looked for at that moment: how often chance alone makes one somewhere."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, pdtr

from vicus.analysis.checks import positive
from vicus.analysis.errors import BadParameter

Floats = npt.NDArray[np.float64]


def scan_window(periods: float, length: float, mean: float, at_least: int) -> float:
    r"""Probability that some window, wherever it falls, holds at least so many events when nothing changed.

    Six collisions in two weeks are rare in the two weeks you name beforehand, and less rare in the worst two
    weeks of eight years: this is the probability of the second.

    Parameters
    ----------
    periods : float
        How long the whole record is, in windows: 208 for eight years looked through with a window of two weeks.
    length : float
        Windows that the first factor stands for: 2 in the published approximation. (Peers call this argument the
        window and take 1 as well, which hardly changes the result; the length of the window itself has no part
        here, since `periods` and `mean` are both counted in windows.)
    mean : float
        Events expected in one window.
    at_least : int
        Events in the window that caught the eye; 2 or more.

    Returns
    -------
    float
        Probability, between 0 and 1.

    Raises
    ------
    BadParameter
        A number that is not positive, `periods` below `length`, or `at_least` below 2 or not whole.

    Notes
    -----
    With :math:`Q_2` and :math:`Q_3` the exact probabilities that no window holds k events in a record of two and
    of three windows,

    .. math:: P \approx 1 - Q_2 \left(\frac{Q_3}{Q_2}\right)^{L - 2}

    For Poisson events at a steady rate. Seasons and rhythms of the week make clusters more likely than this;
    choosing the length of the window after having seen the events does so too.

    References
    ----------
    Naus, J. I. (1982). Approximations for distributions of scan statistics. Journal of the American Statistical
    Association 77(377), 177-183. :doi:`10.1080/01621459.1982.10477783`

    Aberdein, J., & Spiegelhalter, D. (2013). Have London's roads become more dangerous for cyclists?
    Significance 10(6), 46-48. :doi:`10.1111/j.1740-9713.2013.00715.x`

    Examples
    --------
    >>> from vicus.analysis import scan_window
    >>> round(scan_window(208, 2, 0.6, 6), 4)
    0.039
    """
    windows, start, expected = (
        positive(periods, "periods"),
        positive(length, "length"),
        positive(mean, "mean"),
    )
    if windows < start:
        raise BadParameter(f"periods must be at least length; they are {periods!r} and {length!r}.")
    if int(at_least) != at_least or at_least < 2:
        raise BadParameter(f"at_least must be a whole number of 2 or more; it is {at_least!r}.")
    two, three = _no_cluster(int(at_least), expected)
    if two <= 0 or three <= 0:
        return 1.0
    # Rounding may leave probabilities near 1 a hair above it.
    return float(min(1.0, max(0.0, 1.0 - two * (min(three / two, 1.0)) ** (windows - start))))


def _no_cluster(k: int, mean: float) -> tuple[float, float]:
    """Probability that no window holds k events, in a record of two windows and of three (Naus 1982, theorem 2)."""

    def p(j: Floats | float) -> Floats:
        x = np.asarray(j, dtype=float)
        return np.where(x < 0, 0.0, np.exp(x * np.log(mean) - mean - gammaln(np.maximum(x, 0.0) + 1.0)))

    def below(j: Floats | float) -> Floats:
        x = np.asarray(j, dtype=float)
        return np.where(x < 0, 0.0, pdtr(np.maximum(x, 0.0), mean))

    at_k = float(p(k))
    two = below(k - 1) ** 2 - (k - 1) * at_k * p(k - 2) - (k - 1 - mean) * at_k * below(k - 3)
    r = np.arange(1.0, k)
    a1 = 2 * at_k * below(k - 1) * ((k - 1) * below(k - 2) - mean * below(k - 3))
    a2 = (
        0.5
        * at_k**2
        * ((k - 1) * (k - 2) * below(k - 3) - 2 * (k - 2) * mean * below(k - 4) + mean**2 * below(k - 5))
    )
    a3 = np.sum(p(2 * k - r) * below(r - 1) ** 2)
    s = r[1:]
    a4 = np.sum(p(2 * k - s) * p(s) * ((s - 1) * below(s - 2) - mean * below(s - 3)))
    three = below(k - 1) ** 3 - a1 + a2 + a3 - a4
    return float(two), float(three)
