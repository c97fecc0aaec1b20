"""Forms of bulletins: begin one, write it in both languages, code what residents wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.texts import refuse_personal
from vicus.web.bulletins import content, queries
from vicus.web.bulletins.models import LEAST_K, MOST_K, Bulletin
from vicus.web.facts.queries import category_names, overlapping_categories
from vicus.web.hotspots.models import Hotspot
from vicus.web.public.models import LANGUAGES
from vicus.web.public.reading import TOPICS, topic
from vicus.web.zone.models import Area

LABELS = {
    "title": _("Title"),
    "said": _("What was said"),
    "done": _("What was done"),
    "not_possible": _("What was not possible, and why"),
}
IN = {"fr": _("French"), "nl": _("Dutch")}
LONGEST = 3000


class BeginForm(forms.Form):
    """About which place and which months."""

    place = forms.ChoiceField(label=_("Place"))
    starts_on = forms.DateField(
        label=_("From the month of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Up to and including the month of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        hotspots: Sequence[Hotspot],
        areas: Sequence[Area],
        today: date,
    ) -> None:
        first, last = queries.last_quarter(today)
        super().__init__(data, initial={"starts_on": first, "ends_on": last})
        self.places: dict[str, Hotspot | Area] = {f"hotspot-{it.pk}": it for it in hotspots}
        self.places |= {f"area-{it.pk}": it for it in areas}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(name), [(code, str(it)) for code, it in self.places.items() if code.startswith(kind)])
            for kind, name in (("hotspot", _("Hotspots")), ("area", _("Communes and neighbourhoods")))
            if any(code.startswith(kind) for code in self.places)
        ]

    def chosen(self) -> Hotspot | Area:
        """The place that was chosen."""
        return self.places[self.cleaned_data["place"]]


class WriteForm(forms.Form):
    """The texts in both languages side by side, why promises were not kept, and which counts are asked."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    columns = forms.ChoiceField(label=_("Counts"), choices=Bulletin.Columns.choices, required=False)
    categories = forms.MultipleChoiceField(
        label=_("Kinds of facts named one by one"),
        help_text=_("All others are counted together, as other facts."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, bulletin: Bulletin, language: str, data: Mapping[str, Any] | None = None) -> None:
        given: dict[str, Any] = {
            "revision": bulletin.revision,
            "vouched": bulletin.vouched,
            "columns": bulletin.columns,
            "categories": bulletin.categories,
        }
        for code in LANGUAGES:
            given |= {f"{key}-{code}": text for key, text in bulletin.words(code).items()}
        self.unkept = [it for it in queries.promises(bulletin) if it.state in content.SETTLED_WITH_A_REASON]
        for it in self.unkept:
            for code, text in bulletin.reasons.get(str(it.pk), {}).items():
                given[f"why{it.pk}-{code}"] = text
        super().__init__(data, initial=given)
        overlapping = overlapping_categories(bulletin.zone)
        kinds = self.fields["categories"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = [
            (code, name)
            for code, name in sorted(category_names(bulletin.zone, language).items(), key=lambda it: it[1])
            if code not in overlapping
        ]
        for key, label in LABELS.items():
            for code in LANGUAGES:
                self.fields[f"{key}-{code}"] = self._text(label, code, title=key == "title")
        for it in self.unkept:
            for code in LANGUAGES:
                self.fields[f"why{it.pk}-{code}"] = self._text(it.title, code, title=False)

    def _text(self, label: Any, language: str, *, title: bool) -> forms.CharField:
        rows = {"lang": language} if title else {"lang": language, "rows": 5}
        return forms.CharField(
            label=f"{label} ({IN[language]})",
            required=False,
            max_length=160 if title else LONGEST,
            widget=forms.TextInput(attrs=rows) if title else forms.Textarea(attrs=rows),
        )

    def pairs(self) -> list[list[BoundField]]:
        """Each text in French and Dutch."""
        return [[self[f"{key}-{code}"] for code in LANGUAGES] for key in LABELS]

    def reasons_asked(self) -> list[list[BoundField]]:
        """Why each promise that was not kept was not, in French and Dutch."""
        return [[self[f"why{it.pk}-{code}"] for code in LANGUAGES] for it in self.unkept]

    def written(self) -> dict[str, Any]:
        """What the service keeps."""
        said = self.cleaned_data
        return {
            "texts": {code: {key: said[f"{key}-{code}"] for key in LABELS} for code in LANGUAGES},
            "reasons": {
                str(it.pk): {code: said[f"why{it.pk}-{code}"] for code in LANGUAGES} for it in self.unkept
            },
            "columns": said["columns"] or Bulletin.Columns.NONE,
            "categories": said["categories"],
            "revision": said["revision"],
            "vouched": said["vouched"],
        }


class WithdrawForm(forms.Form):
    """Why a bulletin is taken back."""

    why = forms.CharField(label=_("Why it is withdrawn"), max_length=300)

    def clean_why(self) -> str:
        return refuse_personal(self.cleaned_data["why"])


class CodeForm(forms.Form):
    """What a feedback is about."""

    topics = forms.MultipleChoiceField(label=_("Topics"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Mapping[str, Any] | None = None, *, pk: int, chosen: Sequence[str] = ()) -> None:
        super().__init__(data, auto_id=f"feedback-{pk}-%s", initial={"topics": list(chosen)})
        field = self.fields["topics"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, topic(code)) for code in TOPICS]


class SettingForm(forms.Form):
    """Below which number counts are not published."""

    k = forms.IntegerField(
        label=_("Counts below this are not published"), min_value=LEAST_K, max_value=MOST_K
    )
