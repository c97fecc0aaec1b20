"""How the states of an import look."""

from vicus.web.facts.models import Import

TONES = {
    Import.State.RECEIVED: "quiet",
    Import.State.CHECKING: "phase",
    Import.State.CHECKED: "warn",
    Import.State.IMPORTING: "phase",
    Import.State.IMPORTED: "good",
    Import.State.FAILED: "bad",
    Import.State.DISCARDED: "quiet",
}
