"""Background work of this app: what the pages count beyond the figures of the hotspots, kept before it is asked for."""

from typing import Any

from django.db import transaction
from django_tasks import task

from vicus.web.zone.models import Zone


@task()
def warm(zone_id: int) -> None:
    """Keep the months inside and around every hotspot that the displacement watch rests on."""
    # Loaded by who does the work: what counts takes seconds to load.
    from vicus.web.decisions import watching
    from vicus.web.hotspots import asking, queries

    zone = Zone.objects.filter(pk=zone_id).first()
    latest = asking.latest(zone) if zone is not None else None
    if zone is not None and latest is not None:
        store, asked = latest
        watching.watch(store, zone, queries.hotspots(zone), asked)


def warm_later(*, zone: Zone, **_signal: Any) -> None:
    """Do so in the background, once what is being written stands."""
    if zone.hotspots.exists():
        transaction.on_commit(lambda: warm.enqueue(zone.pk))
