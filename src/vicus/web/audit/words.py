"""The codes of the audit trail in the reader's language.

Records keep codes, in English and for good, because a seal is over them. What they mean to a reader is said here:
an entry per kind of object and per event. A code without an entry is shown as it is, and a test finds it.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

Words = str | Promise

OBJECTS: dict[str, Words] = {
    "accounts.user": _("account"),
    "actions.action": _("action"),
    "actions.assessment": _("assessment of an action"),
    "actions.design": _("design of an evaluation"),
    "actions.list": _("list of actions"),
    "actions.visit": _("visit"),
    "audit.chain": _("chain of the audit trail"),
    "audit.trail": _("audit trail"),
    "decisions.around": _("facts around the hotspots"),
    "decisions.compare": _("hotspots or periods compared"),
    "decisions.differences": _("hotspots that differ"),
    "decisions.waiting": _("what waits"),
    "facts.import": _("import"),
    "facts.incidents": _("facts"),
    "facts.mapping": _("mapping"),
    "facts.nomenclature": _("categories"),
    "facts.points": _("facts one by one"),
    "facts.rejects": _("refused rows"),
    "hotspots.figures": _("figures of a hotspot"),
    "hotspots.hotspot": _("hotspot"),
    "hotspots.perimeter": _("perimeter"),
    "hotspots.perimeters": _("perimeters"),
    "hotspots.phase": _("phase"),
    "hotspots.proposal": _("proposed perimeters"),
    "hotspots.ranking": _("ranking"),
    "hotspots.report": _("monthly report"),
    "perimeters.fit": _("fit of perimeters"),
    "perimeters.proposal": _("proposal of a perimeter"),
    "reports.month": _("monthly report"),
    "site.backup": _("backup"),
    "site.page": _("page"),
    "site.retention": _("retention"),
    "zone.membership": _("role in the zone"),
    "zone.territory": _("areas of the zone"),
    "zone.zone": _("zone"),
}

EVENTS: dict[str, Words] = {
    "backup made": _("backup made"),
    "backup restored": _("backup restored"),
    "account changed": _("account changed"),
    "account created": _("account created"),
    "account deactivated": _("account closed"),
    "account reactivated": _("account opened again"),
    "action changed": _("action changed"),
    "action judged": _("action assessed"),
    "action moved": _("state of an action changed"),
    "action planned": _("action planned"),
    "chain verified": _("chain verified"),
    "check": _("check asked for"),
    "design changed": _("design changed"),
    "design fixed": _("design fixed"),
    "discard": _("file discarded"),
    "draft changed": _("draft changed"),
    "erasure begun": _("erasure begun"),
    "erasure done": _("erasure done"),
    "file received": _("file received"),
    "file refused": _("file refused"),
    "fit of perimeters worked out": _("fit of perimeters worked out"),
    "import": _("import asked for"),
    "manager assigned": _("hotspot manager assigned"),
    "mapping changed": _("mapping changed"),
    "membership ended": _("membership ended"),
    "page refused": _("page not open to this account"),
    "password changed": _("password changed"),
    "password reset": _("new first password"),
    "perimeter drawn": _("outline of a perimeter drawn"),
    "proposal moved": _("state of a proposal changed"),
    "recovery codes made anew": _("recovery codes made anew"),
    "retention applied": _("retention limit reached"),
    "retention limit set": _("retention limit set"),
    "role given": _("role given"),
    "second factor added": _("second factor added"),
    "second factor failed": _("second factor failed"),
    "second factor removed": _("second factor removed"),
    "second factor reset": _("second factor reset"),
    "second factor shown": _("second factor shown"),
    "sign-in failed": _("sign-in failed"),
    "signed in": _("signed in"),
    "signed out": _("signed out"),
    "territory imported": _("areas imported"),
    "visit noted": _("visit noted"),
    "visit taken back": _("visit taken back"),
    "zone created": _("zone created"),
}

# What of an object was asked for: name of the part -> words, with the value in them.
PARTS: dict[str, Words] = {
    "compared": _("compared: %(value)s"),
    "sources": _("sources: %(value)s"),
    "version": _("data version %(value)s"),
    "perimeter": _("perimeter version %(value)s"),
}
VALUES: dict[str, Words] = {"reported": _("reported"), "discovered": _("discovered"), "all": _("all")}

# Names of roles by their code: the accounts app above fills this in.
ROLES: dict[str, Words] = {}

ACTORS: dict[str, Words] = {"system": _("the system itself"), "unknown account": _("unknown account")}
_COMMAND_LINE = re.compile(r"command line \((?P<account>.+)\)")


def kind(object_type: str) -> str:
    """What kind of object a record is about."""
    return str(OBJECTS.get(object_type, object_type))


def event(code: str) -> str:
    """What happened, more closely than the kind of act; empty when the record does not say."""
    return str(EVENTS.get(code, code))


def asked(details: Mapping[str, Any]) -> list[str]:
    """What of the object was asked for, part by part."""
    return [
        str(said) % {"value": VALUES.get(str(details[part]), details[part])}
        for part, said in PARTS.items()
        if part in details
    ]


def roles(codes: str) -> str:
    """The roles of whoever acted: one in a zone, several where the act belongs to none."""
    return ", ".join(str(ROLES.get(code, code)) for code in codes.split(", ") if code)


def who(actor: str) -> str:
    """Whoever acted: a person's name stands as it is, what has no account is named in the reader's language."""
    operator = _COMMAND_LINE.fullmatch(actor)
    if operator:
        return gettext("command line (%(account)s)") % operator.groupdict()
    return str(ACTORS.get(actor, actor))
