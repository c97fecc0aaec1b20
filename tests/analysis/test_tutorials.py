"""The tutorials run on a real city too, not only on the generated zone that the documentation shows."""

from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest

from vicus.demo import world

TUTORIALS = Path(__file__).resolve().parents[2] / "docs" / "tutorials"


@pytest.fixture(scope="module")
def chicago(real_data):
    """The inner city in the last three years, in metres, in the shape of the demonstration."""
    columns = ["date", "primary_type", "x", "y"]
    rows = pd.read_parquet(real_data / "crime" / "chicago_2013_2018.parquet", columns=columns).dropna()
    rows = rows[rows["date"] >= "2015-11-01"]
    points = gpd.GeoSeries(gpd.points_from_xy(rows["x"], rows["y"], crs=3435)).to_crs(26916)
    x, y = points.x.to_numpy(), points.y.to_numpy()
    near = (abs(x - 445_000) < 4000) & (abs(y - 4_636_000) < 4000)
    incidents = pd.DataFrame(
        {
            "category": rows["primary_type"].astype(str).to_numpy(),
            "from": rows["date"].to_numpy(),
            "x": x,
            "y": y,
        }
    )[near]
    incidents["to"] = incidents["from"]
    areas = gpd.GeoDataFrame(
        {"kind": ["commune"]}, geometry=[points[near].union_all().convex_hull], crs=26916
    )
    busiest = incidents.groupby([incidents["x"] // 500, incidents["y"] // 500]).size().nlargest(21).index
    outlines = [gpd.points_from_xy([a * 500 + 250], [b * 500 + 250])[0].buffer(250) for a, b in busiest]
    hotspots = gpd.GeoDataFrame({"number": range(1, 22)}, geometry=outlines, crs=26916)
    assert len(incidents) > 50_000
    return SimpleNamespace(incidents=incidents, areas=areas, hotspots=hotspots)


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", sorted(path.stem for path in TUTORIALS.glob("*.py") if path.stem != "did-it-work")
)
def test_a_tutorial_runs_on_a_real_city(name, chicago, monkeypatch, capsys):
    """All but the one about the truths that were planted in the generated zone."""
    monkeypatch.setattr(world, "generate", lambda **_: chicago)
    source = (TUTORIALS / f"{name}.py").read_text(encoding="utf-8")
    exec(compile(source, name, "exec"), {"__name__": name})
    assert capsys.readouterr().out
