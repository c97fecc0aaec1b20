"""What is said of hotspots is right as often as it claims: nothing is named where nothing is, what is planted is found."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from vicus.analysis import expected_range
from vicus.incidents.months import months_before, months_between
from vicus.web.actions import evaluation
from vicus.web.actions.counting import Monthly
from vicus.web.decisions import comparing, differing, watching
from vicus.web.decisions.comparing import Side

PLACES, WORLDS = 12, 40
START = date(2025, 8, 1)
MONTHS = months_between(date(2022, 8, 1), date(2025, 11, 1))


def month_of(history: Any, n: int) -> Any:
    """Figures of a place, as far as a judgement looks at them."""
    expected = expected_range(history)
    state = "below" if n < expected.low else "above" if n > expected.high else "within"
    return SimpleNamespace(
        complete=True, state=state, expected=expected, this_month=SimpleNamespace(n=n), series=()
    )


def world(random: np.random.Generator, factor: float = 1.0) -> dict[int, Any]:
    """Places of all sizes over four years; the first has `factor` times as many facts in the last month."""
    found = {}
    for number in range(PLACES):
        mean = 6.0 + 5.0 * number
        found[number] = month_of(
            random.poisson(mean, 48), int(random.poisson(mean * (factor if number == 11 else 1.0)))
        )
    return found


def test_where_nothing_differs_next_to_nothing_is_named_and_a_doubling_is() -> None:
    random = np.random.default_rng(7)
    quiet = [differing.differing(world(random)) for _ in range(WORLDS)]
    assert sum(bool(found.named) for found in quiet) <= 0.1 * WORLDS
    assert sum(len(found.seeming) + len(found.named) for found in quiet) > sum(len(f.named) for f in quiet)
    loud = [differing.differing(world(random, 2.0)) for _ in range(10)]
    assert all(11 in found.named for found in loud)
    others = sum(len(set(found.named) - {11}) for found in loud)
    assert others <= 0.2 * sum(len(found.named) for found in loud)


def test_a_month_that_is_not_over_and_a_short_history_are_not_judged() -> None:
    unfinished, young = month_of([9] * 24, 30), month_of([9] * 24, 9)
    unfinished.complete, young.state = False, "not enough data"
    found = differing.differing({1: unfinished, 2: young, 3: month_of([9] * 24, 30)})
    assert (found.named, found.unknown) == ((3,), (1, 2))


def counted(random: np.random.Generator, inside: float, around: float) -> Monthly:
    """Eight hotspots with steady facts; the first changes by these factors in the last three months."""

    def series(mean: float, factor: float) -> list[int]:
        return [int(n) for n in random.poisson([mean * (factor if m >= START else 1.0) for m in MONTHS])]

    def table(mean: float, factor: float) -> dict[int, list[int]]:
        return {n: series(mean, factor if n == 1 else 1.0) for n in range(1, 9)}

    return Monthly(MONTHS, table(30, inside), table(20, around), table(2, 1.0))


def readings(random: np.random.Generator, inside: float, around: float) -> list[str]:
    """What is read of the first hotspot, and of all the others."""
    facts = counted(random, inside, around)
    places = [watching._compared(number, facts, START, 3) for number in facts.inside]
    tests = {f"{p.number} {w}": e.p for p in places for w, e in p.effects.items() if w != "together"}
    adjusted = evaluation.together(tests)
    return [watching._corrected(place, adjusted).reading for place in places]


def test_a_problem_that_moved_is_seen_and_nothing_is_said_where_nothing_moved() -> None:
    random = np.random.default_rng(3)
    moved = [readings(random, 0.3, 1.9) for _ in range(10)]
    assert sum(found[0] == "moved" for found in moved) >= 8
    assert all("moved" not in found[1:] for found in moved)
    still = [readings(random, 1.0, 1.0) for _ in range(30)]
    assert sum(reading != "unclear" for found in still for reading in found) <= 0.02 * 30 * 8
    assert readings(random, 0.3, 0.4)[0] == "spread of benefits"


def test_few_facts_say_nothing() -> None:
    facts = counted(np.random.default_rng(1), 1.0, 1.0)
    facts.around[1][:] = [0] * len(MONTHS)
    place = watching._compared(1, facts, START, 3)
    assert (place.why, place.reading, place.effects) == ("too few facts", "unclear", {})


def test_with_too_few_others_a_drop_in_one_is_not_a_rise_in_the_other() -> None:
    facts = counted(np.random.default_rng(1), 0.2, 1.0)

    def of(numbers: tuple[int, ...]) -> list[str]:
        few = Monthly(
            MONTHS,
            *({n: table[n] for n in numbers} for table in (facts.inside, facts.around, facts.discovered)),
        )
        return [watching._compared(n, few, START, 3).why for n in numbers]

    assert of((1, 2)) == ["no other hotspots"] * 2
    assert of((1, 2, 3, 4)) == [""] * 4


def test_a_hotspot_without_a_history_says_so() -> None:
    facts = counted(np.random.default_rng(1), 1.0, 1.0)
    before = sum(month < START for month in MONTHS)
    facts.inside[1][:before] = [0] * before
    assert watching._compared(1, facts, START, 3).why == "nothing before"


def side(number: int, n: int | None, back: int = 0, dispersion: float = 1.0) -> Side:
    return Side(number, months_before(date(2025, 10, 1), back), 3, n, (), dispersion)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (side(1, 60), side(2, 30), "more"),
        (side(1, 30), side(2, 60), "fewer"),
        (side(1, 34), side(2, 30), "no clear difference"),
        (side(1, 60, dispersion=6.0), side(2, 30), "no clear difference"),
        (side(1, 6), side(2, 3), "not enough data"),
        (side(1, None), side(2, 40), "not enough data"),
        (side(1, 60), side(1, 60), "the same"),
        (side(1, 60), side(1, 30, back=2), "overlap"),
        (side(1, 60), side(1, 30, back=3), "more"),
        (side(1, 12), side(2, 0), "more"),
    ],
)
def test_two_differ_only_when_the_whole_range_lies_on_one_side(one: Side, other: Side, verdict: str) -> None:
    found = comparing.difference(one, other)
    assert found.verdict == verdict
    if found.ratio is not None and found.low is not None and found.high is not None:
        assert found.low < found.ratio < found.high


def test_the_range_of_two_counts_is_that_of_clopper_and_pearson() -> None:
    """Share 10 of 20: 0.2720 to 0.7280, so a ratio of 0.3736 to 2.6768."""
    found = comparing.difference(side(1, 10), side(2, 10))
    assert found.low == pytest.approx(0.37361, abs=1e-4)
    assert found.high == pytest.approx(2.67660, abs=1e-3)
