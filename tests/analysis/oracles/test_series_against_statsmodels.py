"""Segmented count regression against statsmodels' generalised linear model, on random inputs."""

import numpy as np
import pytest
import statsmodels.api as sm

from vicus.analysis import interrupted_series


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lags", [0, 3])
def test_coefficients_and_robust_errors_equal_the_peer(seed, lags) -> None:
    rng = np.random.default_rng(seed)
    n, start = int(rng.integers(36, 80)), int(rng.integers(12, 24))
    exposure = rng.uniform(26, 31, n)
    t = np.arange(n)
    size = 5
    mean = exposure * np.exp(-0.5 + 0.005 * t - 0.3 * (t >= start) + 0.2 * np.cos(t / 6 * np.pi))
    y = rng.negative_binomial(size, size / (size + mean))
    found = interrupted_series(y, start, season=12, exposure=exposure, lags=lags, errors="newey-west")
    waves = [f(2 * np.pi * w * t / 12) for w in (1, 2) for f in (np.cos, np.sin)]
    design = np.column_stack([np.ones(n), t, t >= start, np.maximum(t - start, 0), *waves])
    fit = sm.GLM(y, design, sm.families.Poisson(), offset=np.log(exposure)).fit(
        tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    interval = np.exp(fit.conf_int())
    assert (found.level, found.slope) == pytest.approx(
        (np.exp(fit.params[2]), np.exp(fit.params[3])), rel=1e-6
    )
    assert (found.level_low, found.level_high) == pytest.approx(tuple(interval[2]), rel=1e-5)
    assert (found.slope_low, found.slope_high) == pytest.approx(tuple(interval[3]), rel=1e-5)
    assert (found.level_p, found.slope_p) == pytest.approx(tuple(fit.pvalues[2:4]), rel=1e-4)
    assert found.path["fitted"].to_numpy() == pytest.approx(fit.fittedvalues, rel=1e-6)
    bare = design.copy()
    bare[:, 2:4] = 0
    expected = fit.predict(bare, offset=np.log(exposure))
    assert found.path["expected"].to_numpy() == pytest.approx(expected, rel=1e-6)
    assert found.dispersion == pytest.approx(fit.pearson_chi2 / fit.df_resid)
    # events prevented: the delta method, by numerical differences
    after = t >= start

    def total(params):
        return (np.exp(design @ params) - np.exp(bare @ params))[after] @ exposure[after]

    steps = np.eye(len(fit.params)) * 1e-6
    gradient = np.array([(total(fit.params + s) - total(fit.params - s)) / 2e-6 for s in steps])
    error = np.sqrt(gradient @ fit.cov_params() @ gradient)
    assert found.events == pytest.approx(total(fit.params), rel=1e-5)
    assert (found.events_high - found.events_low) / 2 == pytest.approx(
        error * (interval[2, 1] / found.level > 1) * np.log(interval[2, 1] / found.level) / fit.bse[2],
        rel=1e-4,
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_larger_errors_are_those_of_the_peer_with_its_dispersion(seed) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(60)
    y = rng.negative_binomial(30 / 2, 1 / 3, 60)
    design = np.column_stack([np.ones(60), t, t >= 30]).astype(float)
    model = sm.GLM(y, design, sm.families.Poisson())
    quasi = model.fit(tol=1e-12, scale="X2", use_t=True)
    robust = model.fit(tol=1e-12, cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True)
    found = interrupted_series(y, 30, slope=False, lags=3)
    assert quasi.scale > 1
    assert found.level_p == pytest.approx(max(quasi.pvalues[2], robust.pvalues[2]), rel=1e-4)
