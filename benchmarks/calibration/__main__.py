"""False alarms, coverage and power of the methods, in worlds whose truth is known.

    python -m benchmarks.calibration                        # every method
    python -m benchmarks.calibration wdd e_test             # some
    python -m benchmarks.calibration --worlds 500           # rougher and faster
    python -m benchmarks.calibration --page > docs/reference/calibration.md

A row is one kind of world: the share of simulated worlds in which each thing happened, in percent, and how far
chance in the simulation itself may throw that share (1.96 standard errors). Worlds with a change are those named
behind "power".
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib

import numpy as np
from benchmarks.calibration import comparisons, panels, places, ranges
from benchmarks.calibration.case import COVERAGE, POWER, Case

CASES: list[Case] = [*ranges.CASES, *comparisons.CASES, *panels.CASES, *places.CASES]
METHODS = list(dict.fromkeys(case.method for case in CASES))

PAGE = """# Calibration

How often the methods of the [analysis library](analysis.md) are right, measured in simulated worlds whose truth is known:
worlds in which nothing happened (how often is there an alarm all the same?), and worlds with a known change (does the
interval hold it, is it found?). Printed by

    python -m benchmarks.calibration --page > docs/reference/calibration.md

± is how far chance in the simulation may throw a share (1.96 standard errors). Bold are shares that break a promise by more
than a point: of 5 % false alarms above 6 %, of 95 % coverage below 94 %; in italics those that are more careful than promised
by more than a point, at the price of power. The docstring of such a method says what was measured. Whole counts make most
intervals wider and most tests more careful than promised.
"""


def measured(case: Case, worlds: int) -> dict[str, tuple[float, float, int]]:
    """Share and its Monte-Carlo error for each name."""
    rng = np.random.default_rng(zlib.crc32(f"{case.method}: {case.world}".encode()))
    n = max(worlds // case.cost, 20)
    drawn = [case.draw(rng) for _ in range(n)]
    found = {}
    for name in drawn[0]:
        values = np.array([float(one[name]) for one in drawn])
        found[name] = (float(values.mean()), 1.96 * float(values.std(ddof=1)) / np.sqrt(n), n)
    return found


def cell(name: str, found: tuple[float, float, int], promised: float | None) -> str:
    """A share with its error, set off where it is more than a point from what was promised."""
    share, error, _ = found
    text = f"{100 * share:.1f} ± {100 * error:.1f}"
    if promised is None or abs(share - promised) <= 0.01:
        return text
    careful = share > promised if name in (COVERAGE, POWER) else share < promised
    return f"*{text}*" if careful else f"**{text}**"


def table(method: str, worlds: int) -> None:
    """Print the section of one method, a row per kind of world."""
    cases = [case for case in CASES if case.method == method]
    names: list[str] = []
    for number, case in enumerate(cases):
        found = measured(case, worlds)
        if not number:
            names = list(found)
            promised = [
                f"{n}, promised {100 * case.nominal[n]:.3g} %" if n in case.nominal else f"{n}, %"
                for n in names
            ]
            print(
                f"## {method}\n\n| world | {' | '.join(promised)} | worlds |\n|---|{'---:|' * (len(names) + 1)}"
            )
        shares = " | ".join(cell(name, found[name], case.nominal.get(name)) for name in names)
        print(f"| {case.world} | {shares} | {found[names[0]][2]:,} |", flush=True)
    print()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibration",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name", help=f"methods: {', '.join(METHODS)}")
    parser.add_argument(
        "--worlds", type=int, default=4000, help="worlds per row; slow methods take a part of them"
    )
    parser.add_argument("--page", action="store_true", help="print the page of the documentation")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in METHODS]
    if unknown:
        print(f"There is no method {unknown[0]!r}; there are {', '.join(METHODS)}.", file=sys.stderr)
        return 2
    if asked.page:
        print(PAGE)
    started = time.perf_counter()
    for method in asked.names or METHODS:
        table(method, asked.worlds)
    print(f"{time.perf_counter() - started:.0f} seconds", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
