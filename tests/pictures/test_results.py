"""Results of the analysis library draw themselves."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from vicus import analysis
from vicus.analysis.results import offer_pictures
from vicus.pictures import drawing, results


@pytest.fixture(scope="module")
def cells():
    random = np.random.default_rng(1)
    grid = analysis.make_grid(gpd.GeoSeries([box(0, 0, 1000, 800)], crs=31370), 100)
    points = gpd.GeoSeries(
        gpd.points_from_xy(random.normal(500, 150, 400), random.normal(400, 120, 400)), crs=31370
    )
    return analysis.getis_ord(analysis.count_points(points, grid), "n", adjust="fdr")


def drawn(picture):
    text = drawing.svg(picture)
    assert "<path" in text
    return text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_result_is_drawn_with_its_finding_above(scheme):
    result = analysis.wdd((207, 110), (308, 318), (178, 157), (150, 140))
    text = drawn(results.chart(result, scheme=scheme))
    assert "-118.0 events" in text
    assert "together" in text


def test_a_curve_a_score_and_a_table_are_drawn(cells):
    assert "share of places" in drawn(results.chart(analysis.lorenz([10, 8, 2, 0, 0])))
    assert "Moran" in drawn(results.chart(analysis.moran(cells, "n")))
    assert "share of the area" in drawn(results.chart(analysis.pai(cells["n"], cells["n"], cells.area)))


def test_a_week_says_its_busiest_hour():
    hours = np.zeros((7, 24))
    hours[5, 22] = 4.0
    assert "Sat between 22 and 23" in drawn(results.week(hours))


def test_a_result_without_enough_data_draws_no_numbers():
    text = drawn(results.chart(analysis.expected_range([3, 4, 5])))
    assert "not enough data" in text


def test_areas_have_a_map_of_words_and_of_numbers(cells):
    offer_pictures()
    words, numbers = drawn(cells.vicus.map()), drawn(cells.vicus.map("n"))
    assert "hot" in words
    assert words != numbers
    assert numbers.count("<path") >= len(cells)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda cells: cells.vicus.map("m"), "there are"),
        (lambda cells: pd.DataFrame(cells.drop(columns="geometry")).vicus.map("n"), "GeoDataFrame"),
        (lambda cells: results.map_of(pd.concat([cells] * 300), "n"), "too many"),
        (lambda cells: results.chart(cells), "areas.vicus.map"),
        (lambda cells: results.chart(3), "int has no picture"),
    ],
)
def test_what_cannot_be_drawn_says_what_to_do(cells, asked, said):
    offer_pictures()
    with pytest.raises(results.NoPicture, match=said):
        asked(cells)
