"""What a comparison is: data to make, our way, the ways of the peers, and how many times faster ours should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Way = Callable[[Any], Any]


@dataclass(frozen=True)
class Work:
    """One comparison. A module of this package lists its own in `WORKS`; imports belong inside the functions.

    Attributes
    ----------
    name : str
        What to type: `python -m benchmarks.peers <name>`.
    about : str
        The work in a few words, with its size.
    prepare : callable
        Makes the data of a given size, the same in every process; not timed.
    size, small : int
        Size of the timed run, and of the run before it that imports and compiles.
    ours : callable
        Our way, from data to result. A result that is an array (or None) is compared with those of the peers.
    peers : dict of str to callable
        Ways of the peers by name.
    at_least : dict of str to float
        How many times the time of ours each peer should take. Below 1: ours may take longer.
    memory : dict of str to float
        Largest share of the peer's memory that ours may take, where one is set.
    """

    name: str
    about: str
    prepare: Callable[[int], Any]
    size: int
    small: int
    ours: Way
    peers: dict[str, Way]
    at_least: dict[str, float]
    memory: dict[str, float] | None = None
