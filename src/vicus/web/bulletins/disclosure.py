"""The counts of a bulletin, as far as everybody may read them: suppression, and the check against the ledger (R18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _

from vicus import analysis
from vicus.incidents import Selection, Store, questions
from vicus.incidents.errors import VersionErased, VersionUnknown
from vicus.incidents.months import month_after, months_between
from vicus.web.bulletins.differencing import Sum, classes, protect
from vicus.web.bulletins.models import Bulletin, Release, Setting, month_of
from vicus.web.facts.queries import find_store, overlapping_categories
from vicus.web.hotspots.models import Perimeter
from vicus.web.zone.models import Zone

OTHER = ""
"""Code of the row that holds the kinds of facts that are not named."""
LEAST_GROUND = 1.0
"""Square metres: smaller pieces are rounding of outlines that share an edge."""


@dataclass(frozen=True)
class Counted:
    """The table of a bulletin, with what is hidden missing; or why there is none.

    Attributes
    ----------
    rows : tuple of str
        Codes of the kinds of facts, `OTHER` for the rest.
    columns : tuple of tuple of str
        The months of each column.
    values : list of list of int or None
        By row and column, and a last column with the sum of the row when there are several.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    values: list[list[int | None]] = field(default_factory=list)
    k: int = 5
    hidden: int = 0
    hidden_for_others: int = 0
    problem: str = ""
    release: Release | None = None


def least_count(zone: Zone) -> int:
    """Counts below this number are not published."""
    return (Setting.objects.filter(zone=zone).first() or Setting()).k


def outline(bulletin: Bulletin) -> Any:
    """The ground of the place: of a hotspot the perimeter in force at the end of the period."""
    if bulletin.area is not None:
        return bulletin.area.shape
    assert bulletin.hotspot is not None
    versions = bulletin.hotspot.perimeters.filter(
        designation=Perimeter.Designation.ZONAL, valid_from__lte=bulletin.ends_on
    )
    found = versions.order_by("-valid_from", "-version").first()
    return found.shape if found else None


def count(bulletin: Bulletin) -> Counted:
    """What may be shown now. Nothing is kept; `Counted.release` is what the ledger gets when it is published."""
    if bulletin.columns == Bulletin.Columns.NONE:
        return Counted()
    k = least_count(bulletin.zone)
    store, ground = find_store(bulletin.zone), outline(bulletin)
    if store is None or ground is None:
        return Counted(k=k, problem=_("There are no facts or no outline to count in."))
    months = tuple(
        f"{month:%Y-%m}" for month in months_between(bulletin.starts_on, month_after(bulletin.ends_on))
    )
    columns = _columns(months, bulletin.columns)
    earlier = _that_touch(bulletin, ground, set(months))
    versions = _versions(store, months, earlier)
    try:
        return _counted(bulletin, store, ground, columns, earlier, versions, k)
    except (VersionErased, VersionUnknown):
        return Counted(k=k, problem=_gone())


def _counted(
    bulletin: Bulletin,
    store: Store,
    ground: Any,
    columns: tuple[tuple[str, ...], ...],
    earlier: Sequence[Release],
    versions: dict[str, int],
    k: int,
) -> Counted:
    zone = bulletin.zone
    every = tuple(sorted(versions))
    pieces, within = _pieces([ground, *(release.shape for release in earlier)])
    codes = sorted(
        set(zone.categories.values_list("code", flat=True)) - overlapping_categories(zone)
        | {code for release in earlier for cell in release.cells for code in cell["categories"]}
    )
    atoms = _atoms(zone, store, pieces, every, codes, versions)
    named = [code for code in bulletin.categories if code in codes]
    rest = [code for code in codes if code not in named and code not in overlapping_categories(zone)]
    rows = [(code, (code,)) for code in named] + [(OTHER, tuple(rest))] * bool(rest)
    whole = tuple(code for _code, group in rows for code in group)
    spans = [*columns, *([tuple(m for column in columns for m in column)] if len(columns) > 1 else [])]

    def as_sum(place: int, cell: dict[str, Any], *, new: bool) -> Sum:
        return Sum(
            pieces=tuple(np.flatnonzero(within[place]).tolist()),
            months=tuple(every.index(month) for month in cell["months"]),
            categories=tuple(codes.index(code) for code in cell["categories"]),
            shown=cell.get("value", 0) is not None,
            new=new,
        )

    cells = [{"months": list(span), "categories": list(group)} for _code, group in rows for span in spans]
    totals = [{"months": list(span), "categories": list(whole)} for span in spans]
    sums = [as_sum(0, cell, new=True) for cell in (*cells, *totals)]
    old = [(at, cell) for at, release in enumerate(earlier, 1) for cell in release.cells]
    sums += [as_sum(at, cell, new=False) for at, cell in old]
    found = classes(atoms, sums)
    values = found.values
    for (_at, cell), value in zip(old, values[len(cells) + len(totals) :], strict=True):
        if cell["value"] is not None and cell["value"] != value:
            return Counted(k=k, problem=_gone())
    sums = _suppressed(sums, values, len(rows), len(columns), k)
    shown, safe = protect(found, sums, k)
    if not safe:
        return Counted(
            k=k,
            problem=_(
                "Bulletins published before give a count below %(k)s away together. Publish no counts here before "
                "they were withdrawn and an analyst looked at them."
            )
            % {"k": k},
        )
    told = [int(values[i]) if shown[i] else None for i in range(len(cells) + len(totals))]
    width = len(spans)
    alone = sum(1 for i, value in enumerate(told) if value is None and 0 < values[i] < k)
    release = Release(
        zone=zone,
        bulletin=bulletin.slug,
        geometry=shapely.to_wkb(ground),
        k=k,
        versions={month: versions[month] for span in columns for month in span},
        cells=[{**cell, "value": value} for cell, value in zip((*cells, *totals), told, strict=True)],
    )
    return Counted(
        rows=(*(code for code, _group in rows), "*"),
        columns=columns,
        values=[told[i : i + width] for i in range(0, len(told), width)],
        k=k,
        hidden=alone,
        hidden_for_others=sum(value is None for value in told) - alone,
        release=release,
    )


def _suppressed(sums: list[Sum], values: Any, rows: int, columns: int, k: int) -> list[Sum]:
    """The sums of the new table with what primary and complementary suppression hide in it."""
    if columns < 2 or rows < 2:
        return sums
    width = columns + 1
    body = np.asarray(values[: rows * width]).reshape(rows, width)[:, :columns]
    hidden = analysis.suppress(pd.DataFrame(body), k=k).isna().to_numpy()
    return [
        Sum(it.pieces, it.months, it.categories, shown=False, new=True)
        if i < rows * width and i % width < columns and hidden[i // width, i % width]
        else it
        for i, it in enumerate(sums)
    ]


def _columns(months: tuple[str, ...], by: str) -> tuple[tuple[str, ...], ...]:
    if by == Bulletin.Columns.MONTHS:
        return tuple((month,) for month in months)
    if by == Bulletin.Columns.QUARTERS:
        return tuple(tuple(group) for _key, group in groupby(months, key=quarter))
    return (months,)


def quarter(month: str) -> tuple[int, int]:
    """Year and quarter of "2026-07"."""
    return int(month[:4]), (int(month[5:]) + 2) // 3


def _that_touch(bulletin: Bulletin, ground: Any, months: set[str]) -> list[Release]:
    """Earlier releases that hang together with the new one, over ground and months they share, through others too."""
    waiting = [
        (release, release.shape, release.months)
        for release in Release.objects.filter(zone=bulletin.zone).exclude(bulletin=bulletin.slug)
    ]
    found: list[Release] = []
    reached = [(ground, months)]
    while reached:
        shape, span = reached.pop()
        near = [it for it in waiting if it[2] & span and it[1].intersection(shape).area > LEAST_GROUND]
        for it in near:
            waiting.remove(it)
            found.append(it[0])
            reached.append((it[1], it[2]))
    return sorted(found, key=lambda release: release.pk)


def _versions(store: Store, months: Iterable[str], earlier: Iterable[Release]) -> dict[str, int]:
    """The version that the facts of each month are counted in: that of the first release, so that all agree.

    Counted in a later version, the same month would differ by the few facts that were registered late.
    """
    kept: dict[str, int] = {}
    for release in earlier:
        for month, version in release.versions.items():
            kept.setdefault(month, version)
    newest = store.version().number
    return dict.fromkeys(months, newest) | kept


def _pieces(shapes: Sequence[Any]) -> tuple[list[Any], Any]:
    """The pieces of ground that no outline cuts, and which outline (first axis) holds which piece."""
    lines = shapely.union_all([shape.boundary for shape in shapes])
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.node(lines))))
        if piece.area > LEAST_GROUND
    ]
    inner = [piece.representative_point() for piece in pieces]
    within = np.array([[shape.contains(point) for point in inner] for shape in shapes], dtype=bool)
    kept = np.flatnonzero(within.any(axis=0))
    return [pieces[i] for i in kept], within[:, kept]


def _atoms(
    zone: Zone,
    store: Store,
    pieces: Sequence[Any],
    months: tuple[str, ...],
    codes: Sequence[str],
    versions: dict[str, int],
) -> Any:
    """Facts by piece of ground, month and kind."""
    areas = gpd.GeoDataFrame(
        geometry=list(pieces), index=pd.Index([str(i) for i in range(len(pieces))]), crs=zone.crs
    )
    atoms = np.zeros((len(pieces), len(months), len(codes)), dtype=np.int64)
    position = {code: i for i, code in enumerate(codes)}
    for version in sorted(set(versions.values())):
        own = [month for month in months if versions[month] == version]
        selection = Selection(start=month_of(own[0]), end=month_after(month_of(own[-1])), version=version)
        counted = questions.count(store, selection, areas=areas, by=("area", "month", "category"))
        for area, month, code, n in counted[["area", "month", "category", "n"]].itertuples(index=False):
            stamp = f"{month:%Y-%m}"
            if stamp in own and str(code) in position:
                atoms[int(str(area)), months.index(stamp), position[str(code)]] += int(n)
    return atoms


def _gone() -> str:
    return _(
        "The facts of this period are no longer those of an earlier bulletin, so the two cannot be checked together. "
        "Publish without counts, or choose months that no bulletin told of yet."
    )


def last_whole_month(store: Store) -> date | None:
    """The last month that the facts cover whole; None without facts."""
    last = questions.quality(store, Selection(version=store.version().number)).last_day
    return last.replace(day=1) if last else None
