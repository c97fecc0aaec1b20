"""Forms of commitments: make one, correct its words, take a step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings import commitment_rules as rules
from vicus.web.meetings.models import Commitment, Level
from vicus.web.meetings.queries import Reader
from vicus.web.meetings.rules import may_plan
from vicus.web.zone.models import Area, Organisation

DAY = {"type": "date"}


def _text(label: Any, *, required: bool = False, rows: int = 2, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
    )


class WordsForm(forms.Form):
    """The words of a commitment, and whether residents read them."""

    title = forms.CharField(
        label=gettext_lazy("What is promised"),
        max_length=200,
        help_text=gettext_lazy("One thing that can be seen to be done, in a line; places, never persons."),
    )
    detail = _text(gettext_lazy("More about it"))
    public = forms.BooleanField(
        label=gettext_lazy("Residents may read it"),
        required=False,
        help_text=gettext_lazy("It then stands in the bulletin of the neighbourhood, in both languages."),
    )
    public_nl = _text(gettext_lazy("For residents, in Dutch"))
    public_fr = _text(gettext_lazy("For residents, in French"))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """What a service keeps."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "detail": given["detail"],
            "public": given["public"],
            "public_words": {"nl": given["public_nl"], "fr": given["public_fr"]},
            "vouched": given["vouched"],
        }

    @staticmethod
    def initial_of(commitment: Commitment) -> dict[str, Any]:
        """What stands there now."""
        return {
            "title": commitment.title,
            "detail": commitment.detail,
            "public": commitment.public,
            "public_nl": commitment.public_words.get("nl", ""),
            "public_fr": commitment.public_words.get("fr", ""),
            "revision": commitment.revision,
            "vouched": commitment.vouched,
        }


class MakeForm(WordsForm):
    """A commitment that is made outside a meeting."""

    owner = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Organisation"))
    due_on = forms.DateField(
        label=gettext_lazy("Due on"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, choices=Level.choices)
    hotspot = forms.ModelChoiceField(Hotspot.objects.none(), label=gettext_lazy("Hotspot"), required=False)
    commune = forms.ModelChoiceField(Area.objects.none(), label=gettext_lazy("Commune"), required=False)

    field_order = [
        "title", "owner", "due_on", "level", "hotspot", "commune", "detail", "public", "public_nl", "public_fr",
    ]  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None = None, *, who: Reader, day: date) -> None:
        super().__init__(data, initial={"due_on": day + timedelta(days=30), "level": Level.PARTNERS})
        self.who = who
        communes = Area.objects.filter(zone=who.zone, kind=Area.Kind.COMMUNE, in_zone=True)
        if who.areas is not None:
            communes = communes.filter(pk__in=who.areas)
        self._offer("owner", Organisation.objects.filter(zone=who.zone, ended_on=None))
        self._offer("hotspot", Hotspot.objects.filter(pk__in=[h.pk for h in who.own()]).order_by("number"))
        self._offer("commune", communes)
        levels = may_plan(who)
        field = self.fields["level"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(value, label) for value, label in Level.choices if value in levels]
        if communes.count() == 1:
            self.initial["commune"] = communes.get()
        if who.role.own_points:
            self.fields["hotspot"].required = True
            del self.fields["commune"]

    def _offer(self, name: str, found: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.who.areas is not None and not (cleaned.get("hotspot") or cleaned.get("commune")):
            self.add_error(
                "commune" if "commune" in self.fields else "hotspot", _("Say for which place of yours it is.")
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        given = {
            name: self.cleaned_data.get(name) for name in ("owner", "due_on", "level", "hotspot", "commune")
        }
        return {**super().values(), **given}


class StepForm(forms.Form):
    """What a step needs: evidence, a reason, a later day."""

    evidence = _text(
        gettext_lazy("What shows it"),
        hint=gettext_lazy("A line is enough: what was done, where it can be seen."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("New day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    reason = _text(gettext_lazy("Why"))
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, step: rules.Step, commitment: Commitment
    ) -> None:
        super().__init__(data, initial={"revision": commitment.revision, "vouched": commitment.vouched})
        for name in ("evidence", "due_on", "reason"):
            self.fields[name].required = name in step.needs
        if "due_on" not in step.needs:
            del self.fields["due_on"]
        if step.code == "keep":
            del self.fields["reason"]
        elif step.code != "keep_partly":
            del self.fields["evidence"]
