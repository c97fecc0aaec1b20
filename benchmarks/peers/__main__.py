"""Ours and the peers in turn, each run in a process of its own: median times, their ratio, and memory.

    python -m benchmarks.peers                  # every work
    python -m benchmarks.peers knox aoristic    # some
    python -m benchmarks.peers --list

Making the data, imports and compilation are not timed: each process first does the work at a small size. Memory
is what the work took at its peak beyond the data. The last column is the largest difference between the results,
as a share of the largest value, where both give the same thing. The exit code is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import benchmarks.peers as package
import numpy as np
from benchmarks.peers.work import Work

OURS = "vicus"


def works() -> dict[str, Work]:
    """Every work of every module of this package, by name."""
    modules = [m.name for m in pkgutil.iter_modules(package.__path__) if m.name not in ("__main__", "work")]
    found = [importlib.import_module(f"{package.__name__}.{name}").WORKS for name in modules]
    return {work.name: work for listed in found for work in listed}


def one_way(work: Work, way: str, kept: str) -> None:
    """Do the work once and print what it cost."""
    warnings.simplefilter("ignore")
    function = work.ours if way == OURS else work.peers[way]
    function(work.prepare(work.small))
    data = work.prepare(work.size)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = memory("VmRSS")
    started = time.perf_counter()
    result = function(data)
    seconds = time.perf_counter() - started
    megabytes = max(memory("VmHWM") - before, 0.0)
    if result is not None:
        np.save(kept, np.asarray(result, dtype=float))
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


def memory(field: str) -> float:
    """Megabytes of this process, now (VmRSS) or at most (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    return float(status.split(f"{field}:")[1].split()[0]) / 1024


def measured(work: Work, way: str, kept: Path, limit: float) -> dict[str, float]:
    """One run in a process of its own, ended after `limit` seconds."""
    command = [sys.executable, "-m", "benchmarks.peers", work.name, "--way", way, "--keep", str(kept)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=limit)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def difference(one: Path, other: Path) -> str:
    """Largest difference between two results, where both gave one."""
    if not (one.exists() and other.exists()):
        return ""
    a, b = np.load(one), np.load(other)
    if a.shape != b.shape:
        return f"shapes {a.shape} and {b.shape}"
    known = np.isfinite(a) & np.isfinite(b)
    if not known.any():
        return "nothing to compare"
    gap = np.abs(a[known] - b[known]).max() / max(float(np.abs(b[known]).max()), 1e-300)
    return f"{gap:.1e}"


def compared(work: Work, rounds: int, limit: float) -> bool:
    """Run all ways alternating, print one line per peer, and return whether the targets are met."""
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in (OURS, *work.peers)}
    with tempfile.TemporaryDirectory() as folder:
        kept = {way: Path(folder) / f"{number}.npy" for number, way in enumerate(runs)}
        for _ in range(rounds):
            for way, results in runs.items():
                results.append(measured(work, way, kept[way], limit))
        same = {peer: difference(kept[OURS], kept[peer]) for peer in work.peers}

    def median(way: str, what: str) -> float:
        return statistics.median(run[what] for run in runs[way])

    good = True
    for peer in work.peers:
        ratio = median(peer, "seconds") / median(OURS, "seconds")
        share = median(OURS, "megabytes") / max(median(peer, "megabytes"), 1e-9)
        most = (work.memory or {}).get(peer)
        met = ratio >= work.at_least[peer] and (most is None or share <= most)
        good = good and met
        print(
            f"| {work.about} | {peer} | {median(OURS, 'seconds'):.3g} s | {median(peer, 'seconds'):.3g} s"
            f" | {ratio:.3g} x | {work.at_least[peer]:g} x | {median(OURS, 'megabytes'):.0f} MB"
            f" | {median(peer, 'megabytes'):.0f} MB | {same[peer] or '–'} | {'met' if met else '**missed**'} |",
            flush=True,
        )
    return good


def kept_going(work: Work, rounds: int, limit: float) -> bool:
    """Compare; a run that takes too long or fails is said in the table, and the next work begins."""
    try:
        return compared(work, rounds, limit)
    except subprocess.TimeoutExpired as stopped:
        way, why = stopped.cmd[5], f"longer than {limit:g} s"
    except subprocess.CalledProcessError as failed:
        way, why = failed.cmd[5], f"failed with code {failed.returncode}"
    print(f"| {work.about} | {way}: {why} | | | | | | | | **missed** |", flush=True)
    return False


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each way, of which the median counts")
    parser.add_argument("--limit", type=float, default=1800, help="seconds after which a run is given up")
    parser.add_argument("--list", action="store_true", help="the names, and stop")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--keep", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Compare, print, and return 1 when a target is missed."""
    asked, known = arguments(), works()
    if asked.list:
        print("\n".join(f"{work.name:24} {work.about}" for work in known.values()))
        return 0
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        print(f"There is no work {unknown[0]!r}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    chosen: list[Any] = [known[name] for name in asked.names] or list(known.values())
    if asked.way:
        one_way(chosen[0], asked.way, asked.keep)
        return 0
    print(
        "| work | peer | ours | peer | ratio | at least | memory ours | memory peer | difference | target |\n"
        "|---|---|---|---|---|---|---|---|---|---|"
    )
    met = [kept_going(work, asked.rounds, asked.limit) for work in chosen]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
