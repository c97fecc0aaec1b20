"""Background work of this app: figures worked out before they are asked for."""

from typing import Any

from django.db import transaction
from django_tasks import task

from vicus.web.zone.models import Zone


@task()
def warm(zone_id: int) -> None:
    """Keep what the pages of the zone show first."""
    # Loaded by who does the work: what counts and draws takes seconds to load.
    from vicus.web.hotspots import warming

    zone = Zone.objects.filter(pk=zone_id).first()
    if zone is not None:
        warming.zone(zone)


def warm_later(*, zone: Zone, **_signal: Any) -> None:
    """Do so in the background, once what is being written stands."""
    if zone.hotspots.exists():
        transaction.on_commit(lambda: warm.enqueue(zone.pk))
