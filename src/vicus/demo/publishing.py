"""Bulletins of the demonstration zone: published through two years, one draft, and what residents wrote back."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from vicus.web.bulletins import queries, services
from vicus.web.bulletins.content import SETTLED_WITH_A_REASON
from vicus.web.bulletins.models import Bulletin
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.models import LANGUAGES, Feedback
from vicus.web.zone.models import Area, Zone


def plan() -> dict[str, Any]:
    """The bulletins and the feedback, as written in bulletins.toml."""
    return tomllib.loads(files("vicus.demo").joinpath("bulletins.toml").read_text(encoding="utf-8"))


def load(zone: Zone, *, actor: Any) -> None:
    """Every bulletin in the order of its day, each checked against those before it as in service."""
    written = plan()
    for entry in written["bulletin"]:
        bulletin = services.begin(
            zone=zone, place=_place(zone, entry), starts_on=entry["starts_on"], ends_on=entry["ends_on"],
            actor=actor, on=entry["on"],
        )  # fmt: skip
        bulletin = services.write(
            bulletin=bulletin,
            texts={code: {"not_possible": "", **entry.get(code, {})} for code in LANGUAGES},
            reasons=_reasons(bulletin, written["why"]),
            columns=entry["columns"],
            categories=entry.get("categories", written["categories"]),
            revision=bulletin.revision,
            actor=actor,
        )
        if entry.get("state") == "draft":
            continue
        for code in ("finish", "publish"):
            bulletin = services.take(bulletin=bulletin, code=code, actor=actor, on=entry["on"])
        _feedback(zone, bulletin, entry.get("feedback", []), actor)


def _place(zone: Zone, entry: dict[str, Any]) -> Hotspot | Area:
    if "hotspot" in entry:
        return Hotspot.objects.get(zone=zone, number=entry["hotspot"])
    return Area.objects.get(zone=zone, code=entry["area"], kind__in=queries.PLACES)


def _reasons(bulletin: Bulletin, why: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Why promises of the demonstration were not kept: the same few words for each."""
    return {
        str(it.pk): why[it.state] for it in queries.promises(bulletin) if it.state in SETTLED_WITH_A_REASON
    }


def _feedback(zone: Zone, bulletin: Bulletin, entries: list[dict[str, Any]], actor: Any) -> None:
    for entry in entries:
        feedback = Feedback.objects.create(
            bulletin=bulletin.slug, language=entry["language"], text=entry["text"], received_on=entry["on"]
        )
        if "topics" in entry:
            services.code_feedback(
                feedback=feedback, zone=zone, topics=entry["topics"], actor=actor, on=entry["on"]
            )
