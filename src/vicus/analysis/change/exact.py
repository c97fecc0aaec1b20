"""A handful of events: exact tests, and whether counts look like chance at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import gammaln

from vicus.analysis.checks import counts_array, not_negative, one_of, same_length
from vicus.analysis.errors import BadParameter, NothingToCount

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Floats = npt.NDArray[np.float64]

MOST_STATES = 5_000_000
"""Distinct values of the statistic beyond which the exact test is refused."""


class SmallSample(NamedTuple):
    """Result of `small_sample_test`: the statistic and its exact p-value."""

    statistic: float
    p: float

    def summary(self) -> str:
        """Say the result in one plain sentence."""
        return f"A split at least this uneven comes about by chance in {self.p:.2%} of cases."


def small_sample_test(
    counts: ArrayLike, probabilities: ArrayLike | None = None, *, statistic: str = "G"
) -> SmallSample:
    r"""Do a few events fall over bins (days, hours, places) as chance would let them, tested exactly.

    Parameters
    ----------
    counts : array_like of int, shape (m,)
        Events per bin, such as the days of the week.
    probabilities : array_like of float, shape (m,), optional
        Share of the events that each bin would get by chance; they sum to 1. Equal when left out.
    statistic : {"G", "chi2", "KS", "Kuiper"}, default "G"
        How far a split is from chance: likelihood ratio, Pearson, largest gap between the cumulative shares
        (bins that have an order), or the sum of the gaps above and below (bins that go round, as days do).

    Returns
    -------
    SmallSample
        (statistic, p), with p the probability of a statistic at least this large.

    Raises
    ------
    NothingToCount
        There are no events.
    NotCounts, MissingValues, LengthMismatch
        Counts or probabilities do not fit.
    BadParameter
        Probabilities that do not sum to 1, an unknown statistic, or so many events and bins that the exact
        distribution would not fit in memory (then the chi-square approximation is good).

    Notes
    -----
    .. math:: G = 2 \sum_i n_i \ln\frac{n_i}{n\,p_i}, \qquad X^2 = \sum_i \frac{(n_i - n p_i)^2}{n p_i}

    The distribution under the multinomial is built bin by bin; splits with the same statistic so far are merged.

    References
    ----------
    Wheeler, A. P. (2016). Testing serial crime events for randomness in day-of-week patterns with small samples.
    Journal of Investigative Psychology and Offender Profiling 13(2), 148-165. :doi:`10.1002/jip.1449`

    Examples
    --------
    Three events of one series, all on the same day of the week:

    >>> from vicus.analysis import small_sample_test
    >>> g, p = small_sample_test([3, 0, 0, 0, 0, 0, 0])
    >>> round(g, 2), round(p, 4)
    (11.68, 0.0204)
    """
    one_of(statistic, "statistic", ("G", "chi2", "KS", "Kuiper"))
    seen = counts_array(counts, "counts")
    total = int(seen.sum())
    if not total:
        raise NothingToCount("counts holds no events.")
    chance = (
        np.full(len(seen), 1.0 / len(seen))
        if probabilities is None
        else not_negative(probabilities, "probabilities")
    )
    same_length(counts=seen, probabilities=chance)
    if abs(chance.sum() - 1.0) > 1e-6:
        raise BadParameter(f"probabilities must sum to 1; they sum to {chance.sum():g}.")
    if (seen[chance == 0] > 0).any():
        return SmallSample(math.inf, 0.0)
    if statistic in ("G", "chi2"):
        seen, chance = seen[chance > 0], chance[chance > 0]
    observed = _statistic(seen, chance, statistic)
    values, weights = _distribution(total, chance, statistic)
    extreme = values >= observed - 1e-9 * max(1.0, abs(observed))
    return SmallSample(observed, float(min(1.0, weights[extreme].sum())))


def _term(k: Floats, total: int, chance: float, statistic: str) -> Floats:
    """What k events in one bin add to the statistic."""
    expected = total * chance
    if statistic == "G":
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(k > 0, 2.0 * k * np.log(k / expected), 0.0)
    return np.asarray((k - expected) ** 2 / expected)


def _statistic(seen: Floats, chance: Floats, statistic: str) -> float:
    total = int(seen.sum())
    if statistic in ("G", "chi2"):
        return float(sum(_term(seen[i : i + 1], total, chance[i], statistic)[0] for i in range(len(seen))))
    gap = np.cumsum(seen) / total - np.cumsum(chance)
    if statistic == "KS":
        return float(np.abs(gap).max())
    return float(max(gap.max(), 0.0) + max((-gap).max(), 0.0))


def _distribution(total: int, chance: Floats, statistic: str) -> tuple[Floats, Floats]:
    """Every value the statistic can take, and its probability."""
    adds, width = statistic in ("G", "chi2"), 2 if statistic == "Kuiper" else 1
    # states[used]: statistic so far (one or two numbers per state) and log weight, for each number of events used
    states: dict[int, tuple[Floats, Floats]] = {0: (np.zeros((1, width)), np.zeros(1))}
    reached = np.cumsum(chance)
    for i, p in enumerate(chance):
        last = i == len(chance) - 1
        fresh: dict[int, list[tuple[Floats, Floats]]] = {}
        for used, (values, weights) in states.items():
            for k in range(total - used if last else 0, total - used + 1):
                if k and p == 0:
                    break
                weight = weights + (k * math.log(p) if k else 0.0) - gammaln(k + 1.0)
                if adds:
                    moved = values + _term(np.array([float(k)]), total, float(p), statistic)[0]
                else:
                    gap = (used + k) / total - reached[i]
                    sides = np.array([gap, -gap]) if width == 2 else np.array([abs(gap)])
                    moved = np.maximum(values, sides)
                fresh.setdefault(used + k, []).append((moved, weight))
        states = {used: _merge(parts) for used, parts in fresh.items()}
        if sum(len(w) for _, w in states.values()) > MOST_STATES:
            raise BadParameter(
                f"{total} events in {len(chance)} bins have too many splits for an exact test; with so many events"
                " use the chi-square approximation, or fewer bins."
            )
    values, weights = states[total]
    return values.sum(axis=1), np.exp(weights + gammaln(total + 1.0))


def _merge(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """States with the same statistic as one, their probabilities added."""
    values = np.concatenate([v for v, _ in parts])
    weights = np.concatenate([w for _, w in parts])
    _, first, group = np.unique(np.round(values, 9), axis=0, return_index=True, return_inverse=True)
    top = weights.max()
    return values[first], np.log(np.bincount(group.ravel(), weights=np.exp(weights - top))) + top


def poisson_fit(counts: ArrayLike, *, mean: ArrayLike | None = None) -> pd.DataFrame:
    r"""How often each count occurs against how often it would if events fell by chance alone.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        Events per place, or per period.
    mean : float or array_like of shape (n,), optional
        Expected count, one for all or one each (fitted by a model); the mean of the counts when left out.

    Returns
    -------
    DataFrame
        One row per count from 0 to the highest seen: `count`, `observed` (how many places or periods have it) and
        `expected` under Poisson. `attrs` hold the `mean`, the `variance` and their ratio, the `dispersion`.

    Raises
    ------
    NothingToCount
        There are no counts.
    NotCounts, MissingValues, LengthMismatch
        Values do not fit.

    Notes
    -----
    .. math:: e_k = \sum_i e^{-\mu_i} \mu_i^k / k!

    Many zeros are no sign by themselves: look whether there are more than expected. For a verdict over all
    counts together look at the dispersion (`analysis.dispersion` has its interval).

    References
    ----------
    Wheeler, A. P. (2016). Tables and graphs for monitoring temporal crime trends. International Journal of Police
    Science & Management 18(3), 159-172. :doi:`10.1177/1461355716642781`

    Examples
    --------
    >>> from vicus.analysis import poisson_fit
    >>> poisson_fit([0, 0, 0, 1, 0, 2, 0, 1, 0, 0]).round(2)
       count  observed  expected
    0      0         7      6.70
    1      1         2      2.68
    2      2         1      0.54
    """
    seen = counts_array(counts, "counts")
    if not len(seen):
        raise NothingToCount("counts is empty.")
    rate = np.atleast_1d(seen.mean() if mean is None else np.asarray(mean, dtype=float))
    rate = not_negative(rate, "mean")
    if len(rate) == 1:
        rate = np.full(len(seen), rate[0])
    same_length(counts=seen, mean=rate)
    top = int(seen.max())
    different, times = np.unique(rate, return_counts=True)
    k = np.arange(top + 1.0)
    safe = np.maximum(different, 1e-300)
    chance = np.exp(k[:, None] * np.log(safe) - safe - gammaln(k + 1.0)[:, None])
    table = pd.DataFrame(
        {
            "count": np.arange(top + 1),
            "observed": np.bincount(seen.astype(np.int64), minlength=top + 1),
            "expected": chance @ times,
        }
    )
    average, variance = float(seen.mean()), float(seen.var(ddof=1)) if len(seen) > 1 else math.nan
    table.attrs = {
        "mean": average,
        "variance": variance,
        "dispersion": variance / average if average else math.nan,
    }
    return table
