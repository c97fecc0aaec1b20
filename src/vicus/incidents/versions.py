"""Versions of the incident table: what was known, since when, and by which operation.

The facts about a version travel inside the Delta commit that makes it, so a version and its description
appear together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from vicus.incidents.errors import KnownAtBackwards, VersionErased, VersionUnknown
from vicus.incidents.words import say

Operation = Literal["create", "import", "erase"]

METADATA_KEY = "vicus"
"""Under this key the description stands in the commit; commits without it (vacuum) are no versions."""

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the incidents of a zone.

    Attributes
    ----------
    number : int
        Number of the Delta commit. Increasing, not consecutive.
    known_at : datetime
        Moment (UTC) from which this was the best knowledge.
    operation : {"create", "import", "erase"}
        What made it.
    added, changed, removed : int
        Rows, compared with the version before.
    rows : int
        Rows in this version.
    origin : str
        Where it came from, for people: a file name, a retention rule.
    available : bool
        False when a later erasure took the rows of this version away.
    """

    number: int
    known_at: datetime
    operation: Operation
    added: int
    changed: int
    removed: int
    rows: int
    origin: str
    available: bool = True

    def metadata(self) -> dict[str, Any]:
        """What is written into the commit; the number is the commit's own."""
        return {
            "known_at": self.known_at.astimezone(UTC).isoformat(),
            "operation": self.operation,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "rows": self.rows,
            "origin": self.origin,
        }


def from_history(commits: Iterable[Mapping[str, Any]]) -> list[Version]:
    """Versions out of the commits of the Delta log, oldest first."""
    found = []
    for commit in commits:
        facts = commit.get(METADATA_KEY)
        if not isinstance(facts, Mapping):
            continue
        found.append(
            Version(
                number=int(commit["version"]),
                known_at=datetime.fromisoformat(facts["known_at"]),
                operation=cast(Operation, facts["operation"]),
                added=int(facts["added"]),
                changed=int(facts["changed"]),
                removed=int(facts["removed"]),
                rows=int(facts["rows"]),
                origin=str(facts["origin"]),
            )
        )
    return sorted(found, key=lambda version: version.number)


def with_availability(versions: Sequence[Version]) -> list[Version]:
    """The same versions, those before the last erasure marked as gone."""
    erased = max((version.number for version in versions if version.operation == "erase"), default=-1)
    return [replace(version, available=version.number >= erased) for version in versions]


def numbered(versions: Sequence[Version], number: int) -> Version:
    """The version with this number, if its rows can still be read."""
    for version in versions:
        if version.number == number:
            return _available(version)
    raise VersionUnknown(
        say("There is no version {number} of these incidents.", number=number),
        todo=say("List the versions and choose one of them."),
    )


def newest(versions: Sequence[Version], as_known_at: date | datetime | None, timezone: str) -> Version:
    """The newest version whose `known_at` is not after the moment asked for."""
    if as_known_at is None:
        return versions[-1]
    moment = end_of(as_known_at, timezone)
    known = [version for version in versions if version.known_at <= moment]
    # An import may state an earlier moment than the creation of the store: it then says more than "empty".
    told = [version for version in known if version.operation != "create"]
    if not known:
        first = min(version.known_at for version in versions)
        raise VersionUnknown(
            say(
                "Nothing was known yet on {day}: the first version is of {first}.",
                day=_local(moment, timezone) if isinstance(as_known_at, datetime) else as_known_at,
                first=_local(first, timezone),
            ),
            todo=say("Choose a later day."),
        )
    return _available((told or known)[-1])


def end_of(moment: date | datetime, timezone: str) -> datetime:
    """The instant meant by a moment: a bare day means its last instant, local time."""
    zone = ZoneInfo(timezone)
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    following = datetime.combine(moment + timedelta(days=1), time(), tzinfo=zone)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def next_known_at(versions: Sequence[Version], asked: datetime | None, timezone: str) -> datetime:
    """The `known_at` of a version about to be written, refused when it would go backwards."""
    now = datetime.now(UTC)
    known_at = now if asked is None else end_of(asked, timezone)
    if known_at > now + CLOCK_TOLERANCE:
        raise KnownAtBackwards(
            say(
                "The import says it was known at {moment}, which is still to come.",
                moment=_local(known_at, timezone),
            ),
            kept=say("Nothing was changed."),
            todo=say("Give a moment that has passed, or check the clock of this machine."),
        )
    last = max((v.known_at for v in versions if v.operation != "create"), default=None)
    if last is not None and known_at < last:
        raise KnownAtBackwards(
            say(
                "The import says it was known at {moment}, before the newest version ({newest}).",
                moment=_local(known_at, timezone),
                newest=_local(last, timezone),
            ),
            kept=say("Nothing was changed."),
            todo=say("Import files in the order in which they became known, or leave the moment out."),
        )
    return known_at


def _available(version: Version) -> Version:
    if version.available:
        return version
    raise VersionErased(
        say(
            "Version {number} is not available any more: an erasure took its rows away.",
            number=version.number,
        ),
        kept=say("Newer versions are whole."),
        todo=say("Choose a version from the erasure on."),
    )


def _local(moment: datetime, timezone: str) -> str:
    """A moment on the clock of the zone, as people write it."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"
