"""Two counts, many places, an action and its control, and what such an evaluation can show."""

from __future__ import annotations

from benchmarks.calibration.case import ALARM, COVERAGE, POWER, Case, Rng, counts

from vicus.analysis import detectable_change, dispersion, e_test, funnel, wdd

MONTHS = 12


def e_test_case(mean1: float, n1: float, mean2: float, n2: float) -> Case:
    def draw(rng: Rng) -> dict[str, float]:
        return {ALARM: e_test(int(rng.poisson(mean1)), n1, int(rng.poisson(mean2)), n2) < 0.05}

    return Case("e_test", f"means {mean1:g} and {mean2:g}, exposures {n1:g} and {n2:g}", draw, {ALARM: 0.05})


def funnel_case(phi: float, overdispersion: bool) -> Case:
    def draw(rng: Rng) -> dict[str, float]:
        expected = rng.uniform(5, 100, 60)
        seen = counts(rng, expected, phi)
        seen[0] = counts(rng, 2 * expected[0], phi)  # one place twice as busy as expected
        found = funnel(seen, expected, overdispersion=overdispersion)
        return {ALARM: float(found.outside[1:].mean()), POWER: float(found.outside[0])}

    words = f"60 places of 5 to 100, dispersion {phi:g}, overdispersion={overdispersion}; power: one place doubled"
    return Case("funnel", words, draw, {ALARM: 0.05})


def wdd_case(mean: float, phi: float, how: str, fall: float = 0.4) -> Case:
    """A year before and after, of months; the history that `dispersion` is estimated from is two years before."""

    def draw(rng: Rng) -> dict[str, float]:
        series = {name: counts(rng, mean, phi, 3 * MONTHS) for name in ("treated", "control")}
        before, after = slice(MONTHS, 2 * MONTHS), slice(2 * MONTHS, None)
        given: object = {"1": 1.0, "known": phi}.get(how)
        if given is None:
            given = dispersion([s[: 2 * MONTHS] for s in series.values()])
        control = (series["control"][before].sum(), series["control"][after].sum())
        was, steady = series["treated"][before].sum(), series["treated"][after].sum()
        fallen = counts(rng, mean * (1 - fall), phi, MONTHS).sum()
        null = wdd((was, steady), control, dispersion=given)  # type: ignore[arg-type]
        real = wdd((was, fallen), control, dispersion=given)  # type: ignore[arg-type]
        truth = -mean * fall * MONTHS
        return {ALARM: null.p < 0.05, COVERAGE: real.low <= truth <= real.high, POWER: real.p < 0.05}

    told = {"1": "dispersion=1", "known": f"dispersion={phi:g}", "estimated": "dispersion estimated"}[how]
    words = f"{mean:g} a month, variance {phi:g} times the mean, {told}; power: a fall of {fall:.0%}"
    return Case("wdd", words, draw, {ALARM: 0.05, COVERAGE: 0.95})


def detectable_case(mean: float, control: float | None, phi: float) -> Case:
    found = detectable_change(mean, MONTHS, MONTHS, control_baseline=control, dispersion=phi)

    def draw(rng: Rng) -> dict[str, float]:
        rate = mean * (1 - found.percent / 100)
        was, now = counts(rng, mean, phi, MONTHS).sum(), counts(rng, rate, phi, MONTHS).sum()
        others = (0, 0) if control is None else [counts(rng, control, phi, MONTHS).sum() for _ in range(2)]
        return {POWER: wdd((was, now), others, dispersion=phi).high < 0}

    words = (
        f"{mean:g} a month, control {control or 'none'}, dispersion {phi:g}: a fall of {found.percent:.0f} %"
    )
    return Case("detectable_change", words, draw, {POWER: 0.8})


CASES = [
    *(e_test_case(m, 1, m, 1) for m in (1.0, 3.0, 5.0, 20.0, 300.0)),
    e_test_case(20, 10, 2, 1),
    e_test_case(100, 10, 10, 1),
    *(funnel_case(phi, over) for phi, over in ((1.0, False), (1.0, True), (3.0, False), (3.0, True))),
    *(wdd_case(mean, 1.0, "1") for mean in (0.5, 2.0, 10.0, 50.0)),
    *(
        wdd_case(20.0, phi, how)
        for phi in (1.0, 2.0, 4.0)
        for how in ("1", "known", "estimated")
        if phi > 1 or how != "known"
    ),
    wdd_case(2.0, 2.0, "estimated"),
    detectable_case(5, 5, 1.0),
    detectable_case(30, 30, 1.0),
    detectable_case(100, 150, 1.0),
    detectable_case(30, 30, 3.0),
    detectable_case(30, None, 1.0),
]
