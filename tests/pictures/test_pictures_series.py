"""The series of a place, large and small."""

import math
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from drawn_pictures import marks, picture, rows, words_in
from invented_places import above, history, huge, months, place, quiet, too_short, unfinished

from vicus.pictures import drawing
from vicus.pictures.series import series
from vicus.pictures.sparkline import sparkline
from vicus.pictures.tokens import tokens


def drawn(figures, language="en", **more):
    return drawing.spec(series(figures, language, **more))


def test_the_title_is_the_finding():
    assert words_in(picture("series"))[0] == "18 facts in October, within the expected 11 to 24."


def test_counts_start_at_zero():
    for figures in (place(), quiet(), huge()):
        line = marks(drawn(figures), "line")[0]
        assert line["encoding"]["y"]["scale"]["domain"][0] == 0


def test_the_expected_range_is_a_band_behind_the_line():
    told = drawn(place())
    kinds = [layer["mark"]["type"] for layer in told["layer"]]
    assert kinds.index("area") < kinds.index("line")
    band = rows(told, marks(told, "area")[0])
    assert (band[-1]["low"], band[-1]["high"]) == (11, 24)
    assert len(band) == 36 + 1


def test_months_without_a_range_leave_a_gap_in_the_band():
    told = drawn(place(series=history(36, known_from=20)))
    (band,) = marks(told, "area")
    assert rows(told, band)[0]["x"] == 20


def test_there_is_no_band_when_nothing_can_be_expected():
    told = drawn(too_short())
    assert marks(told, "area") == []
    assert "not enough data" in words_in(told)


def test_discovered_facts_are_dashed_and_reported_ones_solid():
    told = drawn(place())
    dashed = [layer for layer in marks(told, "line") if layer["mark"].get("strokeDash")]
    solid = [layer for layer in marks(told, "line") if not layer["mark"].get("strokeDash")]
    assert [row["n"] for row in rows(told, dashed[0])] == [m.discovered for m in place().series]
    assert [row["n"] for row in rows(told, solid[0])] == [m.n for m in place().series]


def test_without_discovered_facts_there_is_no_dashed_line():
    told = drawn(place(series=history(discovered=0)))
    assert len(marks(told, "line")) == 1


def test_the_present_month_is_marked_and_labelled_at_its_end():
    told = drawn(above())
    large = marks(told, "point", size=110)[0]
    assert rows(told, large)[0]["n"] == 31
    assert large["mark"]["color"] == tokens().data("light")["above"]
    assert "31" in words_in(told)


def test_a_month_that_is_not_over_is_drawn_hollow():
    (point,) = marks(drawn(unfinished()), "point", size=110)
    assert point["mark"]["color"] == tokens().colours("light")["paper"]


def test_a_single_fact_does_not_look_like_a_peak():
    line = marks(drawn(quiet()), "line")[0]
    assert line["encoding"]["y"]["scale"]["domain"][1] >= 4


def test_labels_at_the_end_do_not_cover_each_other():
    for n in range(0, 40, 3):
        told = drawn(place(series=history(last=n)))
        ends = [layer for layer in marks(told, "text") if layer["encoding"]["x"].get("value", 0) > 500]
        heights = sorted(rows(told, layer)[0]["y"] for layer in ends)
        assert all(b - a >= 13.9 for a, b in pairwise(heights))


def test_numbers_on_the_scale_are_written_in_the_language():
    assert "20.000" in words_in(drawn(huge(), "nl"))
    assert "20\u202f000" in words_in(drawn(huge(), "fr"))


def test_phases_and_actions_lie_under_the_months_they_lasted():
    told = picture("series")
    bars = [row for layer in marks(told, "rect") for row in rows(told, layer)]
    hold = next(row for row in bars if row.get("kind") == "hold")
    assert (hold["x"], hold["x2"]) == (16, 29)
    visits = next(row for row in bars if row.get("name") == "Visits at the gate")
    assert math.isclose(visits["x"], 16 + 2 / 31)
    assert "Youth workers on Friday evening" in words_in(told)


def test_an_action_after_the_month_is_not_drawn():
    from vicus.pictures.figures import Action

    told = drawn(place(), actions=[Action("Later", date(2026, 12, 1))])
    assert "Later" not in words_in(told)


def test_words_tell_each_month_under_the_pointer():
    told = drawn(place(), "nl")
    small = marks(told, "point", size=26)[0]
    first = rows(told, small)[0]
    assert first["when"] == "november 2023"
    assert first["expected"].count(" tot ") == 1
    assert small["encoding"]["tooltip"][0]["title"] == "Maand"


def test_a_place_without_a_full_month_says_so():
    told = drawn(place(series=()))
    assert "No full month of facts on record yet." in words_in(told)


def test_a_narrow_page_names_fewer_months():
    wide, narrow = drawn(place()), drawn(place(), width=320)
    assert "Apr" in words_in(wide)
    assert "Apr" not in words_in(narrow)


@pytest.mark.parametrize(("months", "years"), [(1, {"2026"}), (2, {"2026"}), (4, {"2026"})])
def test_a_short_history_tells_its_year_and_shows_each_line(months, years):
    told = drawn(place(series=history(months, known_from=99), state="not enough data"))
    assert {text for text in words_in(told) if text.isdigit() and len(text) == 4} == years
    grey = tokens().data("light")["discovered"]
    assert marks(told, "point" if months == 1 else "line", color=grey)


def test_a_short_history_over_new_year_tells_both_years():
    shown = [replace(m, month=d) for m, d in zip(history(4), months(4, end=date(2027, 1, 1)), strict=True)]
    told = words_in(drawn(place(series=shown, month=date(2027, 1, 1))))
    assert {"2026", "2027"} <= set(told)


def test_on_a_page_the_months_named_follow_the_width():
    told = drawn(place(), width="container")
    assert any(
        "width" in layer["transform"][0]["filter"] for layer in marks(told, "text") if "transform" in layer
    )


def test_the_text_alternative_tells_highest_lowest_and_how_often_out_of_range():
    told = drawn(place())["description"]
    months = place().series
    assert f"({max(m.n for m in months)})" in told
    assert f"({min(m.n for m in months)})" in told
    out = sum(not m.low <= m.n <= m.high for m in months)
    assert f"{out} of 36 months" in told


@pytest.mark.parametrize("figures", [place(), above(), too_short(), quiet(), place(series=())])
def test_a_sparkline_has_a_zero_base_a_band_where_known_and_its_finding(figures):
    told = drawing.spec(sparkline(figures, "nl"))
    assert marks(told, "line")[0]["encoding"]["y"]["scale"]["domain"][0] == 0
    bands = rows(told, marks(told, "rect")[0])
    assert len(bands) == sum(m.low is not None for m in figures.series[-24:])
    assert told["description"].startswith(("18 feiten", "31 feiten", "4 feiten", "Geen feiten"))


def test_sparklines_of_a_list_can_share_a_scale():
    tops = {
        marks(drawing.spec(sparkline(figures, "en", highest=60)), "line")[0]["encoding"]["y"]["scale"][
            "domain"
        ][1]
        for figures in (place(), quiet())
    }
    assert tops == {60}
