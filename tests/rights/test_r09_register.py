"""R09: the processing register is generated from the declarations of the records."""

import csv
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User
from vicus.web.audit.processing import YEAR, register
from vicus.web.site.register import MEASURES, activities, span
from vicus.web.zone.models import Membership, Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> Client:
    zone = Zone.objects.create(slug="west", names={"fr": "Ouest", "nl": "West"}, facts_kept_years=10)
    user = User.objects.create_user("ann", name="Ann")
    Membership.objects.create(user=user, zone=zone, role="auditor")
    client.force_login(user)
    session = client.session
    session[sessions.ENROLLED_HERE] = user.pk
    session.save()
    return client


def test_every_kind_of_record_is_in_it_once_with_all_that_the_law_asks() -> None:
    found = activities()
    assert sum(len(activity.records) for activity in found) == len(register())
    assert len(register()) > len(apps.get_models()), "what is kept outside the database is in it too"
    for activity in found:
        said = activity.processing
        for part in (
            said.purpose,
            said.data,
            said.recipients,
            activity.law,
            activity.kept,
            *activity.records,
        ):
            assert str(part).strip()


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_page_tells_all_of_it_in_the_language_of_its_reader(auditor: Client, language: str) -> None:
    auditor.cookies["vicus_language"] = language
    page = auditor.get("/audit/register/").content.decode()
    with override(language):
        told = [
            str(part) for activity in activities() for part in (activity.processing.purpose, activity.kept)
        ]
        told += [str(measure) for measure in MEASURES]
    assert [text for text in told if text.replace("'", "&#x27;") not in page] == []
    assert {"nl": "feiten blijven 10 jaar", "fr": "conservés 10 ans", "en": "kept for 10 years"}[
        language
    ] in page


def test_the_download_opens_as_a_table_in_a_spreadsheet_of_the_reader(auditor: Client) -> None:
    auditor.cookies["vicus_language"] = "nl"
    answer = auditor.get("/audit/register.csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == len(activities()) + 1
    assert {len(row) for row in rows} == {6}


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (YEAR, "1 year"),
        (3 * YEAR, "3 years"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=12), "12 hours"),
    ],
)
def test_lengths_of_time_are_said_in_whole_units(length: timedelta, words: str) -> None:
    with override("en"):
        assert span(length) == words
