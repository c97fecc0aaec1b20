"""Forms of the plan, drawn from one table of its parts; the words and the decision of an evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.web.phases.models import Item
from vicus.web.plans import rules
from vicus.web.plans.indicators import WORKS
from vicus.web.plans.models import Evaluation, Indicator, Objective, Part, Plan, Priority
from vicus.web.zone.models import Zone

NATURES, RELIABILITIES = Item.Nature.choices, Item.Reliability.choices
HEADINGS: dict[str, dict[str, Promise]] = {
    "plan": {"titles": gettext_lazy("Title")},
    "priority": {"titles": gettext_lazy("Title"), "words": gettext_lazy("Why this comes first")},
    "objective": {"titles": gettext_lazy("What is to be reached")},
    "indicator": {"titles": gettext_lazy("What is measured")},
}
"""Fields of a part that are written in each language of the zone."""
OPTIONAL = {"words"}
LONG = {"words"}


class PartForm(forms.Form):
    """One part of a plan: what is written in each language of the zone, and its own fields."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        kind: str,
        zone: Zone,
        part: Part | None,
        plan: Plan | None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        initial: dict[str, Any] = {
            "revision": part.revision if part else 0,
            "vouched": part.vouched if part else "",
        }
        super().__init__(data, initial=initial)
        self.kind, self.zone, self.plan = kind, zone, plan
        self.tongues = _tongues(zone)
        for name, heading in HEADINGS[kind].items():
            for code, tongue in self.tongues:
                # A heading and its language, for instance "Title (French)".
                label = f"{heading} ({tongue})"
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=label, required=name not in OPTIONAL, max_length=2000 if name in LONG else 300,
                    widget=forms.Textarea(attrs={"rows": 3}) if name in LONG else forms.TextInput(),
                )  # fmt: skip
                initial[f"{name}_{code}"] = (getattr(part, name) if part else {}).get(code, "")
        OWN[kind](self, part)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_year"), cleaned.get("to_year")
        if first and last and last < first:
            self.add_error("to_year", _("A plan does not end before it begins."))
        if self.kind == "objective" and not (cleaned.get("owner") or cleaned.get("role")):
            self.add_error("role", _("Say which organisation or which role answers for it."))
        if self.kind == "indicator" and not cleaned.get("code") and not cleaned.get("source"):
            self.add_error("source", _("Say where the values come from that are typed."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What a service keeps."""
        given = {
            name: {code: self.cleaned_data[f"{name}_{code}"].strip() for code, _tongue in self.tongues}
            for name in HEADINGS[self.kind]
        }
        own: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in (
                "from_year",
                "to_year",
                "owner",
                "role",
                "code",
                "unit",
                "aim",
                "baseline",
                "target",
                "source",
            )
            if name in self.fields
        }
        found: dict[str, Any] = dict(given)
        found.update(own)
        if self.kind == "indicator":
            typed = {year: self.cleaned_data.get(f"value_{year}") for year in self.years()}
            found["values"] = {str(year): value for year, value in typed.items() if value is not None}
            if found["code"]:
                found |= {"values": {}, "source": "", "unit": WORKS[found["code"]].unit}
        return found

    def years(self) -> range:
        """The years of the plan."""
        return range(self.plan.from_year, self.plan.to_year + 1) if self.plan else range(0)


def _of_plan(form: PartForm, part: Plan | None) -> None:
    for name, label in (("from_year", gettext_lazy("First year")), ("to_year", gettext_lazy("Last year"))):
        form.fields[name] = forms.IntegerField(label=label, min_value=2000, max_value=2100)
        form.initial[name] = getattr(part, name) if part else None


def _of_priority(form: PartForm, part: Priority | None) -> None:
    """Nothing beside its words."""


def _of_objective(form: PartForm, part: Objective | None) -> None:
    form.fields["owner"] = forms.ModelChoiceField(
        form.zone.organisations.filter(ended_on=None), label=gettext_lazy("Organisation that answers for it"),
        required=False,
    )  # fmt: skip
    form.fields["role"] = forms.CharField(
        label=gettext_lazy("Role that answers for it"), required=False, max_length=120,
        help_text=gettext_lazy("A function or a service, never a named person."),
    )  # fmt: skip
    form.initial = dict(form.initial) | {
        "owner": part.owner_id if part else None,
        "role": part.role if part else "",
    }


def _of_indicator(form: PartForm, part: Indicator | None) -> None:
    worked = [(work.code, work.title) for work in WORKS.values()]
    form.fields["code"] = forms.ChoiceField(
        label=gettext_lazy("Worked out as"), required=False,
        choices=[("", gettext_lazy("typed by hand")), *worked],
        help_text=gettext_lazy(
            "What is worked out looks at the hotspots that hang on the objective, also by a problem or an action."
        ),
    )  # fmt: skip
    form.fields["aim"] = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Indicator.Aim.choices, widget=forms.RadioSelect
    )
    for name, label in (("baseline", gettext_lazy("Baseline")), ("target", gettext_lazy("Target"))):
        form.fields[name] = forms.FloatField(label=label, required=False)
        form.initial[name] = getattr(part, name) if part else None
    form.fields["unit"] = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=40)
    form.fields["source"] = forms.CharField(
        label=gettext_lazy("Source of what is typed"), required=False, max_length=200
    )
    form.initial = dict(form.initial) | {
        name: getattr(part, name) if part else "" for name in ("code", "unit", "source")
    }
    form.initial["aim"] = part.aim if part else Indicator.Aim.LESS
    for year in form.years():
        form.fields[f"value_{year}"] = forms.FloatField(
            label=_("Value of %(year)s, when typed") % {"year": year}, required=False
        )
        form.initial[f"value_{year}"] = (part.values if part else {}).get(str(year))


OWN: dict[str, Any] = {
    "plan": _of_plan, "priority": _of_priority, "objective": _of_objective, "indicator": _of_indicator,
}  # fmt: skip


class LinkForm(forms.Form):
    """What is hung on an objective: one of what the reader sees."""

    thing = forms.ChoiceField(label=gettext_lazy("Hotspot, problem or action"))

    def __init__(
        self,
        choices: Mapping[str, Sequence[tuple[int, str]]],
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        groups = {
            "hotspot": gettext_lazy("Hotspots"), "problem": gettext_lazy("Problems"),
            "action": gettext_lazy("Actions"),
        }  # fmt: skip
        field = self.fields["thing"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (groups[kind], [(f"{kind}-{pk}", title) for pk, title in found])
            for kind, found in choices.items()
            if found
        ]

    def chosen(self) -> tuple[str, int]:
        """Its kind and key."""
        kind, _dash, pk = self.cleaned_data["thing"].partition("-")
        return kind, int(pk)


class WordsForm(forms.Form):
    """The words around the figures of a year: each marked fact or assessment, with its reliability (rights R05)."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, evaluation: Evaluation, data: Mapping[str, Any] | None = None) -> None:
        given: dict[str, Any] = {"revision": evaluation.revision, "vouched": evaluation.vouched}
        for key, told in evaluation.words.items():
            given |= {f"{key}-{part}": value for part, value in told.items()}
        super().__init__(data, initial=given)
        for key, (_title, hint) in rules.TEXTS.items():
            self.fields[f"{key}-text"] = forms.CharField(
                label=gettext_lazy("In words"), help_text=str(hint), required=False, max_length=3000,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip
            self.fields[f"{key}-nature"] = forms.ChoiceField(
                label=gettext_lazy("Fact or assessment"),
                required=False,
                choices=NATURES,
                widget=forms.RadioSelect,
            )
            self.fields[f"{key}-reliability"] = forms.ChoiceField(
                label=gettext_lazy("Reliability"), required=False, choices=[("", "–"), *RELIABILITIES]
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key in rules.TEXTS:
            if not cleaned.get(f"{key}-text"):
                continue
            if not cleaned.get(f"{key}-nature"):
                self.add_error(f"{key}-nature", _("Say whether this is a fact or an assessment."))
            if not cleaned.get(f"{key}-reliability"):
                self.add_error(f"{key}-reliability", _("Say how reliable this is."))
        return cleaned

    def words(self) -> dict[str, dict[str, str]]:
        """What a service keeps."""
        parts = ("text", "nature", "reliability")
        return {key: {part: self.cleaned_data[f"{key}-{part}"] for part in parts} for key in rules.TEXTS}

    def fields_of(self) -> Iterator[tuple[Promise, list[BoundField]]]:
        """The title of each text with its fields."""
        for key, (title, _hint) in rules.TEXTS.items():
            yield title, [self[f"{key}-{part}"] for part in ("text", "nature", "reliability")]


class DecisionForm(forms.Form):
    """Keep, shrink or close, and why."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the report; about the place, never about persons."),
    )  # fmt: skip
    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=200)

    def __init__(self, evaluation: Evaluation, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="decide-%s")
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in rules.decisions(evaluation)]


class CommentForm(forms.Form):
    """Why an evaluation goes back."""

    comment = forms.CharField(
        label=gettext_lazy("Why it goes back"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="return-%s")


def _tongues(zone: Zone) -> list[tuple[str, str]]:
    """The languages of the zone with their names, in its own order."""
    known = dict(settings.LANGUAGES)
    return [(code, str(known[code])) for code in zone.languages if code in known]
