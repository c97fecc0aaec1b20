"""Drawing by mouse and by keyboard: corners snap to streets, cells are added, outlines are split, an order is prolonged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import shapely
from furnished_zone import Town
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
NUMBER = 4

# Where on the screen a place of the map is; a crossing of streets and a cell, both well inside of what is seen.
ON_SCREEN = """(element, [lng, lat]) => {
  const { x, y } = element.map.project([lng, lat]);
  const box = element.map.getCanvas().getBoundingClientRect();
  return [box.left + x, box.top + y];
}"""


def layers(page: Page, kind: str) -> list[Any]:
    """The shapes of the layers of one kind that the page brought."""
    text = page.locator("#map-layers").text_content() or ""
    found = [layer for layer in json.loads(text)["layers"] if layer["kind"] == kind]
    return [shapely.geometry.shape(one["geometry"]) for layer in found for one in layer["data"]["features"]]


def middle(page: Page) -> shapely.Point:
    lng, lat = page.locator("[data-map]").evaluate("element => element.map.getCenter().toArray()")
    return shapely.Point(lng, lat)


def crossing(page: Page) -> tuple[float, float]:
    """The crossing of streets nearest to the middle of the map."""
    ends = [
        tuple(p)
        for net in layers(page, "street")
        for line in net.geoms
        for p in (line.coords[0], line.coords[-1])
    ]
    busy = {end for end in ends if ends.count(end) > 2}
    return min(busy, key=lambda end: shapely.Point(end).distance(middle(page)))


def on_screen(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    x, y = page.locator("[data-map]").evaluate(ON_SCREEN, list(place))
    return float(x), float(y)


def click(page: Page, x: float, y: float) -> None:
    page.mouse.move(x, y, steps=2)
    page.mouse.click(x, y)


def press(page: Page, key: str, times: int = 1) -> None:
    """Arrow keys move the map with an animation: wait until it stands still."""
    for _ in range(times):
        page.keyboard.press(key)
        while page.locator("[data-map]").evaluate("element => element.map.isMoving()"):
            page.wait_for_timeout(50)


def outline(page: Page) -> Any:
    return shapely.from_geojson(page.locator("[data-outline]").input_value())


@pytest.fixture
def drawing(town: Town, visit: Visit) -> Iterator[Page]:
    page = visit("analyst", language="en")
    page.goto(town.address(f"perimeters/{NUMBER}/draw/"))
    expect(page.locator("[data-drawing]")).to_have_attribute("data-awake", "")
    page.locator(".map-canvas").scroll_into_view_if_needed()
    yield page
    assert page.watch.complaints == []  # type: ignore[attr-defined]


def test_a_corner_near_a_crossing_snaps_to_it(drawing: Page) -> None:
    drawing.locator("[data-act=clear]").click()
    place = crossing(drawing)
    x, y = on_screen(drawing, place)
    drawing.keyboard.down("Alt")
    for right, down in ((-150, -90), (150, -80)):
        click(drawing, x + right, y + down)
    drawing.keyboard.up("Alt")
    click(drawing, x + 4, y + 3)
    click(drawing, x - 150, y - 90)
    expect(drawing.locator("[data-tool=select]")).to_have_attribute("aria-pressed", "true")
    corners = [shapely.Point(corner) for corner in outline(drawing).exterior.coords]
    assert min(corner.distance(shapely.Point(place)) for corner in corners) < 2e-6


def test_a_cell_is_added_and_the_outline_is_split(drawing: Page) -> None:
    before = outline(drawing)
    cells = [
        cell for cell in layers(drawing, "density") if cell.intersects(before) and not before.covers(cell)
    ]
    cell = max(cells, key=lambda one: one.difference(before).area)
    drawing.locator("[data-tool=cells]").click()
    inside = cell.difference(before).representative_point()
    click(drawing, *on_screen(drawing, (inside.x, inside.y)))
    expect(drawing.locator("[data-outline]")).not_to_have_value(json.dumps(shapely.geometry.mapping(before)))
    expect(drawing.locator("[data-live]")).not_to_have_attribute("aria-busy", "true")
    after = outline(drawing)
    assert after.geom_type == "Polygon"
    assert after.area == pytest.approx(before.union(cell).area, rel=1e-3)

    _west, south, _east, north = after.bounds
    drawing.locator("[data-tool=linestring]").click()
    ends = [
        (after.centroid.x, south - (north - south) / 20),
        (after.centroid.x, north + (north - south) / 20),
    ]
    click(drawing, *on_screen(drawing, ends[0]))
    click(drawing, *on_screen(drawing, ends[1]))
    click(drawing, *on_screen(drawing, ends[1]))
    expect(drawing.locator("[data-live]")).to_contain_text("2 parts")
    parts = outline(drawing)
    assert len(parts.geoms) == 2

    drawing.locator("[data-tool=select]").click()
    right = max(parts.geoms, key=lambda part: part.centroid.x).representative_point()
    click(drawing, *on_screen(drawing, (right.x, right.y)))
    drawing.locator("[data-act=remove]").click()
    left = outline(drawing)
    assert left.geom_type == "Polygon"
    assert not left.contains(right)
    drawing.locator("[data-act=undo]").click()
    assert len(outline(drawing).geoms) == 2


def test_the_keyboard_alone_draws_adds_a_cell_and_splits(drawing: Page) -> None:
    def tool(name: str) -> None:
        drawing.locator(f"[data-{name}]").focus()
        drawing.keyboard.press("Enter")
        drawing.locator(".map-canvas canvas").first.focus()

    tool("act=clear")
    press(drawing, "+")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        press(drawing, " ")
        press(drawing, key, 2)
    press(drawing, " ")
    press(drawing, "Enter")
    expect(drawing.locator("[data-tool=select]")).to_have_attribute("aria-pressed", "true")
    square = outline(drawing)
    assert len(square.exterior.coords) == 5

    tool("tool=linestring")
    press(drawing, "ArrowRight")
    press(drawing, "ArrowDown")
    press(drawing, " ")
    press(drawing, "ArrowUp", 4)
    press(drawing, " ")
    press(drawing, "Enter")
    expect(drawing.locator("[data-live]")).to_contain_text("2 parts")

    tool("act=clear")
    tool("tool=cells")
    press(drawing, "ArrowDown")
    press(drawing, " ")
    expect(drawing.locator("[data-live]")).to_contain_text("Facts in twelve months")
    assert outline(drawing).contains(middle(drawing))
