"""Addresses of commitments, of links without an account, and of letters."""

import commitment_stories as stories
from matrix import EVERY_ROLE, POLICE, WEST, Row

from vicus.web.accounts.addresses import digest
from vicus.web.meetings.models import Commitment, CommitmentLink
from vicus.web.zone.models import Zone

READ = POLICE | {"mayor", "partner"}
WRITE = frozenset({"hotspot_manager", "division_head", "direction", "mayor"})
WHOLE = frozenset({"hotspot_manager", "direction"})
NO_WRITER = {"analyst": 403, "partner": 403}
OWN, OTHERS, ELSEWHERE = (WEST | {"pk": pk} for pk in (71, 72, 73))
TOKEN = "a-token-that-nobody-can-guess"


def numbered(zone: Zone) -> None:
    """71 of the partner's own organisation and 72 of another, in hotspot 1; 73 in the other commune."""
    stories.places(zone)
    made = stories.promised(zone)
    elsewhere = stories.promise(zone, "transport", number=4)
    for pk, commitment in ((71, made["housing"]), (72, made["transport"]), (73, elsewhere)):
        commitment.steps.all().delete()
        Commitment.objects.filter(pk=commitment.pk).update(id=pk)


def linked(zone: Zone) -> None:
    """A link with a known address."""
    numbered(zone)
    from vicus.web.meetings import links

    link, _ = links.make(organisation=stories.organisation(zone, "housing"), actor="a test")
    CommitmentLink.objects.filter(pk=link.pk).update(id=81, digest=digest(TOKEN))


KEEP, EVIDENCE = {"code": "keep"}, {"evidence": "Done.", "revision": "0"}
PUBLIC = {"stranger": 200, "logged_out": 200, "before_second_factor": 302}
ROWS = (
    Row("commitments:list", READ, WEST, prepare=numbered),
    Row("commitments:list", READ, WEST, prepare=numbered, query="state=kept&level=3&sort=-due&order_owner=late"),
    # The door asks for a reason before anything leaves: 403 and the question.
    Row("commitments:file", READ - {"partner"}, WEST | {"kind": "csv"}, ok=403, prepare=numbered),
    Row("commitments:file", (), WEST | {"kind": "exe"}, prepare=numbered),
    Row("commitments:make", WRITE, WEST, prepare=numbered),
    Row("commitments:make", WRITE, WEST, method="post", ok=422, prepare=numbered),
    Row("commitments:commitment", READ, OWN, prepare=numbered),
    Row("commitments:commitment", READ - {"partner"}, OTHERS, prepare=numbered),
    Row("commitments:commitment", POLICE - {"division_head"}, ELSEWHERE, prepare=numbered),
    Row("commitments:correct", WRITE, OWN, prepare=numbered, exceptions=NO_WRITER),
    Row("commitments:correct", WRITE, OWN, method="post", ok=422, prepare=numbered, exceptions=NO_WRITER),
    Row("commitments:step", WRITE | {"partner"}, OWN | KEEP, prepare=numbered, exceptions={"analyst": 403}),
    Row("commitments:step", WRITE | {"partner"}, OWN | KEEP, method="post", data=EVIDENCE, ok=302, prepare=numbered,
        exceptions={"analyst": 403}),
    Row("commitments:step", WRITE, OTHERS | KEEP, method="post", data=EVIDENCE, ok=302, prepare=numbered,
        exceptions={"analyst": 403}),
    # In the other commune, on a hotspot that is nobody's.
    Row("commitments:step", {"direction"}, ELSEWHERE | KEEP, method="post", data=EVIDENCE, ok=302, prepare=numbered,
        exceptions={"analyst": 403, "hotspot_manager": 403}),
    # Only those who write open it again.
    Row("commitments:step", WRITE, OWN | {"code": "reopen"}, prepare=numbered, exceptions=NO_WRITER),
    Row("commitments:step", (), OWN | {"code": "unheard-of"}, prepare=numbered),
    Row("commitments:links", WHOLE, WEST, prepare=linked, exceptions={"division_head": 403, "mayor": 403}),
    Row("commitments:make_link", (), WEST | {"pk": 999_999}, method="post", prepare=linked,
        exceptions={"division_head": 403, "mayor": 403}),
    Row("commitments:revoke_link", WHOLE, WEST | {"pk": 81}, method="post", ok=302, prepare=linked,
        exceptions={"division_head": 403, "mayor": 403}),
    Row("promise", EVERY_ROLE, {"token": TOKEN}, prepare=linked, **PUBLIC),
    Row("promise", (), {"token": "another"}, prepare=linked, logged_out=404),
    Row("promise", (), {"token": TOKEN}, method="post", data={"commitment": "72", "evidence": "x"}, prepare=linked,
        logged_out=404),
)  # fmt: skip
