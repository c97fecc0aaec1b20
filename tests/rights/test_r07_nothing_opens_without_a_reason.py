"""R07: opening a restricted record or exporting without a reason fails."""

import importlib
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

import vicus
from vicus.web.accounts.models import User
from vicus.web.audit import door
from vicus.web.audit.models import Action, Record
from vicus.web.zone.models import Membership, Zone

pytestmark = pytest.mark.django_db

POINTS = door.Restricted("facts.points", "hotspot 1")


@pytest.fixture
def zone(db: None) -> Zone:
    return Zone.objects.create(slug="west", names={"fr": "Ouest"}, languages=["fr"])


@pytest.fixture
def analyst(zone: Zone) -> User:
    user = User.objects.create_user("ann", name="Ann")
    Membership.objects.create(user=user, zone=zone, role="analyst")
    return user


@pytest.mark.parametrize("reason", ["", "   ", ".", "....", "12345", "\x00"])
def test_a_grant_needs_a_reason_in_words(analyst: User, zone: Zone, reason: str) -> None:
    with pytest.raises(door.NoGrant):
        door.grant(actor=analyst, what=POINTS, zone=zone, reason=reason)
    assert not Record.objects.exists()


def test_an_export_needs_a_recipient_too(analyst: User, zone: Zone) -> None:
    with pytest.raises(door.NoGrant):
        door.grant(actor=analyst, what=POINTS, zone=zone, reason="For the mayor", action=Action.DISCLOSURE)


def test_nobody_but_the_door_makes_a_grant() -> None:
    with pytest.raises(door.NoGrant):
        door.Grant(
            what=POINTS, zone="west", action=Action.CONSULTATION, reason="made up", recipient="",
            until=timezone.now() + timedelta(hours=1), record_number=1, _mint=object(),
        )  # fmt: skip


@door.restricted("facts.points")
def reader(*, grant: door.Grant) -> str:
    return "points"


def test_a_restricted_reader_refuses_no_grant_another_grant_and_an_old_one(analyst: User, zone: Zone) -> None:
    good = door.grant(actor=analyst, what=POINTS, zone=zone, reason="Weekly analysis")
    other = door.grant(actor=analyst, what=door.Restricted("other", "1"), zone=zone, reason="Weekly analysis")
    assert reader(grant=good) == "points"
    for wrong in (None, "a reason", other):
        with pytest.raises(door.NoGrant):
            reader(grant=wrong)  # type: ignore[arg-type]
    with time_machine.travel(timezone.now() + timedelta(minutes=16)), pytest.raises(door.NoGrant):
        reader(grant=good)


def modules_with_restricted_readers() -> set[str]:
    """Every module of the site that marks a reader, found in its text: none has to be named here."""
    package = Path(vicus.__file__).parent
    return {
        ".".join(("vicus", *path.relative_to(package).with_suffix("").parts))
        for path in package.rglob("*.py")
        if re.search(r"^@(?:door\.)?restricted\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }


def test_every_restricted_reader_of_the_site_refuses_to_work_without_a_grant() -> None:
    modules = modules_with_restricted_readers()
    for module in modules:
        importlib.import_module(module)
    readers = {name for names in door.READERS.values() for name in names if name.startswith("vicus.")}
    assert {name.rpartition(".")[0] for name in readers} == modules
    # Facts one by one, their refused rows and the trail itself.
    assert {"audit.trail", "facts.points", "facts.rejects"} <= set(door.READERS)
    for name in readers:
        module, _, function = name.rpartition(".")
        with pytest.raises(door.NoGrant):
            getattr(importlib.import_module(module), function)()


def test_every_exported_kind_of_record_goes_through_the_door() -> None:
    """A view that answers with a file for download asks for the reason first."""
    package = Path(vicus.__file__).parent / "web"
    views = [path for path in package.rglob("*.py") if "views" in (path.stem, path.parent.name)]
    texts = {path: path.read_text(encoding="utf-8") for path in views if path.stem != "sheets"}
    handing_out = {path for path, text in texts.items() if "attachment" in text}
    assert len(handing_out) >= 3
    # What everybody may read, and a form without anything filled in.
    open_to_all = {package / "bulletins/views/one.py", package / "reports/views/templates.py"}
    assert open_to_all <= handing_out
    assert [path for path in handing_out - open_to_all if "require_reason(" not in texts[path]] == []
