# %% [markdown]
# # Scan a city
#
# Where do events cluster by more than chance, and what outline would a hotspot have? From points to proposed perimeters,
# with every choice in sight.
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

# %% [markdown]
# ## Equal cells
#
# Several years make a better map than one month. `count_points` keeps what fell outside in `attrs`, so nothing gets lost
# unseen.

# %%
cells = analysis.count_points(points, analysis.make_grid(zone, 100))
print(cells.attrs)
cells.vicus.map("n")

# %% [markdown]
# ## A smooth surface
#
# The bandwidth decides what is seen. It is chosen from both axes, kept in the result, and yours to change. Read the
# surface as a picture, not as a test: it has peaks where nothing is the matter, too.

# %%
surface = analysis.kernel_density(points, cells)
print({name: surface.attrs[name] for name in surface.attrs if "bandwidth" in name})
surface.vicus.map("kde")

# %% [markdown]
# ## Clusters that chance does not explain
#
# Gi* compares each cell and its neighbours with the whole. Thousands of cells are tested at once, so p-values are adjusted
# for false discoveries ([Caldas de Castro & Singer 2006](https://doi.org/10.1111/j.0016-7363.2006.00682.x)).

# %%
hot = analysis.getis_ord(cells, "n", adjust="fdr")
print(hot["kind"].value_counts().to_dict())
hot.vicus.map("kind")

# %% [markdown]
# ## Outlines to discuss
#
# `propose_perimeters` joins hot cells into outlines. They are a proposal: walk there, ask those who know the place, and move
# the edge to where the problem ends.

# %%
proposed = analysis.propose_perimeters(cells, count=12)
proposed.drop(columns="geometry").head(12).style.format(precision=3).hide()

# %% [markdown]
# Judge them on events that did not choose them: propose from the earlier years, and measure on the last one.

# %%
last = points["from"] >= points["from"].max() - pd.DateOffset(years=1)
from_earlier = analysis.propose_perimeters(
    analysis.count_points(points[~last], analysis.make_grid(zone, 100)), count=12
)
print(analysis.capture_rate(points[last], from_earlier, zone).summary())
