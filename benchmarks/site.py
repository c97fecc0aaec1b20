"""What the pages of the site cost in a large installation, beside the question to the store that stands behind them.

    python -m benchmarks.site --home /var/tmp/vicus-large            # 1,000,000 incidents, built once and kept
    python -m benchmarks.site --home /var/tmp/vicus-small --rows 200000

The installation is the demonstration zone with every incident repeated until the rows are there, a SARA sheet for each
hotspot and month of six years, and actions begun in each of its quarters. The real server (`vicus serve`) answers
on loopback. Per page: the first request (cold; of zone and hotspot in a new process that finds no kept figure), the
median of the requests that follow (warm), bytes, bytes of the largest block of data in it (the map, where there is one),
and SQL queries (counted in this process with Django's test client, warm). The question behind a page is asked of the
store as a plain count, in this process, median of the same number.

A warm page is to stay under three times its question or under 40 ms, whichever is more; under 30 SQL queries; its map
under 300 KB.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROWS, DEMONSTRATION = 1_000_000, 200_000
TIMES, MILLISECONDS, QUERIES, MAP_KB = 3.0, 40.0, 30, 300.0
MONTHS, ACTIONS_A_YEAR = 72, 4
MANAGER, DIRECTION = "demo-hotspot-manager", "demo-direction"
NUMBER = 11
COLD = ("Zone", "Hotspot")
"""Pages asked of a new process that finds no kept figure; the others are first asked of a server that answers already."""
REASON = "Measuring what pages cost"
MAPS = re.compile(rb'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page: what it is called here, its address, and the question to the store behind it, if there is one."""

    name: str
    path: str
    question: str = ""
    reader: str = "demo-analyst"


@dataclass(frozen=True)
class Cost:
    """What a page costs; times in milliseconds."""

    page: Page
    cold: float
    warm: float
    bytes: int
    data: int
    queries: int
    question: float

    @property
    def bound(self) -> float:
        """Milliseconds that a warm request may take."""
        return max(TIMES * self.question, MILLISECONDS)

    @property
    def broken(self) -> list[str]:
        """The bounds that do not hold."""
        found = {
            "time": self.warm > self.bound,
            "queries": self.queries > QUERIES,
            "map": self.data / 1000 > MAP_KB,
        }
        return [name for name, broken in found.items() if broken]


def build(home: Path, rows: int) -> None:
    """The installation, unless it is there."""
    from django.conf import settings
    from django.core.management import call_command

    from vicus.demo import loading, world
    from vicus.web.zone.models import Zone

    call_command("migrate", interactive=False, verbosity=0)
    if Zone.objects.exists():
        return
    times = max(1, round(rows / DEMONSTRATION))

    def repeated() -> world.Demonstration:
        one = world.generate()
        return replace(one, incidents=_repeated(one.incidents, times))

    loading.generate = repeated  # type: ignore[assignment]
    zone = loading.load(
        Path(settings.FILES_ROOT) / "demonstration", lambda step, _share: print(step, file=sys.stderr)
    )
    _sheets(zone)
    _actions(zone)


def _repeated(incidents: Any, times: int) -> Any:
    """Every incident that many times, each with an identifier of its own."""
    import pandas as pd

    copies = [incidents] + [
        incidents.assign(id=incidents["id"].astype(str) + f"-{copy}") for copy in range(1, times)
    ]
    return pd.concat(copies, ignore_index=True)


def _sheets(zone: Any) -> None:
    """An archived sheet for every hotspot and month that has none, with the figures of one that was written."""
    from vicus.incidents.months import months_before
    from vicus.web.sara.models import SaraSheet

    model = SaraSheet.objects.filter(state="archived").first()
    there = set(SaraSheet.objects.values_list("hotspot_id", "month"))
    SaraSheet.objects.bulk_create(
        SaraSheet(
            hotspot=hotspot,
            month=month,
            state="archived",
            figures=model.figures,
            data_version=model.data_version,
            known_at=model.known_at,
            perimeter=hotspot.perimeters.first(),
            software=model.software,
            geocoding_rate=model.geocoding_rate,
        )
        for hotspot in zone.hotspots.all()
        for month in (months_before(model.month, back) for back in range(MONTHS))
        if (hotspot.pk, month) not in there
    )


def _actions(zone: Any) -> None:
    """Actions that ended, four a year in every hotspot, with the words of one of the demonstration."""
    from vicus.incidents.months import months_before
    from vicus.web.actions.models import Action

    model = Action.objects.order_by("pk").first()
    same = {
        field.attname: getattr(model, field.attname)
        for field in Action._meta.concrete_fields
        if field.attname not in ("id", "hotspot_id", "starts_on", "ends_on", "begun_on", "closed_on", "state")
    }
    starts = [months_before(model.starts_on.replace(day=1), 3 * n) for n in range(2, 6 * ACTIONS_A_YEAR)]
    Action.objects.bulk_create(
        Action(
            **{**same, "blocker": "", "note": ""},
            hotspot=hotspot,
            state="done",
            starts_on=start,
            begun_on=start,
            ends_on=months_before(start, -2),
            closed_on=months_before(start, -2),
        )
        for hotspot in zone.hotspots.all()
        for start in starts
    )


def pages(zone: Any) -> list[Page]:
    """The main pages, those of one hotspot for a hotspot that has everything."""
    from django.urls import reverse

    from vicus.web.actions.models import Action
    from vicus.web.sara.models import SaraSheet

    hotspot = zone.hotspots.get(number=NUMBER)
    month = SaraSheet.objects.filter(hotspot=hotspot).exclude(state="draft").latest("month").month
    action = Action.objects.filter(hotspot=hotspot).earliest("pk")
    slug = zone.slug
    return [
        Page("Zone", reverse("hotspots:zone", args=[slug]), "places"),
        Page("Hotspot", reverse("hotspots:hotspot", args=[slug, NUMBER]), "places"),
        Page("Facts one by one", reverse("hotspots:facts", args=[slug, NUMBER]), "points"),
        Page("Sheets", reverse("sara:list", args=[slug]), reader=DIRECTION),
        Page("One sheet", reverse("sara:sheet", args=[slug, NUMBER, f"{month:%Y-%m}"]), "places", MANAGER),
        Page("Actions", reverse("actions:board", args=[slug])),
        Page("One action", reverse("actions:action", args=[slug, action.pk]), "places"),
        Page("Evaluations", reverse("actions:evaluations", args=[slug]), "places"),
        Page("Imports", reverse("facts:imports", args=[slug])),
        Page("Decisions", reverse("decisions:waiting", args=[slug]), reader=DIRECTION),
        Page("Differences", reverse("decisions:differences", args=[slug]), "places"),
        Page("Perimeters", reverse("perimeters:list", args=[slug])),
        Page("Phases", reverse("phases:list", args=[slug]), "places"),
        Page("Phases of a hotspot", reverse("phases:hotspot", args=[slug, NUMBER]), "places"),
    ]


def questions(zone: Any, rounds: int) -> dict[str, float]:
    """Milliseconds of the plain questions: counts of all places, and the facts of one place in a month."""
    from vicus.incidents import questions as ask
    from vicus.incidents.months import month_after, months_before
    from vicus.incidents.selection import Selection
    from vicus.web.facts.queries import find_store
    from vicus.web.hotspots import asking, figures, queries, rules

    store = find_store(zone)
    assert store is not None
    asked = asking.read({}, store, zone)
    assert asked is not None
    month, at = asked.question.month, asked.question.version.number
    used = {
        hotspot.number: found
        for hotspot in queries.hotspots(zone)
        if (found := rules.perimeter_for(list(hotspot.perimeters.all()), asked.question.last_day))
    }
    outlines = figures._places(zone, used)
    all_years = Selection(start=months_before(month, 95), end=month_after(month), version=at)
    one_month = Selection(start=month, end=month_after(month), version=at, area=used[NUMBER].perimeter.shape)
    return {
        "places": _median(lambda: ask.count(store, all_years, areas=outlines), rounds),
        "points": _median(lambda: ask.points(store, one_month), rounds),
        "": 0.0,
    }


def _median(work: Callable[[], object], rounds: int) -> float:
    work()
    return statistics.median(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of the site, served by a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "vicus", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, env={**os.environ, "VICUS_HOME": str(home), "VICUS_DEMO": "1"}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/health/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


class Reader:
    """A browser that has signed in."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.get("/accounts/login/")
        self.post("/demo/enter/", username=name)

    def get(self, path: str) -> bytes:
        return bytes(self.opener.open(self.address + path, timeout=120).read())

    def post(self, path: str, **values: str) -> bytes:
        token = next(cookie.value for cookie in self.cookies if "csrf" in cookie.name)
        data = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token or ""}).encode()
        told = urllib.request.Request(self.address + path, data, {"Referer": self.address + path})
        return bytes(self.opener.open(told, timeout=120).read())

    def give_reason(self, path: str) -> None:
        self.post(path, door_reason=REASON)


def measured(home: Path, every: list[Page], rounds: int) -> dict[str, tuple[float, float, bytes]]:
    """Milliseconds cold and warm, and what was sent, by page."""
    cold = {}
    for page in every:
        if page.name not in COLD:
            continue
        shutil.rmtree(home / "cache" / "figures", ignore_errors=True)
        with served(home) as address:
            reader = Reader(address, page.reader)
            cold[page.name] = _timed(lambda page=page, reader=reader: reader.get(page.path))  # type: ignore[misc]
    found = {}
    with served(home) as address:
        readers = {name: Reader(address, name) for name in {page.reader for page in every}}
        for page in every:
            reader = readers[page.reader]
            if page.question == "points":
                reader.give_reason(page.path)
            started = time.perf_counter()
            sent = reader.get(page.path)
            cold.setdefault(page.name, (time.perf_counter() - started) * 1000)
            warm = _median(lambda page=page, reader=reader: reader.get(page.path), rounds)  # type: ignore[misc]
            found[page.name] = (cold[page.name], warm, sent)
    return found


def counted(every: list[Page]) -> dict[str, int]:
    """SQL queries of a warm request to each page, in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    result = {}
    for page in every:
        client = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR="127.0.0.1")
        client.post("/demo/enter/", {"username": page.reader})
        if page.question == "points":
            client.post(page.path, {"door_reason": REASON})
        client.get(page.path)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.path)
        result[page.name] = len(queries)
    return result


def table(costs: list[Cost]) -> str:
    """The costs as a table in Markdown."""
    lines = [
        "| Page | Cold, ms | Warm, ms | Question, ms | Ratio | Bound, ms | SQL queries | Page, KB | Data in it, KB | Holds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for cost in costs:
        question, ratio = (
            (f"{cost.question:.0f}", f"{cost.warm / cost.question:.1f}") if cost.question else ("", "")
        )
        lines.append(
            f"| {cost.page.name} | {cost.cold:.0f} | {cost.warm:.0f} | {question} | {ratio} | {cost.bound:.0f}"
            f" | {cost.queries} | {cost.bytes / 1000:.0f} | {cost.data / 1000:.0f}"
            f" | {', '.join(f'not {name}' for name in cost.broken) or 'yes'} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Build when there is nothing, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--home", type=Path, required=True, help="folder of the installation; built once, then kept"
    )
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=9, help="warm requests of each page")
    given = parser.parse_args()
    home = given.home.resolve()
    os.environ |= {
        "VICUS_HOME": str(home), "VICUS_DEMO": "1", "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings",
    }  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)

    import django

    django.setup()
    from vicus.web.facts.queries import find_store
    from vicus.web.zone.models import Zone

    build(home, given.rows)
    zone = Zone.objects.get()
    store = find_store(zone)
    assert store is not None
    every = pages(zone)
    times = measured(home, every, given.rounds)
    queries, asked = counted(every), questions(zone, given.rounds)
    costs = [
        Cost(
            page, cold, warm, len(sent), max((len(part) for part in MAPS.findall(sent)), default=0),
            queries[page.name], asked[page.question],
        )
        for page in every
        for cold, warm, sent in [times[page.name]]
    ]  # fmt: skip
    print(f"{store.version().rows:,} incidents, {zone.hotspots.count()} hotspots\n")
    print(table(costs))


if __name__ == "__main__":
    main()
