"""The incident store of a zone: formats, mappings, checks, versions, counts and figures. No web framework.

>>> from vicus.incidents import Selection
>>> from datetime import date
>>> Selection(start=date(2026, 10, 1), end=date(2026, 11, 1)).sources
()
"""

from vicus.incidents.selection import Selection
from vicus.incidents.store import Merge, Store
from vicus.incidents.versions import Version

__all__ = ["Merge", "Selection", "Store", "Version"]
