"""Heat map, categories and ranking."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from drawn_pictures import marks, picture, rows, words_in
from invented_places import LONG_NAMES, Quality, place, ranked, week

from vicus.pictures import drawing, rankings, rhythm, sentences
from vicus.pictures.sheet import density, density_scale
from vicus.pictures.tokens import SCHEMES, contrast, tokens
from vicus.pictures.words import LANGUAGES


def cells(told):
    return [row for layer in marks(told, "rect") for row in rows(told, layer) if "when" in row]


def test_a_week_has_a_cell_for_each_of_its_hours_and_starts_on_monday():
    told = picture("hour_of_week")
    assert len(cells(told)) == 168
    first = min(cells(told), key=lambda row: (row["y"], row["h"]))
    assert first["when"] == "Monday 00:00–01:00"


@pytest.mark.parametrize(("language", "day"), [("en", "Monday"), ("nl", "Maandag"), ("fr", "Lundi")])
def test_days_are_named_in_the_language(language, day):
    assert day in words_in(picture("hour_of_week", language))


def test_the_busiest_hours_are_the_finding():
    week_of = np.full((7, 24), 0.5)
    week_of[4, 20:24] = 10
    told = sentences.hours_sentence(week_of, "en", n=122)
    assert told == (
        "Busiest: from 18:00 to 24:00 (59), Friday (50) and above all Friday from 20:00 to 24:00 (40), "
        "of 122 facts with a known time."
    )


def test_the_busiest_hours_may_run_past_midnight_on_sunday():
    week_of = np.full((7, 24), 0.2)
    week_of[6, 22:24] = week_of[0, 0:2] = 12
    assert "Sunday from 22:00 to 02:00" in sentences.hours_sentence(week_of, "en", n=80)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Busiest: from 12:00 to 24:00 (404), of 667 facts with a known time."),
        ("nl", "Het drukst: van 12\xa0u. tot 24\xa0u. (404), van de 667 feiten met een bekend tijdstip."),
        (
            "fr",
            "Moments les plus chargés\xa0: de 12\xa0h à 24\xa0h (404), sur 667 faits dont l’heure est connue.",
        ),
    ],
)
def test_a_broad_rhythm_is_told_though_no_single_stretch_stands_out(language, told):
    week_of = np.repeat([[263 / 84] * 12 + [404 / 84] * 12], 7, axis=0)
    assert sentences.hours_sentence(week_of, language, n=667) == told


def test_few_facts_are_not_called_even():
    told = sentences.hours_sentence(np.full((7, 24), 20 / 168), "en", n=20)
    assert told == "20 facts with a known time: too few to see a rhythm."


def test_a_weekday_that_the_months_hold_more_often_is_no_rhythm():
    # One week and three days: Thursday to Saturday come twice.
    days = [1, 1, 1, 2, 2, 2, 1]
    short = place(quality=Quality(first_day=date(2026, 10, 22), last_day=date(2026, 10, 31)))
    assert rhythm.days_of(short) == days
    week_of = np.repeat(np.array(days)[:, None] * 60 / 24, 24, axis=1)
    figures_told = rhythm.caption(week_of, "en", n=600, figures=short).title
    assert "stands out" in figures_told
    assert "Thursday" in rhythm.caption(week_of, "en", n=600).title


def test_the_days_of_a_year_are_counted():
    assert rhythm.days_of(place()) == [52, 52, 52, 52, 52, 53, 52]


def test_chance_alone_is_not_called_a_pattern():
    assert "stands out" in sentences.hours_sentence(week(60, peak=False), "en", n=60)


def test_a_pattern_is_found_rarely_where_there_is_none():
    draw = np.random.default_rng(11)
    found = sum(
        "Busiest" in sentences.hours_sentence(draw.poisson(1.2, (7, 24)), "en", n=200) for _ in range(200)
    )
    assert found <= 10


def test_how_a_rhythm_is_tested_is_said_in_each_language():
    assert len({rhythm.method(language) for language in LANGUAGES}) == 3


def test_no_known_time_is_hatched_and_not_drawn_as_zero():
    told = drawing.spec(rhythm.hour_of_week(np.zeros((7, 24)), "nl", n=0))
    assert cells(told) == []
    assert marks(told, "rule", color=tokens().data("light")["unknown"])
    assert told["description"] == "Geen feiten met een bekend tijdstip."


def test_a_matrix_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="7 days by 24 hours"):
        rhythm.hour_of_week(np.zeros((24, 7)), "en")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("steps", [1, 2, 5, 7])
def test_colours_of_density_move_steadily_away_from_the_ground(scheme, steps):
    ground = tokens().colours(scheme)["paper"]
    distances = [contrast(colour, ground) for colour in density(steps, scheme)]
    assert distances == sorted(distances)
    assert len(set(distances)) == steps


@pytest.mark.parametrize("kind", ["hour_of_week", "place_map"])
def test_counts_are_drawn_in_colours_that_a_page_can_name_in_either_scheme(kind):
    named = {*density_scale("light"), tokens().data("light")["land"]}
    told = picture(kind)
    fills = {layer["mark"].get("color") for layer in marks(told, "rect")}
    fills |= {layer["mark"].get("fill") for layer in marks(told, "geoshape", opacity=0.85)}
    fills.discard(None)
    assert fills <= named
    assert len(fills - {tokens().data("light")["land"]}) > 2


def test_the_legend_ends_at_or_above_the_fullest_hour():
    matrix = week(4000)
    told = drawing.spec(rhythm.hour_of_week(matrix, "en", n=4000))
    bounds = [int(text) for text in words_in(told) if text.isdigit()]
    assert max(bounds) >= matrix.max() > max(bounds) - bounds[0]


def test_a_category_is_a_dot_on_its_range_with_its_counts_beside():
    told = picture("categories")
    bars = next(layer for layer in marks(told, "rect") if len(rows(told, layer)) > 2)
    known = [c for c in place().categories[:12] if c.state != "not enough data"]
    assert [(row["x"], row["x2"]) for row in rows(told, bars)] == [
        (c.expected.low, c.expected.high) for c in known
    ]
    assert "140" in words_in(told)


def test_a_dot_out_of_its_range_has_a_shape_of_its_own():
    told = picture("categories")
    (high,) = [layer for layer in marks(told, "point", shape="triangle-up") if rows(told, layer)]
    assert rows(told, high)[0]["t0"] == LONG_NAMES["violence"]


def test_categories_beyond_the_twelfth_are_summed_and_said():
    assert "2 further categories" in words_in(picture("categories"))


def test_a_category_without_enough_data_says_so():
    assert words_in(picture("categories", "nl")).count("onvoldoende gegevens") == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_categories_speak_of_counts_and_not_of_percentages(language):
    told = picture("categories", language)
    assert not any("%" in text for text in [*words_in(told), told["description"]])


def test_long_names_keep_to_their_side():
    from vicus.pictures.lettering import width

    told = picture("categories")
    names = [layer for layer in marks(told, "text") if layer["mark"]["align"] == "right"]
    wide = [
        width(row["text"], 12)
        for layer in names
        for row in rows(told, layer)
        if any(row["text"] in name for name in LONG_NAMES.values())
    ]
    assert max(wide) <= 640 * 0.33


def test_ranks_show_ties_and_intervals():
    told = picture("ranking")
    assert "1–2" in words_in(told)
    lines = [row for layer in marks(told, "rule", strokeWidth=2) for row in rows(told, layer)]
    assert len(lines) == 7
    assert all(row["x"] < row["x2"] for row in lines)


def test_places_without_enough_data_have_no_dot_and_say_why():
    told = picture("ranking", "fr")
    dots = [row for layer in marks(told, "point") for row in rows(told, layer) if "t0" in row]
    assert len(dots) == 7
    assert words_in(told).count("données insuffisantes") == 2


def test_the_ranking_counts_who_stands_out():
    told = words_in(picture("ranking"))[0]
    assert told.startswith("2 hotspots above what was expected (no. 11 and 12), 1 below (no. 1), 4 within")


def test_many_hotspots_on_one_side_are_counted_and_not_named():
    told = sentences.states_sentence({**dict.fromkeys(range(1, 8), "above"), 9: "below"}, "nl")
    assert told == "7 hotspots boven wat verwacht was, 1 eronder (nr. 9), 0 erbinnen."


def test_an_order_that_cannot_be_told_is_not_written_as_ranks():
    same = [replace(r, rank_low=1, rank_high=7) for r in ranked() if r.rank_low is not None]
    assert sentences.rank_spans(same, "en") == [""] * 7
    assert sentences.order_sentence(same, "en") == (
        "No order can be told this month: the intervals of all 7 hotspots overlap."
    )
    told = drawing.spec(rankings.ranking(same, "fr"))
    assert not any(re.fullmatch(r"\d+–\d+", text) for text in words_in(told))
    assert "rang 1" not in told["description"]


def test_neighbours_that_share_their_ranks_are_told_them_once_and_by_an_example_of_the_month():
    spans = [(1, 1), (2, 4), (2, 4), (2, 4), (5, 5)]
    few = [replace(r, rank_low=low, rank_high=high) for r, (low, high) in zip(ranked(), spans, strict=False)]
    assert sentences.rank_spans(few, "en") == ["1", "2–4", "", "", "5"]
    assert f"Hotspot {few[1].place} may stand anywhere from rank 2 to 4" in sentences.order_sentence(
        few, "en"
    )
    assert sentences.order_sentence(few[:1], "en") == ""
    assert sentences.order_sentence([], "en") == ""


def test_a_ratio_off_the_scale_is_drawn_at_its_edge_with_an_arrow():
    told = picture("ranking")
    arrows = marks(told, "point", shape="triangle-right")
    assert [row["x"] for layer in arrows for row in rows(told, layer)] == [4.0]


def test_a_narrow_ranking_keeps_its_ranks():
    told = drawing.spec(rankings.ranking(ranked(), "en", width=340))
    assert "Rank" in words_in(told)


def test_a_zone_where_nothing_stands_out_says_so():
    told = sentences.states_sentence(dict.fromkeys(range(3), "within"), "fr")
    assert told == "Aucun hotspot ne s’écarte de ce qui était attendu."
    assert sentences.states_sentence({1: "not enough data"}, "en").startswith("Not enough data")
