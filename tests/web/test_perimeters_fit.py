"""Perimeter fit: found where the problem moved away, silent where it did not, worked out once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import geopandas as gpd
import hotspot_places
import numpy as np
import pytest
import shapely
from django.test import Client
from hotspot_places import MONTH, X, Y

from vicus.web.audit.models import Record
from vicus.web.hotspots.models import Hotspot, Perimeter
from vicus.web.hotspots.services import Decision, change_perimeter, today
from vicus.web.perimeters import fitting, queries, rules
from vicus.web.perimeters.measuring import window
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
    assert "1 of 3 perimeters no longer fits its problem" in page
    assert "1 perimeter cannot be judged: not enough data." in page
    assert page.index("3 Parvis") < page.index("1 Canal")
    place = client.get("/west/perimeters/3/").content.decode()
    assert "It no longer fits: more facts lie around the perimeter than in it" in place
    assert "best outline nearby" in place
    few = client.get("/west/perimeters/4/").content.decode()
    assert "cannot be judged: not enough data" in few
    assert "it fits" not in few


def test_the_fit_of_a_version_that_was_replaced_is_not_that_of_the_new_one(
    town: Zone, client_for: Callable[[str], Client]
) -> None:
    fitting.work_out(town)
    change_perimeter(
        hotspot=Hotspot.objects.get(number=3),
        geometry=shapely.box(X + 200, Y + 900, X + 500, Y + 1200),
        decision=Decision(decided_by="zone direction", valid_from=today(town)),
        actor="tests",
    )
    client = client_for("direction")
    assert "Not worked out yet" in client.get("/west/perimeters/3/").content.decode()
    page = client.get("/west/perimeters/").content.decode()
    assert "All 2 perimeters fit their problem" in page
    assert "Not worked out yet" in page


def test_drift_is_not_told_until_the_data_cover_both_years(town: Zone) -> None:
    found = window(town)
    assert found is not None
    assert found.first == date(2023, 1, 1)
    perimeters = [Hotspot.objects.get(number=1).perimeters.get()]
    for first, known in ((date(2023, 11, 1), True), (date(2023, 12, 1), False)):
        ((figures, _best),) = fitting.measured(town, replace(found, first=first), perimeters)
        assert (figures["drift_m"] is not None) is known


def test_a_best_outline_is_never_larger_than_the_perimeter(town: Zone) -> None:
    found = window(town)
    assert found is not None
    shape = shapely.box(X + 200, Y + 200, X + 500, Y + 500)
    for side, most in ((36, 0), (90, 7_500)):
        small = Perimeter(hotspot=Hotspot.objects.get(number=1), buffer_m=150)
        small.shape = shapely.box(*shape.centroid.buffer(side / 2).bounds)
        ((_figures, best),) = fitting.measured(town, found, [small])
        assert (best.area if best is not None else 0) == most


def test_the_centre_is_looked_for_in_all_of_the_surroundings(town: Zone) -> None:
    found = window(town)
    assert found is not None
    shape = shapely.box(X + 200, Y + 200, X + 500, Y + 500)
    cells, _counted = fitting._cells(found, gpd.GeoSeries([shape], crs=town.crs), np.array([600.0]), town.crs)
    assert cells.union_all().covers(shape.buffer(590))
