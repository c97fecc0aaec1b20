"""Addresses of cards. Whoever works on hotspots and the mayor's office read them; the mayor's office writes none."""

from datetime import date

from matrix import POLICE, WEST, Row
from matrix_actions import actions
from matrix_sara import OWN as OWN_HOTSPOT
from matrix_sara import written

from vicus.web.actions.models import Action
from vicus.web.knowledge.models import Card
from vicus.web.zone.models import Zone

READ = POLICE | {"mayor"}
NOT_MAYOR = {"mayor": 403}


def cards(zone: Zone) -> None:
    """One card of the zone and one of another, with addresses that are known beforehand."""
    east = Zone.objects.get(slug="east") if Zone.objects.filter(slug="east").exists() else None
    for pk, of in ((9001, zone), (9002, east)):
        if of is not None:
            Card.objects.create(
                pk=pk, zone=of, code=f"c{pk}", language="en", title="Lamps", problem_types=["fear"],
                done="Lamps were mended.", grade="practice", source="An action.",
            )  # fmt: skip
    Card.objects.create(
        pk=9003, code="c9003", language="en", title="Shipped", problem_types=["fear"], done="Something.",
        grade="strong", source="A study.",
    )  # fmt: skip


def learned(zone: Zone) -> None:
    """The two actions of `matrix_actions`, given up, each with its lesson."""
    actions(zone)
    Action.objects.filter(hotspot__zone=zone).update(
        state="dropped", closed_on=date(2025, 1, 1), lesson="Ask the owner first."
    )


OWN, OTHERS, SHIPPED = (WEST | {"pk": pk} for pk in (9001, 9002, 9003))
ROWS = (
    Row("knowledge:list", READ, WEST),
    Row("knowledge:list", READ, WEST, query="problem=fear&kind=lesson&language=nl&grade=weak"),
    Row("knowledge:networks", READ, WEST),
    Row("knowledge:near", READ, WEST, query="problem_type=fear"),
    Row("knowledge:card", READ, OWN, prepare=cards),
    Row("knowledge:card", READ, SHIPPED, prepare=cards),
    Row("knowledge:card", (), OTHERS, prepare=cards),
    Row("knowledge:add", POLICE, WEST, exceptions=NOT_MAYOR),
    Row("knowledge:add", POLICE, WEST, method="post", ok=422, exceptions=NOT_MAYOR),
    Row("knowledge:change", POLICE, OWN, prepare=cards, exceptions=NOT_MAYOR),
    Row("knowledge:change", (), SHIPPED, prepare=cards, exceptions=dict.fromkeys(READ, 403)),
    Row("knowledge:change", (), OTHERS, prepare=cards, exceptions=NOT_MAYOR),
    Row("knowledge:take_out", POLICE, OWN, method="post", ok=302, prepare=cards, exceptions=NOT_MAYOR),
    Row("knowledge:put_back", POLICE, OWN, method="post", ok=302, prepare=cards, exceptions=NOT_MAYOR),
    # A division head without a commune sees no action.
    Row("actions:make_card", POLICE - {"division_head"}, WEST | {"pk": 41}, method="post", ok=302, prepare=learned),
    Row("actions:make_card", (), WEST | {"pk": 41}, method="post", prepare=actions,
        exceptions=dict.fromkeys(POLICE - {"division_head"}, 403)),
    Row("sara:consult", {"hotspot_manager"}, OWN_HOTSPOT | {"problem": 1}, method="post", data={"card": "cctv"}, ok=302,
        prepare=written, exceptions={"division_head": 403, "direction": 403}),
    Row("sara:consult", (), OWN_HOTSPOT | {"problem": 1}, method="post", data={"card": "unheard-of"}, prepare=written,
        exceptions={"division_head": 403, "direction": 403}),
)  # fmt: skip
