"""Mappings: what they may say, what they refuse, and the text they become."""

import tomllib
from pathlib import Path

import pytest

from vicus.incidents import mapping
from vicus.incidents.errors import MappingInvalid
from vicus.incidents.fitting import fitted
from vicus.incidents.mapping import Mapping

SMALL = 'name = "m"\n[columns]\ncategory = "kind"\noccurred_from = "when"\n'


def test_the_shipped_mappings_are_the_promised_ones() -> None:
    promised = {"uk-police", "chicago", "vancouver", "houston", "nyc-thefts", "portland", "generic"}
    assert set(mapping.shipped()) == promised


@pytest.mark.parametrize("name", mapping.shipped())
def test_a_shipped_mapping_keeps_its_meaning_when_it_is_written_again(name: str) -> None:
    loaded = Mapping.load(name)
    assert loaded.name == name
    assert loaded.title
    assert Mapping.parse(loaded.to_toml()) == loaded


def test_the_generic_mapping_explains_every_key_a_mapping_can_have() -> None:
    text = mapping.shipped_text("generic")
    table = tomllib.loads(text)
    allowed = {
        "file": {"encoding", "delimiter", "decimal", "skip", "sheet", "layer"},
        "columns": {"id", "category", "occurred_from", "occurred_to", "reported_at", "sector", "status"},
        "dates": {"timezone", "formats", "precision", "none", "column_formats"},
        "quality": {"default", "column", "values"},
        "source": {"default", "discovered", "reported", "column", "values"},
        "categories": {"constant", "overlapping", "unlisted", "codes"},
        "ids": {"repeated", "without_id", "repeated_rows", "content", "prefix"},
        "zone": {"outside", "tolerance_m"},
    }
    for part, keys in allowed.items():
        assert set(table[part]) == keys, part
    assert set(table["location"][0]) == {"crs", "x", "y", "divide_by", "none", "bounds"}
    for line in text.splitlines():
        is_key = " = " in line and not line.startswith("#") and "quality.values" not in line
        plain = any(
            f'"{word}"' in line for word in ("exact", "street", "area", "unknown", "reported", "discovered")
        )
        if is_key and not plain and "location" not in line:
            key = line.split(" = ")[0]
            assert "#" in line or key in {
                "title",
                "formats",
                "x",
                "y",
                "crs",
                "column",
                "none",
                "longitude",
            }, line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not valid TOML"),
        ('name = "m"\n[columns]\noccurred_from = "when"\n', "columns.category is missing"),
        ('name = "m"\n[columns]\ncategory = "kind"\n', "columns.occurred_from is missing"),
        (
            SMALL + 'catagory = "x"\n',
            "columns.catagory is not something a mapping can say. Did you mean category?",
        ),
        (SMALL + '[dates]\ntimezone = "Europe/Brussel"\n', 'dates.timezone is "Europe/Brussel"'),
        (SMALL + '[dates]\nprecision = "hour"\n', "Use one of: auto, minute, day, month"),
        (SMALL + '[[location]]\nx = "x"\n', "location needs x and y"),
        (SMALL + '[[location]]\nx = "x"\ny = "y"\ncrs = "EPSG:99999"\n', 'location.crs is "EPSG:99999"'),
        (SMALL + '[[location]]\nx = "x"\ny = "y"\nnone = [1]\n', "not numbers"),
        (SMALL + '[source]\ndefault = "police"\n', "Use one of: reported, discovered, unknown"),
        (SMALL + '[quality.values]\nA = "good"\n', 'quality.values holds "good"'),
        (SMALL + "[categories]\noverlapping = 1\n", "must be true or false"),
        (SMALL + '[file]\ndelimiter = ";;"\n', "Use one character"),
        ("columns = 3", "columns must be a table"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_which_key_and_what_to_write(text: str, words: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        Mapping.parse(text)
    assert words in str(caught.value)
    assert caught.value.todo


def test_a_mapping_that_is_not_there_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="uk-police"):
        Mapping.load(tmp_path / "none.toml")


def test_a_mapping_is_loaded_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(SMALL)
    assert Mapping.load(tmp_path / "m.toml") == Mapping.parse(SMALL)


def test_of_alternative_columns_and_locations_the_first_present_is_taken() -> None:
    text = SMALL.replace('"kind"', '["soort", "kind"]')
    text += '[[location]]\nx = "x"\ny = "y"\ncrs = 31370\n[[location]]\nx = "lon"\ny = "lat"\ncrs = 4326\n'
    fit = fitted(Mapping.parse(text), ("kind", "when", "lon", "lat"))
    assert fit.mapping.columns.category == ("kind",)
    assert fit.location is not None
    assert fit.location.crs == "EPSG:4326"
    assert fit.used == {"kind": "category", "when": "occurred_from", "lon": "x", "lat": "y"}


# --- first guess ---------------------------------------------------------------------------------------

ZONAL = """PV_NR;Feitencategorie;Datum feit;Uur;Datum aangifte;Straat;X_Lambert;Y_Lambert;Wijk;Status
BR.1/23;Diefstal;05/10/2023;14:30;06/10/2023;Ninoofsesteenweg;147001,25;171002,50;Maritiem;open
BR.2/23;Diefstal;25/10/2023;03:15;26/10/2023;Gentsesteenweg;147301,25;171302,50;Maritiem;open
BR.3/23;Vandalisme;13/10/2023;;14/10/2023;Gentsesteenweg;147301,25;171302,50;Ninove;open
"""


def test_a_zonal_export_in_dutch_is_guessed_with_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "Export oktober.csv"
    path.write_text(ZONAL, encoding="cp1252")
    guessed = mapping.guess(path)
    columns = guessed.columns

    assert columns.id == ("PV_NR",)
    assert columns.category == ("Feitencategorie",)
    assert (columns.occurred_from.date, columns.occurred_from.time) == (("Datum feit",), ("Uur",))
    assert columns.reported_at.column == ("Datum aangifte",)
    assert (columns.sector, columns.status) == (("Wijk",), ("Status",))
    assert guessed.dates.formats == ("%d/%m/%Y", "%d/%m/%Y %H:%M")
    assert guessed.file.decimal == ","
    assert [(place.x, place.crs) for place in guessed.locations] == [(("X_Lambert",), "EPSG:31370")]
    text = guessed.to_toml()
    assert "# Numbers of the size of Lambert 72" in text
    assert "# Columns of the file: PV_NR" in text
    assert Mapping.parse(text) == guessed.commented({})


@pytest.mark.parametrize(
    ("header", "values", "pattern"),
    [
        ("Date", ["25/12/2023 14:30", "01/02/2023 03:04"], "%d/%m/%Y %H:%M"),
        ("Date", ["12/25/2023 02:30:00 PM", "01/02/2023 03:04:00 AM"], "%m/%d/%Y %I:%M:%S %p"),
        ("date_debut", ["25.12.2023", "01.02.2023"], "%d.%m.%Y"),
        ("Datum", ["20231225", "20230102"], "%Y%m%d"),
    ],
)
def test_the_format_that_reads_every_date_is_found(
    tmp_path: Path, header: str, values: list[str], pattern: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_text("\n".join([f"type;{header}", *(f"theft;{value}" for value in values)]) + "\n")
    assert mapping.guess(path).dates.formats == (pattern,)


def test_day_and_month_that_could_be_exchanged_are_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("type;datum\ntheft;01/02/2023\ntheft;03/04/2023\n")
    assert "Day and month could be the other way" in mapping.guess(path).to_toml()


def test_what_cannot_be_guessed_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a;b\n1;2\n3;4\n")
    guessed = mapping.guess(path)
    assert guessed.columns.category == ("?",)
    assert "name the column here" in guessed.to_toml()
