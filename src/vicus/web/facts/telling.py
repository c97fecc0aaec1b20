"""What the importer and the store say, in the language of the reader."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from vicus.incidents import words
from vicus.incidents.errors import IncidentError


def told(said: str | IncidentError) -> str:
    """A sentence, or the message of an error, in the language of this request."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return said.told(language) if isinstance(said, IncidentError) else words.told(said, language)


def retold(data: Any) -> str:
    """A sentence that was kept as plain data."""
    return told(words.restored(data))
