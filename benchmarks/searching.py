"""How long a search takes on 100,000 documents: python benchmarks/searching.py [documents]

Makes an installation of its own in a temporary folder (or on the PostgreSQL of VICUS_DATABASE, best through
scripts/with-postgres), writes problems, sheets, actions, meetings and commitments of made-up Dutch and French words,
builds the index, and asks common, rare and unfinished words as a zone direction, a hotspot manager and a partner.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta

HOME = tempfile.TemporaryDirectory()
os.environ["VICUS_HOME"] = HOME.name
os.environ["VICUS_PUBLIC"] = HOME.name
os.environ["DJANGO_SETTINGS_MODULE"] = "vicus.web.site.settings"

import django  # noqa: E402

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from vicus.web.accounts.models import User  # noqa: E402
from vicus.web.actions.models import Action  # noqa: E402
from vicus.web.hotspots.models import Hotspot  # noqa: E402
from vicus.web.meetings.models import Body, Commitment, Decision, Meeting, Presence  # noqa: E402
from vicus.web.sara.models import Observation, Problem, SaraSheet  # noqa: E402
from vicus.web.search import index, queries  # noqa: E402
from vicus.web.zone.models import Membership, Organisation, Zone  # noqa: E402

RNG = np.random.default_rng(1)
SYLLABLES = [consonant + vowel for consonant in "bdklmnrstv" for vowel in "aeo"]
WORDS = ["".join(RNG.choice(SYLLABLES, size=RNG.integers(2, 5))) for _ in range(20_000)]
COMMON = ["straat", "fietsen", "diefstallen", "éclairage", "réunions", "nuit", "verlichting", "voisins"]
QUESTIONS = (
    "straat",
    "fiets diefstal",
    "éclairage",
    '"straat fietsen"',
    "verlich",
    WORDS[50],
    WORDS[15_000],
    "s",
)


def text(n: int) -> str:
    """Some words: rare ones by Zipf's law, and now and then one of the common."""
    ranks = np.minimum(RNG.zipf(1.3, size=n), len(WORDS)) - 1
    words = [WORDS[rank] for rank in ranks]
    for word in RNG.choice(COMMON, size=3):
        words[RNG.integers(n)] = str(word)
    return " ".join(words)


def furnish(n: int) -> dict[str, User]:
    """A zone with so many texts, and its readers."""
    zone = Zone.objects.create(slug="west", names={"nl": "West"}, languages=["nl", "fr"])
    users = {
        role: User.objects.create_user(role, name=role)
        for role in ("direction", "hotspot_manager", "partner")
    }
    organisation = Organisation.objects.create(zone=zone, code="o", names={"nl": "Vervoer"}, kind="transport")
    for role, user in users.items():
        Membership.objects.create(
            user=user, zone=zone, role=role, organisation=organisation if role == "partner" else None
        )
    manager = users["hotspot_manager"]
    spots = [
        Hotspot.objects.create(zone=zone, number=i, manager=manager if i < 4 else None) for i in range(1, 22)
    ]
    day, each = date(2024, 1, 1), n // 10
    sheets = SaraSheet.objects.bulk_create(
        SaraSheet(hotspot=spot, month=date(2015 + m // 12, m % 12 + 1, 1))
        for spot in spots
        for m in range(120)
    )
    Problem.objects.bulk_create(
        [Problem(hotspot=spots[i % 21], number=i, title=text(5), pattern=text(60)) for i in range(each)], 500
    )
    Observation.objects.bulk_create(
        [
            Observation(sheet=sheets[i % len(sheets)], source="officer", nature="fact", reliability="confirmed",
                        text=text(40), seen_on=day)
            for i in range(4 * each)
        ], 500,
    )  # fmt: skip
    Action.objects.bulk_create(
        [
            Action(hotspot=spots[i % 21], title=text(5), kind="prevention", lead="zone", objective=text(20),
                   mechanism=text(20), starts_on=day, ends_on=day)
            for i in range(each)
        ], 500,
    )  # fmt: skip
    body = Body.objects.create(zone=zone, code="b", names={"nl": "Overleg"}, levels=[2])
    meetings = Meeting.objects.bulk_create(
        [
            Meeting(zone=zone, body=body, starts_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=i), language="nl",
                    words={"agenda": text(20), "minutes": text(200)})
            for i in range(each // 2)
        ], 500,
    )  # fmt: skip
    Presence.objects.bulk_create(
        Presence(meeting=meeting, organisation=organisation) for meeting in meetings[::3]
    )
    Decision.objects.bulk_create(
        [Decision(meeting=meetings[i % len(meetings)], text=text(15)) for i in range(each)], 500
    )
    Commitment.objects.bulk_create(
        [
            Commitment(zone=zone, level=2, owner=organisation, title=text(8), detail=text(20), made_on=day, due_on=day)
            for i in range(2 * each)
        ], 500,
    )  # fmt: skip
    return users


def main(n: int) -> None:
    call_command("migrate", verbosity=0)
    users = furnish(n)
    start = time.perf_counter()
    documents = index.catch_up()
    print(f"{connection.vendor}: {documents} documents indexed in {time.perf_counter() - start:.0f} s")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    zone = Zone.objects.get()
    slowest = 0.0
    for role, user in users.items():
        for question in QUESTIONS:
            took = []
            for _round in range(7):
                start = time.perf_counter()
                found = queries.find(user, zone, question, "nl", 20)
                took.append(1000 * (time.perf_counter() - start))
            middle = statistics.median(took)
            slowest = max(slowest, middle)
            print(f"{role:16} {question:18} {found.total:7} found  {middle:6.0f} ms")
    print(f"slowest: {slowest:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
