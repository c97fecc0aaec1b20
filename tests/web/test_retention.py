"""What has had its time goes (rights R03): with a clock that is set, and never twice."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hotspot_places
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from typer.testing import CliRunner

from vicus.cli.app import load
from vicus.web.accounts import services as accounts
from vicus.web.accounts.models import User
from vicus.web.audit.models import Action, Record
from vicus.web.audit.services import verify
from vicus.web.facts.models import Import
from vicus.web.facts.queries import find_store
from vicus.web.site import retention
from vicus.web.zone.models import Membership, Zone
from vicus.web.zone.services import assign_role, keep_facts

pytestmark = pytest.mark.django_db

YEAR = timedelta(days=365)


def later(by: timedelta) -> Any:
    return time_machine.travel(timezone.now() + by)


def test_a_closed_account_goes_after_a_year_and_not_before(
    zone: Zone, users: dict[str, User], sign_in: Callable[[User], Client]
) -> None:
    sign_in(users["analyst"])
    accounts.deactivate(actor="a test", user=users["analyst"], zone=zone)
    with later(YEAR - timedelta(days=1)):
        assert "accounts.User" not in retention.apply()
    with later(YEAR + timedelta(days=1)):
        assert retention.apply()["accounts.User"] == 1
        assert "accounts.User" not in retention.apply()
    assert not User.objects.filter(username="analyst").exists()
    assert not Membership.objects.filter(role="analyst").exists()
    assert not Authenticator.objects.filter(user__username="analyst").exists()
    assert User.objects.count() == len(users) - 1
    entry = Record.objects.get(action=Action.ERASURE, object_type="accounts.user")
    assert (entry.object_id, entry.zone, entry.actor) == ("analyst", "west", "system")
    assert verify().whole


def test_the_traces_of_an_account_that_is_gone_stay_in_sight_of_its_auditor_alone(
    auditor: Client,
    zone: Zone,
    other_zone: Zone,
    make_user: Callable[..., User],
    sign_in: Callable[[User], Client],
) -> None:
    user = make_user(None, username="gone")
    assign_role(actor="a test", zone=zone, user=user, role="partner")
    sign_in(user)
    accounts.deactivate(actor="a test", user=user, zone=zone)
    seen = auditor.get("/audit/?action=access&actor=gone").context["total"]
    assert seen == 1
    with later(YEAR + timedelta(days=1)):
        retention.apply()
    # Somebody of another zone who is given the same user name is not theirs to see.
    namesake = make_user("partner", other_zone, username="gone")
    sign_in(namesake)
    again = sign_in(User.objects.get(username="auditor"))
    assert again.get("/audit/?action=access&actor=gone").context["total"] == seen


def test_an_old_import_goes_with_its_files_and_one_at_work_stays(zone: Zone) -> None:
    for name, state in (("old.csv", "imported"), ("busy.csv", "importing")):
        entry = Import.objects.create(zone=zone, file_name=name, state=state)
        entry.folder.mkdir(parents=True)
        entry.rejects.write_text("row,column,value,reason\n")
    with later(YEAR - timedelta(days=1)):
        assert retention.apply() == {}
    with later(YEAR + timedelta(days=1)):
        assert retention.apply() == {"facts.Import": 1}
    left = Import.objects.get()
    assert left.file_name == "busy.csv"
    assert [folder.name for folder in left.folder.parent.iterdir()] == [str(left.pk)]
    assert Record.objects.get(object_type="facts.import").object_id == "old.csv"


def test_sessions_tasks_and_kept_figures_go_and_the_trail_says_how_many(analyst: Client) -> None:
    finished = timezone.now()
    for status, ended in (("SUCCESSFUL", finished), ("FAILED", finished), ("READY", None)):
        DBTaskResult.objects.create(
            status=status, finished_at=ended, args_kwargs={}, task_path="x", backend_name="default",
            exception_class_path="", traceback="",
        )  # fmt: skip
    figures = Path(settings.VICUS_HOME) / "cache" / "figures"
    figures.mkdir(parents=True)
    for name in ("old.djcache", "new.djcache"):
        (figures / name).write_text("x")
    with later(timedelta(days=31)):
        os.utime(figures / "new.djcache", (timezone.now().timestamp(),) * 2)
        gone = retention.apply()
        assert retention.apply() == {}
    assert gone == {"sessions.Session": 1, "django_tasks_database.DBTaskResult": 2, "figures": 1}
    assert not Session.objects.exists()
    assert [path.name for path in figures.iterdir()] == ["new.djcache"]
    entry = Record.objects.get(object_type="site.retention")
    assert (entry.action, entry.details["removed"]) == ("erasure", gone)


def test_facts_go_only_beyond_the_limit_that_the_zone_has_set(zone: Zone) -> None:
    hotspot_places.furnish(zone)
    before = find_store(zone)
    assert before is not None
    rows = before.version().rows
    with time_machine.travel("2025-11-10T12:00:00Z"):
        assert "facts.incidents" not in retention.apply()
        keep_facts(actor="a test", zone=zone, years=2)
        removed = retention.apply()["facts.incidents"]
        assert "facts.incidents" not in retention.apply()
    after = find_store(zone)
    assert after is not None
    assert 0 < removed == rows - after.version().rows
    entry = Record.objects.filter(object_type="facts.incidents").latest("number")
    assert (entry.object_id, entry.actor) == (f"before {date(2023, 11, 1)}", "system")
    assert Record.objects.get(object_type="zone.zone").details["years"] == 2


def test_the_commands_say_what_went_and_what_the_limit_is(zone: Zone, analyst: Client) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(load(), list(words))
        assert done.exit_code == 0, done.output
        return done.output.strip()

    assert run("tick") == "Nothing was due."
    with later(timedelta(days=1)):
        assert run("tick") == "1 sessions.Session"
    assert "no limit is set" in run("retention")
    with time_machine.travel("2026-10-15T12:00:00Z"):
        assert run("retention", "--facts-years", "10").endswith("what lies before 2016-10-01 goes.")
    assert "no limit is set" in run("retention", "--facts-years", "0")
