"""Addresses that are keys: whoever knows one may use it, so only its fingerprint is stored, and guessing is slowed down."""

from __future__ import annotations

import hashlib
import secrets
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def secret() -> str:
    """The secret part of a new address: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of it. It has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def too_many(what: str, of: str, *, most: int, seconds: int) -> bool:
    """Was this asked more than `most` times in the window? `of` is kept as a mark that says nothing by itself."""
    window = int(time.time() // seconds)
    mark = salted_hmac(f"vicus.addresses.{what}.{window}", of, secret=settings.SECRET_KEY, algorithm="sha256")
    key = f"addresses-{what}-{mark.hexdigest()[:24]}"
    cache.add(key, 0, 2 * seconds)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it went between the two lines: the cache was emptied
        return False
