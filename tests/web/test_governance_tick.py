"""Scheduled work: run twice, late, at the turn of the year, with one job that fails."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from vicus.web.governance import ticking
from vicus.web.governance.models import Done
from vicus.web.governance.ticking import Everywhere, Once, run
from vicus.web.zone.models import Zone


class Work:
    """A job that remembers when it ran, writes something to the database, and fails when told to."""

    def __init__(self) -> None:
        self.days: list[tuple[str, date]] = []
        self.fails = False

    def __call__(self, zone: Zone, day: date) -> Mapping[str, int]:
        self.days.append((zone.slug, day))
        zone.facts_kept_years = (zone.facts_kept_years or 0) + 1
        zone.save()
        if self.fails:
            raise ConnectionError("killed in between")
        return {"pieces": 1}


def test_work_of_a_week_is_done_once_in_each_zone_however_often_the_schedule_runs(
    zone: Zone, other_zone: Zone
) -> None:
    work = Work()
    jobs = (Once("work", "week", work),)
    # From Wednesday on: Monday and Tuesday were missed.
    with time_machine.travel(datetime(2026, 11, 25, 2, tzinfo=UTC), tick=False):
        assert run(jobs).done == Counter(pieces=2)
        assert run(jobs).done == Counter()
    with time_machine.travel(datetime(2026, 11, 30, 2, tzinfo=UTC), tick=False):
        assert run(jobs).done == Counter(pieces=2)
    assert work.days == [
        (slug, day) for day in (date(2026, 11, 25), date(2026, 11, 30)) for slug in ("east", "west")
    ]


def test_what_fails_is_undone_and_tried_again_and_the_others_are_done(
    zone: Zone, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Work(), Work()
    first.fails = True
    jobs = (
        Once("first", "day", first),
        Once("second", "day", second),
        Everywhere("third", lambda: {"letters": 3}),
    )
    outcome = run(jobs)
    assert outcome.failed == ["first, west"]
    assert outcome.done == Counter(pieces=1, letters=3)
    assert "killed in between" in caplog.text
    zone.refresh_from_db()
    # Half of the first job is not left behind.
    assert zone.facts_kept_years == 1
    first.fails = False
    assert run(jobs).failed == []
    assert [len(first.days), len(second.days)] == [2, 1]
    assert set(Done.objects.values_list("job", flat=True)) == {"first", "second"}


@pytest.mark.parametrize(
    ("moment", "keys"),
    [
        # Half past midnight in Brussels is still the old year in UTC; week 53 belongs to the year it began in.
        ((2026, 12, 31, 23, 30), ("2027-01-01", "2026-W53", "2027-01")),
        ((2027, 1, 4, 2, 0), ("2027-01-04", "2027-W01", "2027-01")),
        # The hour that comes twice when summer time ends.
        ((2026, 10, 25, 0, 30), ("2026-10-25", "2026-W43", "2026-10")),
        ((2026, 10, 25, 1, 30), ("2026-10-25", "2026-W43", "2026-10")),
    ],
)
def test_the_period_is_that_of_the_calendar_of_the_zone(
    zone: Zone, moment: tuple[int, ...], keys: tuple[str, ...]
) -> None:
    jobs = [Once(each, each, Work()) for each in ("day", "week", "month")]
    with time_machine.travel(datetime(*moment, tzinfo=UTC), tick=False):  # type: ignore[misc, arg-type]
        run(jobs)
    assert dict(Done.objects.values_list("job", "period")) == dict(
        zip(("day", "week", "month"), keys, strict=True)
    )


def test_the_command_says_what_failed_and_does_the_rest(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from vicus.cli.app import load
    from vicus.web.site import schedule

    def broken() -> Any:
        raise OSError("no room left")

    monkeypatch.setattr("vicus.cli.tick.start", lambda: None)
    monkeypatch.setattr(
        schedule, "JOBS", (Everywhere("broken", broken), Everywhere("letters", lambda: {"letters": 2}))
    )
    result = CliRunner().invoke(load(), ["tick"])
    assert result.stdout.strip() == "2 letters"
    assert isinstance(result.exception, Exception)
    assert "broken" in str(result.exception)
    assert ticking.period("month", date(2026, 1, 31)) == "2026-01"
