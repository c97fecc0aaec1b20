"""What a store is made with: a coordinate system in metres and a time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pyproj

from vicus.incidents.errors import StoreError
from vicus.incidents.words import say


def check_place(crs: int, timezone: str) -> None:
    """Refuse a time zone that does not exist, and a coordinate system that is not in metres."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise StoreError(
            say("There is no time zone named {name}.", name=repr(timezone)),
            todo=say("Give a name such as Europe/Brussels."),
        ) from error
    try:
        system = pyproj.CRS.from_epsg(crs)
    except Exception as error:
        raise StoreError(
            say("There is no coordinate system EPSG:{crs}.", crs=crs), todo=say("Give an EPSG code.")
        ) from error
    units = {axis.unit_name for axis in system.axis_info}
    if not system.is_projected or units != {"metre"}:
        raise StoreError(
            say("EPSG:{crs} ({name}) is not in metres.", crs=crs, name=system.name),
            todo=say("Choose a projected coordinate system in metres, such as 31370 or 3812 in Belgium."),
        )
