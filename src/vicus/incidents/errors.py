"""What can go wrong with incidents: what happened, what was kept, what to do."""

from __future__ import annotations

from vicus.incidents.words import told


class IncidentError(Exception):
    """Something that the person at the screen can understand and act on.

    Parameters
    ----------
    happened : str
        What happened, in one sentence.
    kept : str
        What is safe and unchanged, in one sentence ("" when nothing was at stake).
    todo : str
        What to do now, in one sentence ("" when there is nothing to do).
    """

    def __init__(self, happened: str, *, kept: str = "", todo: str = "") -> None:
        self.happened = happened
        self.kept = kept
        self.todo = todo
        super().__init__(" ".join(part for part in self.sentences if part))

    @property
    def sentences(self) -> tuple[str, str, str]:
        """What happened, what was kept, what to do."""
        return self.happened, self.kept, self.todo

    def told(self, language: str) -> str:
        """The message in a language."""
        return " ".join(told(part, language) for part in self.sentences if part)


# --- the store -------------------------------------------------------------------------------------


class StoreError(IncidentError):
    """Anything about the versioned table itself."""


class StoreMissing(StoreError):
    """There is no incident store in this folder."""


class StoreExists(StoreError):
    """There is an incident store in this folder already."""


class StoreBroken(StoreError):
    """The store is there but cannot be read."""


class StoreFull(StoreError):
    """The disk, or the quota on it, is full."""


class StoreBusy(StoreError):
    """Another import or erasure is at work on this store."""


class VersionUnknown(StoreError):
    """No such version, or nothing was known yet at that moment."""


class VersionErased(VersionUnknown):
    """The version existed, but an erasure took it away on purpose."""


class KnownAtBackwards(StoreError):
    """A version would claim to be known before the one it follows, or in the future."""


class RowsUnfit(StoreError):
    """The rows handed over do not have the columns or the identifiers the store needs."""


# --- questions -------------------------------------------------------------------------------------


class QuestionError(IncidentError):
    """A question that cannot be answered as asked."""


class AreaError(QuestionError):
    """An area that cannot be used: no polygon, invalid, or in another coordinate system."""


class EngineUnknown(QuestionError):
    """The engine named in the settings is not one Vicus can use."""


# --- files coming in -------------------------------------------------------------------------------


class ImportRefused(IncidentError):
    """An import that stops before anything is stored."""


class FileUnreadable(ImportRefused):
    """Empty, truncated, of an unknown format, or damaged in the middle."""


class MappingInvalid(ImportRefused):
    """A mapping that cannot be parsed, or does not fit the file."""


class PersonalDataFound(ImportRefused):
    """A column looks like a person: name, national number, plate, phone, birth date."""
