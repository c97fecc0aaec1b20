"""The codes of cards in the audit trail, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OBJECTS: dict[str, str | Promise] = {"knowledge.card": _("card of knowledge")}

EVENTS: dict[str, str | Promise] = {
    "card written": _("card written"),
    "card changed": _("card changed"),
    "card taken out": _("card taken out"),
    "card put back": _("card put back"),
    "lesson made a card": _("lesson made a card"),
}
