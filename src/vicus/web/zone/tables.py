"""Members, roles and areas as tables of the site."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from vicus.web.accounts.rules import ROLES, Permission, Role, bounds
from vicus.web.zone.models import Area, Membership, Zone


def members(found: Iterable[Membership], keyed: Collection[int], zone: Zone) -> dict[str, Any]:
    labels = (_("Name"), _("User name"), _("Role"), _("Areas"), _("Second factor"), _("Account"))
    rows = [
        {
            "url": reverse("users:edit", args=[entry.user.username]) + f"?zone={zone.slug}",
            "cells": [
                str(entry.user),
                entry.user.username,
                capfirst(str(ROLES[entry.role].name)),
                ", ".join(area.name for area in entry.areas.all()) or _("whole zone"),
                _factor(entry, keyed),
                _("open") if entry.user.is_active else _("closed"),
            ],
        }
        for entry in found
    ]
    return {
        "id": "members", "caption": _("Users of the zone"), "caption_hidden": True,
        "columns": [{"key": str(place), "label": label} for place, label in enumerate(labels)], "rows": rows,
    }  # fmt: skip


def _factor(entry: Membership, keyed: Collection[int]) -> str:
    if entry.user_id in keyed:
        return _("set up")
    return _("not yet set up") if ROLES[entry.role].second_factor else _("not required")


def roles(found: Iterable[Role], words: Mapping[Permission, Any]) -> dict[str, Any]:
    rows = [
        {
            "cells": [
                {"value": capfirst(str(role.name)), "minor": str(role.description)},
                "; ".join(str(words[right]) for right in Permission if right in role.permissions)
                or _("nothing in this version"),
                {
                    "value": "; ".join(str(bound) for bound in bounds(role)) or None,
                    "missing": _("sees no hotspots"),
                },
                _("required") if role.second_factor else _("not required"),
            ]
        }
        for role in found
    ]
    columns = [
        {"key": "role", "label": _("Role")},
        {"key": "allowed", "label": _("Is allowed to"), "wide": True},
        {"key": "sees", "label": _("Sees hotspots in"), "wide": True},
        {"key": "factor", "label": _("Second factor")},
    ]
    return {
        "id": "roles", "caption": _("Roles and what they may do"), "caption_hidden": True,
        "columns": columns, "rows": rows,
    }  # fmt: skip


def areas(found: Iterable[Area], kind: str, zone: Zone) -> dict[str, Any]:
    """Areas of one kind, with a column per language of the zone."""
    words = dict(settings.LANGUAGES)
    rows = [
        {
            "cells": [
                area.code,
                *(area.names.get(language) for language in zone.languages),
                area.parent.name if area.parent else None,
                {"value": area.area_m2 / 1e6, "decimals": 2},
                {"value": area.population},
            ]
        }
        for area in found
    ]
    languages = [capfirst(str(words[language])) for language in zone.languages]
    columns = [{"key": "code", "label": _("Code")}]
    columns += [{"key": f"name{place}", "label": label} for place, label in enumerate(languages)]
    columns += [{"key": "parent", "label": _("Lies in")}]
    numeric: list[dict[str, Any]] = [
        {"key": "area", "label": _("Area (km²)"), "numeric": True},
        {"key": "population", "label": _("Population"), "numeric": True},
    ]
    caption = {
        "commune": _("Communes"), "division": _("Divisions"), "commissariat": _("Commissariats"),
        "sector": _("Sectors"),
    }[kind]  # fmt: skip
    note = _("%(count)d in all") % {"count": len(rows)}
    return {
        "id": f"areas-{kind}",
        "caption": caption,
        "columns": [*columns, *numeric],
        "rows": rows,
        "note": note,
    }
