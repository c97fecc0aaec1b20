"""How time and memory of the library grow with the number of events or areas.

    python -m benchmarks.curves                      # every work of benchmarks.peers, drawn into docs/assets/curves
    python -m benchmarks.curves knox --rounds 3      # some; prints the table

Each work is done at a sixty-fourth, a sixteenth, a quarter and the whole of its size, each run in a process of its own
with compilation before the clock starts. The exponent is the slope of a line through the last three points on logarithmic
axes: 1 when twice as much takes twice as long.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd
from benchmarks.peers.__main__ import OURS, one_way, works

from vicus.pictures.drawing import svg
from vicus.pictures.theme import config

PARTS = (64, 16, 4, 1)
DRAWN = Path(__file__).resolve().parents[1] / "docs" / "assets" / "curves"


def curve(name: str, rounds: int) -> pd.DataFrame:
    """Median seconds and megabytes at each size."""
    whole = works()[name].size
    rows = []
    for size in sorted({max(whole // part, 1) for part in PARTS}):
        command = [sys.executable, "-m", "benchmarks.curves", name, "--size", str(size)]
        runs = [
            json.loads(
                subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()[-1]
            )
            for _ in range(rounds)
        ]
        rows.append(
            {"work": name, "n": size} | {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        )
    return pd.DataFrame(rows)


def exponent(table: pd.DataFrame, column: str) -> float:
    """Slope of the last three points on logarithmic axes; NaN where there is nothing to measure."""
    last = table[table[column] > 0].tail(3)
    if len(last) < 2:
        return float("nan")
    return float(np.polyfit(np.log(last["n"]), np.log(last[column]), 1)[0])


def draw(table: pd.DataFrame, column: str, title: str) -> alt.LayerChart:
    """All works on logarithmic axes, each named at the end of its line."""
    shown = table[table[column] > 0]
    base = alt.Chart(shown).encode(
        x=alt.X("n:Q", title="events or areas", scale=alt.Scale(type="log")),
        y=alt.Y(f"{column}:Q", title=title, scale=alt.Scale(type="log")),
        color=alt.Color("work:N", legend=alt.Legend(orient="bottom", columns=4, title=None)),
    )
    chart = alt.layer(base.mark_line(), base.mark_point(filled=True, size=45))
    chart = chart.properties(
        width=640, height=340, description=f"{title} against size, for {table['work'].nunique()} works"
    )
    chart.config = alt.Config.from_dict({**config("light"), "background": "#FBFAF7", "padding": 12})
    return chart


def main() -> int:
    """Measure, print, draw."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "python -m benchmarks.curves", description=__doc__, formatter_class=plain
    )
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    known = works()
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        print(f"There is no work {unknown[0]!r}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    if asked.size:
        one_way(replace(known[asked.names[0]], size=asked.size), OURS, "/dev/null")
        return 0
    names = asked.names or list(known)
    print("| work | n | seconds | exponent | MB | exponent |\n|---|---|---|---|---|---|", flush=True)
    tables = []
    for name in names:
        table = curve(name, asked.rounds)
        tables.append(table)
        largest = table.iloc[-1]
        print(
            f"| {name} | {int(largest['n']):,} | {largest['seconds']:.3g} | {exponent(table, 'seconds'):.2f}"
            f" | {largest['megabytes']:.0f} | {exponent(table, 'megabytes'):.2f} |",
            flush=True,
        )
    if not asked.names:
        DRAWN.mkdir(parents=True, exist_ok=True)
        whole = pd.concat(tables)
        (DRAWN / "time.svg").write_text(svg(draw(whole, "seconds", "seconds")), encoding="utf-8")
        (DRAWN / "memory.svg").write_text(
            svg(draw(whole, "megabytes", "MB beyond the data")), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
