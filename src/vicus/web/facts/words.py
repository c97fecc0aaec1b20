"""The reasons of the importer and the states of an import, in the languages of the site."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vicus.web.facts.models import Import

TONES = {
    Import.State.RECEIVED: "quiet",
    Import.State.CHECKING: "phase",
    Import.State.CHECKED: "warn",
    Import.State.IMPORTING: "phase",
    Import.State.IMPORTED: "good",
    Import.State.FAILED: "bad",
    Import.State.DISCARDED: "quiet",
}

REASONS: dict[str, Promise] = {
    "wrong_columns": _("The line does not have as many columns as the header."),
    "no_category": _("The row does not say what kind of fact it is."),
    "bad_date": _("The date cannot be read with the formats of the mapping, or does not exist."),
    "in_future": _("The fact would have happened after the moment of the import."),
    "no_id": _("The row has no identifier, and the mapping asks for one."),
    "duplicate_id": _("Another row of this file has the same identifier; only one of them counts."),
    "unknown_category": _("The category is not in the list of codes of the mapping or of the zone."),
    "outside_zone": _("The location lies outside the zone."),
    "repeated_row": _("The row has no identifier and says the same as an earlier row of this file."),
    "no_date": _("The row has no date; it counts in totals only, never in a period."),
    "only_end_date": _("Only the end of the interval is known; it is taken for the beginning too."),
    "bad_end_date": _("The end of the interval cannot be read; the fact is kept without it."),
    "bad_reported_date": _("The date of registration cannot be read; the fact is kept without it."),
    "reported_in_future": _("The date of registration is after the moment of the import; it is left out."),
    "swapped_interval": _("The interval ends before it begins; the two ends are exchanged."),
    "reported_before_occurred": _("The fact was registered before it happened; both moments are kept."),
    "clock_skipped": _("This hour does not exist: the clocks went forward. The time is moved by that step."),
    "clock_repeated": _(
        "This hour exists twice: the clocks went back. A beginning is read as the first of the two, an end as the second."
    ),
    "no_location": _("The row has no location; the fact is kept as not located."),
    "impossible_coordinates": _(
        "The coordinates are no place on earth, or far from where the coordinate system of the zone is used; "
        "the fact is kept as not located."
    ),
    "not_a_point": _("The geometry is not a point; its centre is taken."),
}
