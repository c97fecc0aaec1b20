"""The audit trail: only added to, and whole."""

import pytest
from django.db import DatabaseError, connection, transaction

from vicus.web.audit.models import Action, AppendOnly, Record
from vicus.web.audit.services import record, verify

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
