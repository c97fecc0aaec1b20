# %% [markdown]
# # Near repeats
#
# After a burglary, are the houses around it at risk for a while? If so, how far and how long: that decides which doors to
# knock on this week. The Knox test counts pairs of events that are close in space and in time, and compares them with what
# chance gives when the dates are shuffled over the places.
#
# The zone below is generated, without any contagion between events; a planted spell of near repeats is added to see it found.

# %%
import numpy as np
import pandas as pd

from vicus import analysis
from vicus.demo.world import generate
from vicus.pictures.results import notebook

notebook()
city = generate()
located = city.incidents.dropna(subset=["x", "y"])
last = located[located["from"] >= located["from"].max() - pd.DateOffset(years=1)]
burglaries = last[last["category"] == last["category"].value_counts().index[0]].head(1500)
xy = burglaries[["x", "y"]].to_numpy()
days = (burglaries["from"] - burglaries["from"].min()) / pd.Timedelta(days=1)

# %% [markdown]
# Bands are closed on the right: the first is "the same spot up to 0.1 m", the second "over 0.1 m and up to 100 m". An event
# exactly 100 m away is in the second band, not in both and not in neither.

# %%
bands = {"distances": [0.1, 100, 200, 400], "days": [3, 7, 14]}
quiet = analysis.knox(xy, days, **bands, permutations=199, random_state=1)
print(quiet.summary())
quiet.chart()

# %% [markdown]
# A frame marks a cell that stands out at 5 %. Among twelve cells one or two do so when nothing is the matter: look for a pattern
# that makes sense (nearest and soonest first, fading outwards), not for a frame.
#
# Now one event in six is followed by another within 150 metres and four days.

# %%
random = np.random.default_rng(7)
followed = random.random(len(xy)) < 1 / 6
angle, far = random.uniform(0, 2 * np.pi, followed.sum()), random.uniform(20, 150, followed.sum())
echoes = xy[followed] + np.c_[far * np.cos(angle), far * np.sin(angle)]
xy_both = np.vstack([xy, echoes])
days_both = np.r_[days, days[followed] + random.uniform(0.2, 4, followed.sum())]
found = analysis.knox(xy_both, days_both, **bands, permutations=199, random_state=1)
print(found.summary())
found.chart()

# %% [markdown]
# Chains are the groups of events linked by such pairs: what an analyst reads first.

# %%
chain = analysis.near_repeat_chains(xy_both, days_both, distance=150, days=4)
sizes = pd.Series(chain[chain >= 0]).value_counts()
print(f"{len(sizes)} chains; the longest links {sizes.max()} events.")
