"""Addresses of cards. Whoever works on hotspots and the mayor's office read them; the mayor's office writes none."""

from matrix import POLICE, WEST, Row

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
)  # fmt: skip
