"""Free text is read before it is kept: nothing that may name a person (R17)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vicus.incidents import freetext


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
