"""Free text is read before it is kept: nothing that may name a person (R17)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.incidents.freetext import Finding
from vicus.web.audit.models import Action
from vicus.web.audit.services import record


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

    Words of special categories are warned about once: a plan may say for whom a partner works. The form then carries a
    `warning` for its page, and passes when it comes back with the `vouched` that the warning names.
    """
    special: list[Finding] = []
    for name, value in list(form.cleaned_data.items()):
        if isinstance(value, str) and isinstance(form.fields[name], forms.CharField):
            findings = freetext.find(value)
            found = [finding.found for finding in findings if finding.what in NAMING]
            special += [finding for finding in findings if finding.what not in NAMING]
            if found:
                text = _("This may name a person: %(found)s. Leave it out.") % {"found": ", ".join(found)}
                form.add_error(name, text)
    fingerprint = freetext.fingerprint(special) if special else ""
    if form.data.get("vouched", "") == fingerprint:
        return
    lines = [finding.found for finding in special]
    if lines:
        form.add_error(
            None,
            _("This may speak of a special category: %(found)s. Write it without, or tick the box below.")
            % {"found": ", ".join(lines)},
        )
        form.warning = {"lines": lines, "fingerprint": fingerprint}  # type: ignore[attr-defined]  # read by the page


def set_aside(*, actor: Any, object_type: str, object_id: object, zone: Any, texts: Iterable[object]) -> None:
    """Record that somebody vouched for texts in which something was found; nothing where nothing was."""
    told = "\n".join(text for text in texts if isinstance(text, str))
    kinds = sorted({finding.what for finding in freetext.find(told)})
    if kinds:
        record(
            actor=actor, action=Action.CHANGE, object_type=object_type, object_id=object_id, zone=zone,
            details={"event": "warning of personal data set aside", "kinds": kinds},
        )  # fmt: skip
