"""Who may open what: one row per address and method, for every address of the site.

Each app keeps its rows in a file of its own beside this one, `matrix_<app>.py`:

    from matrix import Row

    ROWS = (
        Row("facts:imports", open_to={"analyst"}, kwargs={"zone": "west"}),
        Row("facts:import", open_to={"analyst"}, kwargs={"zone": "west"}, method="post", ok=422),
        Row("hotspots:hotspot", open_to=..., kwargs={"zone": "west", "number": 1}, prepare=make_hotspot),
    )

What is tried, for each row:
- every role of zone "west", signed in with the second factor: `ok` for those in `open_to`, else `others`;
- one member of zone "east" for each role in `open_to`: `stranger` (default: 404);
- nobody signed in: `logged_out` (default: 302, to the sign-in page);
- roles in `open_to` without their second factor: 302 to set it up, unless `before_second_factor` says otherwise.
`exceptions` gives single roles another code. `prepare(zone)` makes what the address needs.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vicus.web.accounts.rules import ROLES
from vicus.web.zone.models import Zone

EVERY_ROLE = frozenset(ROLES)
# A partner of the tests has no organisation yet, and is told so.
WITHOUT_PAGES = frozenset({"partner", "youth_coordinator"})
POLICE = frozenset({"hotspot_manager", "analyst", "division_head", "direction"})


@dataclass(frozen=True)
class Row:
    name: str
    open_to: Iterable[str]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    method: str = "get"
    query: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    ok: int = 200
    others: int = 404
    stranger: int = 404
    logged_out: int = 302
    before_second_factor: int = 302
    exceptions: Mapping[str, int] = field(default_factory=dict)
    prepare: Callable[[Zone], object] | None = None

    def __str__(self) -> str:
        kwargs = " ".join(f"{name}={value}" for name, value in self.kwargs.items())
        prepared = f"({self.prepare.__name__})" if self.prepare else ""
        return " ".join(filter(None, (self.method, self.name, kwargs, self.query, prepared)))

    def expected(self, role: str) -> int:
        if role in self.exceptions:
            return self.exceptions[role]
        return self.ok if role in self.open_to else self.others


WEST = {"zone": "west"}
ADMINISTRATOR = frozenset({"administrator"})
AUDITOR = frozenset({"auditor"})
TERRITORY = POLICE | ADMINISTRATOR
MAY_IMPORT_TERRITORY = {"analyst": 200, "administrator": 200}

# Own account: everybody, from every zone, about themselves only.
OWN = {"open_to": EVERY_ROLE, "stranger": 200}
# allauth asks for the password again first; tests sign in without one.
AGAIN = {"open_to": EVERY_ROLE, "ok": 302, "stranger": 302}

ROWS = (
    Row("health", EVERY_ROLE, stranger=200, logged_out=200, before_second_factor=200),
    Row("home", EVERY_ROLE, stranger=302, ok=302, exceptions=dict.fromkeys(WITHOUT_PAGES, 200)),
    Row("language", EVERY_ROLE, method="post", data={"language": "nl"}, ok=302, stranger=302, before_second_factor=302),
    # How things look is no secret, and axe opens these pages without an account.
    Row("styleguide:guide", EVERY_ROLE, stranger=200, logged_out=200),
    Row("styleguide:page", EVERY_ROLE, stranger=200, logged_out=200),
    Row("styleguide:reason", EVERY_ROLE, stranger=200, logged_out=200),
    Row("styleguide:appearance", EVERY_ROLE, method="post", ok=302, stranger=302, logged_out=302),
    Row("accounts:enter_demo", (), method="post", logged_out=404),
    Row("account_login", EVERY_ROLE, ok=302, stranger=302, logged_out=200),
    Row("account_logout", **OWN, before_second_factor=200),
    Row("account_inactive", **OWN, logged_out=200),
    Row("account_reauthenticate", **OWN, before_second_factor=200),
    Row("account_change_password", **OWN),
    Row("mfa_index", **OWN, before_second_factor=200),
    # Half-way through signing in only; whoever is signed in is sent on.
    Row("mfa_authenticate", **AGAIN),
    Row("mfa_reauthenticate", **OWN),
    Row("mfa_activate_totp", **AGAIN),
    Row("mfa_deactivate_totp", **AGAIN),
    Row("mfa_view_recovery_codes", EVERY_ROLE, ok=404, stranger=404),
    Row("mfa_generate_recovery_codes", **AGAIN),
    Row("mfa_download_recovery_codes", EVERY_ROLE, ok=404, stranger=404),
    Row("mfa_list_webauthn", **OWN, before_second_factor=200),
    Row("mfa_add_webauthn", **AGAIN),
    Row("mfa_reauthenticate_webauthn", **AGAIN),
    Row("mfa_remove_webauthn", **AGAIN, kwargs={"pk": 1}),
    Row("mfa_edit_webauthn", **AGAIN, kwargs={"pk": 1}),
    Row("users:list", ADMINISTRATOR, stranger=200),
    Row("users:list", ADMINISTRATOR, query="zone=west"),
    Row("users:list", (), query="zone=east"),
    Row("users:roles", ADMINISTRATOR, stranger=200),
    Row("users:create", ADMINISTRATOR, stranger=200),
    Row("users:create", ADMINISTRATOR, method="post", ok=422, query="zone=west"),
    Row("users:edit", ADMINISTRATOR, kwargs={"username": "analyst"}),
    Row("users:edit", ADMINISTRATOR, kwargs={"username": "analyst"}, method="post", ok=422),
    Row("users:act", ADMINISTRATOR, kwargs={"username": "analyst"}, method="post", data={"act": "deactivate"}, ok=302),
    Row("users:act", (), kwargs={"username": "administrator"}, method="post", data={"act": "deactivate"},
        exceptions={"administrator": 403}),
    Row("audit:trail", AUDITOR, stranger=200),
    Row("audit:chain", AUDITOR, stranger=200),
    Row("register", AUDITOR, stranger=200),
    Row("register_file", AUDITOR, stranger=200),
    # Asks for the reason first.
    Row("audit:export", AUDITOR, ok=403, stranger=403),
    Row("zone:territory", TERRITORY, kwargs=WEST),
    Row("zone:import_territory", TERRITORY, kwargs=WEST, ok=403, exceptions=MAY_IMPORT_TERRITORY, stranger=404),
    Row("zone:import_territory", {"analyst", "administrator"}, kwargs=WEST, method="post", ok=422,
        exceptions={"hotspot_manager": 403, "division_head": 403, "direction": 403}),
)  # fmt: skip


def every_row() -> tuple[Row, ...]:
    """The rows of this file and of all its neighbours."""
    rows = list(ROWS)
    for file in sorted(Path(__file__).parent.glob("matrix_*.py")):
        rows += importlib.import_module(file.stem).ROWS
    return tuple(rows)
