"""The clock by itself: periods of the calendar, states, grace, a change of year and of summer time."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vicus.web.governance import clock
from vicus.web.governance.clock import Met, Place, Rule, cells, due_on, period, standing

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
RULES = st.builds(
    Rule, level=st.just(3), scope=st.just("commune"), every_months=st.sampled_from((1, 2, 3, 4, 6, 12, 24)),
    grace_months=st.integers(0, 3),
)  # fmt: skip
MONTHLY = Rule(3, "commune", 1)


def met(day: date, *, held: bool = True, pk: int = 1, **more: frozenset[int]) -> Met:
    return Met(pk, day, held, frozenset({3}), **more)


@given(DAYS, st.integers(1, 36))
def test_periods_follow_each_other_without_a_gap_and_each_day_lies_in_its_own(day: date, months: int) -> None:
    first, last = period(day, months)
    assert first <= day <= last
    assert first.day == 1
    assert period(last + timedelta(days=1), months)[0] == last + timedelta(days=1)
    assert period(first, months) == period(last, months) == (first, last)


@given(RULES, st.lists(DAYS, max_size=12), DAYS, DAYS)
def test_one_more_meeting_never_makes_it_worse(rule: Rule, days: list[date], more: date, today: date) -> None:
    since = date(2019, 1, 1)
    before = standing(rule, [met(day) for day in days], since, today)
    after = standing(rule, [met(day) for day in [*days, more]], since, today)
    assert clock.STATES.index(after.state) >= clock.STATES.index(before.state)


@given(RULES, DAYS, DAYS, st.integers(0, 1000))
def test_it_is_overdue_from_the_day_after_the_last_one_and_not_before(
    rule: Rule, last: date, since: date, later: int
) -> None:
    held = [met(last)]
    due = due_on(rule, last, since)
    assert due > last
    assert (due + timedelta(days=1)).day == 1
    day = last + timedelta(days=later)
    assert (standing(rule, held, since, day).state == "overdue") is (day > due)
    assert standing(rule, held, since, last).state == "done"


@given(RULES, st.data())
def test_one_meeting_in_every_period_on_any_day_of_it_is_enough(rule: Rule, data: st.DataObject) -> None:
    begun, today = date(2024, 1, 1), date(2026, 11, 24)
    days, day = [], begun
    while day <= today:
        first, last = period(day, rule.every_months)
        days.append(data.draw(st.dates(first, last)))
        day = last + timedelta(days=1)
    for back in range(0, 700, 7):
        then = today - timedelta(days=back)
        assert standing(rule, [met(day) for day in days], begun, then).state in ("done", "due")


def test_over_the_new_year_november_counts_for_november_and_december_is_due_until_its_last_day() -> None:
    held = [met(date(2026, 11, 12))]
    asked = {
        date(2026, 11, 30): ("done", date(2026, 11, 12)),
        date(2026, 12, 1): ("due", date(2026, 12, 31)),
        date(2026, 12, 31): ("due", date(2026, 12, 31)),
        date(2027, 1, 1): ("overdue", date(2026, 12, 31)),
    }
    for day, wanted in asked.items():
        found = standing(MONTHLY, held, date(2026, 1, 1), day)
        assert (found.state, found.day) == wanted


def test_a_planned_meeting_counts_only_when_it_comes_in_time() -> None:
    held, today = [met(date(2026, 10, 5))], date(2026, 11, 24)
    in_time = standing(MONTHLY, [*held, met(date(2026, 11, 30), held=False, pk=2)], today, today)
    assert (in_time.state, in_time.day) == ("planned", date(2026, 11, 30))
    too_late = standing(MONTHLY, [*held, met(date(2026, 12, 1), held=False, pk=2)], today, today)
    assert (too_late.state, too_late.day) == ("due", date(2026, 11, 30))
    assert too_late.next is not None
    # It is past and nobody noted it: it changes nothing, and is named.
    past = standing(MONTHLY, [*held, met(date(2026, 11, 3), held=False, pk=3)], today, today)
    assert past.state == "due"
    assert past.unnoted is not None


def test_months_of_grace_come_after_the_period() -> None:
    rule = Rule(5, "zone", 12, grace_months=2)
    held = [met(date(2025, 6, 1))]
    for day, state in (
        (date(2026, 12, 31), "due"),
        (date(2027, 2, 28), "due"),
        (date(2027, 3, 1), "overdue"),
    ):
        assert standing(rule, held, date(2025, 1, 1), day).state == state


def test_what_was_never_held_is_due_in_the_period_in_which_the_clock_began() -> None:
    found = standing(Rule(4, "zone", 3), [], date(2026, 11, 10), date(2026, 11, 24))
    assert (found.state, found.day, found.last) == ("due", date(2026, 12, 31), None)


def test_one_meeting_counts_for_several_levels_and_only_for_its_own_places() -> None:
    rules = (Rule(4, "zone", 3), Rule(3, "commune", 1), Rule(2, "commune", 6), Rule(1, "hotspot", 12))
    day = date(2026, 11, 12)
    meeting = Met(1, day, True, frozenset({1, 2, 3}), frozenset({10}), frozenset({100}))
    whole = Met(2, day, True, frozenset({2}))
    places = [Place(100, 10, day), Place(101, 10, day), Place(200, 20, day)]
    found = {
        (cell.rule.level, cell.commune, cell.hotspot): cell.standing.state
        for cell in cells(rules, [meeting, whole], [10, 20], places, since=day, today=date(2026, 11, 24))
    }
    assert found == {
        (4, None, None): "due",
        (3, 10, None): "done", (3, 20, None): "due",
        # A meeting of the whole zone counts for every commune.
        (2, 10, None): "done", (2, 20, None): "done",
        # A hotspot must be named.
        (1, 10, 100): "done", (1, 10, 101): "due", (1, 20, 200): "due",
    }  # fmt: skip


def test_a_zone_of_six_communes_and_four_levels() -> None:
    rules = (Rule(5, "zone", 12), Rule(4, "zone", 3), Rule(3, "commune", 1), Rule(2, "commune", 6, kept=False),
             Rule(1, "commune", 12))  # fmt: skip
    found = cells(rules, [], [1, 2, 3, 4, 5, 6], [], since=date(2026, 1, 1), today=date(2026, 11, 24))
    assert len(found) == 2 + 6 + 6
    assert {cell.rule.level for cell in found} == {5, 4, 3, 1}
    assert clock.worst(found) == "overdue"


def test_the_day_is_that_of_the_zone_on_both_sides_of_midnight_and_of_summer_time() -> None:
    from types import SimpleNamespace

    from vicus.web.governance.queries import local_day

    zone = SimpleNamespace(timezone="Europe/Brussels")
    for moment, day in (
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 30, tzinfo=UTC), date(2026, 10, 25)),
    ):
        assert local_day(moment, zone) == day  # type: ignore[arg-type]
