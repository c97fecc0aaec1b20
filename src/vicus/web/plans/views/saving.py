"""Saving what a form says: a text that may name a person, and a page that somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.audit.texts import Met, Suspected


def save(form: forms.Form, keep: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    """What `keep` gave, or None with a warning for the page; errors stand in the form."""
    try:
        return keep(), {}
    except Suspected as suspected:
        found = list(suspected.findings)
        lines = [finding.found for finding in found]
        # With a field to vouch, the page asks; without one the text is to be written without it.
        if "vouched" in form.fields:
            return None, {"lines": lines, "fingerprint": freetext.fingerprint(found)}
        text = _("This may name a person or a special category: %(found)s. Leave it out.")
        form.add_error(None, text % {"found": ", ".join(lines)})
    except Met:
        text = _("Somebody else saved this meanwhile. Open the page again beside this one and compare.")
        form.add_error(None, text)
    except ValidationError as error:
        told = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, texts in told.items():
            for text in texts:
                form.add_error(name if name in form.fields else None, text)
    return None, {}
