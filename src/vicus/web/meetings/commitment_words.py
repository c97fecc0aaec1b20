"""The codes of commitments and links in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {
    "meetings.commitment": _("commitment"),
    "meetings.commitments": _("list of commitments"),
    "meetings.link": _("link of an organisation"),
}

EVENTS: dict[str, str | Promise] = {
    "commitment corrected": _("words of a commitment corrected"),
    "commitment made": _("commitment made"),
    "commitment moved": _("state of a commitment changed"),
    "link made": _("link made"),
    "link revoked": _("link withdrawn"),
    "link used": _("link used"),
}
