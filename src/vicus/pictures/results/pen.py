"""What every picture of a result shares: its size and colours, the finding above it, the words for a screen reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from vicus.pictures.lettering import wrap
from vicus.pictures.theme import SIZES, config
from vicus.pictures.tokens import Scheme, tokens

HEIGHT = 260


class NoPicture(TypeError):
    """There is no picture of this kind of result."""


@dataclass(frozen=True)
class Pen:
    """Size and colours of one drawing."""

    width: int
    scheme: Scheme

    def colour(self, name: str) -> str:
        """A colour of the scheme by the name of its token."""
        data = tokens().data(self.scheme)
        return data[name] if name in data else tokens().colours(self.scheme)[name]

    def ramp(self) -> list[str]:
        """Densities from few to many: more lies further from the paper."""
        return list(tokens().density)[:: -1 if self.scheme == "light" else 1]

    def diverging(self) -> list[str]:
        """Below, as expected, above."""
        return [self.colour("below"), self.colour("expected"), self.colour("above")]


def dressed(picture: Any, words: str, pen: Pen) -> alt.TopLevelMixin:
    """The finding above, the look of the house, the words for a screen reader."""
    height = HEIGHT if getattr(picture, "height", alt.Undefined) is alt.Undefined else picture.height
    dressed = picture.properties(
        width=pen.width,
        height=height,
        title=alt.TitleParams(
            wrap(words, pen.width - 40, SIZES["title"], bold=True),
            anchor="start", frame="bounds", fontSize=SIZES["title"], offset=14,
        ),
        description=words,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        usermeta={"vicus": {"picture": "result", "scheme": pen.scheme}},
    )  # fmt: skip
    ground = {"background": pen.colour("paper"), "padding": tokens().space["s"]}
    look = config(pen.scheme)
    look["legend"] = {**look["legend"], "titleFontWeight": "normal"}
    dressed.config = alt.Config.from_dict({**look, **ground})
    return dressed  # type: ignore[no-any-return]


def nothing(pen: Pen) -> Any:
    """Where there are too few data to draw."""
    words = alt.Chart(pd.DataFrame({"text": ["not enough data"]}))
    return alt.layer(
        words.mark_text(color=pen.colour("muted"), fontSize=SIZES["subtitle"]).encode(text="text:N")
    ).properties(height=80)
