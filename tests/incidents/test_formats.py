"""Opening files: every format, every encoding, and every way a file can be broken."""

import csv
import gzip
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vicus.incidents import formats, importing
from vicus.incidents.delimited import Reader
from vicus.incidents.errors import FileUnreadable, IncidentError, MappingInvalid
from vicus.incidents.mapping import FileRules, Mapping
from vicus.incidents.store import Store

PLAIN = """
name = "plain"
[columns]
id = "id"
category = "kind"
occurred_from = "when"
[[location]]
crs = "EPSG:31370"
x = "x"
y = "y"
[[location]]
crs = "file"
x = "geometry.x"
y = "geometry.y"
"""
ROWS = [
    {
        "id": f"P{n}",
        "kind": "café" if n % 2 else "vol",
        "when": f"2023-10-{n % 28 + 1:02d} 14:30",
        "x": 147000 + n,
        "y": 171000,
    }
    for n in range(50)
]
FRAME = pd.DataFrame(ROWS)


def rows_of(path: Path, mapping: Mapping | None = None) -> list[dict[str, Any]]:
    return [row for batch in formats.read(path, mapping) for row in batch.table.to_pylist()]


# --- one table, every format -------------------------------------------------------------------------


def as_points() -> gpd.GeoDataFrame:
    points = gpd.points_from_xy(FRAME["x"], FRAME["y"], crs=31370)
    return gpd.GeoDataFrame(FRAME[["id", "kind", "when"]], geometry=points)


def as_excel(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(FRAME.columns))
    for row in ROWS:
        sheet.append([*list(row.values())[:2], datetime.fromisoformat(str(row["when"])), row["x"], row["y"]])
    book.save(path)


WRITERS: dict[str, Any] = {
    "comma.csv": lambda path: FRAME.to_csv(path, index=False),
    "semicolon.csv": lambda path: FRAME.to_csv(path, index=False, sep=";"),
    "tab.txt": lambda path: FRAME.to_csv(path, index=False, sep="\t"),
    "pipe.csv": lambda path: FRAME.to_csv(path, index=False, sep="|"),
    "quoted.csv": lambda path: FRAME.to_csv(path, index=False, quoting=csv.QUOTE_ALL),
    "packed.csv.gz": lambda path: FRAME.to_csv(path, index=False),
    "packed.csv": lambda path: path.write_bytes(gzip.compress(FRAME.to_csv(index=False).encode())),
    "marked.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-8-sig"),
    "windows.csv": lambda path: FRAME.to_csv(path, index=False, encoding="cp1252"),
    "utf16.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-16"),
    "utf16_unmarked.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-16-le"),
    "crlf.csv": lambda path: FRAME.to_csv(path, index=False, lineterminator="\r\n"),
    "old_mac.csv": lambda path: FRAME.to_csv(path, index=False, lineterminator="\r"),
    "sheet.xlsx": as_excel,
    "table.parquet": lambda path: FRAME.to_parquet(path),
    "layer.gpkg": lambda path: as_points().to_file(path, driver="GPKG"),
    "layer.geojson": lambda path: as_points().to_crs(4326).to_file(path, driver="GeoJSON"),
    "geo.parquet": lambda path: as_points().to_parquet(path),
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_facts_come_out_of_every_format(tmp_path: Path, name: str, content: Any) -> None:
    WRITERS[name](tmp_path / name)
    store = Store.create(tmp_path / "zone", crs=31370, timezone="Europe/Brussels")
    report = importing.run(store, tmp_path / name, Mapping.parse(PLAIN))
    stored = content(store)

    assert (report.added, report.rejected, report.warnings) == (50, {}, {})
    expected = FRAME.sort_values("id")
    assert [row["id"] for row in stored] == expected["id"].to_list()
    assert [row["category"] for row in stored] == expected["kind"].to_list()
    assert [str(row["occurred_on"]) for row in stored] == expected["when"].str[:10].to_list()
    assert [row["x"] for row in stored] == pytest.approx(expected["x"].to_list(), abs=0.01)
    assert {row["precision"] for row in stored} == {"minute"}


def test_sniffing_tells_format_encoding_delimiter_columns_and_first_rows(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "f.csv", index=False, sep=";", encoding="cp1252")
    sniffed = formats.sniff(tmp_path / "f.csv", rows=3)
    assert (sniffed.kind, sniffed.encoding, sniffed.delimiter) == ("csv", "cp1252", ";")
    assert sniffed.columns == ("id", "kind", "when", "x", "y")
    assert [row["kind"] for row in sniffed.rows()] == ["vol", "café", "vol"]


def test_sheets_and_layers_are_named_and_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Uitleg"
    book.active.append(["tekst"])
    facts = book.create_sheet("Feiten")
    for row in (["Titel"], ["id", "kind"], ["P1", "vol"], [], ["P2", "vol"]):
        facts.append(row)
    book.save(tmp_path / "f.xlsx")
    rules = FileRules(sheet="Feiten", skip=1)

    assert formats.sniff(tmp_path / "f.xlsx").parts == ("Uitleg", "Feiten")
    assert formats.sniff(tmp_path / "f.xlsx", rules).columns == ("id", "kind")
    mapping = Mapping(name="m", file=rules)
    numbers = [row for batch in formats.read(tmp_path / "f.xlsx", mapping) for row in batch.rows.tolist()]
    assert numbers == [3, 5]  # as Excel shows them
    with pytest.raises(IncidentError, match="Uitleg, Feiten"):
        formats.sniff(tmp_path / "f.xlsx", FileRules(sheet="Faits"))


def test_lines_above_the_header_are_skipped_and_columns_without_a_name_get_one(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Export van 5 oktober\n\nid;;id\n1;2;3\n")
    mapping = Mapping(name="m", file=FileRules(skip=2))
    assert rows_of(path, mapping) == [{"id": "1", "column 2": "2", "id (2)": "3"}]


def test_a_text_over_several_lines_is_one_value_and_its_row_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('id,note\n1,"first\nsecond ""quoted"" line"\n2,plain\n')
    batch = next(iter(formats.read(path)))
    assert batch.table.to_pylist()[0]["note"] == 'first\nsecond "quoted" line'
    assert batch.rows.tolist() == [2, 3]


def test_a_quotation_mark_inside_an_unquoted_text_is_only_a_character(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('id,note\n1,pipe of 12" wide\n2,"a, b"\n')
    assert [row["note"] for row in rows_of(path)] == ['pipe of 12" wide', "a, b"]


def test_blank_lines_count_and_short_lines_are_reported_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,kind\n1,a\n\n2\n3,c\n")
    batch = next(iter(formats.read(path)))
    assert batch.rows.tolist() == [2, 5]
    assert [(bad.row, bad.text) for bad in batch.malformed] == [(4, "2")]


TEXTS = st.text(alphabet='ab,;"\n é', max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=30), size=st.integers(8, 64))
def test_any_table_written_as_csv_is_read_back_block_by_block(
    tmp_path: Path, table: list[tuple[str, str]], size: int
) -> None:
    path = tmp_path / "f.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([("one", "two"), *table])
    batches = list(Reader(path, "utf-8", ",").batches(size))
    read = [(row["one"] or "", row["two"] or "") for batch in batches for row in batch.table.to_pylist()]
    filled = [(number, row) for number, row in enumerate(table, start=2) if any(row)]  # nothing is no row
    assert read == [row for _, row in filled]
    assert [row for batch in batches for row in batch.rows.tolist()] == [number for number, _ in filled]


# --- broken files ------------------------------------------------------------------------------------

LINES = ["id,kind,note", *(f'P{n},vol,"text {n}, more"' for n in range(1, 60_001))]


def broken_quote(path: Path) -> None:
    lines = list(LINES)
    lines[29_999] = 'P29999,vol,"never closed'
    path.write_text("\n".join(lines) + "\n")


def lone_quote(path: Path) -> None:
    lines = [line.replace('"', "").replace(", more", "") for line in LINES]
    lines[29_999] = 'P29999,vol,"never closed'
    path.write_text("\n".join(lines) + "\n")


def wrong_bytes(path: Path) -> None:
    lines = [line.encode() for line in LINES]
    lines[29_999] = "P29999,café,x".encode("cp1252")
    path.write_bytes(b"\n".join(lines))


def cut(path: Path, writer: Any, share: float = 0.5) -> None:
    whole = path.with_name("whole" + "".join(path.suffixes))
    writer(whole)
    path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])


BROKEN: dict[str, tuple[str, Any, str]] = {
    "an empty file": ("f.csv", lambda p: p.write_bytes(b""), "empty (0 bytes)"),
    "a file of blank lines": ("f.csv", lambda p: p.write_bytes(b"\n\n\n"), "empty"),
    "a missing file": ("f.csv", lambda p: None, "no such file"),
    "a broken quote": ("f.csv", broken_quote, "line 30000"),
    "a quote that nothing closes": ("f.csv", lone_quote, "line 30000"),
    "a packed file cut off": ("f.csv.gz", lambda p: cut(p, WRITERS["packed.csv.gz"]), "cut off"),
    "a packed file damaged": (
        "f.csv.gz",
        lambda p: p.write_bytes(gzip.compress(b"id,kind\n" * 999)[:10] + b"\xff" * 40),
        "damaged",
    ),
    "a picture": (
        "f.csv",
        lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 99),
        "zero bytes",
    ),
    "a Parquet file cut off": ("f.parquet", lambda p: cut(p, WRITERS["table.parquet"]), "cut off"),
    "a Parquet file that is none": (
        "f.parquet",
        lambda p: p.write_text("id,kind\n"),
        "not begin like a Parquet",
    ),
    "an Excel file cut off": ("f.xlsx", lambda p: cut(p, as_excel), "cut off"),
    "an Excel file that is none": ("f.xlsx", lambda p: p.write_text("id;kind\n"), "not begin like an Excel"),
    "a GeoJSON file cut off": ("f.geojson", lambda p: cut(p, WRITERS["layer.geojson"]), "cut off"),
    "a GeoPackage cut off": ("f.gpkg", lambda p: cut(p, WRITERS["layer.gpkg"], 0.1), "GeoPackage"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_is_named_explained_and_leaves_the_store_as_it_was(
    store: Store, tmp_path: Path, what: str
) -> None:
    name, breaks, words = BROKEN[what]
    breaks(tmp_path / name)
    before = store.versions()
    with pytest.raises(FileUnreadable) as caught:
        importing.run(store, tmp_path / name, Mapping.parse(PLAIN.replace('"when"', '"note"')))
    assert words in str(caught.value)
    assert name in caught.value.happened
    assert caught.value.kept
    assert caught.value.todo
    assert store.versions() == before
    assert not list(store.folder.glob(".importing-*"))


def test_a_wrong_encoding_in_the_mapping_names_the_line(store: Store, tmp_path: Path) -> None:
    wrong_bytes(tmp_path / "f.csv")
    with pytest.raises(FileUnreadable, match=r"line 30000 is not utf-8 text"):
        list(formats.read(tmp_path / "f.csv", Mapping(name="m", file=FileRules(encoding="utf-8"))))
    found = [row["kind"] for row in rows_of(tmp_path / "f.csv")]  # without it, the encoding is found out
    assert found[29_998] == "café"


def test_an_archive_is_to_be_unpacked_first(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "f.zip", "w") as archive:
        archive.writestr("facts.csv", "id\n1\n")
    with pytest.raises(FileUnreadable, match="Unpack it"):
        formats.sniff(tmp_path / "f.zip")


def test_shapes_that_are_no_points_count_at_their_centre_and_are_flagged(
    tmp_path: Path, store: Store, content: Any
) -> None:
    frame = as_points().head(1).set_geometry([shapely.box(147000, 171000, 147100, 171200)], crs=31370)
    frame.to_file(tmp_path / "f.gpkg", driver="GPKG")
    report = importing.run(store, tmp_path / "f.gpkg", Mapping.parse(PLAIN))
    assert report.warnings == {"not_a_point": 1}
    assert (content(store)[0]["x"], content(store)[0]["y"]) == (147050.0, 171100.0)


# --- GeoParquet that says something else of itself than the standard ---------------------------------

SOUND: dict[str, Any] = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}},
}


def geoparquet(path: Path, meta: bytes, geometry: Any = None) -> Path:
    table = pa.table(
        {
            "id": ["P1"],
            "kind": ["theft"],
            "when": ["2026-01-02 10:00"],
            "geometry": geometry or pa.array([shapely.to_wkb(shapely.Point(4.35, 50.85))], pa.binary()),
        }
    )
    pq.write_table(table.replace_schema_metadata({b"geo": meta}), path)
    return path


@pytest.mark.parametrize(
    "meta",
    [
        b"{not json",
        b"\xff\xfe",
        b"[1, 2]",
        b"null",
        b'{"primary_column": "geometry"}',
        b'{"primary_column": ["geometry"], "columns": {}}',
        b'{"primary_column": "elsewhere", "columns": {"elsewhere": {"encoding": "WKB"}}}',
        b'{"columns": {"geometry": {"encoding": "point"}}}',
        b'{"columns": {"geometry": "WKB"}}',
    ],
)
def test_geoparquet_whose_description_is_no_geoparquet_is_refused_in_words(
    tmp_path: Path, store: Store, meta: bytes
) -> None:
    path = geoparquet(tmp_path / "points.parquet", meta)
    for work in (formats.sniff, lambda file: importing.run(store, file, Mapping.parse(PLAIN))):
        with pytest.raises(FileUnreadable, match=r"points\.parquet: what it says about its geometry"):
            work(path)
    assert len(store.versions()) == 1


def test_geoparquet_with_numbers_for_geometry_is_refused_in_words(tmp_path: Path) -> None:
    path = geoparquet(tmp_path / "points.parquet", json.dumps(SOUND).encode(), pa.array([1]))
    with pytest.raises(FileUnreadable, match="about its geometry"):
        formats.sniff(path)


@pytest.mark.parametrize(
    ("crs", "says"),
    [
        ({"type": "GeographicCRS", "name": "nowhere"}, "cannot be used"),
        ("EPSG:1", "cannot be used"),
        (None, "Neither"),
    ],
)
def test_a_coordinate_system_that_does_not_exist_is_refused_in_words(
    tmp_path: Path, store: Store, crs: Any, says: str
) -> None:
    meta = SOUND | {"columns": {"geometry": {"encoding": "WKB", "crs": crs}}}
    path = geoparquet(tmp_path / "points.parquet", json.dumps(meta).encode())
    with pytest.raises(MappingInvalid, match=says):
        importing.run(store, path, Mapping.parse(PLAIN))


def test_geoparquet_as_the_standard_has_it_is_located(tmp_path: Path, store: Store) -> None:
    path = geoparquet(tmp_path / "points.parquet", json.dumps(SOUND).encode())
    assert importing.run(store, path, Mapping.parse(PLAIN)).located == 1
