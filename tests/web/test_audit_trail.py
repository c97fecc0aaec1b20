"""The audit trail: only added to, and whole."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from vicus.web.accounts.models import User
from vicus.web.audit import triggers
from vicus.web.audit.models import Action, AppendOnly, Record
from vicus.web.audit.services import record, verify
from vicus.web.zone.models import Membership, Zone

pytestmark = pytest.mark.django_db


def add(n: int = 1) -> list[Record]:
    return [record(actor="a test", action=Action.CHANGE, object_type="thing", object_id=i) for i in range(n)]


def test_records_are_numbered_and_chained() -> None:
    first, second = add(2)
    assert (first.number, second.number) == (1, 2)
    assert second.previous == first.seal
    assert verify().whole
    assert verify().records == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET reason = 'other'",
        "DELETE FROM audit_record",
        "UPDATE audit_head SET number = 0",
        "UPDATE audit_head SET number = number + 1, seal = 'made up'",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove(statement: str) -> None:
    add(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().whole


def test_models_refuse_to_change_or_remove() -> None:
    (entry,) = add()
    entry.reason = "other"
    for attempt in (
        entry.save,
        entry.delete,
        Record.objects.all().delete,
        lambda: Record.objects.update(reason="other"),
        lambda: Record.objects.bulk_update([entry], ["reason"]),
        lambda: Record.objects.bulk_create([entry]),
    ):
        with pytest.raises(AppendOnly):
            attempt()


def tamper(statement: str, *values: object) -> None:
    """What somebody could do who owns the database: take the triggers away first."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    triggers.install(connection)


@pytest.mark.parametrize(
    ("statement", "at", "why"),
    [
        ("UPDATE audit_record SET reason = 'another' WHERE number = 2", 2, "seal"),
        ("UPDATE audit_record SET actor = 'nobody' WHERE number = 1", 1, "seal"),
        ("DELETE FROM audit_record WHERE number = 2", 3, "gap"),
        ("DELETE FROM audit_record WHERE number = 3", 2, "end"),
        ("UPDATE audit_record SET previous = seal WHERE number = 3", 3, "link"),
        ("UPDATE audit_head SET number = 2", 3, "end"),
    ],
)
def test_tampering_is_found_and_its_place_named(statement: str, at: int, why: str) -> None:
    add(3)
    tamper(statement)
    chain = verify()
    assert (chain.whole, chain.broken_at, chain.why) == (False, at, why)
    assert chain.explanation


def test_a_record_that_is_undone_leaves_no_gap() -> None:
    add()
    with transaction.atomic():
        add()
        transaction.set_rollback(True)
    add()
    assert verify().whole
    assert verify().records == 2


def test_the_seal_survives_the_way_through_the_database() -> None:
    details = {"ü": 1e20, "b": [1.0, None, "\x00\ud800"], "a": "日本"}
    record(
        actor="Ünïcode\x00", action=Action.CHANGE, object_type="thing", object_id="x",
        reason="emoji 🚓 and \ud800", details=details,
    )  # fmt: skip
    assert verify().whole


def test_values_that_do_not_fit_are_refused_and_never_cut() -> None:
    with pytest.raises(ValidationError):
        record(actor="a test", action=Action.CHANGE, object_type="thing", object_id="x" * 500)
    with pytest.raises(ValueError, match="bogus"):
        record(actor="a test", action="bogus", object_type="thing", object_id="x")
    assert verify().records == 0


def test_a_record_names_the_user_and_the_role_in_the_zone(
    zone: Zone, other_zone: Zone, make_user: Callable[..., User]
) -> None:
    user = make_user("analyst", zone, username="ann")
    Membership.objects.create(user=user, zone=other_zone, role="planner")
    here = record(actor=user, action=Action.CHANGE, object_type="thing", object_id=1, zone=zone)
    there = record(actor=user, action=Action.CHANGE, object_type="thing", object_id=1, zone=other_zone)
    assert (here.role, there.role) == ("analyst", "planner")
    user.delete()
    assert "ann" in Record.objects.get(pk=here.pk).actor


WRITER = """
import django; django.setup()
from vicus.web.audit.services import record
for i in range(25):
    record(actor="writer", action="change", object_type="thing", object_id=i)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain(tmp_path: Path) -> None:
    """Four processes, a real database: on SQLite a file of its own, on PostgreSQL the test database."""
    environment = {
        **os.environ,
        "VICUS_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "vicus.web.site.settings",
    }
    if connection.vendor == "postgresql":
        here = connection.settings_dict
        login = f"{here['USER']}:{here['PASSWORD']}@" if here["USER"] else ""
        port = f":{here['PORT']}" if here["PORT"] else ""
        environment["VICUS_DATABASE"] = f"postgres://{login}{here['HOST']}{port}/{here['NAME']}"
    else:
        environment.pop("VICUS_DATABASE", None)
        migrate = [sys.executable, "-m", "django", "migrate", "audit", "--verbosity", "0"]
        subprocess.run(migrate, env=environment, check=True)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], env=environment) for _ in range(4)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]
    check = "import django; django.setup()\nfrom vicus.web.audit.services import verify\nprint(verify())"
    found = subprocess.run(
        [sys.executable, "-c", check], env=environment, check=True, capture_output=True, text=True
    )
    assert "whole=True, records=100" in found.stdout
