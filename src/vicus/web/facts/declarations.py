"""What this app keeps outside the database (rights R01 and R03)."""

from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import DAY, YEAR, Processing, Regime, declare

declare(
    "facts.incidents",
    Processing(
        purpose=_(
            "Count registered facts by place, time and kind, and compare them with what was to be expected."
        ),
        regime=Regime.LAW_ENFORCEMENT,
        data=_(
            "Identifier of the fact, kind, whether reported or discovered, times, place, sector, status of the record. "
            "No persons."
        ),
        recipients=_("Members of the zone whose role sees figures; one by one only with a reason."),
        review=YEAR,
        begins=_("the limit that the zone has set"),
    ),
    elsewhere=_("registered facts"),
)

declare(
    "figures",
    Processing(
        purpose=_("Show a figure that was asked for before without working it out again."),
        regime=Regime.NO_PERSONAL_DATA,
        data=_("Counts, expectations and pictures of places."),
        recipients=_("Members of the zone whose role sees figures."),
        retention=30 * DAY,
        begins=_("the day somebody last asked for it"),
    ),
    elsewhere=_("kept figures"),
)
