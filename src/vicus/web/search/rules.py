"""Who searches: whoever reads cards or meetings. What each finds is said by the sources."""

from __future__ import annotations

from typing import Any

from vicus.web.accounts.rules import Permission

SEARCH = frozenset({Permission.READ_KNOWLEDGE, Permission.READ_MEETINGS})


def may_search(user: Any, slug: str) -> bool:
    """Is there anything to find for this user in the zone?"""
    return any(user.permits(permission, slug) for permission in SEARCH)
