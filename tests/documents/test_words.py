"""What the report says: in three languages, with no language in another, and no more than the figures bear."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import reports
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from reports import document_of

import vicus.documents
from vicus.documents import MonthReport, content
from vicus.documents.content import Document, Note, Picture, Sentence, Table

ROOM = Path(vicus.documents.__file__).parent
ENGLISH = re.compile(
    r"\b(the|facts?|months?|expected|within|more|not|enough|as expected|this|report|warning|up to|none|known|and)\b",
    re.I,
)


def messages() -> dict[str, tuple[str, ...]]:
    found = {}
    for _, _, message, _, _ in extract_from_dir(
        str(ROOM), method_map=[("**.py", "python")], keywords={"gettext": None, "ngettext": (1, 2)}
    ):
        ids = message if isinstance(message, tuple) else (message,)
        found[ids[0]] = ids
    return found


def everything(document: Document) -> str:
    return "\n".join(document.texts())


@pytest.mark.parametrize("tongue", ["nl", "fr"])
def test_the_catalogue_is_complete_and_keeps_every_placeholder(tongue: str) -> None:
    path = ROOM / "locale" / tongue / "LC_MESSAGES" / "documents.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=tongue)
    wanted = messages()
    assert len(wanted) > 80
    for first, ids in wanted.items():
        entry = catalogue.get(first)
        assert entry is not None, f"{tongue} lacks {first!r}"
        assert not entry.fuzzy
        texts = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert len(texts) == len(ids)
        for text in texts:
            assert text, f"{tongue} has no text for {first!r}"
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", ids[-1]))
    unused = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue if m.id} - set(wanted)
    assert not unused


@pytest.mark.parametrize(
    "name", ["report", "without_enough_data", "without_facts", "before_the_month_is_over"]
)
@pytest.mark.parametrize("tongue", ["nl", "fr"])
def test_no_english_is_left_over(tongue: str, name: str) -> None:
    document = document_of(name, tongue)
    drawn = [re.sub(r"<[^>]+>", "\n", b.svg) for b in document.blocks() if isinstance(b, Picture)]
    text = "\n".join([everything(document), *drawn])
    left = [line for line in text.splitlines() if ENGLISH.search(line)]
    assert left == []


@pytest.mark.parametrize(
    ("tongue", "heads"),
    [
        (
            "nl",
            [
                "Evolutie per maand",
                "Wat er gebeurt",
                "Rond de perimeter",
                "Methode en versies",
                "Kerncijfers",
            ],
        ),
        (
            "fr",
            [
                "Évolution mensuelle",
                "Quels faits ont lieu",
                "Autour du périmètre",
                "Méthode et versions",
                "Chiffres clés",
            ],
        ),
        (
            "en",
            [
                "Evolution by month",
                "What happens",
                "Around the perimeter",
                "Method and versions",
                "Key figures",
            ],
        ),
    ],
)
def test_the_heads_are_in_the_language(tongue: str, heads: list[str]) -> None:
    text = everything(document_of("report", tongue))
    for head in heads:
        assert head in text


def test_names_follow_the_language() -> None:
    assert "Hertoginneplein" in document_of("report", "nl").title
    assert "Place de la Duchesse" in document_of("report", "fr").title
    assert "Molenbeek-Saint-Jean / Sint-Jans-Molenbeek" in document_of("report", "en").subtitle


def test_numbers_and_dates_follow_the_language() -> None:
    text = {tongue: everything(document_of("report", tongue)) for tongue in ("nl", "fr", "en")}
    assert "1.214" in text["nl"]
    assert "1\u202f214" in text["fr"]
    assert "1,214" in text["en"]
    assert "3 november 2026" in text["nl"]
    assert "3 novembre 2026" in text["fr"]
    assert "1er janvier 2026" in text["fr"]
    assert "3 November 2026" in text["en"]


def test_the_moment_of_the_data_is_told_on_the_zones_clock(language: str) -> None:
    """05:12 UTC in November is 06:12 in Brussels."""
    assert "06:12" in everything(document_of("report", language))


def test_reported_and_discovered_facts_stand_apart() -> None:
    table = next(b for b in document_of("report", "en").blocks() if isinstance(b, Table))
    heads = [column.heading for column in table.columns]
    month = dict(zip(heads, [cell.value for cell in table.rows[0].cells], strict=True))
    assert (month["Facts"], month["Reported"], month["Source unknown"]) == (18, 16, 2)
    assert month["Discovered by the police"] == 5
    assert month["A year earlier"] == 21
    assert month["Expected"] == (11, 24)


def test_the_first_thing_said_is_the_finding(language: str) -> None:
    first = next(iter(document_of("report", language).blocks()))
    assert isinstance(first, Sentence)
    assert first.role == "lead"
    assert "18" in first.text
    assert "11" in first.text
    assert "24" in first.text


def test_the_method_and_its_versions_come_last(language: str) -> None:
    last = document_of("report", language).sections[-1]
    text = " ".join(
        cell.text for b in last.blocks if isinstance(b, Table) for row in b.rows for cell in row.cells
    )
    assert "CZS 2025/114" in text
    assert "Vicus 0.1.0" in text
    assert re.search(r"\b7\b.*2026", text)


def test_a_low_geocoding_rate_is_a_warning_on_the_first_page_and_at_the_map(language: str) -> None:
    poor = reports.report(figures=reports.figures(quality=reports.quality(1000, 849)))
    document = content(poor, language)
    at_map = next(
        s for s in document.sections if any(isinstance(b, Picture) and "150" in b.subtitle for b in s.blocks)
    )
    for section in (document.sections[0], at_map):
        warnings = [b for b in section.blocks if isinstance(b, Note) and b.kind == "warning"]
        assert len(warnings) == 1
        assert "849" in warnings[0].text


def test_a_geocoding_rate_of_85_percent_is_no_warning(language: str) -> None:
    good = reports.report(figures=reports.figures(quality=reports.quality(1000, 850)))
    assert not [b for b in content(good, language).blocks() if isinstance(b, Note) and b.kind == "warning"]


def test_no_percentage_is_said_of_fewer_than_ten_facts(language: str) -> None:
    few = reports.report(figures=reports.figures(quality=replace(reports.quality(9, 7), missing_dates=0)))
    document = content(few, language)
    allowed = {"85", "95"}  # the limit of the geocoding rate, the coverage of the expected range
    shown = [p for text in document.texts() for p in re.findall(r"(\d+)\s?%", text)]
    assert set(shown) <= allowed
    assert any(re.search(r"\b7\b.*\b9\b", text) for text in document.texts())


def test_not_enough_data_is_said_in_words_and_nothing_is_compared(language: str) -> None:
    document = document_of("without_enough_data", language)
    words = {"nl": "onvoldoende gegevens", "fr": "données insuffisantes", "en": "not enough data"}[language]
    assert words in everything(document).lower()
    ranges = [
        cell.value
        for b in document.blocks()
        if isinstance(b, Table)
        for row in b.rows
        for column, cell in zip(b.columns, row.cells, strict=True)
        if column.kind == "range"
    ]
    assert ranges
    assert set(ranges) == {None}
    assert "nan" not in everything(document).lower().split()


def test_too_few_hours_give_no_heat_map(language: str) -> None:
    pictures = [b for b in document_of("without_enough_data", language).blocks() if isinstance(b, Picture)]
    assert len(pictures) == 3


def test_a_month_that_is_not_over_carries_a_warning(language: str) -> None:
    document = document_of("before_the_month_is_over", language)
    warnings = [b for b in document.sections[0].blocks if isinstance(b, Note) and b.kind == "warning"]
    assert len(warnings) == 1


def test_a_month_that_is_still_growing_is_said_to_be_provisional_in_every_format(language: str) -> None:
    early = replace(reports.version(), known_at=datetime(2026, 11, 3, tzinfo=UTC))
    late = replace(reports.version(), known_at=datetime(2026, 11, 20, tzinfo=UTC))
    word = {"nl": "oorlopig", "fr": "rovisoire", "en": "rovisional"}[language]
    first, settled = (
        content(reports.report(figures=reports.figures(version=version)), language).sections[0]
        for version in (early, late)
    )
    notes = [b for b in first.blocks if isinstance(b, Note)]
    assert [word in note.label for note in notes] == [True]
    assert "9" in notes[0].text
    (table,) = [b for b in first.blocks if isinstance(b, Table)]
    assert word in table.rows[0].cells[0].text
    assert not any(word in str(b) for b in settled.blocks)


def test_the_categories_and_their_total(language: str) -> None:
    def table_of(report: MonthReport) -> Table:
        return next(
            b
            for b in content(report, language).blocks()
            if isinstance(b, Table) and any(row.cells[0].text in ("Drugs", "Stupéfiants") for row in b.rows)
        )

    plain, overlapping = (
        table_of(reports.report(overlapping=codes)) for codes in (frozenset(), frozenset({"drugs", "fraud"}))
    )
    assert plain.rows[-1].strong
    assert plain.rows[-1].cells[1].value == reports.figures().this_month.n
    name = {"nl": "Drugs", "fr": "Stupéfiants", "en": "Drugs"}[language]
    assert name in overlapping.source
    assert name not in plain.source
    assert overlapping.source != plain.source


def test_windows_are_no_longer_than_the_data(language: str) -> None:
    short = replace(reports.quality(), first_day=date(2026, 9, 4))
    document = content(reports.report(figures=reports.figures(quality=short)), language)
    key = next(b for b in document.blocks() if isinstance(b, Table))
    assert len(key.rows) == 2  # the month, and the two months there are
    assert not re.search("2025", key.rows[1].cells[0].text)
    headings = [c.heading for b in document.blocks() if isinstance(b, Table) for c in b.columns]
    two = {"nl": "2 maanden", "fr": "2 mois", "en": "2 months"}[language]
    assert two in headings
    assert not [heading for heading in headings if heading.startswith(("3 ", "12 "))]


def test_a_zone_without_a_map_has_a_report_without_one(language: str) -> None:
    document = content(reports.report(layers=None), language)
    assert len([b for b in document.blocks() if isinstance(b, Picture)]) == 3


def test_a_file_that_is_handed_over_says_to_whom_by_whom_and_why(language: str) -> None:
    document = content(reports.report(export=reports.EXPORT), language)
    for told in ("commissaire de division, Molenbeek", "demo-analyst", "réunion communale", "2026"):
        assert told in document.footer
    to = {"nl": "Bezorgd aan", "fr": "Remis à", "en": "Handed to"}[language]
    rows = [row for b in document.sections[-1].blocks if isinstance(b, Table) for row in b.rows]
    handed = {row.cells[0].text: row.cells[1].text for row in rows}
    assert handed[to] == "commissaire de division, Molenbeek"
    assert document.footer.startswith(f"{to} commissaire")
    assert "demo-analyst" in handed.values()


def test_a_value_nobody_recorded_is_not_shown_as_zero(language: str) -> None:
    unknown = replace(reports.quality(), lag_median_days=None, lag_p90_days=None)
    document = content(reports.report(figures=reports.figures(quality=unknown)), language)
    words = {"nl": "Niet geregistreerd", "fr": "Non enregistré", "en": "Not recorded"}[language]
    assert everything(document).count(words) == 2


def test_names_may_hold_signs_that_mean_something_to_a_typesetter(language: str) -> None:
    odd = 'Rue #1 [*x*] $5 @home <b> & "=SUM(A1)" \\ {n}'
    assert odd in content(reports.report(name=odd, layers=None), language).title
