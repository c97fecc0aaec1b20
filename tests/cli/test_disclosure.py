"""Figures, reports and refused rows on the command line: only what is known, and only with a reason."""

from __future__ import annotations

import json

import pytest

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
    vicus("hotspots", "import", folder / "square.geojson", "--valid-from", "2026-01-01")
    return vicus


@pytest.mark.parametrize("month", ["2020-01", "2026-04", "2031-07"])
def test_a_month_without_data_is_refused_and_the_months_there_are_named(zone, month: str) -> None:
    refused = zone.run("figures", "--hotspot", "1", "--month", month, code=4).stderr
    assert f"no figures of {month}" in refused
    assert "from 2026-01 to 2026-03" in refused
