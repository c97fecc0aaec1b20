"""Six years of Chicago, 1.6 million rows: imported, proposed, counted again by hand, drawn in three languages."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pytest
from docx import Document

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

MONTH = "2018-06"
WHY = ("--reason", "count again by hand", "--recipient", "analysis service")


@pytest.fixture(scope="module")
def export(real_data: Path) -> Path:
    return real_data / "crime" / "chicago_2013_2018.parquet"


@pytest.fixture(scope="module")
def proposed(vicus, export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    vicus("init", "chicago", "--name-en", "Chicago", "--crs", "26916", "--timezone", "America/Chicago")
    report = vicus.json("incidents", "import", export, "--mapping", "chicago")
    assert report["rows_read"] == pq.ParquetFile(export).metadata.num_rows
    file = tmp_path_factory.mktemp("proposed") / "proposed.geojson"
    vicus("hotspots", "propose", "--count", "21", "--out", file)
    vicus("hotspots", "import", file)
    return file


def test_twenty_one_perimeters_are_proposed_and_say_what_they_capture(proposed: Path) -> None:
    document = json.loads(proposed.read_text())
    assert len(document["features"]) == 21
    about = next(value for key, value in document.items() if isinstance(value, dict) and "pai" in value)
    assert about["pai"] == pytest.approx(about["share_events"] / about["share_area"], rel=1e-6)
    assert about["pai"] > 3


def test_figures_of_a_hotspot_equal_a_direct_count_with_geopandas(
    vicus, proposed: Path, export: Path
) -> None:
    figures = vicus.json("figures", "--hotspot", "1", "--month", MONTH, "--sources", "all", *WHY)
    rows = pq.read_table(export, columns=["case_number", "date", "x", "y"]).to_pandas()
    # Of rows with the same number the importer counts one.
    rows = rows.drop_duplicates("case_number")
    points = rows[rows["date"].dt.strftime("%Y-%m") == MONTH].dropna(subset=["x", "y"])
    located = gpd.GeoSeries.from_xy(points["x"], points["y"], crs=3435).to_crs(26916)
    outline = gpd.read_file(proposed).to_crs(26916).sort_values("rank").geometry.iloc[0]
    assert figures["this_month"]["n"] == int(located.within(outline).sum())
    assert figures["this_month"]["n"] > 50


def test_the_report_is_drawn_in_three_languages_and_again_with_the_same_figures(
    vicus, proposed: Path, tmp_path: Path
) -> None:
    drawn = []
    for folder in ("first", "second"):
        vicus(
            "report", "month", "--hotspot", "1", "--month", MONTH, "--language", "nl,fr,en", "--format", "pdf,docx",
            "--out", tmp_path / folder, *WHY,
        )  # fmt: skip
        assert len(list((tmp_path / folder).glob("*.pdf"))) == 3
        drawn.append({path.name: told(path) for path in (tmp_path / folder).glob("*.docx")})
    assert len(drawn[0]) == 3
    for name, first in drawn[0].items():
        again = drawn[1][name]
        # All that may differ is the moment at which it was handed on.
        assert sum(a != b for a, b in zip(first, again, strict=True)) <= 1


def told(file: Path) -> list[str]:
    """Paragraphs and cells of a Word file."""
    paper = Document(str(file))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in paper.paragraphs] + cells
