"""Stores and rows for the tests of the incident store."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from vicus.incidents.schema import SCHEMA
from vicus.incidents.store import Store

Row = dict[str, Any]


def _incident(number: int, **changes: Any) -> Row:
    moment = datetime(2023, 1, 1, 12, tzinfo=UTC) + timedelta(days=number % 730)
    ordinary = {
        "id": f"i{number:06d}",
        "category": ("theft", "burglary", "nuisance")[number % 3],
        "occurred_from": moment,
        "occurred_to": None,
        "occurred_on": moment.date(),
        "reported_at": moment + timedelta(days=2),
        "x": 147_000.0 + number % 100 * 10,
        "y": 171_000.0 + number // 100 % 100 * 10,
        "quality": "exact",
        "source": "reported",
        "sector": None,
        "status": None,
        "precision": "minute",
        "year": moment.year,
    }
    return ordinary | changes


def _table(*incidents: Row) -> pa.Table:
    return pa.Table.from_pylist(list(incidents), schema=SCHEMA)


@pytest.fixture(scope="session")
def incident() -> Callable[..., Row]:
    """Makes one incident; whatever is not said is ordinary."""
    return _incident


@pytest.fixture(scope="session")
def incidents() -> Callable[..., pa.Table]:
    """Makes the table that an import hands over, of the incidents given."""
    return _table


@pytest.fixture(scope="session")
def many() -> Callable[..., pa.Table]:
    """Makes a table of `n` ordinary incidents, numbered from `first`."""

    def make(n: int, first: int = 0, **changes: Any) -> pa.Table:
        return _table(*(_incident(number, **changes) for number in range(first, first + n)))

    return make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store on the Belgian Lambert grid."""
    return Store.create(tmp_path / "zone", crs=31370, timezone="Europe/Brussels")


@pytest.fixture(scope="session")
def content() -> Callable[..., list[Row]]:
    """Reads the rows of a version (the newest) by identifier, without the code under test."""

    def read(store: Store, number: int | None = None) -> list[Row]:
        delta = DeltaTable(str(store.folder / "incidents"), version=number)
        found: list[Row] = delta.to_pyarrow_table().to_pylist()
        return sorted(found, key=lambda row: str(row["id"]))

    return read
