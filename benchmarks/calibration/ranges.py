"""Does the range of `expected_range` hold the next count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from benchmarks.calibration.case import COVERAGE, Case, Rng, counts

from vicus.analysis import expected_range
from vicus.analysis.quantiles import count_quantile


@dataclass(frozen=True)
class World:
    """Monthly counts with a level, a season, a dispersion and a yearly trend."""

    months: int
    mean: float
    dispersion: float = 1.0
    amplitude: float = 0.0
    yearly: float = 1.0
    drift: float = 0.0

    def draw(self, rng: Rng) -> tuple[np.ndarray, int, float]:
        """History, next count, and the mean it was drawn from."""
        t = np.arange(self.months + 1)
        phase = rng.uniform(0, 2 * np.pi)
        season = 1 + self.amplitude * np.cos(2 * np.pi * t / 12 + phase)
        level = self.mean * self.yearly ** ((t - self.months / 2) / 12)
        level = level * np.exp(np.cumsum(rng.normal(0, self.drift, len(t))))
        mean = level * season
        y = counts(rng, mean, self.dispersion)
        return y[:-1], int(y[-1]), float(mean[-1])

    def words(self) -> str:
        """The world in a few words."""
        parts = [f"{self.months} months, mean {self.mean:g}"]
        parts += [f"dispersion {self.dispersion:g}"] if self.dispersion > 1 else []
        parts += [f"season ± {self.amplitude:.0%}"] if self.amplitude else []
        parts += [f"{self.yearly - 1:+.0%} a year"] if self.yearly != 1 else []
        parts += [f"level wandering {self.drift:.0%} a month"] if self.drift else []
        return ", ".join(parts)


def worlds() -> Iterator[World]:
    """Steady worlds with and without season and dispersion, then worlds that move."""
    for months, mean, dispersion, amplitude in product(
        (24, 36, 60), (0.5, 3, 20, 150), (1.0, 3.0), (0.0, 0.35)
    ):
        if dispersion == 1.0 or mean >= 3:
            yield World(months, mean, dispersion, amplitude)
    for mean, yearly in product((5, 40), (0.75, 1.3)):
        yield World(48, mean, 1.0, 0.2, yearly)
    for mean in (5, 40):
        yield World(48, mean, 1.0, 0.2, 1.0, 0.08)


def case(world: World) -> Case:
    """Coverage, and the width of the range divided by that of the true one."""

    def draw(rng: Rng) -> dict[str, float]:
        history, following, mean = world.draw(rng)
        found = expected_range(history)
        spread = mean * world.dispersion
        true = count_quantile(0.975, mean, spread) - count_quantile(0.025, mean, spread)
        return {
            COVERAGE: found.low <= following <= found.high,
            "width, of the true range": (found.high - found.low + 1) / (true + 1),
        }

    return Case("expected_range", world.words(), draw, {COVERAGE: 0.95})


CASES = [case(world) for world in worlds()]
