"""Imports, versions, categories and findings as tables of the site."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vicus.incidents import people
from vicus.incidents.formats import Sniffed
from vicus.incidents.reasons import REASONS
from vicus.incidents.versions import Version
from vicus.pictures import words
from vicus.web.facts.models import Category, Import
from vicus.web.facts.telling import told
from vicus.web.zone.models import Zone

CELL = 60


def imports(found: Iterable[Import], zone: Zone, pages: Any = None) -> dict[str, Any]:
    rows = [
        {
            "url": reverse("facts:import", args=[zone.slug, entry.pk]),
            "cells": [
                entry.file_name,
                entry.get_state_display(),
                {"value": entry.figure("rows_read")},
                # What a check found would be added is not added yet.
                *(
                    {"value": entry.figure(name) if entry.store_version is not None else None}
                    for name in ("added", "changed")
                ),
                {"value": sum(entry.report["rejected"].values()) if entry.report else None},
                {"value": entry.store_version},
                str(entry.requested_by or _("somebody who left")),
                _moment(entry.created_at),
            ],
        }
        for entry in found
    ]
    labels: list[tuple[str, bool]] = [
        (_("File"), False), (_("State"), False), (_("Rows"), True), (_("Added"), True), (_("Changed"), True),
        (_("Refused"), True), (_("Data version"), True), (_("Who"), False), (_("Received"), False),
    ]  # fmt: skip
    table: dict[str, Any] = {
        "id": "imports", "caption": _("Files received"), "columns": _columns(labels), "rows": rows, "pages": pages,
    }  # fmt: skip
    if not rows:
        table |= {
            "state": "empty",
            "message": {
                "title": _("No file was received yet"),
                "text": _(
                    "Import an export of registered facts; it is checked first, and nothing changes until you say so."
                ),
                "action": {"label": _("Import a file"), "url": reverse("facts:receive", args=[zone.slug])},
            },
        }
    return table


def versions(found: Iterable[Version]) -> dict[str, Any]:
    words = {"create": _("empty store"), "import": _("import"), "erase": _("erasure")}
    rows = [
        {
            "cells": [
                str(version.number),
                _moment(version.known_at),
                words[version.operation] if version.available else _("rows erased since"),
                *({"value": n} for n in (version.added, version.changed, version.removed, version.rows)),
                version.origin,
            ]
        }
        for version in found
    ]  # fmt: skip
    labels: list[tuple[str, bool]] = [
        (_("Data version"), False), (_("Known at"), False), (_("What"), False), (_("Added"), True), (_("Changed"), True),
        (_("Removed"), True), (_("Rows"), True), (_("Origin"), False),
    ]  # fmt: skip
    return {"id": "versions", "caption": _("Versions of the data"), "columns": _columns(labels), "rows": rows}


def findings(report: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    """Refused or flagged rows by reason, with an example; None when there are none."""
    counts: Mapping[str, int] = report.get(kind) or {}
    if not counts:
        return None
    rows = [
        {"cells": [{"value": told(REASONS[code]), "minor": code}, {"value": n}, _example(report, code)]}
        for code, n in sorted(counts.items(), key=lambda item: -item[1])
    ]
    caption = _("Refused: not imported") if kind == "rejected" else _("Kept, but note")
    labels: list[tuple[str, bool]] = [(_("Reason"), False), (_("Rows"), True), (_("For example"), False)]
    return {"id": f"findings-{kind}", "caption": caption, "columns": _columns(labels), "rows": rows}


def preview(sniffed: Sniffed, used: Mapping[str, str]) -> dict[str, Any]:
    """The first rows of a file, under what each column was used for.

    A column that looks like persons, though the mapping vouches for it, is named and not shown.
    """
    first = sniffed.preview.slice(0, 8)
    hidden = {suspicion.column for suspicion in people.find(sniffed.columns, sniffed.preview)}
    columns = [
        {"key": str(place), "label": f"{name} → {used[name]}" if name in used else name}
        for place, name in enumerate(first.column_names)
    ]
    rows = [
        {"cells": [_("not shown") if name in hidden else _cell(value) for name, value in row.items()]}
        for row in first.to_pylist()
    ]
    return {"id": "preview", "caption": _("First rows of the file"), "columns": columns, "rows": rows}


def _cell(value: Any) -> str | None:
    return str(value)[:CELL] if value is not None else None


def categories(found: Iterable[Category]) -> dict[str, Any]:
    rows = [
        {
            "cells": [
                category.code,
                *(category.names.get(language) for language in ("nl", "fr", "en")),
                category.heading or None,
                category.iccs or None,
                _("overlaps others") if category.overlapping else "",
                {"value": category.harm_weight, "minor": category.harm_source},
            ]
        }
        for category in found
    ]
    labels: list[tuple[str, bool]] = [
        (_("Code"), False), (_("Dutch"), False), (_("French"), False), (_("English"), False), (_("Main heading"), False),
        (_("ICCS class"), False), (_("Note"), False), (_("Harm weight"), True),
    ]  # fmt: skip
    table: dict[str, Any] = {
        "id": "categories", "caption": _("Categories of the zone"), "columns": _columns(labels), "rows": rows,
        "note": _("%(count)d in all") % {"count": len(rows)},
    }  # fmt: skip
    if not rows:
        table |= {
            "state": "empty",
            "message": {
                "title": _("No categories yet"),
                "text": _(
                    "Without them the codes of the files are shown as they are. Import your nomenclature below."
                ),
            },
        }
    return table


def _columns(labels: Iterable[tuple[str, bool]]) -> list[dict[str, Any]]:
    return [
        {"key": str(place), "label": label, "numeric": numeric}
        for place, (label, numeric) in enumerate(labels)
    ]


def _example(report: Mapping[str, Any], code: str) -> str:
    examples = report.get("examples", {}).get(code) or []
    if not examples:
        return ""
    first = examples[0]
    return _("row %(row)s, %(column)s: %(value)s") % {
        "row": first.get("row"),
        "column": first.get("column") or _("whole row"),
        "value": str(first.get("value") or _("empty"))[:CELL],
    }


def _moment(moment: Any) -> str:
    local, language = localtime(moment), (get_language() or settings.LANGUAGE_CODE)[:2]
    return f"{words.day(local, language, style='medium')}, {local:%H:%M}"
