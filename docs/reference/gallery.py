# %% [markdown]
# # Gallery
#
# One picture per function, on the generated zone. Each is what `result.chart()` or `areas.vicus.map()` draws; the sentence
# above it is the result's own `summary()`.

# %%
import geopandas as gpd
import numpy as np
import pandas as pd

from vicus import analysis
from vicus.demo.world import generate
from vicus.pictures.results import notebook, week

notebook()
city = generate(months=36)
located = city.incidents.dropna(subset=["x", "y"])
places = gpd.points_from_xy(located["x"], located["y"], crs=city.areas.crs)
points = gpd.GeoDataFrame(located, geometry=places)
zone = city.areas[city.areas["kind"] == "commune"]
cells = analysis.count_points(points, analysis.make_grid(zone, 100))
last_year = points["from"] >= points["from"].max() - pd.DateOffset(years=1)
width = 460

# %% [markdown]
# ## Places
#
# `make_grid`, `count_points`

# %%
cells.vicus.map("n", width=width)

# %% [markdown]
# `kernel_density`, `select_bandwidth`

# %%
surface = analysis.kernel_density(points, cells, bandwidth=300)
surface.vicus.map("kde", width=width)

# %% [markdown]
# `density_bands`

# %%
analysis.density_bands(surface).sort_values("share", ascending=False).vicus.map("threshold", width=width)

# %% [markdown]
# `getis_ord`

# %%
analysis.getis_ord(cells, "n", adjust="fdr").vicus.map("kind", width=width)

# %% [markdown]
# `count_change`

# %%
changed = analysis.count_change(points[~last_year], points[last_year], cells, exposure=(2, 1))
changed.vicus.map("change", width=width)

# %% [markdown]
# `relative_density`

# %%
year_ago = points[~last_year]
analysis.relative_density(points[last_year], year_ago, cells, bandwidth=300).vicus.map(width=width)

# %% [markdown]
# `local_moran`

# %%
analysis.local_moran(cells, "n", random_state=1).vicus.map(width=width)

# %% [markdown]
# `classify_hotspots`, `emerging_hotspots`

# %%
quarters = points[["from", "geometry"]]
classified = analysis.classify_hotspots(quarters, cells[["geometry"]], period="quarter", time="from")
classified.vicus.map(width=width)

# %%
emerging = analysis.emerging_hotspots(quarters, cells[["geometry"]], period="quarter", time="from")
emerging.vicus.map(width=width)

# %% [markdown]
# `dbscan_hotspots`

# %%
analysis.dbscan_hotspots(points[last_year], distance=60, minimum=60).vicus.map("n", width=width)

# %% [markdown]
# `centre`

# %%
analysis.centre(points[last_year]).chart(width=width)

# %% [markdown]
# `moran`, `geary`, `general_g`

# %%
analysis.moran(cells, "n").chart(width=width)

# %% [markdown]
# `join_counts`

# %%
busy = cells.assign(busy=cells["n"] > cells["n"].quantile(0.8))
analysis.join_counts(busy, "busy").chart(width=width)

# %% [markdown]
# `mann_kendall`

# %%
monthly = points.groupby(points["from"].dt.to_period("M")).size()
analysis.mann_kendall(monthly).chart(width=width)

# %% [markdown]
# `propose_perimeters`

# %%
analysis.propose_perimeters(cells, count=12).vicus.map("n", width=width)

# %% [markdown]
# `ripley`

# %%
some = points.sample(800, random_state=1)
analysis.ripley(some, zone, [50, 100, 200, 400, 800], simulations=99, random_state=1).chart(width=width)

# %% [markdown]
# ## Concentration
#
# `lorenz`, `gini`

# %%
analysis.lorenz(cells["n"]).chart(width=width)

# %% [markdown]
# `pai`, `capture_rate`

# %%
old = analysis.count_points(points[~last_year], cells[["geometry"]])["n"]
new = analysis.count_points(points[last_year], cells[["geometry"]])["n"]
analysis.pai(new, old, cells.area / 1e6).vicus.chart(width=width)

# %% [markdown]
# ## Time
#
# `aoristic`, `week_rhythm`

# %%
week(analysis.aoristic(points["from"], points["to"], tz="Europe/Brussels"), width=width)

# %% [markdown]
# `knox`, `near_repeat`, `local_knox`, `near_repeat_chains`

# %%
thefts = points[last_year & (points["category"] == "BIKE")].head(1500)
xy = thefts[["x", "y"]].to_numpy()
analysis.knox(
    xy, thefts["from"], distances=[100, 200, 400], days=[3, 7, 14], permutations=99, random_state=1
).chart(width=width)

# %% [markdown]
# ## Change and evaluation
#
# `expected_range`

# %%
analysis.expected_range(monthly[:-1]).chart(width=width)

# %% [markdown]
# `week_on_week`, `year_to_date`

# %%
analysis.year_to_date(points["from"], as_of="2026-10-31").chart(width=width)

# %% [markdown]
# `funnel`

# %%
hotspots = analysis.count_points(points[~last_year], city.hotspots)["n"] / 2
analysis.funnel(analysis.count_points(points[last_year], city.hotspots)["n"], hotspots).chart(width=width)

# %% [markdown]
# `wdd`, `harm_wdd`

# %%
analysis.wdd((207, 110), (308, 318), (178, 157), (150, 140)).chart(width=width)

# %% [markdown]
# `cumulative_wdd`

# %%
treated, control = np.array([20, 18, 15, 12, 9, 8]), np.array([21, 19, 20, 22, 18, 21])
analysis.cumulative_wdd(treated, control).vicus.chart(width=width)

# %% [markdown]
# `wdq`

# %%
analysis.wdq((100, 70), (50, 45), (200, 190)).chart(width=width)

# %% [markdown]
# `poisson_fit`

# %%
analysis.poisson_fit([0, 1, 0, 2, 1, 0, 3, 1, 0, 0, 5, 1, 2, 0, 1]).vicus.chart(width=width)

# %% [markdown]
# `interrupted_series`

# %%
planted = city.hotspots.set_index("number").geometry[12]
inside = points[points.within(planted)]
series = inside.groupby(inside["from"].dt.to_period("M")).size().reindex(monthly.index, fill_value=0)
start = series.index.get_loc(pd.Period("2025-03", "M"))
analysis.interrupted_series(series, start).chart(width=width)

# %% [markdown]
# `synthetic_control`, `choose_controls`

# %%
counted = points.sjoin(city.hotspots[["number", "geometry"]])
table = counted.groupby([counted["from"].dt.to_period("M"), "number"]).size().unstack(fill_value=0)
analysis.synthetic_control(
    table[12], table.drop(columns=[4, 9, 11, 12, 16]), before=start, confidence=0.9
).chart(width=width)

# %% [markdown]
# `difference_in_differences`

# %%
panel = table[[n for n in table if n not in (4, 9, 11)]].stack().rename("events").reset_index()
panel.columns = ["period", "unit", "events"]
panel["period"] = panel["period"].dt.year * 12 + panel["period"].dt.month
begun = {12: 2025 * 12 + 3, 16: 2025 * 12 + 9}
panel["first_treated"] = panel["unit"].map(begun)
analysis.difference_in_differences(panel, draws=199, random_state=1).chart(width=width)

# %% [markdown]
# ## Without a picture
#
# What these answer is a number or a sentence: `e_test`, `poisson_z`, `scan_window`, `small_sample_test`, `dispersion`,
# `detectable_change`, `empirical_bayes`, `harm`, `suppress`, `quadrat_test`, `nearest_neighbours`, `mantel`, `jacquez`,
# `perimeter_fit`, `spatial_similarity`, `snap_points`, `patrol_dose`.

# %%
few = thefts.head(300)
for said in (
    analysis.detectable_change(12, 12, 3),
    analysis.dispersion(series),
    analysis.nearest_neighbours(some, zone),
    analysis.quadrat_test(some, zone, cell_size=1000),
    analysis.jacquez(few, few["from"], k=3, permutations=99, random_state=1),
    analysis.perimeter_fit(points[last_year], city.hotspots[city.hotspots["number"] == 12]),
):
    print(said.summary())
