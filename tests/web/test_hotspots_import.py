"""Outlines of hotspots come in from a file, in any coordinate system, and versions are never edited."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from vicus.web.audit.models import Record
from vicus.web.hotspots import outlines, services
from vicus.web.hotspots.models import Hotspot, Perimeter, PerimeterIsFixed
from vicus.web.hotspots.services import Decision, import_perimeters
from vicus.web.zone.models import Area, Zone

X, Y = 147_000, 171_000
DECISION = Decision(decided_by="zone direction", reference="2026/3", valid_from=date(2026, 1, 1))


def square(east: float = 0, north: float = 0, size: float = 300) -> Any:
    return shapely.box(X + east, Y + north, X + east + size, Y + north + size)


def table(shapes: list[Any], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=31370)


@pytest.fixture
def territory(make_area: Callable[..., Area]) -> dict[str, Area]:
    """A commune of two sectors side by side, 1 km each."""
    commune = make_area("commune", "C1", box=(X, Y, X + 2000, Y + 1000), names={"fr": "Ouest", "nl": "West"})
    left = make_area("sector", "S1", box=(X, Y, X + 1000, Y + 1000), parent=commune, names={"fr": "Gauche"})
    right = make_area(
        "sector", "S2", box=(X + 1000, Y, X + 2000, Y + 1000), parent=commune, names={"fr": "Droite"}
    )
    return {"commune": commune, "left": left, "right": right}


def load(zone: Zone, path: Path, **fields: Any) -> services.Imported:
    source_crs = fields.pop("source_crs", "")
    return import_perimeters(
        zone=zone, path=path, actor="tests", decision=replace(DECISION, **fields), source_crs=source_crs
    )


@pytest.mark.parametrize("name", ["hotspots.geojson", "hotspots.gpkg", "hotspots.shp"])
def test_every_format_and_coordinate_system_gives_the_same_outline(
    zone: Zone, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    table([square()], number=[12], name_fr=["Canal"], name_nl=["Kanaal"]).to_crs(4326).to_file(path)

    result = load(zone, path)

    assert result.added == [12]
    assert result.refused == []
    hotspot = Hotspot.objects.get(zone=zone, number=12)
    assert hotspot.names == {"fr": "Canal", "nl": "Kanaal"}
    assert outlines.same(hotspot.perimeters.get().shape, square())


def test_the_same_file_again_changes_nothing(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.geojson"
    table([square(), square(500)], number=[1, 2]).to_crs(4326).to_file(path)
    load(zone, path)
    records = Record.objects.count()

    again = load(zone, path, valid_from=date(2026, 6, 1))

    assert (again.added, again.changed, again.unchanged) == ([], [], [1, 2])
    assert Perimeter.objects.count() == 2
    assert Record.objects.count() == records


def test_outlines_without_numbers_are_numbered_once(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square(), square(500)]).to_file(path)

    assert load(zone, path).added == [1, 2]
    assert load(zone, path).unchanged == [1, 2]


def test_a_changed_outline_is_a_new_version_that_closes_the_old_one(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[1]).to_file(path)
    load(zone, path)
    table([square(size=400)], number=[1]).to_file(path)

    result = load(zone, path, valid_from=date(2026, 7, 1))

    assert result.changed == [1]
    old, new = Perimeter.objects.order_by("version")
    assert (old.valid_to, new.valid_from, new.valid_to) == (date(2026, 7, 1), date(2026, 7, 1), None)
    assert outlines.same(old.shape, square())
    assert not old.in_force_on(date(2026, 7, 1))
    assert old.in_force_on(date(2026, 6, 30))


def test_a_new_outline_cannot_start_before_the_version_in_force(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[1]).to_file(path)
    load(zone, path)
    table([square(size=400)], number=[1]).to_file(path)

    result = load(zone, path, valid_from=date(2025, 12, 31))

    assert [r.code for r in result.refused] == ["earlier than the version in force"]
    assert Perimeter.objects.count() == 1


def test_a_regional_list_stands_beside_the_zonal_one(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[1]).to_file(path)
    load(zone, path)
    table([square(size=600)], number=[1]).to_file(path)

    load(zone, path, designation="regional", order_reference="RD 12", ends_on=date(2026, 6, 30))

    zonal, regional = Perimeter.objects.order_by("version")
    assert zonal.valid_to is None
    assert regional.in_force_on(date(2026, 6, 30))
    assert not regional.in_force_on(date(2026, 7, 1))


def test_the_sector_and_commune_are_those_that_hold_most_of_the_outline(
    zone: Zone, territory: dict[str, Area], tmp_path: Path
) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square(east=900, size=400)], number=[1]).to_file(path)
    load(zone, path)

    hotspot = Hotspot.objects.get()
    assert hotspot.sector == territory["right"]
    assert hotspot.commune == territory["commune"]
    assert hotspot.names == {"fr": "Droite"}


def test_a_sector_named_in_the_file_goes_before_the_map(
    zone: Zone, territory: dict[str, Area], tmp_path: Path
) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square(east=900, size=400)], number=[1], wijk=["gauche"]).to_file(path)
    load(zone, path)

    assert Hotspot.objects.get().sector == territory["left"]


def test_an_outline_outside_the_zone_is_refused_and_the_others_are_taken(
    zone: Zone, territory: dict[str, Area], tmp_path: Path
) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square(), square(east=50_000)], number=[1, 2]).to_file(path)

    result = load(zone, path)

    assert result.added == [1]
    assert [(r.number, r.code) for r in result.refused] == [(2, "outside the zone")]


def test_a_small_loop_is_repaired_and_said(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.geojson"
    corners = [(0, 0), (300, 0), (300, 300), (150, 300), (152, 304), (148, 304), (150.5, 300), (0, 300)]
    looped = shapely.Polygon([(X + x, Y + y) for x, y in corners])
    assert not looped.is_valid
    table([looped], number=[1]).to_file(path)

    result = load(zone, path)

    assert result.repaired == [1]
    assert Perimeter.objects.get().shape.is_valid


def test_a_figure_of_eight_is_refused_with_a_picture_of_where(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    eight = shapely.Polygon([(X, Y), (X + 300, Y + 300), (X + 300, Y), (X, Y + 300)])
    table([eight, square(500)], number=[1, 2]).to_file(path)

    result = load(zone, path)

    assert result.added == [2]
    (refusal,) = result.refused
    assert refusal.code == "broken outline"
    assert refusal.at == pytest.approx((X + 150, Y + 150))
    assert "<circle" in refusal.picture
    assert json.dumps(refusal.as_dict())


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Point(X, Y), "not an area"),
        (shapely.LineString([(X, Y), (X + 10, Y)]), "not an area"),
        (shapely.box(X, Y, X + 5, Y + 5), "too small"),
        (shapely.Polygon([(X, Y), (X + 100, Y), (X + 200, Y)]), "broken outline"),
        (None, "no geometry"),
    ],
)
def test_what_is_not_an_area_is_refused(zone: Zone, tmp_path: Path, shape: Any, code: str) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([shape, square()], number=[1, 2]).to_file(path)

    result = load(zone, path)

    assert [r.code for r in result.refused] == [code]
    assert result.added == [2]


def test_two_outlines_with_one_number_are_both_refused(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square(), square(500), square(1000)], number=[1, 1, 2]).to_file(path)

    result = load(zone, path)

    assert [r.code for r in result.refused] == ["number twice", "number twice"]
    assert result.added == [2]


def test_a_shapefile_without_coordinate_system_asks_for_one(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.shp"
    table([square()], number=[1]).to_file(path)
    path.with_suffix(".prj").unlink()

    with pytest.raises(outlines.OutlinesError, match="coordinate system"):
        load(zone, path)
    assert load(zone, path, source_crs="EPSG:31370").added == [1]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\x00\x01 no file", b'{"type": "FeatureCollection", "features": []}']
)
def test_a_file_that_is_no_map_is_refused_whole(zone: Zone, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hotspots.geojson"
    path.write_bytes(content)

    with pytest.raises(outlines.OutlinesError):
        load(zone, path)
    assert Hotspot.objects.count() == 0


def test_an_import_is_recorded_once_with_what_it_did(zone: Zone, tmp_path: Path) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[7]).to_file(path)
    load(zone, path)

    entry = Record.objects.get(object_type="hotspots.perimeters")
    assert entry.zone == "west"
    assert entry.details["added"] == [7]
    assert entry.details["decided_by"] == "zone direction"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"review_due": date(2027, 1, 2)}, "twelve months"),
        ({"order_reference": "Order 5"}, "ends"),
        ({"ends_on": date(2025, 1, 1)}, "end before it starts"),
        ({"designation": "private"}, "designation"),
        ({"decided_by": " "}, "role or body"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(
    zone: Zone, tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[1]).to_file(path)

    with pytest.raises(ValidationError, match=message):
        load(zone, path, **fields)
    assert Hotspot.objects.count() == 0


@pytest.fixture
def perimeter(zone: Zone, tmp_path: Path) -> Perimeter:
    path = tmp_path / "hotspots.gpkg"
    table([square()], number=[1]).to_file(path)
    load(zone, path)
    return Perimeter.objects.get()


def test_a_version_cannot_be_edited_or_removed(perimeter: Perimeter) -> None:
    perimeter.purpose = "another"
    with pytest.raises(PerimeterIsFixed):
        perimeter.save()
    with pytest.raises(PerimeterIsFixed):
        perimeter.delete()
    with pytest.raises(PerimeterIsFixed):
        Perimeter.objects.update(purpose="another")
    with pytest.raises(PerimeterIsFixed):
        Perimeter.objects.all().delete()


@pytest.mark.parametrize(
    "change",
    ["purpose = 'another'", "version = 9", "valid_from = '2020-01-01'", "area_m2 = 1", "geometry = NULL"],
)
def test_the_database_itself_refuses_an_edit(perimeter: Perimeter, change: str) -> None:
    with (
        pytest.raises(DatabaseError, match="new version"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE hotspots_perimeter SET {change}")
    assert Perimeter.objects.get().purpose == ""


def test_a_version_is_closed_once(perimeter: Perimeter) -> None:
    Perimeter.objects.update(valid_to=date(2026, 5, 1))
    with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
        Perimeter.objects.update(valid_to=date(2026, 8, 1))
    with pytest.raises(DatabaseError, match="new version"), transaction.atomic():
        Perimeter.objects.update(valid_to=None)


def test_a_redrawn_outline_is_recorded(perimeter: Perimeter) -> None:
    new = services.change_perimeter(
        hotspot=perimeter.hotspot,
        geometry=square(size=350),
        decision=replace(DECISION, valid_from=date(2026, 4, 1)),
        actor="tests",
    )

    assert new.version == 2
    assert Record.objects.filter(object_type="hotspots.perimeter", object_id="1 v2").count() == 1
    with pytest.raises(ValidationError):
        services.change_perimeter(
            hotspot=perimeter.hotspot, geometry=square(), decision=DECISION, actor="tests"
        )


def test_phases_follow_one_another_and_can_fall_back(perimeter: Perimeter) -> None:
    hotspot = perimeter.hotspot

    def to(kind: str, day: date) -> None:
        services.pass_to_phase(
            hotspot=hotspot, kind=kind, started_on=day, decided_by="zone direction", actor="tests"
        )

    to("clear", date(2026, 1, 5))
    with pytest.raises(ValidationError):
        to("build", date(2026, 2, 1))
    with pytest.raises(ValidationError):
        to("hold", date(2026, 1, 5))
    to("hold", date(2026, 3, 1))
    to("clear", date(2026, 4, 1))

    assert list(hotspot.phases.values_list("kind", "ended_on")) == [
        ("clear", date(2026, 3, 1)),
        ("hold", date(2026, 4, 1)),
        ("clear", None),
    ]


@pytest.mark.real_data
def test_brussels_sectors_as_outlines_keep_their_area(zone: Zone, real_data: Path, tmp_path: Path) -> None:
    sectors = gpd.read_file(real_data / "geo" / "brussels_statistical_sectors_2024.geojson")
    chosen = sectors[sectors["in_zone"]].head(21)
    path = tmp_path / "hotspots.geojson"
    chosen[["name_fr", "name_nl", "geometry"]].to_file(path)

    result = load(zone, path)

    assert len(result.added) == 21
    expected = chosen.to_crs(31370).area.to_numpy()
    stored = [p.area_m2 for p in Perimeter.objects.order_by("hotspot__number")]
    assert stored == pytest.approx(expected, rel=1e-3)
    assert set(Hotspot.objects.first().names) == {"fr", "nl"}  # type: ignore[union-attr]
