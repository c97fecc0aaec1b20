"""Perimeter fit: found where the problem moved away, silent where it did not, worked out once."""

from collections.abc import Callable
from datetime import date

import hotspot_places
import pytest
import shapely
from django.test import Client
from hotspot_places import MONTH, X, Y

from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import Decision, change_perimeter
from vicus.web.perimeters import fitting, queries, rules
from vicus.web.perimeters.models import Fit
from vicus.web.zone.models import Zone


@pytest.fixture
def town(zone: Zone) -> Zone:
    """The perimeter of hotspot 3 was drawn beside its problem; the others hold theirs."""
    hotspot_places.furnish(zone)
    hotspot_places.share_figures()
    change_perimeter(
        hotspot=Hotspot.objects.get(number=3),
        geometry=shapely.box(X + 420, Y + 900, X + 720, Y + 1200),
        decision=Decision(decided_by="zone direction", valid_from=date(2025, 6, 1)),
        actor="tests",
    )
    return zone


def test_a_perimeter_beside_its_problem_no_longer_fits(town: Zone) -> None:
    assert fitting.work_out(town) == 4
    fits = {fit.hotspot.number: fit for fit in Fit.objects.select_related("hotspot")}
    assert {number for number, fit in fits.items() if not fit.fits} == {3}
    wrong = fits[3]
    assert {"share", "outline"} <= set(wrong.reasons)
    assert wrong.month == MONTH
    # The better outline lies where the facts are: west of the perimeter.
    assert wrong.best_shape.centroid.x < X + 480
    # All facts of the others lie inside.
    assert fits[1].figures["inside_share"] == 1.0
    assert fits[1].figures["n"] == fits[1].figures["n_near"]


def test_hardly_any_facts_are_not_judged(town: Zone) -> None:
    fitting.work_out(town)
    few = Fit.objects.get(hotspot__number=4)
    assert few.figures["n_near"] < rules.FEWEST_FACTS
    assert few.fits


def test_doing_it_again_changes_nothing_and_a_new_version_is_judged_anew(town: Zone) -> None:
    fitting.of_every_zone()
    before = Record.objects.count()
    assert fitting.of_every_zone() == 0
    assert Record.objects.count() == before
    change_perimeter(
        hotspot=Hotspot.objects.get(number=3),
        geometry=shapely.box(X + 200, Y + 900, X + 500, Y + 1200),
        decision=Decision(decided_by="zone direction", valid_from=date(2025, 7, 1)),
        actor="tests",
    )
    assert fitting.of_every_zone() == 4
    assert all(fit.fits for fit in Fit.objects.all())


def test_what_does_not_fit_is_due_for_review(town: Zone) -> None:
    day = date(2025, 11, 5)
    assert not queries.reviews_due(town, day)
    fitting.work_out(town)
    due = queries.reviews_due(town, day)
    assert [review.hotspot.number for review in due] == [3]
    assert due[0].date == day
    assert str(rules.RULE_WORDS["share"]) in due[0].why
    assert [review.hotspot.number for review in queries.reviews_due(town, date(2025, 12, 10))] == [3, 1, 2, 4]


def test_drift_counts_only_beyond_chance() -> None:
    figures = {"n_near": 200, "inside_share": 0.9, "pai": 5.0, "drift_m": 90.0, "best_gain": None}
    assert rules.broken({**figures, "drift_is_real": False}) == []
    assert rules.broken({**figures, "drift_is_real": True}) == ["drift"]
    assert rules.broken({**figures, "drift_is_real": True, "n_near": 29}) == []


def test_pages_say_it_in_a_sentence(town: Zone, client_for: Callable[[str], Client]) -> None:
    fitting.work_out(town, months=2)
    client = client_for("direction")
    page = client.get("/west/perimeters/").content.decode()
    assert "1 of 4 perimeters no longer fits its problem" in page
    assert page.index("3 Parvis") < page.index("1 Canal")
    place = client.get("/west/perimeters/3/").content.decode()
    assert "It no longer fits: more facts lie around the perimeter than in it" in place
    assert "best outline nearby" in place
