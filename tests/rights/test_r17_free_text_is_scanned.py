"""R17: free text is scanned on entry for numbers that name somebody and for special categories, before it is saved."""

from datetime import date

import pytest

from vicus.incidents import freetext
from vicus.web.accounts.models import User
from vicus.web.audit.models import Record
from vicus.web.audit.texts import Suspected
from vicus.web.hotspots.models import Hotspot
from vicus.web.sara import services, shape
from vicus.web.sara.models import Passage, Problem, SaraSheet
from vicus.web.zone.models import Zone

PERSONAL = {
    "Contact: 85.07.30-033.28.": "national number",
    "85073003328 a été vu": "national number",
    "Wagen 1-ABC-123 stond dubbel": "number plate",
    "Une voiture ABC-123 mal garée": "number plate",
    "Bel 0470 12 34 56": "phone number",
    "Appeler le +32 2 123 45 67": "phone number",
    "Mail naar jan@voorbeeld.be": "e-mail address",
    "né le 12/03/1999": "birth date",
    "Een groep Marokkaanse jongeren": "origin",
    "Des étrangers se rassemblent": "origin",
    "Jongeren van Roma-afkomst": "origin",
    "De moslims klagen": "belief",
    "Une femme juive": "belief",
    "Psychiatrische patiënten": "health",
    "Des toxicomanes": "health",
    "Homoseksuele koppels": "sexuality",
    "Militanten van extreemrechts": "politics",
}
CALM = (
    "14 feiten tussen 12/10/2026 en 31-10-2026, 1080 Sint-Jans-Molenbeek, 250 m rond perimeter 12.",
    "Bruit entre 22h00 et 02h30, rue du Canal 120-124; éclairage en panne depuis 3 semaines.",
    "Lamps out at 85 and 87, 1 500 visits of 30 minutes; 0.85 of facts located.",
    "PV BR.12.L1.012345/2026 van 3 oktober",
    "Romantisch verlichte Turkooisstraat, inheemse planten.",
    "De winkelstraat is rustiger; de school meldt minder pesterijen.",
)


@pytest.mark.parametrize(("text", "what"), PERSONAL.items())
def test_a_text_about_a_person_is_noticed(text: str, what: str) -> None:
    assert what in {finding.what for finding in freetext.find(text)}


@pytest.mark.parametrize("text", CALM)
def test_a_text_about_a_place_is_left_alone(text: str) -> None:
    assert freetext.find(text) == []


def test_a_finding_points_at_the_very_words() -> None:
    text = "Volgens de école musulmane: 1-ABC-123."
    assert [finding.found for finding in freetext.find(text)] == ["musulmane", "1-ABC-123"]


@pytest.fixture
def sheet(db: None) -> SaraSheet:
    zone = Zone.objects.create(slug="west", names={"fr": "Ouest"})
    return SaraSheet.objects.create(
        hotspot=Hotspot.objects.create(zone=zone, number=1), month=date(2025, 10, 1)
    )


def test_nothing_is_saved_before_somebody_vouches_and_the_trail_tells_kinds_only(sheet: SaraSheet) -> None:
    text = "Wagen 1-ABC-123 stond dubbel."
    given = {"sheet": sheet, "key": "situation", "text": text, "revision": 0, "actor": "a test"}
    asked = services.write(**given)
    assert asked.outcome == "suspected"
    assert Passage.objects.get().text == ""
    assert services.write(**given, vouched="something else").outcome == "suspected"
    assert services.write(**given, vouched=freetext.fingerprint(list(asked.findings))).outcome == "saved"
    assert Passage.objects.get().text == text
    told = Record.objects.filter(details_text__contains="warning of personal data")
    assert [entry.details["kinds"] for entry in told] == [["number plate"]]
    assert not Record.objects.filter(details_text__contains="ABC").exists()


def test_vouching_holds_for_what_was_found_and_not_for_more(sheet: SaraSheet) -> None:
    first = "Wagen 1-ABC-123."
    vouched = freetext.fingerprint(freetext.find(first))
    given = {"sheet": sheet, "key": "situation", "actor": "a test", "page": "p"}
    services.write(**given, text=first, revision=0, vouched=vouched)
    assert services.write(**given, text=f"{first} Dubbel.", revision=1).outcome == "saved"
    more = f"{first} Bel 0470 12 34 56."
    assert services.write(**given, text=more, revision=2, vouched=vouched).outcome == "suspected"


@pytest.mark.parametrize(
    "field", [f for f in shape.PROBLEM.fields if f.kind in ("text", "line")], ids=lambda f: f.key
)
def test_every_free_text_of_a_problem_is_scanned(field: shape.Field, sheet: SaraSheet) -> None:
    values = {"title": "Noise", "pattern": "At night.", "status": "open", field.key: "Bel 0470 12 34 56"}
    with pytest.raises(Suspected):
        services.keep(kind=shape.PROBLEM, thing=Problem(hotspot=sheet.hotspot), values=values, actor="a test")
    assert not Problem.objects.exists()


def test_every_kind_of_entry_has_its_free_texts_scanned() -> None:
    for kind in shape.KINDS.values():
        texts = {f.key: "x" for f in kind.fields if f.kind in ("text", "line")}
        assert services.texts_of(kind, texts).count("x") == len(texts) > 0


def test_a_comment_is_scanned_too(sheet: SaraSheet) -> None:
    from django.core.exceptions import ValidationError

    head = User.objects.create_user("head", name="head")
    SaraSheet.objects.filter(pk=sheet.pk).update(state="draft")
    with pytest.raises((Suspected, ValidationError)) as raised:
        services.step(sheet=sheet, name="submit", actor=head, comment="Bel 0470 12 34 56")
    assert raised.type is Suspected


@pytest.mark.parametrize(
    ("name", "text"), [("title", "Bel 0470 12 34 56"), ("objective", "Wagen 1-ABC-123 weg")]
)
def test_the_plan_of_an_action_names_nobody(db: None, name: str, text: str) -> None:
    from vicus.web.actions.forms import ActionForm

    plan = {
        "title": "Lichten",
        "objective": "Minder",
        "mechanism": "Zien",
        "partners": "Hulp aan toxicomanen",
    }
    form = ActionForm({**plan, name: text}, hotspots=[])
    assert name in form.errors
    assert not {"title", "objective", "partners"} & set(form.errors) - {name}
