"""Files made to hurt: they must not read other files, stop the program, or pass a formula on."""

import gzip
import json
import sqlite3
import zipfile
from pathlib import Path

import geopandas
import pytest
from shapely import Point

from vicus.incidents import encodings, formats
from vicus.incidents.errors import FileUnreadable

SECRET = "belongs to another zone"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text(f"id,note\n1,{SECRET}\n")
    return path


def recipe(secret: Path) -> str:
    """A file that tells the geospatial library to read another one."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
        f"</OGRVRTLayer></OGRVRTDataSource>"
    )


def algorithm(secret: Path) -> str:
    return json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret}"})


@pytest.mark.parametrize("name", ["facts.json", "facts.geojson", "facts.csv", "facts.gdalg.json"])
@pytest.mark.parametrize("end", ["", "}", "<!-- -->}", "<!-- }"])
@pytest.mark.parametrize("make", [recipe, algorithm])
def test_no_file_makes_another_file_be_read(
    tmp_path: Path, secret: Path, name: str, end: str, make: object
) -> None:
    path = tmp_path / name
    path.write_text(make(secret) + end)  # type: ignore[operator]
    try:
        read = str(formats.sniff(path).rows()) + "".join(str(b.table.to_pylist()) for b in formats.read(path))
    except FileUnreadable:
        return
    assert SECRET not in read


def test_features_one_per_line_are_still_read(tmp_path: Path) -> None:
    feature = json.dumps({"type": "Feature", "properties": {"id": "1"}, "geometry": None})
    (tmp_path / "facts.geojson").write_text(f"{feature}\n{feature}\n")
    assert len(formats.sniff(tmp_path / "facts.geojson").rows()) == 2


@pytest.mark.parametrize(
    "trap",
    [
        "CREATE VIEW trap AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
        "CREATE VIRTUAL TABLE trap USING VirtualOGR('/etc/passwd')",
    ],
)
def test_a_geopackage_holds_tables_and_nothing_that_runs(tmp_path: Path, trap: str) -> None:
    path = tmp_path / "facts.gpkg"
    geopandas.GeoDataFrame({"id": ["1"]}, geometry=[Point(4.3, 50.8)], crs=4326).to_file(path)
    assert formats.sniff(path).rows()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = ON")
        kind = "view" if "VIEW" in trap else "table"
        database.execute("INSERT INTO sqlite_schema VALUES (?, 'trap', 'trap', 0, ?)", (kind, trap))
    database.close()
    with pytest.raises(FileUnreadable):
        formats.sniff(path)


def test_a_database_that_is_no_geopackage_is_not_opened(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "facts.gpkg") as database:
        database.execute("CREATE TABLE facts (id TEXT)")
    database.close()
    with pytest.raises(FileUnreadable):
        formats.sniff(tmp_path / "facts.gpkg")


CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
    'Target="{}"/></Relationships>'
)
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
)


def workbook(path: Path, rows: str, before: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONS.format("officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS.format("worksheet", "worksheets/sheet1.xml"))
        namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?>{before}<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>',
        )
    return path


def test_a_workbook_with_cells_far_apart_does_not_stop_the_program(tmp_path: Path) -> None:
    """A kilobyte that asks for half a terabyte: whoever opens it is killed, and that must not be the site."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = workbook(tmp_path / "facts.xlsx", rows)
    with pytest.raises(FileUnreadable, match="too large"):
        formats.sniff(path)
    with pytest.raises(FileUnreadable, match="too large"):
        list(formats.read(path))


def test_entities_of_a_workbook_are_not_followed(tmp_path: Path, secret: Path) -> None:
    declared = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>'
    path = workbook(tmp_path / "facts.xlsx", rows, declared)
    try:
        columns = formats.sniff(path).columns
    except FileUnreadable:
        return
    assert SECRET not in str(columns)


def test_a_compressed_file_that_never_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "_PLAIN", 1 << 20)
    path = tmp_path / "facts.csv.gz"
    path.write_bytes(gzip.compress(b"id,kind\n" + b"1,BIKE\n" * 1_500_000))
    with pytest.raises(FileUnreadable, match="far larger"):
        list(formats.read(path))
    monkeypatch.setattr(encodings, "_PLAIN", 1 << 30)
    assert sum(len(batch.rows) for batch in formats.read(path)) == 1_500_000
