# %% [markdown]
# # How concentrated is it?
#
# A few places hold most of the events in nearly every city ([Weisburd 2015](https://doi.org/10.1111/1745-9125.12070)). Before
# choosing places to work on, see how far that is true here, for which kinds of event, and whether it stays so.
#
# The zone below is generated: schematic streets, no real incident. Put your own points in its place with
# `geopandas.read_file(...)`, in a coordinate system in metres.

# %%
import geopandas as gpd
import pandas as pd

from vicus import analysis
from vicus.demo.world import generate
from vicus.pictures.results import notebook

notebook()
city = generate()
located = city.incidents.dropna(subset=["x", "y"])
places = gpd.points_from_xy(located["x"], located["y"], crs=city.areas.crs)
points = gpd.GeoDataFrame(located, geometry=places)
zone = city.areas[city.areas["kind"] == "commune"]
print(f"{len(city.incidents):,} incidents, {len(points) / len(city.incidents):.0%} with a place")

# %% [markdown]
# Cells of 100 metres, and the incidents of one year in each. Cells without any incident belong in the count: leaving them out
# makes every city look even.

# %%
year = points[points["from"] >= points["from"].max() - pd.DateOffset(years=1)]
cells = analysis.count_points(year, analysis.make_grid(zone, 100))
curve = analysis.lorenz(cells["n"])
curve.chart()

# %% [markdown]
# The Gini coefficient says the same in one figure. A trap: a kind with fewer events than cells can never be spread evenly,
# and looks concentrated whatever happens. `gini` therefore measures from the most even spread that whole events allow
# ([Bernasco & Steenbeek 2017](https://doi.org/10.1007/s10940-016-9324-7)); the last column shows what would be said without.

# %%
kinds = analysis.count_points(year, analysis.make_grid(zone, 100), by="category")
rows = []
for kind in sorted(set(year["category"])):
    counts = kinds[kind]
    if counts.sum() >= 50:
        plain = analysis.gini(counts, generalised=False)
        rows.append((kind, int(counts.sum()), analysis.gini(counts), plain))
table = pd.DataFrame(rows, columns=["kind", "events", "gini", "without the correction"])
table.sort_values("gini", ascending=False).style.format(precision=3).hide()

# %% [markdown]
# Does it stay? A map of last year is only of use if it foretells this year. `pai` ranks the cells by what was predicted
# and says what share of the new events the first so many cells catch. Ties are sorted against us.

# %%
earlier = points[(points["from"] < year["from"].min())]
before = analysis.count_points(earlier, cells[["geometry"]])["n"]
hits = analysis.pai(cells["n"], before, cells.area / 1e6)
hits.vicus.chart()

# %%
first = hits[hits["share_area"] <= 0.05].iloc[-1]
print(f"The busiest 5 % of the surface in earlier years: {first['share_events']:.0%} of this year's events.")
