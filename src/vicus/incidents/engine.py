"""The engine that answers questions. Questions are Ibis expressions; which engine runs them is one setting.

``VICUS_ENGINE`` names it. "duckdb", the default, is embedded: one database in memory per process, with one
connection for each thread, made anew in a forked worker.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import duckdb
import ibis
import ibis.backends.sql.compilers  # loaded here, before a server forks, and not with the first question
import pyarrow as pa
from ibis.expr import types as ir

from vicus.incidents.errors import EngineUnknown
from vicus.incidents.schema import COLUMNS, INSTANT, PARTITION, SCHEMA

if TYPE_CHECKING:
    from vicus.incidents.store import Store
    from vicus.incidents.writing import DataFile

KEPT = 64
"""Tables a connection remembers by name; the oldest give way."""


class Engine(Protocol):
    """What a question needs of an engine."""

    def incidents(self, store: Store, number: int) -> ir.Table:
        """The rows of one version of a store."""

    def local(self, key: str, make: Callable[[], pa.Table]) -> ir.Table:
        """A small table of this process; `make` is called when the engine does not know the key."""

    def answer(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""


def engine() -> Engine:
    """The engine of the setting, for this thread."""
    name = os.environ.get("VICUS_ENGINE", "duckdb")
    if name != "duckdb":
        raise EngineUnknown(
            f"The setting VICUS_ENGINE names the engine {name!r}, which Vicus does not know.",
            todo="Leave the setting out, or set it to duckdb.",
        )
    # A connection belongs to one thread of one process: after a fork the child starts its own.
    if getattr(_here, "process", None) != os.getpid():
        _here.duckdb = DuckDB(_database().cursor())
        _here.process = os.getpid()
    found: Engine = _here.duckdb
    return found


class DuckDB:
    """One connection to the process's DuckDB."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._tables: OrderedDict[str, tuple[str, ir.Table]] = OrderedDict()
        self._count = 0

    def incidents(self, store: Store, number: int) -> ir.Table:
        """The rows of one version of a store."""
        files = store.files(number)
        if not files:
            return self.local("no incidents", SCHEMA.empty_table)
        key = f"{store.folder}@{number}@{hash(files)}"
        return self._named(key, lambda name: self._view(name, store, files))

    def local(self, key: str, make: Callable[[], pa.Table]) -> ir.Table:
        """A small table of this process."""
        return self._named(key, lambda name: self._register(name, make()))

    def answer(self, expression: ir.Table) -> pa.Table:
        """Run an expression."""
        found = self.connection.sql(ibis.to_sql(expression, dialect="duckdb", pretty=False)).to_arrow_table()
        # DuckDB calls the zone Etc/UTC; the moments are the same.
        instants = [
            f.with_type(INSTANT) if pa.types.is_timestamp(f.type) and f.type.tz else f for f in found.schema
        ]
        return found.cast(pa.schema(instants))

    def _register(self, name: str, table: pa.Table) -> pa.Schema:
        self.connection.register(name, table)
        return table.schema

    def _view(self, name: str, store: Store, files: tuple[DataFile, ...]) -> pa.Schema:
        paths = ", ".join("'" + str(store.table / f.path).replace("'", "''") + "'" for f in files)
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        self.connection.execute(
            f'CREATE TEMP VIEW "{name}" AS SELECT {columns} FROM read_parquet([{paths}],'  # noqa: S608
            f" hive_partitioning = true, hive_types = {{'{PARTITION}': INTEGER}})"
        ).fetchall()
        return SCHEMA

    def _named(self, key: str, make: Callable[[str], pa.Schema]) -> ir.Table:
        if key in self._tables:
            self._tables.move_to_end(key)
            return self._tables[key][1]
        self._count += 1
        name = f"vicus_{self._count}"
        # Named by its schema alone: the expression knows no engine until it is answered.
        table = ibis.table(ibis.Schema.from_pyarrow(make(name)), name=name)
        self._tables[key] = (name, table)
        while len(self._tables) > KEPT:
            _, (old, _) = self._tables.popitem(last=False)
            self.connection.unregister(old)
            self.connection.execute(f'DROP VIEW IF EXISTS "{old}"').fetchall()
        return table


_here = threading.local()
_databases: dict[int, duckdb.DuckDBPyConnection] = {}
_guard = threading.Lock()


def _database() -> duckdb.DuckDBPyConnection:
    """The database of this process; that of a parent process is left alone, its threads are not here."""
    with _guard:
        process = os.getpid()
        if process not in _databases:
            spill = tempfile.mkdtemp(prefix="vicus-")
            database = duckdb.connect(
                ":memory:",
                config={"temp_directory": spill, "memory_limit": os.environ.get("VICUS_MEMORY", "1GB")},
            )
            database.execute("SET TimeZone = 'UTC'").fetchall()
            _databases[process] = database
        return _databases[process]


os.register_at_fork(after_in_child=lambda: globals().update(_guard=threading.Lock()))
