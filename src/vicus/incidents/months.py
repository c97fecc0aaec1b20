"""Months as days: each is its first one."""

from __future__ import annotations

from datetime import date, timedelta


def month_after(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_before(month: date, months: int) -> date:
    """The first day of the month that lies so many months before."""
    years, index = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, index + 1, 1)


def last_day_of(month: date) -> date:
    """The last day of a month."""
    return month_after(month) - timedelta(days=1)
