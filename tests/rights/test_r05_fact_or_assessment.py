"""R05: each qualitative statement is marked fact or assessment, with the reliability of its source."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import shape
from vicus.web.sara.models import Observation, SaraSheet
from vicus.web.zone.models import Zone


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", [{"nature": ""}, {"reliability": ""}, {"nature": "rumour"}])
def test_no_observation_is_stored_without_both_marks(lacking: dict[str, str]) -> None:
    zone = Zone.objects.create(slug="west", names={"fr": "Ouest"})
    sheet = SaraSheet.objects.create(
        hotspot=Hotspot.objects.create(zone=zone, number=1), month=date(2025, 10, 1)
    )
    whole = {"nature": "fact", "reliability": "reliable"}
    fields = {"sheet": sheet, "source": "officer", "text": "Calm.", "seen_on": date(2025, 10, 2)}
    Observation.objects.create(**fields, **whole)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(**fields, **(whole | lacking))


def test_the_form_asks_for_both_and_offers_neither_by_default() -> None:
    fields = {field.key: field for field in shape.OBSERVATION.fields}
    assert fields["nature"].required
    assert fields["reliability"].required
    assert not fields["nature"].fold
    assert not fields["reliability"].fold
