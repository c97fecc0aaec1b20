"""Forms of moves: the checklist of a gate, the decision, the setting of the zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.web.audit.texts import refuse_personal
from vicus.web.phases.models import MOST_MONTHS, Item, Move
from vicus.web.phases.rules import Gate
from vicus.web.phases.services import Answer

PARTS = ("done", "evidence", "nature", "reliability")


class ChecklistForm(forms.Form):
    """Every item of a gate: done, evidence, fact or assessment, reliability."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, gate: Gate, move: Move, data: Mapping[str, Any] | None = None) -> None:
        kept = {item.code: item for item in move.items.all()}
        given: dict[str, Any] = {"revision": move.revision, "vouched": move.vouched}
        for item in gate.items:
            if item.code in kept:
                given |= {f"{item.code}-{part}": getattr(kept[item.code], part) for part in PARTS}
        super().__init__(data, initial=given)
        self.gate = gate
        for item in gate.items:
            self.fields[f"{item.code}-done"] = forms.BooleanField(label=gettext_lazy("Done"), required=False)
            self.fields[f"{item.code}-evidence"] = forms.CharField(
                label=gettext_lazy("Evidence"), help_text=str(item.hint), required=False, max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
            self.fields[f"{item.code}-nature"] = forms.ChoiceField(
                label=gettext_lazy("Fact or assessment"), required=False,
                choices=Item.Nature.choices, widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"{item.code}-reliability"] = forms.ChoiceField(
                label=gettext_lazy("Reliability"),
                required=False,
                choices=[("", "–"), *Item.Reliability.choices],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for item in self.gate.items:
            done, evidence, nature, reliability = (cleaned.get(f"{item.code}-{part}") for part in PARTS)
            if done and not evidence:
                self.add_error(f"{item.code}-evidence", _("Say what shows that this is done."))
            if evidence and not nature:
                self.add_error(f"{item.code}-nature", _("Say whether this is a fact or an assessment."))
            if evidence and not reliability:
                self.add_error(f"{item.code}-reliability", _("Say how reliable this is."))
        return cleaned

    def answers(self) -> dict[str, Answer]:
        """What a service keeps."""
        return {
            item.code: Answer(**{part: self.cleaned_data[f"{item.code}-{part}"] for part in PARTS})
            for item in self.gate.items
        }

    def fields_of(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The code of each item with its fields."""
        for item in self.gate.items:
            yield item.code, [self[f"{item.code}-{part}"] for part in PARTS]


class GrantForm(forms.Form):
    """Since when, by which decision, and why items may be missing."""

    starts_on = forms.DateField(
        label=gettext_lazy("The phase starts on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reference = forms.CharField(label=gettext_lazy("Decision"), required=False, max_length=200)
    exception = forms.CharField(
        label=gettext_lazy("Why the gate is opened although items are missing"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, complete: bool, today: date) -> None:
        super().__init__(data, auto_id="grant-%s", initial={"starts_on": today})
        if complete:
            del self.fields["exception"]

    def clean_reference(self) -> str:
        return refuse_personal(self.cleaned_data["reference"])

    def clean_exception(self) -> str:
        return refuse_personal(self.cleaned_data["exception"])

    def clean_comment(self) -> str:
        return refuse_personal(self.cleaned_data["comment"])


class CommentForm(forms.Form):
    """Why a move is refused."""

    comment = forms.CharField(
        label=gettext_lazy("Why it is refused"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="refuse-%s")

    def clean_comment(self) -> str:
        return refuse_personal(self.cleaned_data["comment"])


class SettingForm(forms.Form):
    """How many stable months the gate to Build asks for."""

    stable_months = forms.IntegerField(
        label=gettext_lazy("Stable months before Build"), min_value=1, max_value=MOST_MONTHS
    )
