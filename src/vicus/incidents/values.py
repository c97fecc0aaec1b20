"""The raw columns of a file as clean text and clean numbers, whole columns at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def single(column: Any) -> Any:
    """Return the column as one Arrow array instead of chunks."""
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column


def _trimmed(strings: Any) -> Any:
    trimmed = pc.utf8_trim_whitespace(strings)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def text(column: Any) -> Any:
    """Return a column of any type as dictionary-encoded text, trimmed, with empty text as null.

    Everything that depends on the value alone is then worked out once for each different value.
    """
    array = single(column)
    if isinstance(array, pa.DictionaryArray):
        values = _trimmed(array.dictionary.cast(pa.string()))
        encoded = values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(encoded.indices.take(array.indices), encoded.dictionary)
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        array = pa.nulls(len(array), pa.string())
    return _trimmed(array.cast(pa.string())).dictionary_encode()


def plain_text(column: Any) -> Any:
    """Return a column of any type as text, trimmed, with empty text as null; for values that all differ."""
    array = single(column)
    if isinstance(array, pa.DictionaryArray):
        return text(array).dictionary_decode()
    return _trimmed(array.cast(pa.string()))


def codes(encoded: Any) -> IntArray:
    """Return the position of each value in the dictionary, -1 for null."""
    filled = pc.fill_null(encoded.indices, -1)
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.int64)


def looked_up(encoded: Any, table: npt.NDArray[Any], missing: Any) -> npt.NDArray[Any]:
    """Give each row ``table[position of its value]``, and ``missing`` where the row has none."""
    return np.append(table, np.asarray([missing], dtype=table.dtype))[codes(encoded)]


class Numbers(NamedTuple):
    """A numeric column: values (NaN where there is none) and which rows hold something unreadable."""

    values: FloatArray
    bad: BoolArray


def numbers(column: Any, *, decimal: str = ".") -> Numbers:
    """Read a column as numbers; text that is no number is flagged, never guessed.

    Parameters
    ----------
    column : pyarrow array
        Numeric or text column of the file.
    decimal : str
        The decimal sign of text numbers, ``"."`` or ``","``.
    """
    array = single(column)
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        values = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        values = np.array(values, dtype=np.float64)
        bad = np.isinf(values)
        values[bad] = np.nan
        return Numbers(values, bad)
    trimmed = _trimmed(array.cast(pa.string()))
    if decimal == ",":
        trimmed = pc.replace_substring(trimmed, ",", ".")
    readable = pc.match_substring_regex(trimmed, _NUMBER)
    parsed = pc.if_else(readable, trimmed, pa.scalar(None, pa.string())).cast(pa.float64())
    values = np.array(parsed.to_numpy(zero_copy_only=False), dtype=np.float64)
    given = pc.is_valid(trimmed).to_numpy(zero_copy_only=False)
    return Numbers(values, given & ~np.isfinite(values))


def shown(column: Any, where: BoolArray) -> Any:
    """Return the values of the flagged rows as text, for the reject file."""
    chosen = single(column).filter(pa.array(where))
    if isinstance(chosen, pa.DictionaryArray):
        chosen = chosen.dictionary_decode()
    if pa.types.is_binary(chosen.type) or pa.types.is_large_binary(chosen.type):
        return pa.array(["(geometry)"] * len(chosen), pa.string())
    return pc.fill_null(chosen.cast(pa.string()), "")
