"""Import the streets of a zone: lines under the maps, and what outlines snap to. A file takes the place of the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.zone.models import Street, Zone
from vicus.web.zone.queries import outline
from vicus.web.zone.territory import mapping, reading
from vicus.web.zone.territory.errors import TerritoryRefused

KIND = "street"
SIMPLE_METRES = 1.0
"""Lines are kept no finer than this."""
AROUND_METRES = 300.0
"""How far beyond the zone streets are kept."""
MOST_STREETS = 20_000
MOST_CORNERS = 200_000


@dataclass(frozen=True, kw_only=True)
class StreetsReport:
    """What an import of streets found and did, or would do.

    `read` lines of the file, `left_out` those further than AROUND_METRES from the zone, `streets` what they became:
    lines of one name are one street. `changed` is False when the zone has these very streets already.
    """

    kind: str
    dry_run: bool
    read: int
    left_out: int
    streets: int
    nameless: int
    kilometres: float
    changed: bool
    names: dict[str, str]


def import_streets(
    *,
    zone: Zone,
    path: Path,
    actor: Any,
    columns: Mapping[str, Any] | None = None,
    layer: str | None = None,
    crs: int | None = None,
    dry_run: bool = False,
) -> StreetsReport:
    """Import lines from GeoJSON, GeoPackage or Shapefile (also zipped), in any coordinate system.

    `columns` names what should not be guessed: names ({language: column}); a file without names is taken too. The
    streets of the file take the place of those there were. Raises TerritoryRefused, and then nothing has changed.
    """
    frame = reading.read(Path(path), layer=layer, crs=crs, target=zone.crs)
    attributes = [str(column) for column in frame.columns if column != frame.geometry.name]
    named = mapping.guess_names(attributes, zone.languages or ["fr", "nl"], **dict(columns or {}))
    lines = _lines(frame.geometry)
    near = _near(zone, lines)
    streets = _streets(zone, near, _names(frame, named))
    if len(streets) > MOST_STREETS or sum(_corners(street) for street in streets) > MOST_CORNERS:
        raise TerritoryRefused(
            _(
                "The file holds more than %(streets)d streets or %(corners)d corners: take out what is no street."
            )
            % {"streets": MOST_STREETS, "corners": MOST_CORNERS}
        )
    with transaction.atomic():
        before = Street.objects.filter(zone=zone)
        changed = sorted(map(_content, before)) != sorted(map(_content, streets))
        report = StreetsReport(
            kind=KIND, dry_run=dry_run, read=len(frame), left_out=sum(line.is_empty for line in near),
            streets=len(streets), nameless=sum(not street.names for street in streets),
            kilometres=sum(street.length_m for street in streets) / 1000, changed=changed, names=named,
        )  # fmt: skip
        if changed and not dry_run:
            before.delete()
            Street.objects.bulk_create(streets, batch_size=500)
        if not dry_run:
            _tell(zone, actor, path, report)
    return report


def _lines(shapes: Any) -> list[Any]:
    """The lines of the file in two dimensions; anything else is refused."""
    found = []
    for shape in shapes:
        if shape is None or shape.is_empty:
            found.append(shapely.MultiLineString())
        elif shape.geom_type not in ("LineString", "MultiLineString"):
            raise TerritoryRefused(
                _("Streets are lines; the file holds a %(type)s.") % {"type": shape.geom_type}
            )
        elif not np.isfinite(shape.bounds).all():
            raise TerritoryRefused(_("Its coordinates cannot exist in this coordinate system."))
        else:
            found.append(shapely.force_2d(shape))
    return found


def _near(zone: Zone, lines: Sequence[Any]) -> Sequence[Any]:
    """What of the lines lies in the zone or close to it; everything while there is no territory."""
    ground = outline(zone)
    if ground is None:
        return lines
    window = ground.buffer(AROUND_METRES)
    shapely.prepare(window)
    clipped: Sequence[Any] = shapely.intersection(np.array(lines, dtype=object), window)
    return clipped


def _names(frame: Any, named: Mapping[str, str]) -> list[dict[str, str]]:
    columns = {
        language: frame[column].fillna("").astype(str).str.strip() for language, column in named.items()
    }
    return [
        {language: texts.iloc[place] for language, texts in columns.items() if texts.iloc[place]}
        for place in range(len(frame))
    ]


def _streets(zone: Zone, lines: Sequence[Any], names: Sequence[dict[str, str]]) -> list[Street]:
    """One street a name, in the order of the file; a line without a name is a street of its own."""
    groups: dict[Any, tuple[dict[str, str], list[Any]]] = {}
    for place, (line, name) in enumerate(zip(lines, names, strict=True)):
        parts = [
            part for part in shapely.get_parts(line) if part.geom_type == "LineString" and not part.is_empty
        ]
        key = tuple(sorted(name.items())) or place
        groups.setdefault(key, (name, []))[1].extend(parts)
    streets = []
    for name, parts in groups.values():
        merged = shapely.simplify(shapely.line_merge(shapely.MultiLineString(parts)), SIMPLE_METRES)
        if merged.length > SIMPLE_METRES:
            street = Street(zone=zone, names=name)
            street.shape = shapely.set_precision(merged, 0.01, mode="pointwise")
            streets.append(street)
    return streets


def _content(street: Street) -> tuple[str, bytes]:
    return repr(sorted(street.names.items())), bytes(street.geometry)


def _corners(street: Street) -> int:
    return int(shapely.get_num_coordinates(street.shape))


def _tell(zone: Zone, actor: Any, path: Path, report: StreetsReport) -> None:
    record(
        actor=actor, action=Action.COLLECTION, object_type="zone.territory", object_id=KIND, zone=zone,
        details={
            "event": "streets imported", "file": Path(path).name, "read": report.read, "left_out": report.left_out,
            "streets": report.streets, "changed": report.changed,
        },
    )  # fmt: skip
