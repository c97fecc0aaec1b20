"""The door in front of restricted records: nobody opens or exports them without saying why (rights R07).

A view asks at the door and hands the grant on to the reader, which does not work without one:

    grant = door.require_reason(request, what=door.Restricted("facts.points", "hotspot 12"), zone=zone)
    if isinstance(grant, HttpResponse):
        return grant                      # the question, or the way back from it
    points = queries.points(store, selection, grant=grant)
"""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vicus.web.audit.forms import ReasonForm
from vicus.web.audit.models import Action
from vicus.web.audit.services import record

KEPT_FOR = timedelta(minutes=15)
SESSION_KEY = "vicus_door"
STARTING_KEY = "vicus_download"
ASKING = (Action.CONSULTATION, Action.DISCLOSURE, Action.COMBINATION)

P = ParamSpec("P")
R = TypeVar("R")

_MINT = object()


# What of an object is asked for, as pairs of a name and a value: month, sources, version.
Said = tuple[tuple[str, str | int], ...]


class NoGrant(PermissionDenied):
    """Somebody reached for restricted records without a valid grant."""


@dataclass(frozen=True)
class Restricted:
    """What lies behind the door: a kind of record, which one, its name for the reader, and what of it is asked for.

    A reason holds for the very thing that was asked: another version of the data, or facts of other sources, is asked
    for anew. The trail keeps it.
    """

    object_type: str
    object_id: str
    title: str | Promise = ""
    said: Said = ()


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Proof that a reason was given and recorded. Only the door makes one."""

    what: Restricted
    zone: str
    action: Action
    reason: str
    recipient: str
    until: datetime
    record_number: int
    _mint: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._mint is not _MINT:
            raise NoGrant("Only the door makes a grant.")

    def covers(self, object_type: str) -> bool:
        return self.what.object_type == object_type and timezone.now() <= self.until


def require_reason(
    request: HttpRequest, *, what: Restricted, zone: Any, action: Action = Action.CONSULTATION, back: str = ""
) -> Grant | HttpResponse:
    """A grant when a reason was given for this object in the last 15 minutes, else the form that asks.

    The form posts back to the same address, so the view must let POST through to here. Each time a
    grant is handed out the act is recorded again, with the reason that was given. What leaves the house asks
    anew each time; the reader is then sent `back` to a page that starts the download (see `starting`).
    """
    if action not in ASKING:
        raise ValueError(f"The door is not for {action}.")
    slug = str(getattr(zone, "slug", zone))
    if request.method == "POST" and "door_reason" in request.POST:
        form = ReasonForm(request.POST, disclosure=action == Action.DISCLOSURE)
        if form.is_valid():
            _keep(request, _key(what, slug, action), form)
            if not back:
                return redirect(request.get_full_path())
            request.session[STARTING_KEY] = request.get_full_path()
            messages.success(
                request,
                _("The download starts now: %s. The reason and the recipient are in the audit trail.")
                % what.title,
            )
            return redirect(back)
        return _ask(request, form, what, zone, action)
    kept = _kept(request, _key(what, slug, action))
    if kept is None:
        form = ReasonForm(disclosure=action == Action.DISCLOSURE)
        return _ask(request, form, what, zone, action)
    if action == Action.DISCLOSURE:
        _forget(request, _key(what, slug, action))
    return grant(
        actor=request.user, what=what, zone=zone, action=action,
        reason=kept["reason"], recipient=kept["recipient"], until=kept["until"],
    )  # fmt: skip


def starting(request: HttpRequest) -> str:
    """The address of the file that the next page is to start downloading, once; empty when there is none."""
    session = getattr(request, "session", {})
    return str(session.pop(STARTING_KEY)) if STARTING_KEY in session else ""


def grant(
    *,
    actor: Any,
    what: Restricted,
    zone: Any,
    reason: str,
    recipient: str = "",
    action: Action = Action.CONSULTATION,
    until: datetime | None = None,
    details: Mapping[str, Any] | None = None,
) -> Grant:
    """Record the act and hand out a grant; for commands, which ask for the reason as an option."""
    form = ReasonForm(
        {"door_reason": reason, "door_recipient": recipient}, disclosure=action == Action.DISCLOSURE
    )
    if not form.is_valid():
        raise NoGrant(" ".join(str(error) for errors in form.errors.values() for error in errors))
    entry = record(
        actor=actor, action=action, object_type=what.object_type, object_id=what.object_id, zone=zone,
        reason=form.cleaned_data["door_reason"], recipient=form.cleaned_data["door_recipient"],
        details={**dict(what.said), **(details or {})},
    )  # fmt: skip
    return Grant(
        what=what, zone=entry.zone, action=action, reason=entry.reason, recipient=entry.recipient,
        until=until or entry.at + KEPT_FOR, record_number=entry.number, _mint=_MINT,
    )  # fmt: skip


READERS: dict[str, set[str]] = {}


def restricted(*object_types: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function that reads restricted records: it must be called with `grant=` for one of these kinds.

    It is listed in READERS, so that a test can try every restricted reader without a grant.
    """

    def mark(reader: Callable[P, R]) -> Callable[P, R]:
        for object_type in object_types:
            READERS.setdefault(object_type, set()).add(f"{reader.__module__}.{reader.__qualname__}")

        @functools.wraps(reader)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            given = kwargs.get("grant")
            if not isinstance(given, Grant):
                raise NoGrant(f"{reader.__qualname__} opens restricted records: it needs a grant.")
            if not any(given.covers(object_type) for object_type in object_types):
                raise NoGrant(f"This grant is for {given.what.object_type}, or has run out.")
            return reader(*args, **kwargs)

        return guarded

    return mark


def _key(what: Restricted, slug: str, action: Action) -> str:
    said = json.dumps(sorted(dict(what.said).items()))
    return f"{slug}|{action}|{what.object_type}|{what.object_id}|{said}"


def _keep(request: HttpRequest, key: str, form: ReasonForm) -> None:
    now = timezone.now()
    grants = {
        name: kept
        for name, kept in request.session.get(SESSION_KEY, {}).items()
        if (parse_datetime(kept["until"]) or now) > now
    }
    grants[key] = {
        "user": request.user.pk,
        "reason": form.cleaned_data["door_reason"],
        "recipient": form.cleaned_data["door_recipient"],
        "until": (now + KEPT_FOR).isoformat(),
    }
    request.session[SESSION_KEY] = grants


def _forget(request: HttpRequest, key: str) -> None:
    request.session[SESSION_KEY] = {k: v for k, v in request.session[SESSION_KEY].items() if k != key}


def _kept(request: HttpRequest, key: str) -> dict[str, Any] | None:
    kept = request.session.get(SESSION_KEY, {}).get(key)
    until = parse_datetime(kept["until"]) if kept else None
    if kept is None or until is None or until < timezone.now() or kept["user"] != request.user.pk:
        return None
    return {**kept, "until": until}


def _ask(request: HttpRequest, form: ReasonForm, what: Restricted, zone: Any, action: Action) -> HttpResponse:
    verb = _("Export") if action == Action.DISCLOSURE else _("Open")
    context = {"form": form, "what": what, "act": action, "verb": verb, "minutes": KEPT_FOR.seconds // 60}
    return render(request, "audit/door.html", context, status=403)
