"""The cards that come with the product: one TOML file each in `cards/`, in three languages, without a zone.

They are put into the database after every migration, so that a new version of the product brings its cards along. One
whose words changed is made anew; one that is no longer shipped goes. Cards of zones are never touched.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, transaction

from vicus.web.knowledge.models import Card

WORDS = ("title", "done", "effect", "mechanism", "moderators", "implementation", "economics")
FACTS = ("problem_types", "action_kinds", "grade", "source", "source_url")


def read() -> Iterator[Card]:
    """Every card of the folder, in each of its languages, not saved."""
    folder = files("vicus.web.knowledge").joinpath("cards")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".toml"):
            continue
        card = tomllib.loads(file.read_text(encoding="utf-8"))
        facts = {name: card[name] for name in FACTS if name in card}
        for language, _name in settings.LANGUAGES:
            words = {name: card[language].get(name, "") for name in WORDS}
            yield Card(code=file.name.removesuffix(".toml"), language=language, **facts, **words)


@transaction.atomic
def load() -> int:
    """Make the cards in the database those of the folder; how many were made or taken away."""
    there = {(card.code, card.language): card for card in Card.objects.filter(zone=None)}
    fresh = []
    for card in read():
        kept = there.get((card.code, card.language))
        if kept is not None and all(getattr(kept, name) == getattr(card, name) for name in (*WORDS, *FACTS)):
            del there[card.code, card.language]
        else:
            fresh.append(card)
    gone, _of_each = Card.objects.filter(pk__in=[card.pk for card in there.values()]).delete()
    Card.objects.bulk_create(fresh)
    return gone + len(fresh)


def after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Load them into the database of the site; others hold no cards."""
    if using == DEFAULT_DB_ALIAS and "knowledge_card" in _tables():
        load()


def _tables() -> list[str]:
    from django.db import connection

    return connection.introspection.table_names()
