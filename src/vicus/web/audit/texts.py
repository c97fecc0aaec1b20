"""Free text is read before it is kept: nothing that may name a person (R17)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.incidents.freetext import Finding


class Suspected(Exception):
    """A text may speak of a person, and nobody vouched for it (rights R17)."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__()
        self.findings = tuple(findings)


class Met(Exception):
    """Somebody else saved the same thing meanwhile; `current` is what stands there now."""

    def __init__(self, current: Any) -> None:
        super().__init__()
        self.current = current


def refuse_personal(text: str) -> str:
    """The text, unless something in it may name a person or a special category.

    Raises
    ------
    ValidationError
        Says what was found, and asks to leave it out.
    """
    found = freetext.find(text)
    if found:
        raise ValidationError(
            _("This may name a person or a special category: %(found)s. Leave it out.")
            % {"found": ", ".join(finding.found for finding in found)}
        )
    return text


NAMING = {"national number", "number plate", "phone number", "e-mail address", "birth date"}


def scan(form: forms.BaseForm) -> None:
    """Refuse what names somebody in the texts typed into a form, each in its field; called at the end of `clean`.

    Words of special categories pass: a plan may say for whom a partner works.
    """
    for name, value in list(form.cleaned_data.items()):
        if isinstance(value, str) and isinstance(form.fields[name], forms.CharField):
            found = [finding.found for finding in freetext.find(value) if finding.what in NAMING]
            if found:
                text = _("This may name a person: %(found)s. Leave it out.") % {"found": ", ".join(found)}
                form.add_error(name, text)
