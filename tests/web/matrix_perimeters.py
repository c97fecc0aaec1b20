"""Addresses of perimeters. Whoever sees figures reads them; the analyst draws and proposes, the zone direction decides."""

import shapely
from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.hotspots.models import Hotspot
from vicus.web.hotspots.services import today
from vicus.web.perimeters import services
from vicus.web.perimeters.models import Proposal
from vicus.web.zone.models import Zone

# A division head without a commune sees the list without perimeters, and no proposal.
READ = POLICE - {"division_head"}
ANALYST = frozenset({"analyst"})
DIRECTION = frozenset({"direction"})
FIRST, DRAFT, WAITING = WEST | {"number": 1}, WEST | {"pk": 71}, WEST | {"pk": 72}
WORDS = {"comment": "as discussed"}
OTHERS = dict.fromkeys(READ, 403)


def proposals(zone: Zone) -> None:
    """A draft and a proposal that waits, on two hotspots."""
    places(zone)
    if Proposal.objects.filter(zone=zone).exists():
        return
    for pk, number in ((71, 1), (72, 2)):
        hotspot = Hotspot.objects.get(zone=zone, number=number)
        services.draw(
            zone=zone, hotspot=hotspot, geometry=shapely.box(*hotspot.perimeters.get().shape.buffer(20).bounds),
            evidence=evidence(), actor="a test", on=today(zone), reason="The stop moved.", pk=pk,
        )  # fmt: skip
    waiting = Proposal.objects.get(pk=72)
    services.take(proposal=waiting, code="propose", actor="a test", on=today(zone))


def evidence() -> dict[str, object]:
    """Figures as they are frozen while a zone has no facts."""
    empty = dict.fromkeys(("n", "share", "pai", "around", "inhabitants", "start", "end", "data_version"))
    return {**empty, "area_m2": 115_600.0, "buffer_m": 150, "overlaps": []}


ROWS = (
    Row("perimeters:list", POLICE, WEST),
    Row("perimeters:hotspot", READ, FIRST, prepare=places),
    Row("perimeters:hotspot", (), WEST | {"number": 99}, prepare=places),
    Row("perimeters:new", ANALYST, WEST, prepare=places),
    Row("perimeters:new", ANALYST, WEST, method="post", ok=422, prepare=places),
    Row("perimeters:redraw", ANALYST, FIRST, prepare=places),
    Row("perimeters:redraw", ANALYST, FIRST, method="post", ok=422, prepare=places),
    Row("perimeters:redraw", (), WEST | {"number": 99}, prepare=places),
    Row("perimeters:figures", ANALYST, WEST, method="post", prepare=places),
    # A draft is for those who draw: for the others it is not there.
    Row("perimeters:proposal", ANALYST, DRAFT, prepare=proposals),
    Row("perimeters:proposal", READ, WAITING, prepare=proposals),
    Row("perimeters:proposal", (), WEST | {"pk": 99}, prepare=proposals),
    Row("perimeters:change", ANALYST, DRAFT, prepare=proposals),
    Row("perimeters:change", ANALYST, DRAFT, method="post", ok=422, prepare=proposals),
    Row("perimeters:change", (), WAITING, prepare=proposals, exceptions=OTHERS),
    Row("perimeters:step", ANALYST, DRAFT | {"code": "propose"}, method="post", ok=302, prepare=proposals),
    Row("perimeters:step", DIRECTION, WAITING | {"code": "refuse"}, method="post", data=WORDS, ok=302,
        prepare=proposals, exceptions=OTHERS | {"direction": 302}),
    Row("perimeters:step", (), WAITING | {"code": "unheard-of"}, method="post", prepare=proposals),
)  # fmt: skip
