"""Figures, reports and refused rows on the command line: only what is known, and only with a reason."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

MAPPING = """
name = "ours"
[columns]
id = "id"
category = "kind"
occurred_from = "date"
[dates]
timezone = "Europe/Brussels"
[[location]]
x = "x"
y = "y"
crs = "EPSG:31370"
"""
WHY = ("--reason", "meeting of the zone", "--recipient", "zone direction")
SQUARE = [[[146900, 170900], [147100, 170900], [147100, 171100], [146900, 171100], [146900, 170900]]]


@pytest.fixture(scope="module")
def zone(vicus, tmp_path_factory: pytest.TempPathFactory):
    """A zone with one hotspot and facts of January to March 2026, known on 10 April."""
    folder = tmp_path_factory.mktemp("files")
    days = [f"2026-{month:02d}-{day:02d} 10:00" for month in (1, 2, 3) for day in (1, 15, 28)]
    rows = [f"{n},THEFT,{day},147000,171000" for n, day in enumerate(days)]
    (folder / "facts.csv").write_text("\n".join(["id,kind,date,x,y", *rows]) + "\n")
    (folder / "ours.toml").write_text(MAPPING)
    outline = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::31370"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"number": 1, "name_nl": "Plein", "name_fr": "Place"},
                "geometry": {"type": "Polygon", "coordinates": SQUARE},
            }
        ],
    }
    (folder / "square.geojson").write_text(json.dumps(outline))
    vicus("init", "west")
    vicus(
        "incidents", "import", folder / "facts.csv", "--mapping", folder / "ours.toml",
        "--known-at", "2026-04-10",
    )  # fmt: skip
    vicus.facts, vicus.mapping = folder / "facts.csv", folder / "ours.toml"
    vicus("hotspots", "import", folder / "square.geojson", "--valid-from", "2026-01-01")
    return vicus


@pytest.mark.parametrize("month", ["2020-01", "2026-04", "2031-07"])
def test_a_month_without_data_is_refused_and_the_months_there_are_named(zone, month: str) -> None:
    refused = zone.run("figures", "--hotspot", "1", "--month", month, *WHY, code=4).stderr
    assert f"no figures of {month}" in refused
    assert "from 2026-01 to 2026-03" in refused


def test_a_day_before_the_first_version_is_refused_in_words_of_days(zone) -> None:
    refused = zone.run(
        "figures", "--hotspot", "1", "--month", "2026-01", "--as-known-at", "2020-01-01", *WHY, code=4
    ).stderr
    assert "Nothing was known yet on 2020-01-01: the first version is of 2026-04-1" in refused
    assert "+00:00" not in refused
    assert "T23" not in refused


def disclosures(vicus) -> list[tuple[str, str, str, str]]:
    """What the audit trail says of disclosures: kind of object, object, reason, recipient."""
    with sqlite3.connect(vicus.home / "vicus.sqlite3") as database:
        return database.execute(
            "SELECT object_type, object_id, reason, recipient FROM audit_record WHERE action = 'disclosure' ORDER BY number"
        ).fetchall()


def test_figures_reports_and_refused_rows_need_a_reason_and_a_recipient(zone, tmp_path: Path) -> None:
    before = disclosures(zone)
    for words in (
        ("figures", "--hotspot", "1", "--month", "2026-03"),
        ("report", "month", "--month", "2026-03", "--out", tmp_path),
        ("incidents", "import", zone.facts, "--mapping", zone.mapping, "--rejects", tmp_path / "refused.csv"),
    ):
        assert "--reason and --recipient" in zone.run(*words, code=2).stderr
        assert "reason in words" in zone.run(*words, "--reason", "...", "--recipient", "us", code=2).stderr
    assert disclosures(zone) == before
    assert not list(tmp_path.iterdir())


def test_figures_say_who_took_them_and_are_recorded_as_a_disclosure(zone) -> None:
    handed = zone.json("figures", "--hotspot", "1", "--month", "2026-03", *WHY)["handed"]
    assert (handed["purpose"], handed["recipient"]) == ("meeting of the zone", "zone direction")
    assert handed["user"].startswith("command line")
    assert disclosures(zone)[-1] == ("hotspots.figures", "1 2026-03", "meeting of the zone", "zone direction")
    assert "meeting of the zone" in zone("figures", "--hotspot", "1", "--month", "2026-03", *WHY)


def test_reports_carry_why_they_were_drawn_and_are_recorded_as_a_disclosure(zone, tmp_path: Path) -> None:
    file = tmp_path / "march.docx"
    zone(
        "report", "month", "--month", "2026-03", "--format", "docx", "--language", "en", "--out", file, *WHY
    )  # fmt: skip
    told = "\n".join(cell.text for table in Document(str(file)).tables for cell in table._cells)
    assert "meeting of the zone" in told.lower()
    assert disclosures(zone)[-1] == (
        "hotspots.report",
        "all 2026-03",
        "meeting of the zone",
        "zone direction",
    )


def test_refused_rows_carry_who_took_them_and_are_recorded_as_a_disclosure(zone, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,kind,date,x,y\n90,THEFT,the other day,147000,171000\n")
    refused = tmp_path / "out" / "refused.csv"
    zone("incidents", "import", bad, "--mapping", zone.mapping, "--dry-run", "--rejects", refused, *WHY)
    text = refused.read_text(encoding="utf-8-sig")
    assert "# purpose: meeting of the zone" in text
    assert "bad_date" in text
    assert [path.name for path in refused.parent.iterdir()] == ["refused.csv"]
    assert disclosures(zone)[-1] == ("facts.rejects", "bad.csv", "meeting of the zone", "zone direction")


def test_a_terminal_asks_for_the_reason_and_the_recipient(zone) -> None:
    screen, keyboard = os.openpty()
    os.write(screen, b"meeting of the zone\nzone direction\n")
    done = subprocess.run(
        [sys.executable, "-m", "vicus", "figures", "--hotspot", "1", "--month", "2026-03", "--json"],
        stdin=keyboard, capture_output=True, text=True, check=False, env=os.environ | {"VICUS_HOME": str(zone.home)},
    )  # fmt: skip
    os.close(screen)
    os.close(keyboard)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["handed"]["recipient"] == "zone direction"
    assert "Reason" in done.stderr
