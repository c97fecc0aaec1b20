"""Maps of a place and of a zone."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from drawn_pictures import ABOUT, ground, layers, mapped, marks, picture, rows, words_in
from invented_places import place
from shapely.geometry import Point, Polygon, box, shape

from vicus.pictures import cells as classes
from vicus.pictures import drawing, maps, sentences
from vicus.pictures.ground import MapError, View
from vicus.pictures.placenames import Room, area_names, numbers
from vicus.pictures.sheet import density
from vicus.pictures.tokens import tokens


def test_the_perimeter_is_drawn_with_its_number_and_the_ring_is_dashed():
    told = picture("place_map")
    assert "12" in words_in(told)
    (ring,) = marks(told, "geoshape", strokeDash=[5, 4])
    outline = shape(rows(told, ring)[0]["geometry"])
    assert outline.area == pytest.approx(box(1300, 800, 1650, 1080).buffer(150).area, rel=0.01)


def test_cells_are_drawn_by_count_and_empty_ones_left_out():
    told = picture("place_map")
    drawn = [row for layer in marks(told, "geoshape", opacity=0.85) for row in rows(told, layer)]
    counts = layers().cells["n"]
    assert len(drawn) == int((counts > 0).sum())
    assert "facts per cell of 50 × 50 m in 12 months" in words_in(told)


def test_the_classes_of_cells_are_those_of_their_key():
    upper = classes.bounds(layers().cells["n"])
    assert classes.words(upper, "en") == ["1", "2", "3–5", "6–7"]
    told = picture("place_map")
    for text, colour in zip(classes.words(upper, "en"), density(len(upper), "light"), strict=True):
        assert text in words_in(told)
        drawn = [row for layer in marks(told, "geoshape", fill=colour) for row in rows(told, layer)]
        low, _, high = text.partition("–")
        assert {int(row["facts"]) for row in drawn} <= set(range(int(low), int(high or low) + 1))
        assert drawn


def test_one_crowded_cell_leaves_the_others_their_classes():
    assert classes.bounds([1, 2, 3, 4, 6, 8, 140]) == [10, 20, 50, 100, 140]
    assert classes.words([10, 20, 50, 100, 1400], "nl")[-1] == "101–1.400"
    assert classes.bounds([]) == []


def test_the_finding_of_a_map_is_how_gathered_the_facts_are():
    assert (
        sentences.gathered_sentence([10, 6, 2, 1, 1, 0], 12, "en")
        == "Half of the 20 facts in the perimeter of hotspot 12 lie in 1 of its 6 cells."
    )
    assert "too few" in sentences.gathered_sentence([2, 1], 12, "en")
    assert sentences.gathered_sentence([], 12, "nl") == "Geen gelokaliseerde feiten in hotspot 12."


def test_the_facts_inside_and_around_are_told_apart():
    cells = layers().cells
    around = gpd.GeoDataFrame({"n": [7, 4], "inside": False}, geometry=[box(1660, 800, 1700, 850)] * 2)
    shown = replace(layers(), cells=gpd.GeoDataFrame(pd.concat([cells, around], ignore_index=True)))
    inside = int(cells["n"].sum())
    told = maps.place_map_caption(shown, "en")
    assert told.title.startswith(f"Half of the {inside} facts in the perimeter of hotspot 12 lie in ")
    assert told.title.endswith(f" of its {len(cells)} cells.")
    assert f"Facts in 12 months: {inside} inside, 11 around it" in told.subtitle
    alone = maps.place_map_caption(replace(layers(), buffer_m=0), "en").subtitle
    assert alone == f"Perimeter of hotspot 12. Facts in 12 months: {inside} inside."


def test_a_low_geocoding_rate_is_a_warning():
    told = drawing.spec(maps.place_map(layers(rate=0.84), "nl"))
    loud = marks(told, "text", color=tokens().colours("light")["warn"])
    assert [row["text"] for layer in loud for row in rows(told, layer)] == [
        "Geocoderingsgraad 84%. Onder 85%: de kaart toont te weinig van de feiten."
    ]


def test_an_unknown_geocoding_rate_is_said():
    assert "Geocoding rate not known." in words_in(drawing.spec(maps.place_map(layers(rate=None), "en")))


def test_streets_are_named_along_their_line():
    told = picture("place_map")
    named = [row for layer in marks(told, "text") for row in rows(told, layer) if "angle" in row]
    assert {row["text"] for row in named} == {"Gentsesteenweg", "Havenlaan"}
    assert {abs(round(row["angle"] / 10) * 10) for row in named} == {0, 90}


def test_north_is_up_and_lengths_are_true():
    view = View.around(box(0, 0, 1000, 500), width=640, height=400, top=50, margin=0)
    west, south = view.px(0, 0)
    east, north = view.px(1000, 500)
    assert east > west
    assert north < south
    assert (east - west) / 1000 == pytest.approx((south - north) / 500, rel=0.01)


def test_the_scale_bar_is_as_long_as_it_says():
    told = picture("zone_map")
    view = View.around(box(0, 0, 3000, 2000), width=640, height=460, top=0, margin=0.03)
    bar = next(
        layer
        for layer in marks(told, "rule")
        if layer["encoding"].get("x", {}).get("value") == 12 and "x2" in layer["encoding"]
    )
    length = bar["encoding"]["x2"]["value"] - 12
    assert "500 m" in words_in(told)
    assert length == pytest.approx(500 * view.scale, rel=0.01)


def test_places_are_coloured_by_deviation_and_told_apart_without_colour():
    told = picture("zone_map")
    data = tokens().data("light")
    for state, colour in (("above", data["above"]), ("below", data["below"]), ("within", data["expected"])):
        shown = [row for layer in marks(told, "geoshape", fill=colour) for row in rows(told, layer)]
        assert len(shown) == sum(p.state == state for p in mapped())
    assert "1\u202f▲" in words_in(told)
    assert "3\u202f▼" in words_in(told)


def test_not_enough_data_is_hatched_in_grey():
    told = picture("zone_map")
    (hatch,) = marks(told, "geoshape", stroke=tokens().data("light")["unknown"])
    lines = [row["geometry"]["type"] for row in rows(told, hatch)]
    assert lines == ["MultiLineString"]
    assert "not enough data (1)" in words_in(told)


def test_the_alternative_names_the_places_that_stand_out():
    told = picture("zone_map", "fr")["description"]
    assert "Plus qu’attendu\xa0: hotspot 1." in told
    assert "Données insuffisantes\xa0: hotspot 4." in told


def test_degrees_are_refused_with_the_way_out():
    wrong = replace(layers(), perimeter=Point(4.3, 50.8).buffer(0.01), cells=None)
    with pytest.raises(MapError, match="Reproject"):
        maps.place_map(wrong, "en")


def test_an_empty_perimeter_is_refused():
    with pytest.raises(MapError, match="empty"):
        maps.place_map(replace(layers(), perimeter=Polygon(), buffer_m=0), "en")


def test_broken_geometry_of_the_ground_does_not_stop_a_map():
    bow = gpd.GeoDataFrame(geometry=[Polygon([(1200, 700), (1700, 1200), (1700, 700), (1200, 1200)]), None])
    told = maps.place_map(replace(layers(), ground=replace(ground(), green=bow)), "en", about=ABOUT)
    assert drawing.svg(told)


def test_numbers_of_places_close_together_do_not_cover_each_other():
    corners = [(1000 + 60 * (i % 4), 1000 + 60 * (i // 4)) for i in range(12)]
    small = [(str(i), box(x, y, x + 50, y + 50)) for i, (x, y) in enumerate(corners)]
    view = View.around(box(0, 0, 6000, 4000), width=640, height=420, top=0, margin=0)
    labels, leaders = numbers(small, Room(view), "label")
    places = sorted((row["x"], row["y"]) for row in labels)
    assert len(labels) == 12
    assert 0 < len(leaders) < 12
    for i, (x, y) in enumerate(places):
        assert all(abs(x - a) > 9 or abs(y - b) > 13 for a, b in places[i + 1 :])


def test_a_map_stays_small_however_fine_its_layers():
    fine = gpd.GeoDataFrame(geometry=[Point(1500, 1000).buffer(400, quad_segs=20_000)])
    told = picture_with(replace(ground(), water=fine))
    water = marks(told, "geoshape", fill=tokens().data("light")["water"])[0]
    assert len(rows(told, water)[0]["geometry"]["coordinates"][0]) < 200


def picture_with(layers_below):
    return drawing.spec(maps.place_map(replace(layers(), ground=layers_below), "en", figures=place()))


def test_a_name_moves_aside_for_what_fills_the_middle_of_its_area():
    commune = gpd.GeoDataFrame({"name": ["Molenbeek"]}, geometry=[box(500, 500, 5500, 3500)])
    view = View.around(box(0, 0, 6000, 4000), width=640, height=420, top=0, margin=0)
    room = Room(view)
    crowd = room.on_sheet(box(1500, 1100, 4500, 2900))
    room.hold(crowd)
    (row,) = area_names(commune, room, "label")
    assert not (crowd[0] < row["x"] < crowd[2] and crowd[1] < row["y"] < crowd[3])


def test_own_places_have_a_second_line_around_them():
    accent = tokens().colours("light")["accent"]
    own = [replace(p, own=p.number == 2) for p in mapped()]
    told = drawing.spec(maps.zone_map(own, "en", ground=ground()))
    (ring,) = marks(told, "geoshape", stroke=accent)
    (row,) = rows(told, ring)
    assert shape(row["geometry"]).area > own[1].geometry.area
    assert not marks(drawing.spec(maps.zone_map(mapped(), "en", ground=ground())), "geoshape", stroke=accent)
