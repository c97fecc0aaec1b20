"""What the demonstration zone knows itself: lessons and patterns as cards, from knowing.toml; and everything searchable."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, time
from importlib.resources import files

from django.db import transaction

from vicus.web.knowledge import services
from vicus.web.knowledge.models import Card
from vicus.web.knowledge.rules import EMMIE
from vicus.web.search import index
from vicus.web.zone.models import Zone


@transaction.atomic
def load(zone: Zone, *, actor: str) -> None:
    """Write the cards, and index what was written together past the signals."""
    told = tomllib.loads(files("vicus.demo").joinpath("knowing.toml").read_text(encoding="utf-8"))
    for entry in told["card"]:
        code = ""
        for language, label in told["label"].items():
            values = {name: entry[language].get(name, "") for name in ("title", "done", *EMMIE)}
            card = services.write(
                zone=zone,
                values={
                    **values,
                    "kind": entry["kind"],
                    "language": language,
                    "problem_types": entry["problem_types"],
                    "action_kinds": entry["action_kinds"],
                    "grade": Card.Grade.PRACTICE,
                    "source": label,
                },
                actor=actor,
                code=code,
                at=datetime.combine(entry["written"], time(12), tzinfo=UTC),
            )
            code = card.code
    index.catch_up()
