"""What an import costs, beside reading the same file and writing it again as a plain Delta table.

    python benchmarks/importing.py                    # chicago_2013_2018.parquet, 1.6 million rows
    python benchmarks/importing.py --all              # the same, then three files, 6.7 million rows, into one store

Both run in processes of their own, alternating, so that time and peak memory are theirs alone. The bound is
six times the time of the plain copy, and 3 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES = ("chicago_2001_2006.parquet", "chicago_2007_2012.parquet", "chicago_2013_2018.parquet")
TIMES, GIGABYTES = 6.0, 3.0


def copied(files: list[Path], folder: Path) -> None:
    """Read each file and write it as a Delta table: the least any import has to do."""
    import pyarrow.parquet as pq
    from deltalake import write_deltalake

    for number, file in enumerate(files):
        write_deltalake(str(folder / f"plain{number}"), pq.read_table(file))


def imported(files: list[Path], folder: Path) -> None:
    """Import each file into one store, checks, reject file and versions included."""
    from vicus.incidents import importing
    from vicus.incidents.store import Store

    store = Store.create(folder / "zone", crs=26916, timezone="America/Chicago")
    for file in files:
        importing.run(store, file, "chicago", rejects=folder / "rejects.csv")


def measured(way: str, files: list[Path]) -> tuple[float, float, float]:
    """Run one way in a process of its own; return seconds without start-up, peak gigabytes, processor seconds."""
    command = [sys.executable, __file__, "--way", way, *map(str, files)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result = json.loads(done.stdout)
    return result["seconds"], result["gigabytes"], result["processor"]


def one_way(way: str, files: list[Path]) -> None:
    """Do the work and print what it cost, imports of libraries left out of the time."""
    import deltalake  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import vicus.incidents.importing  # noqa: F401

    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        started, busy = time.perf_counter(), time.process_time()
        (copied if way == "plain" else imported)(files, Path(folder))
        seconds, processor = time.perf_counter() - started, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": seconds, "gigabytes": peak, "processor": processor}))


def main() -> int:
    """Compare, print, and return 1 when the bound is not met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="the three Chicago files into one store as well")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", choices=["plain", "vicus"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        one_way(given.way, given.files)
        return 0
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    data = Path(os.environ.get("VICUS_TEST_DATA") or default) / "crime"
    cases = [given.files] if given.files else [[data / FILES[-1]]]
    if given.all and not given.files:
        cases.append([data / name for name in FILES])
    met = [compared(files, given.rounds) for files in cases]
    return 0 if all(met) else 1


def compared(files: list[Path], rounds: int) -> bool:
    """Run both ways alternating, print what they cost, and return whether the bound is met."""
    print(", ".join(file.name for file in files))
    runs: dict[str, list[tuple[float, float, float]]] = {"plain": [], "vicus": []}
    for _ in range(rounds):
        for way, results in runs.items():
            results.append(measured(way, files))
    for way, results in runs.items():
        seconds, gigabytes, processor = zip(*results, strict=True)
        shown = ", ".join(f"{value:.2f}" for value in seconds)
        print(
            f"{way:6} {statistics.median(seconds):7.2f} s (runs: {shown})  peak {max(gigabytes):.2f} GB  "
            f"processor {statistics.median(processor):.2f} s"
        )
    pairs = list(zip(runs["vicus"], runs["plain"], strict=True))
    ratio, busy = (statistics.median(own[at] / copy[at] for own, copy in pairs) for at in (0, 2))
    peak = max(gigabytes for _, gigabytes, _ in runs["vicus"])
    good = ratio <= TIMES and peak < GIGABYTES
    print(
        f"ratio {ratio:.2f} (at most {TIMES:.0f}; of processor time {busy:.2f})  "
        f"peak {peak:.2f} GB (under {GIGABYTES:.0f}): {'met' if good else 'NOT MET'}",
        flush=True,
    )
    return good


if __name__ == "__main__":
    raise SystemExit(main())
