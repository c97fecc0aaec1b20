"""Many places or one, with places to compare them with: difference in differences, synthetic control, series."""

from __future__ import annotations

import numpy as np
import pandas as pd
from benchmarks.calibration.case import ALARM, COVERAGE, POWER, Case, Rng, counts

from vicus.analysis import difference_in_differences, interrupted_series, synthetic_control

PERIODS = 24


def panel_case(treated: int, controls: int, phi: float, starts: int, base: str, fall: float = 6.0) -> Case:
    """Places of 12 to 28 events a month with a common season; all, or in several starts, from the second year."""
    n = treated + controls
    first = np.where(np.arange(n) < treated, PERIODS // 2 + np.arange(n) % starts, np.nan)
    active = np.arange(PERIODS) >= first[:, None]
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), PERIODS),
            "period": np.tile(np.arange(PERIODS), n),
            "first_treated": np.repeat(first, PERIODS),
        }
    )

    def draw(rng: Rng) -> dict[str, float]:
        rates = rng.uniform(12, 28, (n, 1)) + 3 * np.cos(np.arange(PERIODS) * np.pi / 6)
        asked = {"base": base, "draws": 99, "random_state": rng}
        null = difference_in_differences(frame.assign(events=counts(rng, rates, phi).ravel()), **asked)
        real = difference_in_differences(
            frame.assign(events=counts(rng, rates - fall * active, phi).ravel()), **asked
        )
        return {
            ALARM: null.p < 0.05,
            "trends before, p < 0.05": null.pre_trend_p < 0.05,
            COVERAGE: real.low <= -fall <= real.high,
            POWER: real.p < 0.05 and real.att < 0,
        }

    words = (
        f"{treated} treated in {starts} starts, {controls} controls, dispersion {phi:g}, base={base!r};"
        f" power: {fall:g} of 20 fewer"
    )
    return Case(
        "difference_in_differences",
        words,
        draw,
        {ALARM: 0.05, "trends before, p < 0.05": 0.05, COVERAGE: 0.95},
        cost=8,
    )


def synthetic_case(donors: int, phi: float, level: float, demean: bool, fall: float = 0.4) -> Case:
    """Places that share two movements, each to its own extent; the treated one `level` times as busy."""

    def draw(rng: Rng) -> dict[str, float]:
        t = np.arange(PERIODS + 12)
        movements = np.stack([1 + 0.25 * np.cos(t * np.pi / 6), 1 + 0.2 * np.sin(t / 5)])
        loads = rng.uniform(5, 20, (donors + 1, 2))
        loads[0] *= level
        rates = loads @ movements
        y = counts(rng, rates, phi)
        null = synthetic_control(y[0], pd.DataFrame(y[1:].T), before=PERIODS, demean=demean)
        lower = np.where(t >= PERIODS, 1 - fall, 1.0)
        treated = counts(rng, rates[0] * lower, phi)
        real = synthetic_control(treated, pd.DataFrame(y[1:].T), before=PERIODS, demean=demean)
        truth = -fall * rates[0, PERIODS:].mean()
        return {
            ALARM: null.p <= 0.05 + 1e-12,
            COVERAGE: real.low <= truth <= real.high,
            POWER: real.p <= 0.05 + 1e-12 and real.effect < 0,
        }

    words = (
        f"{donors} donors, 24 months before and 12 after, dispersion {phi:g}, treated {level:g} times as busy,"
        f" demean={demean}; power: a fall of {fall:.0%}"
    )
    return Case("synthetic_control", words, draw, {ALARM: 0.05, COVERAGE: 0.95}, cost=4)


def series_case(months: int, phi: float, memory: float, slope: bool, fall: float = 0.4) -> Case:
    """A series with a season, and a level that remembers itself; the action begins halfway."""

    def draw(rng: Rng) -> dict[str, float]:
        t = np.arange(months)
        noise = rng.normal(0, 0.15 * np.sqrt(1 - memory**2), months)
        drift = np.zeros(months)
        if memory:
            drift[0] = rng.normal(0, 0.15)
            for k in range(1, months):
                drift[k] = memory * drift[k - 1] + noise[k]
        mean = 40 * (1 + 0.2 * np.cos(t * np.pi / 6)) * np.exp(drift)
        lower = np.where(t >= months // 2, 1 - fall, 1.0)
        null = interrupted_series(counts(rng, mean, phi), months // 2, slope=slope, season=12)
        real = interrupted_series(counts(rng, mean * lower, phi), months // 2, slope=slope, season=12)
        return {
            ALARM: null.level_p < 0.05,
            COVERAGE: real.level_low <= 1 - fall <= real.level_high,
            POWER: real.level_p < 0.05 and real.level < 1,
        }

    words = f"{months} months of 40, dispersion {phi:g}, memory {memory:g}, slope={slope}; power: a fall of {fall:.0%}"
    return Case("interrupted_series", words, draw, {ALARM: 0.05, COVERAGE: 0.95})


CASES = [
    panel_case(3, 10, 1.0, 1, "last"),
    panel_case(6, 14, 2.0, 3, "last"),
    panel_case(6, 14, 2.0, 3, "mean"),
    panel_case(10, 20, 2.0, 3, "mean"),
    panel_case(20, 40, 2.0, 4, "mean"),
    synthetic_case(20, 1.0, 1.0, False),
    synthetic_case(40, 1.0, 1.0, False),
    synthetic_case(40, 2.0, 1.0, False),
    synthetic_case(40, 1.0, 3.0, True),
    series_case(48, 1.0, 0.0, False),
    series_case(48, 2.0, 0.0, True),
    series_case(96, 2.0, 0.0, True),
    series_case(96, 1.0, 0.5, False),
]
