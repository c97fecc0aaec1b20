# ruff: noqa: T201  (a report on the screen is its purpose)
"""How often the range of `expected_range` holds the next count, in worlds whose truth is known.

    python tests/analysis/calibration.py [worlds per row]

prints one row per world: the share of next counts inside the range (nominal 95 %; whole counts make a little
more of it), and the width of the range divided by that of the true 95 % range.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

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

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, int, float]:
        """History, next count, and the mean it was drawn from."""
        t = np.arange(self.months + 1)
        phase = rng.uniform(0, 2 * np.pi)
        season = 1 + self.amplitude * np.cos(2 * np.pi * t / 12 + phase)
        level = self.mean * self.yearly ** ((t - self.months / 2) / 12)
        level = level * np.exp(np.cumsum(rng.normal(0, self.drift, len(t))))
        mean = level * season
        if self.dispersion > 1:
            size = mean / (self.dispersion - 1)
            y = rng.negative_binomial(size, 1 / self.dispersion)
        else:
            y = rng.poisson(mean)
        return y[:-1], int(y[-1]), float(mean[-1])


def coverage(world: World, draws: int, seed: int) -> tuple[float, float]:
    """Share of next counts in their range, and mean relative width."""
    rng = np.random.default_rng(seed)
    hits, widths = 0, []
    for _ in range(draws):
        history, following, mean = world.draw(rng)
        e = expected_range(history)
        hits += e.low <= following <= e.high
        spread = mean * world.dispersion
        true = count_quantile(0.975, mean, spread) - count_quantile(0.025, mean, spread)
        widths.append((e.high - e.low + 1) / (true + 1))
    return hits / draws, float(np.mean(widths))


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


def main() -> None:
    """Print the table."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(
        f"{'months':>6} {'mean':>6} {'disp.':>6} {'season':>6} {'trend':>6} {'drift':>6} {'inside':>7} {'width':>6}"
    )
    found = []
    for number, w in enumerate(worlds()):
        inside, width = coverage(w, draws, number)
        found.append(inside)
        print(
            f"{w.months:6} {w.mean:6g} {w.dispersion:6g} {w.amplitude:6g} {w.yearly:6g} {w.drift:6g}"
            f" {inside:7.3f} {width:6.2f}"
        )
    print(f"lowest {min(found):.3f}, mean {np.mean(found):.3f}, highest {max(found):.3f}; {draws} draws each")


if __name__ == "__main__":
    main()
