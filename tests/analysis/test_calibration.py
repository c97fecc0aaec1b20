"""Promises that calibration measured, kept from here on; and its command."""

import pytest
from benchmarks.calibration.__main__ import METHODS, main, measured
from benchmarks.calibration.case import ALARM, COVERAGE, POWER
from benchmarks.calibration.comparisons import detectable_case, funnel_case, wdd_case
from benchmarks.calibration.panels import series_case
from benchmarks.calibration.places import ANY, hotspots_case


def test_wdd_with_an_estimated_dispersion_keeps_its_promise_where_plain_wdd_does_not() -> None:
    plain, mended = (measured(wdd_case(20.0, 4.0, how), 1200) for how in ("1", "estimated"))
    assert plain[ALARM][0] > 0.15
    assert plain[COVERAGE][0] < 0.75
    assert mended[ALARM][0] == pytest.approx(0.05, abs=0.02)
    assert mended[COVERAGE][0] == pytest.approx(0.95, abs=0.02)


def test_the_funnel_holds_ordinary_places_when_places_differ() -> None:
    assert measured(funnel_case(3.0, True), 300)[ALARM][0] == pytest.approx(0.05, abs=0.012)


def test_a_short_interrupted_series_does_not_alarm_too_often() -> None:
    assert measured(series_case(48, 2.0, 0.0, True), 500)[ALARM][0] < 0.07


def test_a_flat_year_rarely_has_a_hotspot_over_time() -> None:
    by_period = measured(hotspots_case(2.0, 3.0), 1200)
    together = measured(hotspots_case(2.0, 3.0, family="all"), 1200)
    assert by_period[ANY][0] < 0.35
    assert by_period["power, emerging"][0] > 0.8
    assert together[ANY][0] < 0.15
    assert together["power, persistent"][0] > 0.45


def test_the_detectable_change_shows_as_often_as_asked() -> None:
    assert measured(detectable_case(30, 30, 3.0), 1200)[POWER][0] == pytest.approx(0.8, abs=0.04)


def test_the_command_prints_a_table_and_refuses_what_it_does_not_know(capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["calibration", "e_test", "--worlds", "20"])
    assert main() == 0
    assert "| means 3 and 3, exposures 1 and 1 |" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["calibration", "guesses"])
    assert main() == 2
    told = capsys.readouterr().err
    assert [name for name in METHODS if name not in told] == []
