"""Columns that look like persons stop an import; columns that do not, do not."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from vicus.incidents import importing, people
from vicus.incidents.errors import PersonalDataFound
from vicus.incidents.mapping import Mapping
from vicus.incidents.store import Store

MAPPING = 'name = "m"\n[columns]\ncategory = "kind"\noccurred_from = "when"\n'


def national_number(day: date, serial: int) -> str:
    """Make a number with the right check digits, by the published rule."""
    body = int(f"{day:%y%m%d}{serial:03d}")
    full = body if day.year < 2000 else 2_000_000_000 + body
    return f"{body:09d}{97 - full % 97:02d}"


def with_dots(number: str) -> str:
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}"


BORN = [date(1950, 3, 1) + timedelta(days=611 * n) for n in range(40)]
NUMBERS = [national_number(day, 3 + 2 * n) for n, day in enumerate(BORN)]


@pytest.mark.parametrize(
    "header",
    [
        "Naam", "NAAM", "nom", "Name", "Voornaam", "Prénom", "first_name", "FirstName", "Nom de famille", "Familienaam",
        "achternaam", "surname", "Naam verdachte", "suspect_name", "nom de la victime", "Slachtoffer", "victim age",
        "Rijksregisternummer", "rijksregister", "NISS", "INSZ", "RRN", "numéro national", "N° registre national",
        "national number", "Nummerplaat", "plaque", "Plaque d'immatriculation", "kenteken", "licence plate",
        "license_plate", "GSM", "Telefoonnummer", "téléphone", "phone", "PhoneNumber", "Tel.", "Geboortedatum",
        "geb. datum", "Date de naissance", "DOB", "birth_date", "date of birth", "E-mail", "email", "courriel",
        "nationalité", "Nationality", "suspect race", "victime nom (2)", "identiteitskaart",
    ],
)  # fmt: skip
def test_a_header_that_names_a_person_is_suspect(header: str) -> None:
    assert [found.column for found in people.find([header, "kind"])] == [header]


@pytest.mark.parametrize(
    "header",
    [
        "LSOA name", "Straatnaam", "nom de rue", "nom du quartier", "street_name", "Naam wijk", "case number", "PV nr",
        "uid", "place", "plaats", "Location", "template", "offense", "premise", "Reported by", "Falls within", "hour",
        "date", "X Coordinate", "Ward", "trace", "platform", "email sent", "stationnement", "Datum", "Telling", "motel",
        "carnage", "category name", "agent intervenant unité", "Number of victims", "birthplace of the crime map",
    ],
)  # fmt: skip
def test_a_header_that_names_a_thing_is_not(header: str) -> None:
    assert people.find([header]) == []


CONTENTS: dict[str, tuple[list[str], str]] = {
    "national numbers with dots": ([with_dots(number) for number in NUMBERS], "national numbers"),
    "national numbers without": (NUMBERS, "national numbers"),
    "one national number in a remark": (
        ["seen"] * 50 + [f"id {with_dots(NUMBERS[3])} shown"],
        "national numbers",
    ),
    "e-mail addresses": (["jan.peeters@example.be", "a@b.com", "x"], "e-mail"),
    "Belgian mobile numbers": (["0470 12 34 56", "0471/23.45.67", "0472123456", "02 512 34 56"], "phone"),
    "international numbers": (["+32 470 12 34 56", "+33 6 12 34 56 78", "0032470123456"], "phone"),
    "a phone number in a remark": (["no"] * 50 + ["call +32 470 12 34 56 please"], "phone"),
    "Belgian plates": (["1-ABC-123", "2-XYZ-987", "1-DEF-456", "ABC-123"], "plates"),
    "a plate in a remark": (["no"] * 50 + ["grey car 1-ABC-123 left"], "plates"),
    "French and Dutch plates": (["AA-123-BB", "CD-456-EF", "12-AB-34"], "plates"),
    "birth dates": ([f"{day:%d/%m/%Y}" for day in BORN], "birth dates"),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_values_that_are_persons_are_found_whatever_the_header(what: str) -> None:
    values, words = CONTENTS[what]
    [found] = people.find(["col7"], pa.table({"col7": values}))
    assert words in found.why
    assert not any(value in found.why for value in values)


def test_birth_dates_are_found_as_real_dates_too() -> None:
    [found] = people.find(["d"], pa.table({"d": pa.array(BORN, pa.date32())}))
    assert "birth dates" in found.why


HARMLESS: dict[str, list[Any]] = {
    "eleven digits by chance": [f"{85_010_100_000 + n * 7919}" for n in range(500)],
    "coordinates": [str(147_000 + n) for n in range(100)],
    "numbers of cases": [f"HW{100_000 + n}" for n in range(100)],
    "beats": ["15E30", "13D10", "20A", "1A20"],
    "addresses by block": ["10XX ALBERNI ST", "9650 marlive ln", "026XX N MC VICKER AVE"],
    "recent days": [f"{date(2023, 1, 1) + timedelta(days=n):%d/%m/%Y}" for n in range(300)],
    "eighteen years of days": [f"{date(2001, 1, 1) + timedelta(days=20 * n)}" for n in range(320)],
    "codes of areas": [f"E0102{n}" for n in range(6000, 6100)],
    "census blocks": ["360810443021005", "360050051001005", "360610036013001"],
    "postcodes": ["1080", "1081", "1090"],
    "degrees": ["-87.623177", "4.351721", "0.081863"],
    "minutes": [f"0{n}:30" for n in range(9)],
}


@pytest.mark.parametrize("what", HARMLESS)
def test_values_that_are_no_persons_raise_no_alarm(what: str) -> None:
    assert people.find(["c"], pa.table({"c": HARMLESS[what]})) == []


def test_check_digits_decide_and_not_the_look_of_a_number() -> None:
    wrong = [with_dots(f"{number[:9]}{int(number[9:]) % 97 + 1:02d}") for number in NUMBERS]
    assert people.find(["c"], pa.table({"c": wrong})) == []


def test_an_import_stops_and_says_which_column_and_why(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"kind,when,Naam verdachte,opm\ntheft,2023-10-05,X,{with_dots(NUMBERS[0])}\n")
    before = store.versions()
    with pytest.raises(PersonalDataFound) as caught:
        importing.run(store, path, Mapping.parse(MAPPING))
    assert "Naam verdachte: the header names a person involved" in str(caught.value)
    assert NUMBERS[0][:6] not in str(caught.value)
    assert store.versions() == before


def test_a_person_in_the_last_row_of_a_column_nobody_maps_stops_the_import(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "f.csv"
    rows = ["theft,2023-10-05,nothing"] * 500 + [f"theft,2023-10-05,{with_dots(NUMBERS[0])}"]
    path.write_text("\n".join(["kind,when,opm", *rows]) + "\n")
    with pytest.raises(PersonalDataFound, match="opm: the values look like national numbers"):
        importing.run(store, path, Mapping.parse(MAPPING))
    assert store.version().rows == 0


def test_a_column_somebody_vouches_for_is_let_through_and_reported(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("kind,when,Naam\ntheft,2023-10-05,Maritiem\n")
    vouched = MAPPING + '[no_persons]\nNaam = "name of the sector"\n'
    report = importing.run(store, path, Mapping.parse(vouched))
    assert report.added == 1
    assert report.vouched == {"Naam": "name of the sector"}
