"""Addresses of bulletins. Managers write for own hotspots, mayor's office and division head for own communes."""

from datetime import date

from matrix import WEST, Row
from matrix_hotspots import places

from vicus.web.accounts.models import User
from vicus.web.bulletins import services
from vicus.web.bulletins.models import Bulletin
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.models import Feedback
from vicus.web.zone.models import Area, Membership, Zone

WRITERS = frozenset({"hotspot_manager", "division_head", "direction", "mayor"})
PUBLISHERS = frozenset({"direction", "mayor"})
IN_COMMUNE = WRITERS - {"hotspot_manager"}
TEXTS = {code: {"title": "x", "said": "x", "done": "x", "not_possible": ""} for code in ("fr", "nl")}
OWN, OTHERS, COMMUNE, AWAY = "own", "others", "commune", "away"


def drafts(zone: Zone) -> None:
    """A draft about the manager's hotspot, another hotspot, the commune of the bound roles, and another commune."""
    places(zone)
    Hotspot.objects.filter(zone=zone, number=1).update(manager=User.objects.get(username="hotspot_manager"))
    Hotspot.objects.filter(zone=zone, number=2).update(manager=None)
    first, second = Area.objects.filter(zone=zone, kind="commune").order_by("code")[:2]
    for role in ("division_head", "mayor"):
        Membership.objects.get(zone=zone, role=role).areas.set([first])
    period = {
        "zone": zone,
        "starts_on": date(2025, 7, 1),
        "ends_on": date(2025, 9, 30),
        "made_on": date(2025, 10, 1),
    }
    about = {
        OWN: {"hotspot": Hotspot.objects.get(zone=zone, number=1)},
        OTHERS: {"hotspot": Hotspot.objects.get(zone=zone, number=2)},
        COMMUNE: {"area": first},
        AWAY: {"area": second},
    }
    for slug, place in about.items():
        Bulletin.objects.create(slug=slug, texts=TEXTS, **period, **place)


def ready(zone: Zone) -> None:
    """The same, ready to publish."""
    drafts(zone)
    for bulletin in Bulletin.objects.filter(zone=zone):
        services.take(bulletin=bulletin, code="finish", actor="a test", on=date(2025, 10, 2))


def published(zone: Zone) -> None:
    """The same, published."""
    ready(zone)
    for bulletin in Bulletin.objects.filter(zone=zone):
        services.take(bulletin=bulletin, code="publish", actor="a test", on=date(2025, 10, 3))


def written(zone: Zone) -> None:
    """Residents wrote about the bulletin of the manager's hotspot and about that of the other commune."""
    drafts(zone)
    for pk, slug in ((71, OWN), (72, AWAY)):
        Feedback.objects.update_or_create(
            pk=pk,
            defaults={"bulletin": slug, "language": "fr", "text": "Bien.", "received_on": date(2025, 11, 1)},
        )


def at(slug: str, **more: str) -> dict[str, str]:
    return WEST | {"slug": slug, **more}


FORM = {"revision": "0", "columns": "none", "title-fr": "y"}
LATE = dict.fromkeys(WRITERS - PUBLISHERS - {"hotspot_manager"}, 403)
ROWS = (
    Row("bulletins:list", WRITERS, WEST, prepare=drafts),
    Row("bulletins:begin", WRITERS, WEST, prepare=drafts),
    Row("bulletins:begin", WRITERS, WEST, method="post", ok=422, prepare=drafts),
    Row("bulletins:setting", {"direction"}, WEST, method="post", data={"k": "6"}, ok=302, prepare=drafts,
        exceptions=dict.fromkeys(WRITERS - {"direction"}, 403)),
    Row("bulletins:bulletin", WRITERS, at(OWN), prepare=drafts),
    Row("bulletins:bulletin", IN_COMMUNE, at(OTHERS), prepare=drafts),
    Row("bulletins:bulletin", IN_COMMUNE, at(COMMUNE), prepare=drafts),
    Row("bulletins:bulletin", {"direction"}, at(AWAY), prepare=drafts),
    Row("bulletins:preview", WRITERS, at(OWN), prepare=drafts),
    Row("bulletins:preview", {"direction"}, at(AWAY), prepare=drafts),
    # Nothing is on paper before it is published.
    Row("bulletins:pdf", (), at(OWN), prepare=drafts),
    Row("bulletins:pdf", IN_COMMUNE, at(COMMUNE), prepare=published),
    Row("bulletins:pdf", {"direction"}, at(AWAY), prepare=published),
    Row("bulletins:write", WRITERS, at(OWN), method="post", data=FORM, ok=302, prepare=drafts),
    Row("bulletins:write", IN_COMMUNE, at(OTHERS), method="post", data=FORM, ok=302, prepare=drafts),
    Row("bulletins:step", WRITERS, at(OWN, code="finish"), method="post", ok=302, prepare=drafts),
    Row("bulletins:step", IN_COMMUNE, at(COMMUNE, code="reopen"), method="post", ok=302, prepare=ready),
    Row("bulletins:step", PUBLISHERS, at(OWN, code="renew"), method="post", ok=422, prepare=ready,
        exceptions={"hotspot_manager": 403, **LATE}),
    Row("bulletins:step", PUBLISHERS, at(COMMUNE, code="publish"), method="post", ok=302, prepare=ready,
        exceptions=LATE),
    Row("bulletins:step", {"direction"}, at(AWAY, code="publish"), method="post", ok=302, prepare=ready),
    Row("bulletins:step", (), at(OWN, code="unheard-of"), method="post", prepare=drafts),
    Row("bulletins:remove", WRITERS, at(OWN), method="post", ok=302, prepare=drafts),
    Row("bulletins:remove", IN_COMMUNE, at(OTHERS), method="post", ok=302, prepare=drafts),
    Row("bulletins:feedback", WRITERS, WEST, prepare=written),
    Row("bulletins:code", WRITERS, WEST | {"pk": 71}, method="post", data={"topics": ["noise"]}, ok=302,
        prepare=written),
    Row("bulletins:code", {"direction"}, WEST | {"pk": 72}, method="post", ok=302, prepare=written),
    Row("bulletins:remove_feedback", WRITERS, WEST | {"pk": 71}, method="post", ok=302, prepare=written),
    Row("bulletins:remove_feedback", {"direction"}, WEST | {"pk": 72}, method="post", ok=302, prepare=written),
)  # fmt: skip
