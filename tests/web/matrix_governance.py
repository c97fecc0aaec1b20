"""Addresses of the clock. Partners have no clock; their own calendar and letter they have."""

from governance_bodies import bind
from matrix import POLICE, WEST, Row
from matrix_hotspots import places

from vicus.web.accounts.models import User
from vicus.web.governance.models import Feed
from vicus.web.zone.models import Zone

MEETS = POLICE | {"mayor"}
EVERY = MEETS | {"partner"}
RULES = {
    f"{level}-{part}": value
    for level in range(1, 6)
    for part, value in (
        ("kept", "on"), ("every_months", "12"), ("scope", "zone"), ("grace_months", "1"), ("driver", "direction"),
    )
}  # fmt: skip
FIVE = WEST | {"pk": 5}


def members(zone: Zone) -> None:
    """Communes of the bound roles, an organisation of the partner."""
    places(zone)
    bind(zone)


def feed(zone: Zone) -> None:
    """A calendar of the analyst: to the others it does not exist."""
    members(zone)
    user = User.objects.get(username="analyst")
    Feed.objects.create(pk=5, user=user, zone=zone, digest="5", made_on="2026-01-01")


ROWS = (
    Row("governance:clock", MEETS, WEST, prepare=members),
    Row("governance:rules", MEETS, WEST, prepare=members),
    Row("governance:rules", {"direction"}, WEST, method="post", data=RULES, ok=302, prepare=members,
        exceptions=dict.fromkeys(MEETS - {"direction"}, 403)),
    Row("governance:commune", {"mayor"}, WEST, prepare=members),
    Row("governance:mine", EVERY, WEST, prepare=members),
    Row("governance:make_feed", EVERY, WEST, method="post", prepare=members),
    Row("governance:revoke_feed", {"analyst"}, FIVE, method="post", ok=302, prepare=feed),
    Row("governance:weekly", EVERY, WEST, method="post", data={"wanted": "yes"}, ok=302, prepare=members),
    # The secret is in the address: nobody signs in, and a wrong one leads nowhere, whoever asks.
    Row("calendar", (), {"token": "wrong"}, logged_out=404, before_second_factor=404),
)  # fmt: skip
