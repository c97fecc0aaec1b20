"""Forms of actions: the plan, a step, a visit, the design, an assessment. All fields are data on the models."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vicus.pictures import words
from vicus.web.actions import rules
from vicus.web.actions.designing import Candidate
from vicus.web.actions.models import Action, Assessment, Design, Visit
from vicus.web.audit.texts import refuse_personal, scan
from vicus.web.hotspots.models import Hotspot

LARGEST_FILE = 2 * 1024**2
DAY_INPUT = {"type": "date"}
INDICATOR_PARTS = {
    "name": gettext_lazy("what is counted"),
    "baseline": gettext_lazy("now"),
    "target": gettext_lazy("target"),
    "source": gettext_lazy("source"),
}
INDICATORS = {
    "output": gettext_lazy("Output (what is delivered): %(part)s"),
    "outcome": gettext_lazy("Outcome (what changes): %(part)s"),
}
LEGENDS = {
    "what": gettext_lazy("What and why"),
    "who": gettext_lazy("Who and when"),
    "dose": gettext_lazy("Planned dose"),
    "more": gettext_lazy("Ground, means and indicators"),
}
PARTS = {
    "what": ("hotspot", "title", "kind", "problem", "objective", "mechanism"),
    "who": ("lead", "partners", "starts_on", "ends_on", "phase", "place"),
    "dose": ("visits_a_week", "minutes", "days", "from_hour", "to_hour"),
    "more": (
        "legal_basis", "proportionality", "capacity_hours", "cost",
        *(f"{kind}_{part}" for kind in INDICATORS for part in INDICATOR_PARTS),
    ),
}  # fmt: skip


def spoken() -> str:
    """The reader's language as the words of pictures know it."""
    return (get_language() or "en")[:2]


class ActionForm(forms.ModelForm[Action]):
    """The plan of an action."""

    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On which days"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: every day."),
    )

    class Meta:
        model = Action
        fields = [
            "hotspot", "title", "kind", "problem", "objective", "mechanism", "lead", "partners", "starts_on", "ends_on",
            "phase", "place", "visits_a_week", "minutes", "days", "from_hour", "to_hour", "legal_basis",
            "proportionality", "capacity_hours", "cost",
        ]  # fmt: skip
        widgets = {
            **{
                name: forms.Textarea(attrs={"rows": 3})
                for name in ("problem", "objective", "mechanism", "proportionality")
            },
            "starts_on": forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"),
        }
        help_texts = {
            "objective": gettext_lazy("Specific, measurable, and by when: “a quarter fewer thefts by June”."),
            "mechanism": gettext_lazy("Why would this work here? Through whom, on what?"),
            "lead": gettext_lazy("An organisation or service, never a named person."),
            "visits_a_week": gettext_lazy("Leave empty when the action has no visits."),
            "to_hour": gettext_lazy("Earlier than the first hour: it runs past midnight."),
        }

    def __init__(self, *args: Any, hotspots: Iterable[Hotspot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = {hotspot.pk: hotspot for hotspot in hotspots}
        field = self.fields["hotspot"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Hotspot.objects.filter(pk__in=allowed).order_by("number")
        days = self.fields["days"]
        assert isinstance(days, forms.TypedMultipleChoiceField)
        days.choices = [(i, words.capital(name)) for i, name in enumerate(words.weekdays(spoken()))]
        kept = {entry["kind"]: entry for entry in self.instance.indicators or []}
        for kind, label in INDICATORS.items():
            for part, name in INDICATOR_PARTS.items():
                self.fields[f"{kind}_{part}"] = forms.CharField(
                    label=label % {"part": name},
                    required=False,
                    max_length=120,
                    initial=kept.get(kind, {}).get(part, ""),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("An action does not end before it starts."))
        if bool(cleaned.get("visits_a_week")) != bool(cleaned.get("minutes")):
            self.add_error("minutes", _("A dose is visits a week times minutes: fill in both, or none."))
        for kind in INDICATORS:
            parts = {part: cleaned.get(f"{kind}_{part}", "") for part in INDICATOR_PARTS}
            if any(parts.values()) and not (parts["name"] and parts["source"]):
                self.add_error(f"{kind}_name", _("An indicator says what is counted, and from which source."))
        scan(self)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What a service stores."""
        given = {name: self.cleaned_data[name] for name in self.Meta.fields}
        given["indicators"] = [
            {"kind": kind, **{part: self.cleaned_data[f"{kind}_{part}"] for part in INDICATOR_PARTS}}
            for kind in INDICATORS
            if self.cleaned_data[f"{kind}_name"]
        ]
        return given

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Legends with their fields."""
        for name, fields in PARTS.items():
            yield str(LEGENDS[name]), [self[field] for field in fields]


class StepForm(forms.Form):
    """What a step needs: what blocks the action, or why."""

    blocker = forms.ChoiceField(label=gettext_lazy("blocked by"), required=False)
    note = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=1000)

    def __init__(self, *args: Any, step: rules.Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "blocker" in step.needs:
            field = self.fields["blocker"]
            assert isinstance(field, forms.ChoiceField)
            field.required, field.choices = True, Action.Blocker.choices
        else:
            del self.fields["blocker"]
        self.fields["note"].required = "note" in step.needs

    def clean(self) -> dict[str, Any]:
        scan(self)
        return self.cleaned_data


class LessonForm(forms.ModelForm[Action]):
    """What was learned from an action that has begun or ended."""

    class Meta:
        model = Action
        fields = ["lesson"]
        widgets = {"lesson": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "lesson": gettext_lazy(
                "What would be done the same way again, and what differently? About places, never persons."
            ),
        }

    def clean_lesson(self) -> str:
        return refuse_personal(self.cleaned_data["lesson"].strip())


class VisitForm(forms.Form):
    """One visit. The key travels with the page, so that sending it twice is one visit."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=Visit.Unit.choices)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=720, initial=30)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of visit"), choices=Visit.Kind.choices, required=False, initial="presence"
    )
    started_at = forms.DateTimeField(
        label=gettext_lazy("Start"),
        required=False,
        help_text=gettext_lazy("Empty: it ended just now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    observation = forms.CharField(
        label=gettext_lazy("What was seen of the place"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("About the place, never about a person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("key", uuid.uuid4())

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Visit.Kind.PRESENCE

    def clean_observation(self) -> str:
        return refuse_personal(self.cleaned_data["observation"])


class VisitFileForm(forms.Form):
    """A file of visits."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
        help_text=gettext_lazy(
            "CSV with the columns action (its number), start (2026-10-31 18:30), minutes and unit; optional: kind, key."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise ValidationError(
                _("The file is larger than %(size)d MB.") % {"size": LARGEST_FILE // 1024**2}
            )
        return file


class DesignForm(forms.ModelForm[Design]):
    """Windows, categories and comparison areas of an evaluation that has not begun."""

    chosen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Comparison areas"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: those whose history is most alike. Ticked: say why these."),
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories of facts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Those the action is to change. None ticked: all."),
    )

    class Meta:
        model = Design
        fields = ["months_before", "months_after", "chosen", "reason", "categories"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(
        self, *args: Any, candidates: Sequence[Candidate], names: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(c.hotspot.number, c.hotspot.title) for c in candidates if not c.why_not]
        self._offer("chosen", chosen)
        self._offer("categories", sorted(names.items(), key=lambda item: item[1]))

    def _offer(self, name: str, choices: Sequence[tuple[int | str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("chosen") and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", _("Say why these comparison areas and not those that were most alike."))
        scan(self)
        return cleaned


class AssessmentForm(forms.ModelForm[Assessment]):
    """What else could explain the result, side effects, and the decision."""

    class Meta:
        model = Assessment
        fields = [
            "complaints", "identity_checks", "perception", "confidence", "decision", "why", "decided_by",
        ]  # fmt: skip
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "complaints": gettext_lazy("Leave empty when nobody kept count; that is not zero."),
            "identity_checks": gettext_lazy("Leave empty when nobody kept count; that is not zero."),
            "decided_by": gettext_lazy("A role or a body, never a name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in rules.RIVALS.items():
            self.fields[f"{code}_answer"] = forms.ChoiceField(
                label=str(label), choices=list(rules.ANSWERS.items()), widget=forms.RadioSelect
            )
            self.fields[f"{code}_why"] = forms.CharField(
                label=_("Why, or what is known of it"), required=False, max_length=300
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        scan(self)
        return cleaned

    def rival_fields(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Each other explanation with its two fields."""
        for code in rules.RIVALS:
            yield self[f"{code}_answer"], self[f"{code}_why"]

    def own_fields(self) -> list[BoundField]:
        """Side effects and decision."""
        return [self[name] for name in self.Meta.fields]

    def rivals(self) -> dict[str, dict[str, str]]:
        """The answers as they are kept."""
        return {
            code: {
                "answer": self.cleaned_data[f"{code}_answer"],
                "why": self.cleaned_data[f"{code}_why"].strip(),
            }
            for code in rules.RIVALS
        }

    def told(self) -> dict[str, Any]:
        """The fields of the record."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
