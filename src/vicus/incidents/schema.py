"""The columns of a stored incident: one table, the same for every zone."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

QUALITIES: Final = ("exact", "street", "area", "unknown")
"""How exact the location is."""

SOURCES: Final = ("reported", "discovered", "unknown")
"""Reported by the public, or discovered by police activity: never mixed silently."""

PRECISIONS: Final = ("minute", "day", "month")
"""How exact the moment of occurrence is."""

INSTANT: Final = pa.timestamp("us", tz="UTC")

SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("category", pa.string(), nullable=False),  # the zone's own code
        pa.field("occurred_from", INSTANT),
        pa.field("occurred_to", INSTANT),
        pa.field("occurred_on", pa.date32()),  # local date of occurred_from in the zone's time zone
        pa.field("reported_at", INSTANT),
        pa.field("x", pa.float64()),  # the zone's metric coordinate system; null when unknown
        pa.field("y", pa.float64()),
        pa.field("quality", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("sector", pa.string()),
        pa.field("status", pa.string()),
        pa.field("precision", pa.string(), nullable=False),
        pa.field("year", pa.int32(), nullable=False),  # of occurred_on, 0 when unknown
    ]
)
"""Arrow schema of rows handed to ``Store.merge`` and of rows read back."""

COLUMNS: Final = tuple(SCHEMA.names)
PARTITION: Final = "year"
REQUIRED: Final = tuple(field.name for field in SCHEMA if not field.nullable)
