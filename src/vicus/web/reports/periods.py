"""Periods as they stand in addresses and in the archive: "2026-10", "2026-Q3", "2026"."""

from __future__ import annotations

from datetime import date
from typing import Literal

Span = Literal["month", "quarter", "meeting", "year"]


def last_period(span: Span, day: date) -> str:
    """The last whole month, quarter or year before a day: "2026-10", "2026-Q3", "2025"; empty for meetings."""
    if span == "month":
        year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
        return f"{year}-{month:02}"
    if span == "quarter":
        quarter = (day.month - 1) // 3
        return f"{day.year}-Q{quarter}" if quarter else f"{day.year - 1}-Q4"
    return str(day.year - 1) if span == "year" else ""


def periods(span: Span, day: date, count: int) -> list[str]:
    """So many periods, the last whole one first."""
    found: list[str] = []
    while span in ("month", "quarter", "year") and len(found) < count:
        found.append(last_period(span, first_day(found[-1]) if found else day))
    return found


def first_day(period: str) -> date:
    """The first day of "2026-10", "2026-Q3" or "2026". Raises ValueError for anything else."""
    year, _dash, part = period.partition("-")
    month = 1 if not part else 3 * int(part[1:]) - 2 if part.startswith("Q") else int(part)
    return date(int(year), month, 1)


def last_month(period: str) -> date:
    """The first day of the last month of a period."""
    begins = first_day(period)
    months = 3 if "Q" in period else 1 if "-" in period else 12
    return begins.replace(month=begins.month + months - 1)
