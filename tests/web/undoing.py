"""What a test tries is undone, so that the next try finds the same zone without building it again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Everything written to the databases in this block is taken back at its end."""
    with transaction.atomic(), transaction.atomic(using="public"):
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="public")
