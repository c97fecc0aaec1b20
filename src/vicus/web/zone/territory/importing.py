"""Import the areas of one kind: read, map, repair, compare, write. Importing twice changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas
import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.zone.models import Area, Zone
from vicus.web.zone.territory import checking, mapping, reading
from vicus.web.zone.territory.errors import Problem, TerritoryRefused

# Outlines closer than this everywhere are the same outline (metres).
SAME = 0.001


@dataclass(frozen=True, kw_only=True)
class TerritoryReport:
    """What an import found and did, or would do."""

    kind: str
    dry_run: bool
    read: int
    in_zone: int
    added: int
    changed: int
    unchanged: int
    repaired: list[str]
    parents_made: list[str]
    nameless: list[str]
    sticking_out: list[tuple[str, float]]
    overlaps: list[tuple[str, str, float]]
    absent: list[str]
    mapping: mapping.TerritoryMapping


@dataclass(kw_only=True)
class _Row:
    code: str
    names: dict[str, str]
    population: int | None
    in_zone: bool
    parent: str
    parent_names: dict[str, str]
    shape: Any = field(repr=False)


def import_territory(
    *,
    zone: Zone,
    path: Path,
    actor: Any,
    columns: Mapping[str, Any] | None = None,
    layer: str | None = None,
    crs: int | None = None,
    dry_run: bool = False,
) -> TerritoryReport:
    """Import areas from GeoJSON, GeoPackage or Shapefile (also zipped), in any coordinate system.

    `columns` names what should not be guessed: kind, code, names ({language: column}), parent, parent_kind,
    parent_names, population, in_zone. Areas already there under the same code are corrected; those the file
    does not name stay. Raises TerritoryRefused, and then nothing has changed.
    """
    frame = reading.read(Path(path), layer=layer, crs=crs, target=zone.crs)
    attributes = [str(column) for column in frame.columns if column != frame.geometry.name]
    chosen = mapping.guess(attributes, zone.languages or ["fr", "nl"], **dict(columns or {}))
    rows = _rows(frame, chosen)
    shapes, repaired, problems = checking.repair({row.code: row.shape for row in rows})
    if problems:
        raise TerritoryRefused(_("Some areas have an outline that cannot be used."), problems)
    with transaction.atomic():
        report = _write(zone, chosen, rows, shapes, repaired, dry_run)
        if dry_run:
            transaction.set_rollback(True)
        else:
            _tell(zone, actor, path, report)
    return report


def _rows(frame: Any, chosen: mapping.TerritoryMapping) -> list[_Row]:
    shapes = frame.geometry
    rows = [
        _Row(
            code=_text(values[chosen.code]),
            names=_named(values, chosen.names),
            population=_whole(values[chosen.population]) if chosen.population else None,
            in_zone=_yes(values[chosen.in_zone]) if chosen.in_zone else True,
            parent=_text(values[chosen.parent]) if chosen.parent else "",
            parent_names=_named(values, chosen.parent_names),
            shape=shape,
        )
        for values, shape in zip(frame.to_dict("records"), shapes, strict=True)
    ]
    codes = [row.code for row in rows]
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if "" in codes:
        raise TerritoryRefused(_("Some areas have no code."))
    if twice:
        problems = [Problem(code, _("Several areas carry this code.")) for code in twice]
        raise TerritoryRefused(_("Each area needs a code of its own."), problems)
    return rows


def _write(
    zone: Zone,
    chosen: mapping.TerritoryMapping,
    rows: list[_Row],
    shapes: Mapping[str, Any],
    repaired: list[str],
    dry_run: bool,
) -> TerritoryReport:
    parents, made = _parents(zone, chosen, rows, shapes)
    existing = {area.code: area for area in Area.objects.filter(zone=zone, kind=chosen.kind)}
    added: list[Area] = []
    changed: list[Area] = []
    for row in rows:
        area = existing.get(row.code) or Area(zone=zone, kind=chosen.kind, code=row.code)
        parent = parents.get(row.parent)
        if chosen.parent is None and area.pk:
            parent = area.parent
        if not _set(area, row, shapes[row.code], parent):
            continue
        (changed if area.pk else added).append(area)
    for area in [*added, *changed]:
        area.full_clean(exclude=["geometry"], validate_unique=False, validate_constraints=False)
    Area.objects.bulk_create(added)
    _update(changed)
    parent_shapes = {row.code: parents[row.parent].shape for row in rows if row.parent in parents}
    return TerritoryReport(
        kind=chosen.kind, dry_run=dry_run, read=len(rows), in_zone=sum(row.in_zone for row in rows),
        added=len(added), changed=len(changed), unchanged=len(rows) - len(added) - len(changed),
        repaired=repaired, parents_made=made, nameless=[row.code for row in rows if not row.names],
        sticking_out=checking.sticking_out(shapes, parent_shapes), overlaps=checking.overlaps(shapes),
        absent=sorted(set(existing) - {row.code for row in rows}), mapping=chosen,
    )  # fmt: skip


def _parents(
    zone: Zone, chosen: mapping.TerritoryMapping, rows: list[_Row], shapes: Mapping[str, Any]
) -> tuple[dict[str, Area], list[str]]:
    """The areas the rows lie in; made from their parts where they are not there yet but have names."""
    if chosen.parent is None or chosen.parent_kind is None:
        return {}, []
    known = {area.code: area for area in Area.objects.filter(zone=zone, kind=chosen.parent_kind)}
    wanting = sorted({row.parent for row in rows} - set(known))
    parts = {code: [row for row in rows if row.parent == code] for code in wanting}
    problems = [
        Problem(code or "–", _("There is no %(kind)s with this code.") % {"kind": chosen.parent_kind})
        for code in wanting
        if not code or not parts[code][0].parent_names
    ]
    if problems:
        raise TerritoryRefused(
            _("Some areas lie in one that is not there. Import that level first."), problems
        )
    made = []
    for code in wanting:
        people = [row.population for row in parts[code]]
        area = Area(
            zone=zone, kind=chosen.parent_kind, code=code, names=parts[code][0].parent_names,
            population=None if None in people else sum(filter(None, people)),
            in_zone=any(row.in_zone for row in parts[code]),
        )  # fmt: skip
        area.shape = shapely.union_all([shapes[row.code] for row in parts[code]])
        area.full_clean(exclude=["geometry"], validate_unique=False, validate_constraints=False)
        made.append(area)
    Area.objects.bulk_create(made)
    return known | {area.code: area for area in made}, [area.code for area in made]


def _set(area: Area, row: _Row, shape: Any, parent: Area | None) -> bool:
    """Put the row's values into the area; whether that changed anything."""
    values = {
        "names": row.names or {(area.zone.languages or ["en"])[0]: row.code},
        "population": row.population,
        "in_zone": row.in_zone,
        "parent_id": parent.pk if parent else None,
    }
    same = bool(area.pk) and all(getattr(area, name) == value for name, value in values.items())
    if same and shapely.equals_exact(area.shape, shape, tolerance=SAME):
        return False
    for name, value in values.items():
        setattr(area, name, value)
    area.shape = shape
    return True


def _update(areas: list[Area]) -> None:
    fields = [
        "names",
        "population",
        "in_zone",
        "parent",
        "geometry",
        "xmin",
        "ymin",
        "xmax",
        "ymax",
        "area_m2",
    ]
    if areas:
        Area.objects.bulk_update(areas, fields, batch_size=200)


def _tell(zone: Zone, actor: Any, path: Path, report: TerritoryReport) -> None:
    record(
        actor=actor, action=Action.COLLECTION, object_type="zone.territory", object_id=report.kind, zone=zone,
        details={
            "event": "territory imported", "file": Path(path).name, "read": report.read, "added": report.added,
            "changed": report.changed, "unchanged": report.unchanged, "repaired": len(report.repaired),
        },
    )  # fmt: skip


def _text(value: Any) -> str:
    if value is None or pandas.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _named(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    names = {language: _text(values[column]) for language, column in columns.items()}
    return {language: name for language, name in names.items() if name}


def _whole(value: Any) -> int | None:
    number = pandas.to_numeric(value, errors="coerce")
    return None if pandas.isna(number) or number < 0 else int(number)


def _yes(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in ("1", "true", "yes", "ja", "oui", "y", "j", "o", "t")
    return bool(value) and not pandas.isna(value)
