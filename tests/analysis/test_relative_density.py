"""Bandwidths from the points, and density against a population."""

import geopandas as gpd
import numpy as np
import pytest
from scipy import optimize
from shapely import box

from vicus.analysis import kernel_density, make_grid, relative_density, select_bandwidth
from vicus.analysis.errors import BadParameter, DifferentCRS, NothingToCount

GRID = make_grid(gpd.GeoSeries([box(0, 0, 2000, 2000)], crs=3812), 100)


def layer(xy):
    return gpd.GeoSeries(gpd.points_from_xy(*np.asarray(xy, dtype=float).reshape(-1, 2).T), crs=3812)


def clustered(seed, n=400, spread=60):
    rng = np.random.default_rng(seed)
    return rng.uniform(200, 1800, (12, 2))[rng.integers(0, 12, n)] + rng.normal(0, spread, (n, 2))


def test_the_likelihood_is_that_of_the_definition() -> None:
    xy = clustered(1, 150)
    d2 = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(d2, np.inf)

    def loss(s):
        return -np.log(np.exp(-d2 / (2 * np.exp(2 * s))).sum(axis=1) / np.exp(2 * s)).sum()

    best = optimize.minimize_scalar(loss, bounds=(np.log(5), np.log(300)), method="bounded").x
    assert select_bandwidth(layer(xy), method="likelihood") == pytest.approx(
        np.sqrt(8) * np.exp(best), rel=0.02
    )


def test_diggle_is_the_smallest_error_of_the_definition() -> None:
    """M(t) with every pair of events and the surface two discs share, written out."""
    import shapely

    xy = clustered(2, 120)
    n = len(xy)
    surface = shapely.convex_hull(shapely.multipoints(xy)).area
    rate = n / surface
    d = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))[~np.eye(n, dtype=bool)]
    found = select_bandwidth(layer(xy), method="diggle") / np.sqrt(2)

    def m(t):
        k = surface * (d <= t).sum() / (n * (n - 1))
        u = np.minimum(d / (2 * t), 1)
        lens = 2 * t**2 * (np.arccos(u) - u * np.sqrt(1 - u**2))
        return (1 - 2 * rate * k) / (np.pi * rate * t**2) + surface / (n * (n - 1)) * lens.sum() / (
            np.pi * t**2
        ) ** 2

    others = np.linspace(0.3, 3, 60) * found
    assert m(found) <= min(m(t) for t in others) + 0.02 * abs(m(found))


@pytest.mark.parametrize("method", ["scott", "diggle", "likelihood"])
def test_a_bandwidth_turns_and_grows_with_the_map(method) -> None:
    xy = clustered(3)
    found = select_bandwidth(layer(xy), method=method)
    assert select_bandwidth(layer(xy * 3 + 1000), method=method) == pytest.approx(3 * found, rel=0.02)
    turned = layer(xy).rotate(90, origin=(0, 0))
    assert select_bandwidth(turned, method=method) == pytest.approx(found, rel=0.02)
    order = np.random.default_rng(0).permutation(len(xy))
    assert select_bandwidth(layer(xy[order]), method=method) == found


@pytest.mark.parametrize("method", ["diggle", "likelihood"])
def test_tight_clusters_ask_for_a_smaller_radius_than_scott(method) -> None:
    xy = clustered(4, 600, 40)
    found = select_bandwidth(layer(xy), method=method)
    assert 20 < found < 0.6 * select_bandwidth(layer(xy))
    with pytest.raises(NothingToCount, match="10 events"):
        select_bandwidth(layer(xy[:9]), method=method)
    with pytest.raises(NothingToCount, match="one place"):
        select_bandwidth(layer([(1, 1)] * 20), method=method)


def test_many_events_are_compared_in_part() -> None:
    xy = clustered(5, 6000, 80)
    part = select_bandwidth(layer(xy[:3000]), method="likelihood")
    assert select_bandwidth(layer(xy), method="likelihood") == pytest.approx(part * 2 ** (-1 / 6), rel=0.3)


def test_a_ratio_is_the_quotient_of_two_densities() -> None:
    rng = np.random.default_rng(1)
    events, homes = layer(clustered(1)), layer(rng.uniform(0, 2000, (5000, 2)))
    found = relative_density(events, homes, GRID, bandwidth=300)
    top = kernel_density(events, GRID, bandwidth=300, normalise="density")["kde"]
    bottom = kernel_density(homes, GRID, bandwidth=300, normalise="density")["kde"]
    assert found["ratio"].to_numpy() == pytest.approx((top / bottom).to_numpy())
    assert found["rate"].to_numpy() == pytest.approx(found["ratio"].to_numpy() * 400 / 5000)
    assert found.attrs["population_bandwidth"] == 300
    alike = relative_density(homes, homes, GRID, bandwidth=300)
    assert alike["ratio"].to_numpy() == pytest.approx(1.0)


def test_percentages_on_tiny_bases_are_not_given() -> None:
    rng = np.random.default_rng(1)
    homes = layer(np.vstack((rng.uniform(0, 1000, (500, 2)), [[1900, 1900]])))
    found = relative_density(layer([(1900, 1900)] * 3), homes, GRID, bandwidth=200)
    corner = found.loc[(found["row"] == 18) & (found["col"] == 18)]
    assert corner["ratio"].isna().all()
    assert corner["rate"].isna().all()
    assert found.attrs["too_few"] == found["ratio"].isna().sum() > 100
    loose = relative_density(layer([(1900, 1900)] * 3), homes, GRID, bandwidth=200, minimum=0)
    assert loose.loc[corner.index, "rate"].item() == pytest.approx(3.0)


def test_weights_of_both_count() -> None:
    rng = np.random.default_rng(2)
    events, homes = (
        layer(clustered(1)).to_frame("geometry"),
        layer(rng.uniform(0, 2000, (2000, 2))).to_frame("geometry"),
    )
    plain = relative_density(events, homes, GRID, bandwidth=300)
    doubled = relative_density(
        events.assign(w=2.0),
        homes.assign(v=5.0),
        GRID,
        bandwidth=300,
        weights="w",
        population_weights="v",
        minimum=50,
    )
    assert doubled["ratio"].to_numpy() == pytest.approx(plain["ratio"].to_numpy(), nan_ok=True)
    assert doubled["rate"].to_numpy() == pytest.approx(plain["rate"].to_numpy() * 2 / 5, nan_ok=True)


def test_bad_questions_are_named() -> None:
    events, homes = layer(clustered(1)), layer(clustered(2))
    with pytest.raises(NothingToCount, match="no population"):
        relative_density(events, layer([]), GRID, bandwidth=100)
    with pytest.raises(BadParameter, match="population_bandwidth"):
        relative_density(events, homes, GRID, bandwidth=100, population_bandwidth=0)
    with pytest.raises(DifferentCRS):
        relative_density(events, homes.to_crs(31370), GRID, bandwidth=100)
    with pytest.raises(BadParameter, match="likelihood"):
        select_bandwidth(events, method="best")
