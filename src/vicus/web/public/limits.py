"""How often one address may write, without keeping any: marks in memory that mean nothing after an hour."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter

PER_ADDRESS, OVERALL = 5, 200
"""Feedbacks an hour from one address, and from everybody together."""
HOUR = 3600


class Limits:
    """Counts within the hour. Addresses are mixed with a secret that is thrown away with the counts."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._begin(-1)

    def allow(self, address: str, now: float | None = None) -> bool:
        """Count one more from this address; False when it, or everybody together, wrote enough this hour."""
        hour = int((time.time() if now is None else now) // HOUR)
        with self._guard:
            if hour != self._hour:
                self._begin(hour)
            mark = hashlib.blake2b(address.encode(), key=self._secret, digest_size=8).digest()
            if self._counts[mark] >= PER_ADDRESS or self._all >= OVERALL:
                return False
            self._counts[mark] += 1
            self._all += 1
            return True

    def _begin(self, hour: int) -> None:
        self._hour, self._secret, self._all = hour, secrets.token_bytes(32), 0
        self._counts: Counter[bytes] = Counter()


LIMITS = Limits()
