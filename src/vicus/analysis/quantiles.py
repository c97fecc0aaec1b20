"""Quantiles of counts, through scipy.special alone: scipy.stats takes seconds to import."""

from __future__ import annotations

import math

from scipy.special import betainc, ndtri, pdtr


def count_quantile(q: float, mean: float, variance: float) -> int:
    """Smallest count whose cumulative probability reaches `q`.

    The counts are negative binomial with this mean and variance, or Poisson when the variance is not above it.
    """
    if mean <= 0.0:
        return 0
    excess = variance - mean
    size = mean**2 / excess if excess > 1e-6 * mean else math.inf

    def reached(k: int) -> bool:
        if k < 0:
            return False
        below = pdtr(k, mean) if math.isinf(size) else betainc(size, k + 1.0, size / (size + mean))
        return bool(below >= q)

    spread = math.sqrt(max(variance, mean))
    high = max(0, int(mean + float(ndtri(q)) * spread))
    step = max(1, int(spread / 4))
    low = high - step
    while not reached(high):
        low, high, step = high, high + step, step * 2
    while low >= 0 and reached(low):
        low, high, step = low - step, low, step * 2
    low = max(low, -1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
