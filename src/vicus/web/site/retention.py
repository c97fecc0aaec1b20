"""What has had its time goes: one rule for each kind of record that declares a limit (rights R03).

`vicus tick` applies them all. Doing it again changes nothing, so a schedule may run it as often as it likes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress, EmailConfirmation
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from vicus.web.accounts.services import remove_closed
from vicus.web.audit.models import Action
from vicus.web.audit.processing import declared, register
from vicus.web.audit.services import SYSTEM, record
from vicus.web.facts.retention import remove_facts, remove_imports


def _sessions(before: datetime) -> int:
    """A session says itself when it ends."""
    ended = Session.objects.filter(expire_date__lt=timezone.now()).count()
    SessionStore.clear_expired()
    return ended


def _mail(before: datetime) -> int:
    """The library brings the tables; nothing here fills them."""
    return sum(model.objects.all().delete()[0] for model in (EmailConfirmation, EmailAddress))


# Kind of record -> what removes those whose limit ran out before a moment, and says how many. Kinds that declare the
# field their limit runs from need no rule.
RULES: dict[str, Callable[[datetime], int]] = {
    "accounts.User": remove_closed,
    "facts.Import": remove_imports,
    "sessions.Session": _sessions,
    "account.EmailAddress": _mail,
}
# Kinds that go with another.
WITH = {
    "zone.Membership": "accounts.User",
    "mfa.Authenticator": "accounts.User",
    "account.EmailConfirmation": "account.EmailAddress",
}


def apply(now: datetime | None = None) -> dict[str, int]:
    """Remove everything whose time has come. Returns how many of each kind went; the trail keeps the same."""
    now = now or timezone.now()
    removed = {kind: rule(now - _limit(apps.get_model(kind))) for kind, rule in RULES.items()}
    removed |= {model._meta.label: _remove(model, since, now - _limit(model)) for model, since in by_field()}
    removed["facts.incidents"] = remove_facts(now)
    removed["figures"] = _drop_figures()
    gone = {kind: n for kind, n in removed.items() if n}
    if gone:
        record(
            actor=SYSTEM, action=Action.ERASURE, object_type="site.retention", object_id=now.date(),
            details={"event": "retention applied", "removed": gone},
        )  # fmt: skip
    return gone


def by_field() -> list[tuple[type[models.Model], str]]:
    """Kinds of records that go one by one, with the field their limit runs from."""
    found = [(model, declared(model)) for model in apps.get_models()]
    return [(model, processing.since) for model, processing in found if processing and processing.since]


def _remove(model: type[models.Model], since: str, before: datetime) -> int:
    return int(model._base_manager.filter(**{f"{since}__lt": before}).delete()[1].get(model._meta.label, 0))


def _limit(model: type[models.Model]) -> timedelta:
    processing = declared(model)
    assert processing is not None
    assert processing.retention is not None
    return processing.retention


def _drop_figures() -> int:
    """Kept figures that nobody asked for lately; they are worked out again when somebody does."""
    processing = register()["figures"]
    assert processing is not None
    assert processing.retention is not None
    oldest = time.time() - processing.retention.total_seconds()
    folder = Path(settings.VICUS_HOME) / "cache" / "figures"
    old = [path for path in folder.glob("*.djcache") if _asked_for(path) < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _asked_for(path: Path) -> float:
    """When a file was last read, or written where the file system does not keep that."""
    state = path.stat()
    return max(state.st_atime, state.st_mtime)
