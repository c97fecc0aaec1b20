"""The territory: imported from what zones have, checked, and shown in every language of the zone."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from shapely.geometry.base import BaseGeometry

from vicus.web.audit.models import Record
from vicus.web.zone.models import Area, Zone
from vicus.web.zone.services import import_territory
from vicus.web.zone.territory.errors import TerritoryRefused
from vicus.web.zone.territory.mapping import guess

Frame = Any
BOWTIE = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])


def frame(shapes: dict[str, BaseGeometry], *, crs: int | None = 31370, **columns: Any) -> Frame:
    data = {
        "code": list(shapes),
        "name_fr": [f"{c} fr" for c in shapes],
        "name_nl": [f"{c} nl" for c in shapes],
    }
    shifted = [shapely.transform(shape, lambda at: at + WEST) for shape in shapes.values()]
    return geopandas.GeoDataFrame({**data, **columns}, geometry=shifted, crs=crs)


def square(x: float, y: float, size: float = 1000) -> BaseGeometry:
    return shapely.box(x, y, x + size, y + size)


WEST = numpy.array([147000, 171000])
TWO = {"A": square(0, 0), "B": square(1000, 0)}


@pytest.fixture
def take(zone: Zone, tmp_path: Path) -> Callable[..., Any]:
    """take(frame, **options): write the frame as GeoPackage and import it."""

    def take(rows: Frame, *, suffix: str = "gpkg", **options: Any) -> Any:
        path = tmp_path / f"areas.{suffix}"
        rows.to_file(path)
        return import_territory(zone=zone, path=path, actor="a test", **options)

    return take


@pytest.mark.real_data
def test_the_brussels_sectors_make_111_sectors_in_five_communes_with_names_in_both_languages(
    zone: Zone, real_data: Path, analyst: Client
) -> None:
    path = real_data / "geo" / "brussels_statistical_sectors_2024.geojson"
    report = import_territory(zone=zone, path=path, actor="a test")
    assert (report.read, report.in_zone, report.added) == (724, 111, 724)
    inside = Area.objects.filter(zone=zone, in_zone=True)
    assert inside.filter(kind="sector").count() == 111
    assert inside.filter(kind="commune").count() == 5
    assert {area.names["nl"]: area.names["fr"] for area in inside.filter(kind="commune")} == {
        "Sint-Agatha-Berchem": "Berchem-Sainte-Agathe",
        "Ganshoren": "Ganshoren",
        "Jette": "Jette",
        "Koekelberg": "Koekelberg",
        "Sint-Jans-Molenbeek": "Molenbeek-Saint-Jean",
    }
    assert sum(area.population or 0 for area in inside.filter(kind="commune")) == 226_089
    assert sum(area.area_m2 for area in inside.filter(kind="commune")) == pytest.approx(17.8e6, rel=0.01)
    again = import_territory(zone=zone, path=path, actor="a test")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 724)
    page = analyst.get("/west/territory/").content.decode()
    for name in ("Sint-Jans-Molenbeek", "Molenbeek-Saint-Jean"):
        assert name in page


@pytest.mark.real_data
def test_the_communes_file_corrects_the_communes_made_from_sectors(zone: Zone, real_data: Path) -> None:
    geo = real_data / "geo"
    import_territory(zone=zone, path=geo / "brussels_statistical_sectors_2024.geojson", actor="a test")
    report = import_territory(zone=zone, path=geo / "zone_communes_2024.geojson", actor="a test")
    assert (report.kind, report.added, report.read) == ("commune", 0, 5)
    assert Area.objects.filter(kind="sector", in_zone=True, parent__in_zone=True).count() == 111


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
@pytest.mark.parametrize("crs", [31370, 3812, 4326])
def test_any_format_in_any_coordinate_system_gives_the_same_areas(
    take: Callable[..., Any], suffix: str, crs: int
) -> None:
    report = take(frame(TWO).to_crs(crs), suffix=suffix, columns={"kind": "commune"})
    assert (report.added, report.sticking_out, report.overlaps) == (2, [], [])
    area = Area.objects.get(code="B")
    assert area.names == {"fr": "B fr", "nl": "B nl"}
    # Between the two Belgian systems the best known transformation is good to a fraction of a metre.
    assert area.shape.symmetric_difference(frame(TWO).geometry[1]).area < 5000
    assert (area.xmin, area.ymin, area.xmax, area.ymax) == area.shape.bounds


def test_a_zipped_shapefile_is_read(zone: Zone, tmp_path: Path) -> None:
    frame(TWO).to_file(tmp_path / "areas.shp")
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for part in tmp_path.glob("areas.*"):
            if part.suffix != ".zip":
                archive.write(part, f"folder/{part.name}")
    assert import_territory(zone=zone, path=tmp_path / "areas.zip", actor="a test").added == 2


def test_importing_twice_changes_nothing_and_a_correction_corrects(take: Callable[..., Any]) -> None:
    take(frame(TWO))
    assert (take(frame(TWO)).unchanged, Area.objects.count()) == (2, 2)
    moved = frame({"A": square(0, 0), "B": square(1000, 0, 900)})
    report = take(moved)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    assert Area.objects.get(code="B").area_m2 == pytest.approx(810_000)


def test_a_dry_run_tells_and_changes_nothing(take: Callable[..., Any]) -> None:
    report = take(frame(TWO), dry_run=True)
    assert (report.added, report.dry_run) == (2, True)
    assert not Area.objects.exists()
    assert not Record.objects.exists()


def test_an_import_is_recorded(take: Callable[..., Any]) -> None:
    take(frame(TWO))
    entry = Record.objects.get()
    assert (entry.action, entry.object_type, entry.zone) == ("collection", "zone.territory", "west")
    assert entry.details["added"] == 2


def test_an_outline_that_can_be_mended_is_and_that_is_said(take: Callable[..., Any]) -> None:
    spike = shapely.Polygon(
        [(0, 0), (1000, 0), (1000, 1000), (500, 1000), (500, 1200), (500, 1000), (0, 1000)]
    )
    report = take(frame({"A": spike, "B": square(1000, 0)}))
    assert report.repaired == ["A"]
    assert Area.objects.get(code="A").shape.is_valid


def test_an_outline_that_cannot_be_mended_is_refused_with_a_picture_of_where(
    take: Callable[..., Any],
) -> None:
    with pytest.raises(TerritoryRefused) as refusal:
        take(frame({"A": BOWTIE, "B": square(1000, 0)}))
    (problem,) = refusal.value.problems
    assert problem.code == "A"
    assert problem.picture.startswith("<svg")
    assert "<circle" in problem.picture
    assert "style=" not in problem.picture
    assert not Area.objects.exists()


def test_the_code_in_a_picture_is_escaped(take: Callable[..., Any]) -> None:
    with pytest.raises(TerritoryRefused) as refusal:
        take(frame({"<script>": BOWTIE}))
    assert "<script>" not in refusal.value.problems[0].picture


def test_points_are_no_areas(take: Callable[..., Any]) -> None:
    with pytest.raises(TerritoryRefused):
        take(frame({"A": shapely.Point(1, 1)}))


def test_a_sector_outside_its_commune_and_overlapping_sectors_are_reported(take: Callable[..., Any]) -> None:
    take(frame({"C": square(0, 0, 2000)}), columns={"kind": "commune"})
    sectors = {"A": square(0, 0), "B": square(500, 0), "D": square(1500, 1500)}
    report = take(frame(sectors, parent=["C", "C", "C"]))
    assert report.kind == "sector"
    assert report.sticking_out == [("D", pytest.approx(0.75))]
    assert report.overlaps == [("A", "B", pytest.approx(500_000))]


def test_a_sector_of_an_unknown_commune_is_refused(take: Callable[..., Any]) -> None:
    with pytest.raises(TerritoryRefused) as refusal:
        take(frame(TWO, parent=["X", "X"]))
    assert [problem.code for problem in refusal.value.problems] == ["X"]


@pytest.mark.parametrize(
    ("codes", "message"), [(["A", "A"], "code of its own"), (["A", ""], "no code"), (["A", None], "no code")]
)
def test_each_area_needs_a_code_of_its_own(take: Callable[..., Any], codes: list[Any], message: str) -> None:
    rows = frame(TWO)
    rows["code"] = codes
    with pytest.raises(TerritoryRefused, match=message):
        take(rows)


def test_two_zones_may_use_the_same_codes(zone: Zone, other_zone: Zone, tmp_path: Path) -> None:
    frame(TWO).to_file(tmp_path / "areas.gpkg")
    for here in (zone, other_zone):
        import_territory(zone=here, path=tmp_path / "areas.gpkg", actor="a test")
    assert Area.objects.filter(code="A").count() == 2


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("areas.geojson", b""),
        ("areas.geojson", b"\x00\x01"),
        ("areas.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("areas.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("areas.geojson", VRT),
        ("areas.gpkg", VRT),
        ("areas.gpkg", b"SQLite format 3\x00" + b"\x00" * 100),
        ("areas.gpkg", b"SQLite format 3\x00" + b"\x00" * 52 + b"GPKG" + b"\x00" * 100),
        ("areas.vrt", VRT),
        ("areas.csv", b"code,wkt\n1,POINT(1 1)"),
        ("areas.zip", b"PK\x03\x04 cut off"),
        ("areas.shp", b"not a shapefile"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_with_a_sentence(
    zone: Zone, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TerritoryRefused) as refusal:
        import_territory(zone=zone, path=tmp_path / name, actor="a test")
    assert str(refusal.value).endswith(".")
    assert not Area.objects.exists()


@pytest.mark.parametrize("inside", [["a.vrt"], ["a.geojson", "b.geojson"], ["../../etc/a.txt"], []])
def test_archives_without_exactly_one_territory_are_refused(
    zone: Zone, tmp_path: Path, inside: list[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "areas.zip", "w") as archive:
        for name in inside:
            archive.writestr(name, VRT)
    with pytest.raises(TerritoryRefused):
        import_territory(zone=zone, path=tmp_path / "areas.zip", actor="a test")


def test_an_archive_that_unpacks_to_too_much_is_refused(
    zone: Zone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vicus.incidents.drivers.LARGEST_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / "areas.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"{" + b" " * 2000)
    with pytest.raises(TerritoryRefused, match="larger"):
        import_territory(zone=zone, path=tmp_path / "areas.zip", actor="a test")


def test_columns_are_guessed_by_the_names_the_field_uses() -> None:
    columns = [
        "CD_SECTOR",
        "TX_SECTOR_DESCR_NL",
        "TX_SECTOR_DESCR_FR",
        "CD_MUNTY_REFNIS",
        "TX_MUNTY_DESCR_NL",
    ]
    found = guess(columns, ["nl", "fr"])
    assert (found.kind, found.code, found.parent) == ("sector", "CD_SECTOR", "CD_MUNTY_REFNIS")
    assert found.names == {"nl": "TX_SECTOR_DESCR_NL", "fr": "TX_SECTOR_DESCR_FR"}
    assert found.parent_names == {"nl": "TX_MUNTY_DESCR_NL"}


def test_what_cannot_be_guessed_is_asked_with_the_columns_of_the_file() -> None:
    with pytest.raises(TerritoryRefused) as refusal:
        guess(["foo", "bar"], ["nl"])
    assert refusal.value.columns == ("foo", "bar")
    assert guess(["foo", "bar"], ["nl"], code="foo", names={"nl": "bar"}).code == "foo"
    with pytest.raises(TerritoryRefused, match="baz"):
        guess(["foo", "bar"], ["nl"], code="baz", names={"nl": "bar"})


def upload(name: str, content: bytes, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), **fields}


def geojson(rows: Frame) -> bytes:
    return json.dumps(json.loads(rows.to_crs(4326).to_json())).encode()


def test_the_page_checks_first_and_imports_then(analyst: Client) -> None:
    content = geojson(frame(TWO))
    checked = analyst.post("/west/territory/import/", upload("a.geojson", content, dry_run="on"))
    assert checked.context["report"].added == 2
    assert not Area.objects.exists()
    analyst.post("/west/territory/import/", upload("a.geojson", content))
    assert Area.objects.count() == 2
    assert "A nl" in analyst.get("/west/territory/").content.decode()


def test_the_page_shows_where_an_outline_goes_wrong(administrator: Client) -> None:
    response = administrator.post(
        "/west/territory/import/", upload("a.geojson", geojson(frame({"A": BOWTIE})))
    )
    assert response.status_code == 422
    assert "<svg" in response.content.decode()


def test_neighbours_are_on_record_but_not_in_the_zone(take: Callable[..., Any], analyst: Client) -> None:
    take(frame(TWO, in_zone=[True, False]))
    page = analyst.get("/west/territory/").content.decode()
    assert "A nl" in page
    assert "B nl" not in page


@pytest.mark.parametrize("packed", [False, True])
def test_no_file_makes_another_file_be_read(zone: Zone, tmp_path: Path, packed: bool) -> None:
    frame(TWO).to_file(tmp_path / "secret.gpkg")
    alg = {
        "type": "gdal_streamed_alg",
        "command_line": f"gdal vector pipeline ! read {tmp_path / 'secret.gpkg'}",
    }
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(alg))
    if packed:
        path = tmp_path / "areas.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(tmp_path / "areas.geojson", "areas.geojson")
    with pytest.raises(TerritoryRefused):
        import_territory(zone=zone, path=path, actor="a test")
    assert not Area.objects.exists()
