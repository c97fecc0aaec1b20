"""What the audit trail says of sheets and problems, in the reader's language."""

from django.utils.translation import gettext_lazy as _

OBJECTS = {
    "sara.note": _("problem of the month"),
    "sara.observation": _("observation"),
    "sara.paper": _("SARA sheet as a file"),
    "sara.problem": _("problem"),
    "sara.promise": _("proposed action"),
    "sara.review": _("what became of a promise"),
    "sara.sheet": _("SARA sheet"),
}

EVENTS = {
    "card consulted": _("card consulted"),
    "sheet opened": _("sheet opened"),
    "sheet: submit": _("sheet submitted"),
    "sheet: withdraw": _("sheet taken back"),
    "sheet: return": _("sheet returned"),
    "sheet: validate": _("sheet validated"),
    "sheet: archive": _("sheet archived"),
    "text chosen": _("text chosen"),
    "text let go": _("text let go"),
    "text written": _("text written"),
    "warning of personal data set aside": _("warning of personal data set aside"),
}

FOUND = {
    "national number": _("a national number"),
    "number plate": _("a number plate"),
    "phone number": _("a phone number"),
    "e-mail address": _("an e-mail address"),
    "birth date": _("a birth date"),
    "origin": _("origin or nationality"),
    "belief": _("belief"),
    "health": _("health"),
    "sexuality": _("sexuality"),
    "politics": _("politics or trade union"),
}
"""What a text may speak of, by the names of `vicus.incidents.freetext`."""
