"""A file on its way in: received, checked, imported or discarded, step by step."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_valid_filename

from vicus.incidents import formats, people
from vicus.incidents.errors import IncidentError, PersonalDataFound
from vicus.incidents.mapping import Mapping
from vicus.incidents.report import Progress
from vicus.incidents.versions import end_of
from vicus.incidents.words import plain, say
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.facts import rules
from vicus.web.facts.models import Import
from vicus.web.facts.services import import_file
from vicus.web.zone.models import Zone

State = Import.State

STALLED_AFTER = timedelta(minutes=5)
"""Work that has not moved for so long has died with its process."""
SAVE_EVERY = 1.0
NAME_BYTES = 150


class StepClosed(IncidentError):
    """This step is not open in the state the import is in."""


def receive(
    *,
    zone: Zone,
    upload: UploadedFile[bytes],
    mapping_name: str,
    mapping_text: str,
    known_at: date | None,
    actor: Any,
) -> Import:
    """Keep a file that somebody sent. One that holds persons is refused here and not kept."""
    # File systems count bytes, not letters.
    name = get_valid_filename(upload.name or "file").encode()[-NAME_BYTES:].decode(errors="ignore")
    with transaction.atomic():
        received = Import.objects.create(
            zone=zone,
            file_name=name,
            file_size=upload.size or 0,
            mapping_name=mapping_name,
            mapping_text=mapping_text,
            known_at=known_at,
            requested_by=actor,
        )
        _told(actor, Action.COLLECTION, received, event="file received", bytes=received.file_size)
    try:
        received.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with received.file.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        look(received)
        if not mapping_text:
            received.mapping_text = _first_guess(received)
            received.save(update_fields=["mapping_text"])
    except Exception as error:
        _drop_file(received)
        _told_refused(actor, received, error)
        # Faults of the program name folders of this machine: they are for the log.
        said = error.sentences if isinstance(error, IncidentError) else (say("The file could not be kept."),)
        _finish(received, "fail_receipt", *said)
        raise
    return received


def look(received: Import) -> formats.Sniffed:
    """The beginning of a received file, as its mapping reads it; never one with persons in it."""
    mapping = Mapping.parse(received.mapping_text) if received.mapping_text else None
    sniffed = formats.sniff(received.file, mapping.file if mapping else None)
    vouched = dict(mapping.no_persons) if mapping else {}
    people.refuse(people.find(sniffed.columns, sniffed.preview, allowed=vouched), received.file_name)
    return sniffed


def _first_guess(received: Import) -> str:
    from vicus.incidents.guessing import guess

    return guess(received.file).to_toml()


@transaction.atomic
def change_mapping(*, received: Import, text: str, actor: Any) -> None:
    """Another mapping for a received file; it is checked anew before anything is imported."""
    received = _locked(received)
    if received.state not in (State.RECEIVED, State.CHECKED, State.FAILED):
        raise StepClosed(
            say("The mapping cannot be changed now."), todo=say("Wait until the work on this file has ended.")
        )
    Mapping.parse(text)
    received.mapping_text, received.state = text, State.RECEIVED
    received.report, received.said = {}, []
    received.save()
    _told(actor, Action.CHANGE, received, event="mapping changed")


@transaction.atomic
def step(*, received: Import, code: str, actor: Any) -> Import:
    """Take a step that a person may take; checking and importing are then done in the background."""
    received = _locked(received)
    if not rules.allowed(code, received.state):
        raise StepClosed(
            say("This step is not open any more."), todo=say("Look at the state of the import again.")
        )
    received.state = rules.STEPS[code].target
    received.rows_done, received.share_done, received.said = 0, None, []
    received.save()
    _told(actor, Action.CHANGE, received, event=code)
    if received.state == State.DISCARDED:
        transaction.on_commit(lambda: _drop_file(received))
    else:
        transaction.on_commit(lambda: _enqueue(received.pk))
    return received


def work_on(import_id: int) -> None:
    """Check or import a file, whichever its state asks for; every ending is written down."""
    received = Import.objects.select_related("zone", "requested_by").get(pk=import_id)
    if not received.is_busy:
        return
    dry_run = received.state == State.CHECKING
    try:
        report = import_file(
            zone=received.zone,
            path=received.file,
            mapping=Mapping.parse(received.mapping_text),
            actor=received.requested_by,
            dry_run=dry_run,
            known_at=_moment(received),
            rejects=received.rejects,
            progress=_saving(received),
        )
    except PersonalDataFound as error:
        _drop_file(received)
        _told_refused(received.requested_by, received, error)
        _finish(received, "fail", *error.sentences)
    except IncidentError as error:
        _finish(received, "fail", *error.sentences)
    except Exception:
        _finish(
            received,
            "fail",
            say("The work stopped on a fault of the program. The stored facts are as they were."),
        )
        raise
    else:
        received.report = report.as_dict() | {
            "rejects_path": None,
            "notes": [plain(note) for note in report.notes],
        }
        received.store_version = report.version
        _finish(received, "found" if dry_run else "finish")
        if not dry_run:
            # The facts are in the store now; a second copy would outlive their erasure.
            received.file.unlink(missing_ok=True)


def fail_if_stalled(received: Import) -> None:
    """Work that died with its process is said to have failed, so that it can be begun again."""
    if received.is_busy and timezone.now() - received.changed_at > STALLED_AFTER:
        _finish(
            received,
            "fail",
            say("The work was cut off. The stored facts are as they were; begin it again."),
        )


def _finish(received: Import, code: str, *said: str) -> None:
    received.state = rules.STEPS["fail" if code == "fail_receipt" else code].target
    received.said, received.share_done = [plain(sentence) for sentence in said if sentence], None
    received.save()


def _saving(received: Import) -> Callable[[Progress], None]:
    """Write progress down about once a second, in the database where the page looks for it."""
    last = 0.0

    def save(progress: Progress) -> None:
        nonlocal last
        if time.monotonic() - last < SAVE_EVERY:
            return
        last = time.monotonic()
        Import.objects.filter(pk=received.pk).update(
            rows_done=progress.rows, share_done=progress.fraction, changed_at=timezone.now()
        )

    return save


def _moment(received: Import) -> datetime | None:
    return end_of(received.known_at, received.zone.timezone) if received.known_at else None


def _locked(received: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("zone").get(pk=received.pk)


def _enqueue(import_id: int) -> None:
    from vicus.web.facts.tasks import work_on as background

    background.enqueue(import_id)


def _drop_file(received: Import) -> None:
    with suppress(OSError):
        shutil.rmtree(received.folder)


def _told_refused(actor: Any, received: Import, error: Exception) -> None:
    """A file that was not kept is told too, with the kind of reason and nothing of what it held."""
    why = "personal data" if isinstance(error, PersonalDataFound) else "cannot be read"
    _told(actor, Action.COLLECTION, received, event="file refused", why=why)


def _told(actor: Any, action: Action, received: Import, **details: Any) -> None:
    record(
        actor=actor,
        action=action,
        object_type="facts.import",
        object_id=received.file_name,
        zone=received.zone,
        details={"import": received.pk, **details},
    )
