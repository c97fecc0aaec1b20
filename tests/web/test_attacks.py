"""What somebody with an account, or with none, would try."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from vicus.incidents.checks import Flag
from vicus.incidents.rejects import Rejects
from vicus.web.audit.spreadsheets import stamp
from vicus.web.facts.models import Import, SavedMapping
from vicus.web.hotspots.views import sheets
from vicus.web.zone.models import Zone

MAPPING = """
name = "ours"
[columns]
id = "id"
category = "kind"
occurred_from = "date"
[dates]
formats = ["%Y-%m-%d %H:%M"]
timezone = "Europe/Brussels"
"""

ROWS = "id,kind,date\nA1,BIKE,2026-01-03 10:00\nA2,BIKE,never\n"


@pytest.fixture
def mapping(zone: Zone) -> SavedMapping:
    return SavedMapping.objects.create(zone=zone, name="ours", text=MAPPING)


def send(client: Client, zone: Zone, text: str, name: str = "facts.csv", mapping: str = "ours") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("facts:receive", args=[zone.slug]), {"file": file, "mapping": mapping})


# --- files with persons -----------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["ours", ""])
def test_a_file_with_persons_is_not_kept_whatever_mapping_is_chosen(
    analyst: Client, zone: Zone, mapping: SavedMapping, chosen: str, vicus_home: Any
) -> None:
    text = "id,kind,date,voornaam\nA1,BIKE,2026-01-03 10:00,Katrien\n"
    response = send(analyst, zone, text, mapping=chosen)
    assert response.status_code == 422
    assert "Katrien" not in response.content.decode()
    kept = [path for path in (vicus_home / "files").rglob("*") if path.is_file()]
    assert not kept


def test_the_page_of_an_import_never_shows_persons(
    analyst: Client, zone: Zone, mapping: SavedMapping
) -> None:
    """The rows that a mapping skips are part of the file too: another mapping would show them."""
    vouched = MAPPING + '[no_persons]\nvoornaam = "first names of streets"\n'
    SavedMapping.objects.create(zone=zone, name="vouched", text=vouched)
    text = "id,kind,date,voornaam\nA1,BIKE,2026-01-03 10:00,Katrien\n"
    send(analyst, zone, text, mapping="vouched")
    received = Import.objects.latest("pk")
    address = reverse("facts:import", args=[zone.slug, received.pk])
    assert "Katrien" in analyst.get(address).content.decode()
    Import.objects.filter(pk=received.pk).update(mapping_text=MAPPING)
    assert "Katrien" not in analyst.get(address).content.decode()


# --- names of files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "rejects.csv",
        "refused rows.csv",
        "refused_rows.csv",
        "../../../secret_key.csv",
        "é" * 240 + ".csv",
        ".csv",
    ],
)
def test_no_name_of_a_file_reaches_another_file(
    analyst: Client, zone: Zone, mapping: SavedMapping, name: str, vicus_home: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    assert send(analyst, zone, ROWS, name=name).status_code == 302
    received = Import.objects.latest("pk")
    assert received.file.resolve().parent == received.folder.resolve()
    assert not received.rejects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        analyst.post(reverse("facts:step", args=[zone.slug, received.pk]), {"step": "check"})
    assert received.file.read_text() == ROWS
    assert "bad_date" in received.rejects.read_text()


def test_faults_do_not_tell_where_files_lie(
    analyst: Client, zone: Zone, mapping: SavedMapping, monkeypatch: pytest.MonkeyPatch, vicus_home: Any
) -> None:
    def fails(received: Import) -> None:
        raise OSError(28, "No space left on device", str(received.file))

    monkeypatch.setattr("vicus.web.facts.receiving.look", fails)
    with pytest.raises(OSError, match="No space"):
        send(analyst, zone, ROWS)
    assert str(vicus_home) not in Import.objects.latest("pk").message


# --- formulas in what leaves the house --------------------------------------------------------------

FORMULAS = ("=1+1", "+1+1", "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\n=1", "\uff1d1+1")


def runs(cell: str) -> bool:
    return cell.lstrip("\ufeff").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_refused_rows_hold_no_formula(formula: str, tmp_path: Any) -> None:
    import numpy
    import pyarrow

    rejects = Rejects()
    values = pyarrow.array([formula, "-1.5", "+32"], pyarrow.string())
    rejects.add([Flag(numpy.array([2, 3, 4]), "bad_date", True, formula, values)])
    rejects.write(tmp_path / "rejects.csv")
    written = (tmp_path / "rejects.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert not any(runs(cell) for row in rows for cell in row if cell not in ("-1.5", "+32"))
    assert [row[2] for row in rows[1:]] == ["-1.5", "+32"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", "why,", "why;", "why\n", 'why",', "why\t"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_a_file_says_of_itself_is_no_formula(formula: str, before: str, delimiter: str) -> None:
    """A reason is typed by people; a spreadsheet may cut lines at commas or at semicolons."""
    text = stamp([("purpose", before + formula)])
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in row]
    assert len(cells) == 1
    assert cells[0].startswith("# purpose")


@pytest.mark.parametrize("formula", FORMULAS)
def test_tables_hold_no_formula(formula: str) -> None:
    sheet = sheets.Sheet("t", [formula], [[formula, -3, -1.5]])
    answer = sheets.answer("csv", "name", [sheet], [("Hotspot", f"12, {formula}")])
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[-1][1:] == ["-3", "-1.5"]
    assert not any(runs(cell) for row in rows for cell in row if cell not in ("-3", "-1.5"))
