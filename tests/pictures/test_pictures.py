"""What every picture owes its reader, whatever its kind."""

import re
import xml.etree.ElementTree as ET

import altair as alt
import pytest
from drawn_pictures import FLUID, PICTURES, picture, words_in

from vicus.pictures import drawing
from vicus.pictures.tokens import SCHEMES, tokens
from vicus.pictures.words import LANGUAGES

MAPS = ("place_map", "zone_map")


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_valid_vega_lite(kind):
    alt.LayerChart.from_dict(picture(kind))


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_says_its_finding_in_the_language(kind, language):
    texts = {other: picture(kind, other)["description"] for other in LANGUAGES}
    assert len(set(texts.values())) == 3
    assert re.search(r"\b(12|18|412|2 hotspots|1 hotspot)\b", texts[language])
    assert texts[language].endswith(".")


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_no_english_is_left_in_another_language(kind, language):
    told = picture(kind, language)
    spoken = " ".join([told["description"], *words_in(told)])
    assert not re.search(r"\b(facts|expected|data|October|months|Monday|as known)\b", spoken)


@pytest.mark.parametrize("kind", PICTURES)
def test_drawing_a_picture_again_gives_the_same_svg(kind):
    assert drawing.svg(PICTURES[kind]("nl")) == drawing.svg(PICTURES[kind]("nl"))


@pytest.mark.parametrize("kind", PICTURES)
def test_the_svg_is_named_for_a_screen_reader(kind):
    root = ET.fromstring(drawing.svg(PICTURES[kind]("fr")))
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture(kind, "fr")["description"]


@pytest.mark.parametrize("kind", PICTURES)
def test_no_words_lie_outside_the_picture(kind):
    for language in LANGUAGES:
        root = ET.fromstring(drawing.svg(PICTURES[kind](language)))
        width, height = float(root.get("width")), float(root.get("height"))
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            x, y = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", text.get("transform")).groups()
            assert -1 <= float(x) <= width + 1, text.text
            assert 0 <= float(y) <= height, text.text


@pytest.mark.parametrize("kind", [k for k in PICTURES if k != "sparkline"])
def test_title_source_data_version_and_date_stand_with_the_picture(kind):
    told = " ".join(words_in(picture(kind)))
    assert "Brussels-West" in told
    assert "data version 14, as known on 3 November 2026" in told
    assert "Vicus 0.1.0" in told


@pytest.mark.parametrize("kind", FLUID)
def test_on_a_page_a_picture_takes_the_width_of_its_place_and_leaves_the_words_to_the_page(kind):
    told = picture(kind, width="container")
    assert told["width"] == "container"
    assert "Vicus 0.1.0" not in " ".join(words_in(told))


@pytest.mark.parametrize("kind", FLUID)
def test_a_picture_without_a_width_of_its_own_cannot_be_printed(kind):
    with pytest.raises(drawing.DrawingError, match="width"):
        drawing.svg(PICTURES[kind]("en", width="container"))


@pytest.mark.parametrize("kind", PICTURES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_picture_has_the_ink_and_the_type_of_its_scheme(kind, scheme):
    told = picture(kind, scheme=scheme)
    assert told["config"]["text"]["color"] == tokens().colours(scheme)["ink"]
    assert told["config"]["font"].startswith("'Source Sans 3'")


@pytest.mark.parametrize("kind", PICTURES)
def test_a_theme_switched_on_in_a_notebook_does_not_reach_a_picture(kind):
    with alt.theme.enable("dark"):
        dressed = picture(kind)
    assert dressed == picture(kind)


def test_a_picture_becomes_a_png_with_words_in_it():
    from PIL import Image

    data = drawing.png(PICTURES["series"]("nl"), scale=1)
    assert data.startswith(b"\x89PNG")
    import io

    image = Image.open(io.BytesIO(data)).convert("L")
    title = image.crop((12, 12, 500, 34))
    dark = sum(1 for value in title.get_flattened_data() if value < 100)
    assert dark > 300


def test_nothing_is_fetched_from_elsewhere():
    chart = alt.LayerChart(layer=[alt.Chart("https://example.org/a.csv").mark_point()], width=100)
    with pytest.raises(ValueError, match="not allowed"):
        drawing.svg(chart)


@pytest.mark.parametrize("kind", MAPS)
def test_every_map_prints_its_geocoding_rate_a_scale_and_the_origin_of_its_layers(kind):
    told = words_in(picture(kind))
    assert "Geocoding rate 94%." in told
    assert any(re.fullmatch(r"[\d.]+ k?m", text) for text in told)
    assert "N" in told
    assert "Statbel; OpenStreetMap contributors" in told
