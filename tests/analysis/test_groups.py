"""Hotspots as groups of points, beside scikit-learn."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from vicus.analysis import dbscan_hotspots
from vicus.analysis.errors import (
    BadParameter,
    ColumnMissing,
    LengthMismatch,
    NotCounts,
    NotPoints,
    NotProjected,
)
from vicus.analysis.places.groups import _labels


def layer(xy):
    return gpd.GeoSeries(gpd.points_from_xy(*np.asarray(xy, dtype=float).reshape(-1, 2).T), crs=3812)


def some_points(seed, n=300):
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 2000, (6, 2))
    return np.vstack(
        (centres[rng.integers(0, 6, n)] + rng.normal(0, 60, (n, 2)), rng.uniform(0, 2000, (n // 3, 2)))
    )


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9999), st.sampled_from([20.0, 60.0, 150.0]), st.sampled_from([2, 5, 12]), st.booleans())
def test_core_and_noise_are_those_of_scikit_learn(seed, reach, least, weighted) -> None:
    xy = np.unique(some_points(seed), axis=0)
    weight = np.random.default_rng(seed).uniform(0.2, 2, len(xy)) if weighted else np.ones(len(xy))
    peer = DBSCAN(eps=reach, min_samples=least).fit(xy, sample_weight=weight)
    found = _labels(xy, weight, reach, least)
    assert ((found == -1) == (peer.labels_ == -1)).all()
    core = peer.core_sample_indices_
    pairs = {(a, b) for a, b in zip(found[core], peer.labels_[core], strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    for i in np.setdiff1d(
        np.flatnonzero(found >= 0), core
    ):  # theirs: the first that came along; ours: the nearest
        near = core[np.argmin(((xy[core] - xy[i]) ** 2).sum(axis=1))]
        assert found[i] == found[near]


def test_outlines_hold_their_events_and_no_others() -> None:
    xy = some_points(2)
    found = dbscan_hotspots(layer(xy), distance=60, minimum=10)
    inside = np.array([layer(xy).within(outline).sum() for outline in found.geometry])
    assert (inside >= found["n"]).all()
    assert found["n"].is_monotonic_decreasing
    assert found["n"].sum() + found.attrs["unassigned"] == len(xy)
    assert found["density"].to_numpy() == pytest.approx(found["n"] / (found.area / 1e6))
    assert found.crs == layer(xy).crs
    assert (found.geom_type.isin(["Polygon", "MultiPolygon"])).all()


def test_weights_and_duplicates_count() -> None:
    once = [(0, 0), (10, 0), (500, 500)]
    assert len(dbscan_hotspots(layer(once), distance=20, minimum=3)) == 0
    twice = dbscan_hotspots(layer(once * 2), distance=20, minimum=3)
    weighed = dbscan_hotspots(layer(once), distance=20, minimum=3, weights=[2, 2, 2])
    assert twice["n"].tolist() == weighed["n"].tolist() == [4]
    assert twice["places"].tolist() == [2]
    by_column = dbscan_hotspots(
        layer(once).to_frame("geometry").assign(w=2.0), distance=20, minimum=3, weights="w"
    )
    assert by_column["n"].tolist() == [4]
    assert weighed.attrs["unassigned"] == 2


def test_order_and_place_do_not_matter() -> None:
    xy = some_points(3)
    found = dbscan_hotspots(layer(xy), distance=60, minimum=10)
    order = np.random.default_rng(0).permutation(len(xy))
    again = dbscan_hotspots(layer(xy[order] + [5000, -300]), distance=60, minimum=10)
    assert again["n"].tolist() == found["n"].tolist()
    assert again["area_km2"].to_numpy() == pytest.approx(found["area_km2"].to_numpy(), rel=1e-6)


def test_nothing_one_and_a_line_of_events() -> None:
    none = dbscan_hotspots(layer([]), distance=60, minimum=10)
    assert len(none) == 0
    assert list(none.columns) == ["n", "places", "area_km2", "density", "geometry"]
    assert "no event has 10 within 60 m" in none.attrs["why"]
    assert len(dbscan_hotspots(layer([(0, 0)]), distance=60, minimum=1)) == 1
    line = dbscan_hotspots(layer([(x, 0) for x in range(0, 1000, 40)]), distance=50, minimum=2)
    assert line["n"].tolist() == [25]
    lost = gpd.GeoSeries([*layer([(0, 0)] * 5), None, shapely.Point()], crs=3812)
    found = dbscan_hotspots(lost, distance=5, minimum=5)
    assert found["n"].tolist() == [5]
    assert found.attrs["missing"] == 2


@pytest.mark.parametrize(
    ("points", "change", "error"),
    [
        (layer([(0, 0)]).to_crs(4326), {}, NotProjected),
        (layer([(0, 0)]).buffer(1), {}, NotPoints),
        (layer([(0, 0)]), {"distance": 0}, BadParameter),
        (layer([(0, 0)]), {"minimum": -1}, BadParameter),
        (layer([(0, 0)]), {"weights": [1, 2]}, LengthMismatch),
        (layer([(0, 0)]), {"weights": [-1]}, NotCounts),
        (layer([(0, 0)]), {"weights": "w"}, ColumnMissing),
    ],
)
def test_bad_questions_are_named(points, change, error) -> None:
    with pytest.raises(error):
        dbscan_hotspots(points, **{"distance": 50, "minimum": 5, **change})
