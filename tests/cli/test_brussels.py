"""The real statistical sectors of Brussels become the territory of a zone."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.real_data


def test_the_sectors_of_the_zone_and_its_five_communes_are_there_in_both_languages(
    vicus, real_data: Path
) -> None:
    sectors = real_data / "geo" / "brussels_statistical_sectors_2024.geojson"
    vicus("init", "5340", "--name-nl", "Brussel-West", "--name-fr", "Bruxelles-Ouest")
    report = vicus.json("territory", "import", sectors)
    assert report["in_zone"] == 111
    again = vicus.json("territory", "import", sectors)
    assert (again["added"], again["changed"]) == (0, 0)


def test_a_file_that_is_no_map_is_refused_in_words(vicus, tmp_path: Path) -> None:
    file = tmp_path / "sectors.geojson"
    file.write_text("{}")
    vicus("territory", "import", file, code=3)
