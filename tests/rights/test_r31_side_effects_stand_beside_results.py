"""R31: side effects stand beside results; missing is shown as "not recorded", never as 0."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from vicus.web.actions.models import Action, Assessment
from vicus.web.actions.showing.pages import side_effects
from vicus.web.hotspots.models import Hotspot
from vicus.web.zone.models import Zone


@pytest.fixture
def action(db: None) -> Action:
    zone = Zone.objects.create(slug="west", names={"fr": "Ouest"}, languages=["fr"], crs=31370)
    return Action.objects.create(
        hotspot=Hotspot.objects.create(zone=zone, number=1), title="Presence", kind="enforcement", lead="Police zone",
        objective="Fewer", mechanism="Seen", starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 1),
    )  # fmt: skip


def shown(assessment: Assessment | None) -> str:
    return render_to_string("site/components/measures.html", {"measures": side_effects(assessment)})


def test_what_nobody_counted_is_not_recorded_and_not_zero(action: Action) -> None:
    fields = {"confidence": "low", "decision": "continue", "why": "x", "decided_by": "zone direction"}
    kept = Assessment.objects.create(action=action, made_on=date(2025, 6, 2), complaints=None, **fields)
    for page in (shown(kept), shown(None)):
        assert page.count("not recorded") == 3
        assert ">0<" not in page


def test_a_count_of_zero_is_zero(action: Action) -> None:
    fields = {"confidence": "low", "decision": "continue", "why": "x", "decided_by": "zone direction"}
    kept = Assessment.objects.create(action=action, made_on=date(2025, 6, 2), complaints=0, **fields)
    assert shown(kept).count("not recorded") == 2
    assert ">0<" in shown(kept)
