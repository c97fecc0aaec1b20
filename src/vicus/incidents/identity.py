"""What identifies a row: its own identifier, or a stable one worked out from what it says."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vicus.incidents.values import BoolArray, FloatArray, IntArray, looked_up

Keys = npt.NDArray[np.uint64]

_NOTHING: Final = 0x5ADD1E5
_HEXADECIMAL: Final = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
CONTENT_MARK: Final = "~"
"""First character of an identifier worked out from the content of a row."""


def mixed(keys: Keys, values: Keys) -> Keys:
    """Fold another column into the keys (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        z = (keys ^ values) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def of_text(encoded: Any) -> Keys:
    """Return a key for each row of dictionary-encoded text, the same in every run and release."""
    values = np.asarray(encoded.dictionary.to_numpy(zero_copy_only=False), dtype=object)
    hashed = pd.util.hash_array(values, categorize=False) if len(values) else np.zeros(0, np.uint64)
    return looked_up(encoded, np.asarray(hashed, dtype=np.uint64), _NOTHING)


def of_ids(ids: Any) -> Keys:
    """Return a key for each identifier; one that is missing gets a key that means nothing."""
    values = np.asarray(pc.fill_null(ids, "").to_numpy(zero_copy_only=False), dtype=object)
    return np.asarray(pd.util.hash_array(values, categorize=False), dtype=np.uint64)


def of_moments(utc: IntArray, known: BoolArray) -> Keys:
    """Return a key for each row's moment."""
    return np.where(known, utc, _NOTHING).astype(np.int64).view(np.uint64)


def of_numbers(values: FloatArray) -> Keys:
    """Return a key for each row's coordinate, alike for alike to a millionth of its unit."""
    with np.errstate(invalid="ignore"):
        rounded = np.where(np.isfinite(values), np.round(values * 1e6), _NOTHING)
        return np.clip(rounded, -9e18, 9e18).astype(np.int64).view(np.uint64)


def occurrences(keys: Keys, ties: Keys) -> IntArray:
    """Number the rows with the same key 1, 2, 3…

    The order of `ties` decides, not the order of the file: a file with its rows in another order gives
    the same numbers.
    """
    numbers = np.ones(len(keys), dtype=np.int64)
    shared = _shared(keys)
    order = shared[np.lexsort((ties[shared], keys[shared]))]
    ordered = keys[order]
    places = np.arange(len(order))
    start = np.maximum.accumulate(np.where(_first_of_group(ordered), places, 0))
    numbers[order] = places - start + 1
    return numbers


def later_ones(keys: Keys, *, keep: str) -> BoolArray:
    """Tell which rows have the key of another row that counts instead (the first, or the last)."""
    surplus = np.zeros(len(keys), dtype=np.bool_)
    shared = _shared(keys)
    order = shared[np.argsort(keys[shared], kind="stable")]
    first = _first_of_group(keys[order])
    surplus[order] = ~first if keep == "first" else ~np.append(first[1:], True)[: len(first)]
    return surplus


def _first_of_group(ordered: Keys) -> BoolArray:
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return first


def _shared(keys: Keys) -> IntArray:
    """Return the positions of the rows whose key another row has too: few, as a rule."""
    ordered = np.sort(keys)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return np.zeros(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(twice, keys), len(twice) - 1)
    return np.flatnonzero(twice[at] == keys)


def content_ids(keys: Keys, numbers: IntArray) -> Any:
    """Write keys as identifiers: a mark, sixteen hexadecimal digits and, from the second on, a number."""
    big_endian = keys.astype(">u8").view(np.uint8).reshape(-1, 8)
    digits = np.empty((len(keys), 17), dtype=np.uint8)
    digits[:, 0] = ord(CONTENT_MARK)
    digits[:, 1::2], digits[:, 2::2] = _HEXADECIMAL[big_endian >> 4], _HEXADECIMAL[big_endian & 15]
    offsets = np.arange(len(keys) + 1, dtype=np.int32) * 17
    plain = pa.StringArray.from_buffers(len(keys), pa.py_buffer(offsets), pa.py_buffer(digits.tobytes()))
    if not (numbers > 1).any():
        return plain
    numbered = pc.binary_join_element_wise(plain, pa.array(numbers).cast(pa.string()), "-")
    return pc.if_else(pa.array(numbers > 1), numbered, plain)
