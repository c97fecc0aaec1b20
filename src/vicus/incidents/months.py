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


def months_between(start: date, end: date) -> tuple[date, ...]:
    """The months from that of `start` up to `end`, which is not included."""
    month, found = start.replace(day=1), []
    while month < end:
        found.append(month)
        month = month_after(month)
    return tuple(found)


def first_full_month(first_day: date) -> date:
    """The first month that data cover whole; a first day in the first three days counts as the month's start."""
    return first_day.replace(day=1) if first_day.day <= 3 else month_after(first_day)


def first_whole_month(start: date) -> date:
    """The first month that lies whole on or after a day: its own when it begins that day, else the next."""
    return start if start.day == 1 else month_after(start)
