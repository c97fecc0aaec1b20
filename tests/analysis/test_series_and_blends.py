"""One place: its own series interrupted, or a blend of other places."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from vicus.analysis import interrupted_series, synthetic_control
from vicus.analysis.errors import BadParameter, LengthMismatch, MissingValues, NotCounts

# --- interrupted series


def test_a_known_step_is_found() -> None:
    rng = np.random.default_rng(0)
    t = np.arange(72)
    y = rng.poisson(np.where(t < 40, 50, 30) * (1 + 0.2 * np.cos(t / 6 * np.pi)))
    found = interrupted_series(y, 40, slope=False, season=12)
    assert found.level_low < 0.6 < found.level_high
    assert found.level_p < 1e-3
    assert found.events_low < -20 * 32 < found.events_high
    assert found.events == pytest.approx((found.path["fitted"] - found.path["expected"])[40:].sum())
    assert (found.path["fitted"] == found.path["expected"])[:40].all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 9))
def test_ratios_do_not_depend_on_the_unit_of_exposure(seed, factor) -> None:
    rng = np.random.default_rng(seed)
    y, exposure = rng.poisson(12, 40), rng.uniform(20, 31, 40)
    one = interrupted_series(y, 20, exposure=exposure)
    other = interrupted_series(y, 20, exposure=factor * exposure)
    assert (other.level, other.level_p, other.slope) == pytest.approx(
        (one.level, one.level_p, one.slope), rel=1e-6
    )
    assert other.events == pytest.approx(one.events, rel=1e-6, abs=1e-6)


def test_errors_allow_for_neighbouring_periods_that_go_together() -> None:
    rng = np.random.default_rng(1)
    drift = np.zeros(200)
    for k in range(1, 200):
        drift[k] = 0.8 * drift[k - 1] + rng.normal(0, 0.15)
    y = rng.poisson(40 * np.exp(drift))
    one, robust = (interrupted_series(y, 100, slope=False, lags=k, errors="newey-west") for k in (0, 8))
    assert robust.autocorrelation > 0.3
    assert robust.level == one.level
    assert np.log(robust.level_high / robust.level_low) > 1.2 * np.log(one.level_high / one.level_low)


def test_too_short_or_empty_series_are_said() -> None:
    assert "5 periods before" in interrupted_series([4] * 30, 5).summary()
    assert not interrupted_series([], 0).enough_data
    assert "no events after" in interrupted_series([4] * 20 + [0] * 10, 20).summary()
    short = interrupted_series([4, 6] * 11, 11, season=12)
    assert "season left out" in short.why
    assert short.enough_data


def test_interrupted_series_names_bad_input() -> None:
    for options in (
        {"season": 1},
        {"lags": -1},
        {"errors": "none"},
        {"confidence": 2},
        {"exposure": [0.0] * 20},
    ):
        with pytest.raises(BadParameter):
            interrupted_series([3] * 20, 10, **options)
    with pytest.raises(BadParameter, match="change_at"):
        interrupted_series([3] * 20, 21)
    with pytest.raises(MissingValues):
        interrupted_series([3.0, np.nan] * 10, 10)
    with pytest.raises(NotCounts):
        interrupted_series([3, -1] * 10, 10)
    with pytest.raises(LengthMismatch):
        interrupted_series([3] * 20, 10, exposure=[1.0])


# --- synthetic control


def world(
    seed: int, donors: int = 24, periods: int = 36, effect: float = 1.0
) -> tuple[np.ndarray, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    factors = 1 + 0.3 * np.cos(np.outer(np.arange(periods), [0.5, 0.2]))
    loads = rng.uniform(5, 20, (2, donors + 1))
    counts = rng.poisson(
        (factors @ loads) * np.where(np.arange(periods) < 24, 1, [[effect]] + [[1]] * donors).T
    )
    return counts[:, 0], pd.DataFrame(counts[:, 1:], columns=[f"d{i}" for i in range(donors)])


@pytest.mark.parametrize("seed", range(4))
def test_weights_are_those_of_a_general_optimiser(seed) -> None:
    treated, donors = world(seed, donors=6)
    found = synthetic_control(treated, donors, before=24)
    x = donors.to_numpy(float)[:24]

    def loss(w):
        return float(np.sum((treated[:24] - x @ w) ** 2))

    best = minimize(
        loss, np.full(6, 1 / 6), bounds=[(0, 1)] * 6, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP", options={"maxiter": 1000, "ftol": 1e-12},
    )  # fmt: skip
    assert found.weights.sum() == pytest.approx(1)
    assert (found.weights >= 0).all()
    assert loss(found.weights.to_numpy()) == pytest.approx(best.fun, rel=1e-5)
    assert found.path["synthetic"].to_numpy() == pytest.approx(donors.to_numpy() @ found.weights.to_numpy())


def test_a_known_halving_is_found() -> None:
    treated, donors = world(1, effect=0.5)
    found = synthetic_control(treated, donors, before=24)
    assert found.enough_data
    assert found.p == pytest.approx(1 / 25)
    assert -65 < found.percent < -35
    assert found.high < 0
    assert found.total == pytest.approx(12 * found.effect)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5000), st.booleans())
def test_order_of_donors_level_and_scale(seed, demean) -> None:
    treated, donors = world(seed)
    found = synthetic_control(treated, donors, before=24, demean=demean)
    order = np.random.default_rng(seed).permutation(donors.columns)
    turned = synthetic_control(treated, donors[order], before=24, demean=demean)
    scaled = synthetic_control(3 * treated, 3 * donors, before=24, demean=demean)
    assert (turned.effect, turned.ratio) == pytest.approx((found.effect, found.ratio), rel=1e-4, abs=1e-6)
    assert (scaled.effect, scaled.ratio) == pytest.approx((3 * found.effect, found.ratio), rel=1e-4, abs=1e-6)
    if demean:
        higher = synthetic_control(treated + 50, donors + 7, before=24, demean=True)
        assert higher.effect == pytest.approx(found.effect, rel=1e-4, abs=1e-6)


def test_a_place_above_every_donor_is_said_and_demeaning_helps() -> None:
    treated, donors = world(2)
    high = treated + 200
    found = synthetic_control(high, donors, before=24)
    assert not found.enough_data
    assert "above every donor" in found.summary()
    assert synthetic_control(high, donors, before=24, demean=True).enough_data


def test_too_few_donors_for_the_confidence_are_said() -> None:
    treated, donors = world(3, donors=8)
    found = synthetic_control(treated, donors, before=24)
    assert not found.enough_data
    assert "cannot fall below 0.11" in found.why
    assert np.isinf(found.high)
    assert synthetic_control(treated, donors, before=24, confidence=0.8).low > -np.inf
    assert "4 periods before" in synthetic_control(*world(3), before=4).why


def test_synthetic_control_names_bad_input() -> None:
    treated, donors = world(4)
    with pytest.raises(LengthMismatch):
        synthetic_control(treated[1:], donors, before=10)
    for before in (0, 36, 2.5):
        with pytest.raises(BadParameter, match="before"):
            synthetic_control(treated, donors, before=before)
    with pytest.raises(BadParameter, match="two places"):
        synthetic_control(treated, donors[["d0"]], before=24)
    with pytest.raises(MissingValues):
        synthetic_control(treated, donors.where(donors > 5), before=24)
