"""What is simulated: a method, a world in words, one draw of it, and what should come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Rng = np.random.Generator
Draw = Callable[[Rng], Mapping[str, float]]

ALARM, COVERAGE, POWER = "false alarms", "coverage", "power"


@dataclass(frozen=True)
class Case:
    """One row or more of the table.

    Attributes
    ----------
    method : str
        What to type: `python -m benchmarks.calibration <method>`.
    world : str
        The world in a few words.
    draw : callable
        Draws one world, asks the method, and returns what happened by name, 1 for yes (or a share).
    nominal : dict of str to float
        What is promised of each name; names without a promise (power) are only measured.
    cost : int
        Divides the number of worlds of slow methods.
    """

    method: str
    world: str
    draw: Draw
    nominal: Mapping[str, float]
    cost: int = 1


def counts(
    rng: Rng, mean: float | np.ndarray, phi: float, size: tuple[int, ...] | int | None = None
) -> np.ndarray:
    """Poisson counts, or negative binomial ones of variance phi times the mean."""
    mean = np.asarray(mean, dtype=float)
    if phi == 1.0:
        return rng.poisson(mean, size)
    return rng.negative_binomial(mean / (phi - 1.0), 1.0 / phi, size)
