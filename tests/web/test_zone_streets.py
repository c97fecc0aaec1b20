"""Streets under the maps: imported like areas, bounded, each file in the place of the last, and snapped to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from vicus.web.audit.models import Record
from vicus.web.hotspots.showing import layers
from vicus.web.hotspots.showing.maps import ground_of
from vicus.web.zone.models import Area, Street, Zone
from vicus.web.zone.queries import outline
from vicus.web.zone.territory import streets
from vicus.web.zone.territory.errors import TerritoryRefused
from vicus.web.zone.territory.streets import import_streets

X, Y = 147000, 171000
GROUND = shapely.box(X, Y, X + 1000, Y + 1000)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


CROSS = {
    "Langestraat": line((0, 500), (250, 500.4), (500, 500)),
    "Korte straat": line((500, 0), (500, 1000)),
    "": line((100, 100), (200, 100)),
    "Ver weg": line((5000, 0), (6000, 0)),
}


def drawn(lines: dict[str, Any], *, crs: int = 31370) -> Any:
    rows = {"name_nl": [name or None for name in lines], "name_fr": None}
    return geopandas.GeoDataFrame(rows, geometry=list(lines.values()), crs=31370).to_crs(crs)


@pytest.fixture
def take(zone: Zone, tmp_path: Path) -> Callable[..., Any]:
    """take(lines, **options): write them as a file and import it into a zone of one square kilometre."""
    area = Area(zone=zone, kind="commune", code="A", names={"nl": "A"})
    area.shape = GROUND
    area.save()

    def take(lines: dict[str, Any], *, suffix: str = "gpkg", crs: int = 31370, **options: Any) -> Any:
        path = tmp_path / f"streets.{suffix}"
        drawn(lines, crs=crs).to_file(path)
        return import_streets(zone=zone, path=path, actor="a test", **options)

    return take


@pytest.mark.parametrize(("suffix", "crs"), [("gpkg", 31370), ("geojson", 4326), ("shp", 3812)])
def test_streets_come_in_simplified_named_and_only_where_the_zone_is(
    take: Callable[..., Any], suffix: str, crs: int
) -> None:
    report = take(CROSS, suffix=suffix, crs=crs)
    assert (report.read, report.left_out, report.streets, report.nameless) == (4, 1, 3, 1)
    (long,) = [street for street in Street.objects.all() if street.names.get("nl") == "Langestraat"]
    assert shapely.get_num_coordinates(long.shape) == 2
    assert long.length_m == pytest.approx(500, abs=1)
    assert Record.objects.get().details["streets"] == 3


def test_lines_of_one_name_are_one_street(take: Callable[..., Any], zone: Zone, tmp_path: Path) -> None:
    both = drawn({"a": line((0, 0), (50, 0)), "b": line((50, 0), (90, 0))}).assign(name_nl="Lange straat")
    both.to_file(tmp_path / "twice.gpkg")
    assert import_streets(zone=zone, path=tmp_path / "twice.gpkg", actor="a test").streets == 1
    assert Street.objects.get().shape.geom_type in ("LineString", "MultiLineString")


def test_the_same_file_changes_nothing_and_another_takes_its_place(take: Callable[..., Any]) -> None:
    assert take(CROSS).changed
    assert not take(CROSS).changed
    assert take({"Nieuw": line((0, 0), (100, 100))}, dry_run=True).changed
    assert Street.objects.count() == 3
    take({"Nieuw": line((0, 0), (100, 100))})
    assert [street.names for street in Street.objects.all()] == [{"nl": "Nieuw"}]


def test_areas_and_too_much_are_refused(take: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TerritoryRefused, match="lines"):
        take({"A": GROUND})
    monkeypatch.setattr(streets, "MOST_CORNERS", 5)
    with pytest.raises(TerritoryRefused, match="more than"):
        take(CROSS)
    assert not Street.objects.exists()


def test_the_page_takes_streets(take: Callable[..., Any], analyst: Client, hotspot_manager: Client) -> None:
    content = json.dumps(json.loads(drawn(CROSS, crs=4326).to_json())).encode()
    for more in ({"dry_run": "on"}, {}):
        form = {"file": SimpleUploadedFile("s.geojson", content), "kind": "street", **more}
        assert analyst.post("/west/territory/import/", form).context["report"].streets == 3
        assert Street.objects.count() == (0 if more else 3)
    assert b"3 " in analyst.get("/west/territory/").content
    refused = {"file": SimpleUploadedFile("s.geojson", content), "kind": "street"}
    assert hotspot_manager.post("/west/territory/import/", refused).status_code == 403


def test_a_crossing_is_a_corner_that_outlines_snap_to(take: Callable[..., Any], zone: Zone) -> None:
    take(CROSS)
    ground, _mark = ground_of(zone, "nl", sectors=True, near=GROUND)
    shown = layers.over_ground(zone, ground, [], GROUND)
    (net,) = [layer for layer in shown["layers"] if layer["kind"] == "street"]
    (feature,) = net["data"]["features"]
    corners = [tuple(corner) for part in feature["geometry"]["coordinates"] for corner in part]
    assert len(feature["geometry"]["coordinates"]) == 4
    assert max(map(corners.count, corners)) == 3


@pytest.mark.real_data
def test_the_named_streets_of_brussels_stay_light(zone: Zone, real_data: Path) -> None:
    from vicus.web.zone.services import import_territory

    import_territory(zone=zone, path=real_data / "geo" / "zone_communes_2024.geojson", actor="a test")
    path = real_data / "geo" / "zone_streets_named_2021.geojson"
    report = import_streets(zone=zone, path=path, actor="a test")
    assert report.kilometres == pytest.approx(351.3, rel=0.002)
    assert report.nameless == 0
    ground, _mark = ground_of(zone, "fr", sectors=True, near=outline(zone))
    shown = json.dumps(layers.over_ground(zone, ground, [], outline(zone)), separators=(",", ":"))
    assert len(shown) < 300_000, len(shown)
