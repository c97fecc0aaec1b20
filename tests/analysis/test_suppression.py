"""Small counts hidden before publication."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from vicus.analysis import suppress
from vicus.analysis.errors import BadParameter, MissingValues, NotCounts

tables = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.one_of(st.integers(0, 8), st.integers(0, 200)))
)


def largest_possible(counts: np.ndarray, hidden: np.ndarray, i: int, j: int) -> float:
    """The most a hidden count can be for one who knows all totals and all shown counts."""
    cells = np.argwhere(hidden)
    rows = [(cells[:, 0] == r).astype(float) for r in range(counts.shape[0])]
    cols = [(cells[:, 1] == c).astype(float) for c in range(counts.shape[1])]
    values = counts[hidden]
    a = np.array(rows + cols)
    target = -((cells[:, 0] == i) & (cells[:, 1] == j)).astype(float)
    result = linprog(target, A_eq=a, b_eq=a @ values, bounds=(0, None), method="highs")
    assert result.status == 0
    return -result.fun


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(2, 6))
def test_no_small_count_can_be_told_from_totals_and_the_rest(counts: np.ndarray, k: int) -> None:
    shown = suppress(pd.DataFrame(counts), k=k)
    hidden = shown.isna().to_numpy()
    small = (counts > 0) & (counts < k)
    assert hidden[small].all()
    told = sum(largest_possible(counts, hidden, i, j) < k - 1e-6 for i, j in np.argwhere(small))
    assert told == shown.attrs["unprotected"]
    if told:  # then everything was tried
        assert hidden.all()
    if not small.any():
        assert not hidden.any()


@settings(max_examples=60, deadline=None)
@given(tables, st.integers(2, 6))
def test_what_is_shown_is_unchanged_and_counted(counts: np.ndarray, k: int) -> None:
    frame = pd.DataFrame(counts, index=[f"place {i}" for i in range(len(counts))])
    shown = suppress(frame, k=k)
    hidden = shown.isna()
    assert (shown.fillna(frame) == frame).all().all()
    assert shown.index.equals(frame.index)
    assert shown.attrs["primary"] + shown.attrs["complementary"] == int(hidden.to_numpy().sum())


def test_a_lone_small_count_takes_three_others_with_it() -> None:
    counts = pd.DataFrame([[2, 9, 14], [8, 11, 30], [7, 12, 20]])
    shown = suppress(counts)
    assert shown.isna().to_numpy().sum() == 4
    assert shown.attrs["complementary"] == 3
    hidden = shown.isna().to_numpy()
    assert (hidden.sum(axis=0)[hidden.any(axis=0)] == 2).all()
    assert (hidden.sum(axis=1)[hidden.any(axis=1)] == 2).all()


def test_a_zero_tells_about_nobody_and_stays() -> None:
    assert not suppress(pd.DataFrame([[0, 9], [12, 0]])).isna().any().any()


def test_a_table_without_room_says_so() -> None:
    shown = suppress(pd.DataFrame([[1, 0], [0, 0]]))
    assert shown.attrs["unprotected"] == 1


def test_bad_tables_are_named() -> None:
    with pytest.raises(NotCounts, match="index"):
        suppress(pd.DataFrame({"place": ["x"], "n": [3]}))
    with pytest.raises(NotCounts, match="whole"):
        suppress(pd.DataFrame([[0.5]]))
    with pytest.raises(MissingValues, match="fill in 0"):
        suppress(pd.DataFrame([[np.nan, 2]]))
    with pytest.raises(BadParameter, match="2 or more"):
        suppress(pd.DataFrame([[3]]), k=1)
