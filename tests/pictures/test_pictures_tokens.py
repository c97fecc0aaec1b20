"""The visual language: one file of tokens, readable in both schemes."""

import re

import pytest

from vicus.pictures.tokens import SCHEMES, TokensError, contrast, parse, tokens


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["ink", "muted", "accent", "good", "warn", "bad"])
@pytest.mark.parametrize("ground", ["paper", "surface", "soft"])
def test_text_can_be_read_on_every_ground(scheme, name, ground):
    colours = tokens().colours(scheme)
    assert contrast(colours[name], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_borders_of_inputs_and_marks_of_values_stand_out_from_the_ground(scheme, ground):
    colours, data = tokens().colours(scheme), tokens().data(scheme)
    for colour in (colours["control"], data["value"], data["above"], data["below"], data["discovered"]):
        assert contrast(colour, colours[ground]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_three_phases_can_be_told_apart_without_their_hue(scheme):
    data = tokens().data(scheme)
    assert contrast(data["clear"], data["hold"]) >= 1.7
    assert contrast(data["hold"], data["build"]) >= 1.7


def test_every_colour_is_written_the_same_way():
    known = tokens()
    for scheme in SCHEMES:
        for colour in (*known.colours(scheme).values(), *known.data(scheme).values()):
            assert re.fullmatch(r"#[0-9A-F]{6}", colour)


def test_distances_are_multiples_of_four():
    assert all(distance % 4 == 0 for distance in tokens().space.values())


def test_black_in_the_palette_becomes_the_ink_of_the_scheme():
    assert tokens().category_colours("dark")[-1] == tokens().colours("dark")["ink"]


def test_a_colour_that_only_one_scheme_knows_is_refused():
    with pytest.raises(TokensError, match="ink"):
        parse('[colour.light]\nink="#000000"\n[colour.dark]\npaper="#FFFFFF"\n')


def test_tokens_cannot_be_changed_by_a_reader():
    with pytest.raises(TypeError):
        tokens().colours("light")["ink"] = "#000000"
