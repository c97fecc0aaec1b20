"""What pages know of their reader."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import get_language


def language() -> str:
    """The reader's language as the words of pictures know it."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]
