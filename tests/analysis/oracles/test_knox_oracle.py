"""Near repeats beside pointpats, on its own example data and on random events."""

import warnings

import geopandas as gpd
import libpysal
import numpy as np
import pointpats
import pytest
from scipy.stats import hypergeom

from vicus.analysis import knox, local_knox


@pytest.fixture(scope="module")
def burkitt():
    frame = gpd.read_file(libpysal.examples.get_path("burkitt.shp"))
    return frame[["X", "Y"]].to_numpy(float), frame["T"].to_numpy(float)


def test_worked_values_of_the_burkitt_data(burkitt) -> None:
    xy, t = burkitt
    found = knox(xy, t, distances=[20], days=[5], permutations=0)
    assert found.observed.item() == 13
    assert found.expected.item() == pytest.approx(10.1438161, abs=1e-7)
    assert found.p_poisson.item() == pytest.approx(0.2222667, abs=1e-7)
    assert found.p.item() == found.p_poisson.item()
    drawn = knox(xy, t, distances=[20], days=[5], permutations=9999, random_state=1)
    assert drawn.p.item() == pytest.approx(0.20, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
def test_pairs_and_expectation_equal_pointpats(seed) -> None:
    rng = np.random.default_rng(seed)
    xy, t = rng.uniform(0, 1000, (150, 2)), rng.uniform(0, 100, (150, 1))
    np.random.seed(seed)
    peer = pointpats.Knox(xy, t, delta=120, tau=9, permutations=299)
    found = knox(xy, t, distances=[120], days=[9], permutations=4999, random_state=seed)
    assert found.observed.item() == peer.nst
    assert found.expected.item() == pytest.approx(peer.expected[0, 0])
    assert found.p.item() == pytest.approx(peer.p_sim, abs=0.1)


def test_local_counts_equal_pointpats(burkitt) -> None:
    xy, t = burkitt
    np.random.seed(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about the peer
        peer = pointpats.KnoxLocal(xy, t.reshape(-1, 1), delta=20, tau=5, permutations=299)
    found = local_knox(xy, t, distances=20, days=5)
    assert (found.observed == peer.nsti).all()
    assert found.p == pytest.approx(peer.p_sims, abs=0.12)
    d = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    near = (d <= 20).sum(axis=1) - 1
    soon = (np.abs(t[:, None] - t[None]) <= 5).sum(axis=1) - 1
    assert found.p == pytest.approx(hypergeom.sf(found.observed - 1, len(t) - 1, soon, near))
