"""Why a territory file is not imported. Each error is one sentence for the reader, in their language."""

from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Problem:
    """One area that cannot be taken: which, why, and where (an SVG picture)."""

    code: str
    why: str
    picture: str = ""


@dataclass
class TerritoryRefused(Exception):
    """The file is not imported; nothing has changed."""

    message: str | Promise
    problems: list[Problem] = field(default_factory=list)
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.message)
