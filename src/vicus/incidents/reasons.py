"""Why a row was refused or flagged: stable codes, so that the site can translate the sentences."""

from __future__ import annotations

from typing import Final

from vicus.incidents.words import say

REASONS: Final[dict[str, str]] = {
    # refused: nothing of the row is stored
    "wrong_columns": say("The line does not have as many columns as the header."),
    "no_category": say("The row does not say what kind of fact it is."),
    "bad_date": say("The date cannot be read with the formats of the mapping, or does not exist."),
    "in_future": say("The fact would have happened after the moment of the import."),
    "no_id": say("The row has no identifier, and the mapping asks for one."),
    "duplicate_id": say("Another row of this file has the same identifier; only one of them counts."),
    # refused or kept: the mapping decides
    "unknown_category": say("The category is not in the list of codes of the mapping or of the zone."),
    "outside_zone": say("The location lies outside the zone."),
    "repeated_row": say("The row has no identifier and says the same as an earlier row of this file."),
    # kept, and flagged
    "no_date": say("The row has no date; it counts in totals only, never in a period."),
    "only_end_date": say("Only the end of the interval is known; it is taken for the beginning too."),
    "bad_end_date": say("The end of the interval cannot be read; the fact is kept without it."),
    "bad_reported_date": say("The date of registration cannot be read; the fact is kept without it."),
    "reported_in_future": say("The date of registration is after the moment of the import; it is left out."),
    "swapped_interval": say("The interval ends before it begins; the two ends are exchanged."),
    "reported_before_occurred": say("The fact was registered before it happened; both moments are kept."),
    "clock_skipped": say(
        "This hour does not exist: the clocks went forward. The time is moved by that step."
    ),
    "clock_repeated": say(
        "This hour exists twice: the clocks went back. A beginning is read as the first of "
        "the two, an end as the second."
    ),
    "no_location": say("The row has no location; the fact is kept as not located."),
    "impossible_coordinates": say(
        "The coordinates are no place on earth, or far from where the coordinate "
        "system of the zone is used; the fact is kept as not located."
    ),
    "not_a_point": say("The geometry is not a point; its centre is taken."),
}
"""Reason code to English sentence, the most decisive reason first.

A row that is refused counts once in ``Report.rejected``, under the first of its reasons in this order.
"""

REFUSED_ALWAYS: Final = frozenset(
    {"wrong_columns", "no_category", "bad_date", "in_future", "no_id", "duplicate_id"}
)
"""Codes that always refuse a row. ``unknown_category``, ``outside_zone`` and ``repeated_row`` do so only
when the mapping says "reject"; all others keep the row."""

ORDER: Final = {code: number for number, code in enumerate(REASONS)}
"""Position of each code in the table: the first reason of a refused row is the one it counts under."""
