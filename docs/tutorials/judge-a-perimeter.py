# %% [markdown]
# # Judge a perimeter
#
# An outline was drawn three years ago. Does it still hold its problem, has the problem moved, is the month out of the ordinary?
#
# The zone below is generated: schematic streets, no real incident. Put your own points and outlines in its place with
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
hotspot = city.hotspots[city.hotspots["number"] == 4]
outline = hotspot.geometry.iloc[0]

# %% [markdown]
# ## Does it hold its problem?
#
# `perimeter_fit` compares the outline with the same outline moved about: if it catches more than its neighbours would, it lies
# where the problem is. It says how far the centre of the events drifted from the centre of the outline.

# %%
last_year = points[points["from"] >= points["from"].max() - pd.DateOffset(years=1)]
fit = analysis.perimeter_fit(last_year, hotspot)
print(fit.summary())

# %% [markdown]
# The same for each year: a perimeter does not fail in one day.

# %%
rows = []
for year, events in points.groupby(points["from"].dt.year):
    found = analysis.perimeter_fit(events, hotspot)
    rows.append((year, found.inside, found.share_events, found.pai, found.drift))
table = pd.DataFrame(rows, columns=["year", "inside", "share of events near", "PAI", "drift, m"])
table.style.format(precision=2).hide()

# %% [markdown]
# ## Where in it?
#
# Cells of 50 metres around the outline, and the middle of the events.

# %%
around = gpd.GeoDataFrame(geometry=[outline.buffer(150)], crs=points.crs)
cells = analysis.count_points(last_year, analysis.make_grid(around, 50))
cells.vicus.map("n")

# %%
inside = last_year[last_year.within(outline)]
analysis.centre(inside).chart()

# %% [markdown]
# ## Is the month out of the ordinary?
#
# A month is judged by the range that the months before it foretell, season included; a percentage on twenty events says
# next to nothing.

# %%
monthly = points[points.within(outline)].groupby(points["from"].dt.to_period("M")).size()
expected = analysis.expected_range(monthly[:-1])
print(expected.summary())
print(f"The last month counted {monthly.iloc[-1]}.")
expected.chart()

# %% [markdown]
# ## And its hours?
#
# Which hours stand out decides when to be there. The test comes first: with few events every clock has a busiest hour.

# %%
hours = analysis.aoristic(inside["from"], inside["to"], tz="Europe/Brussels")
print(analysis.week_rhythm(hours).summary())
