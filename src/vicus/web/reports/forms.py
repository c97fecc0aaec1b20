"""What is chosen of a report: one form from the table of kinds, for the builder and for schedules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.documents.templates import LARGEST
from vicus.web.audit.texts import refuse_personal
from vicus.web.hotspots.services import today
from vicus.web.reports import showing
from vicus.web.reports.kinds import Kind
from vicus.web.reports.models import FORMATS, LAST_DAY, Schedule
from vicus.web.reports.periods import periods
from vicus.web.reports.queries import Reader

MOST_PLACES = 60
"""So many meetings are offered, the last first."""
COUNTS = {"month": 24, "quarter": 8, "year": 4, "meeting": 0}
NAMES = dict(settings.LANGUAGES)


class WantedForm(forms.Form):
    """Places, sections, languages and formats of a kind."""

    places = forms.MultipleChoiceField(label=gettext_lazy("Of which places"))
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Sections"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple
    )
    formats = forms.MultipleChoiceField(label=gettext_lazy("Formats"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, kind: Kind, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.reader = kind, reader
        offered = reader.places(kind)
        self.offered = offered[:MOST_PLACES] if kind.span == "meeting" else offered
        self._choices("places", [(code or ALL, name) for code, name in self.offered])
        self._choices("sections", [(key, showing.capital(title)) for key, title in kind.sections])
        self._choices("languages", [(code, showing.language_name(code)) for code in NAMES])
        self._choices("formats", [pair for pair in FORMATS if pair[0] in kind.formats])
        if len(self.offered) <= MANY:
            self.fields["places"].widget = forms.CheckboxSelectMultiple(choices=self.fields["places"].choices)  # type: ignore[attr-defined]
        if not kind.sections:
            del self.fields["sections"]
        if len(self.offered) == 1:
            self.fields["places"].initial = [self.offered[0][0] or ALL]

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def wanted(self) -> dict[str, Any]:
        """What was chosen, as it is kept."""
        chosen = self.cleaned_data
        kept = set(chosen.get("sections", ()))
        return {
            "places": ["" if code == ALL else code for code in chosen.get("places", ())],
            "languages": chosen["languages"],
            "formats": chosen["formats"],
            "left_out": [key for key, _title in self.kind.sections if key not in kept],
        }

    @staticmethod
    def beginning(kind: Kind, **given: Any) -> dict[str, Any]:
        """What the form shows first: every section, PDF; or what was kept."""
        out = set(given.pop("left_out", ()))
        return {
            "sections": [key for key, _title in kind.sections if key not in out],
            "formats": ["pdf"],
            **given,
        }


ALL = "zone"
"""What stands in a form for the place that has no code: the zone."""
MANY = 30


class BuildForm(WantedForm):
    """The builder: over which period, and a name to keep the choice under."""

    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Keep this choice under a name"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("To draw it again later with one click."),
    )
    field_order = ("places", "period", "sections", "languages", "formats", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = today(self.reader.zone)
        found = (
            periods(self.kind.span, day, COUNTS[self.kind.span]) if self.kind.needs != "evaluation" else []
        )
        if not found:
            del self.fields["period"]
            return
        field = self.fields["period"]
        assert isinstance(field, forms.ChoiceField)
        last = _("the last whole one (now: %(period)s)") % {"period": showing.period(found[0])}
        field.choices = [("", last), *((code, showing.capital(showing.period(code))) for code in found)]

    def clean_name(self) -> str:
        return refuse_personal(self.cleaned_data["name"])


class ScheduleForm(WantedForm):
    """When and for whom. Without places: all of them, also those that come later."""

    audience = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=200,
        help_text=gettext_lazy("A service or a role, never a named person."),
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("When"))
    day = forms.IntegerField(
        label=gettext_lazy("Day"),
        min_value=1,
        max_value=LAST_DAY,
        help_text=gettext_lazy("Of the first month after the period; before a meeting, so many days."),
    )
    field_order = ("audience", "rhythm", "day", "places", "sections", "languages", "formats")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rhythm = self.fields["rhythm"]
        assert isinstance(rhythm, forms.ChoiceField)
        rhythm.choices = [(code, Schedule.Rhythm(code).label) for code in self.kind.rhythms]
        if self.kind.needs in ("meeting", "partner", "evaluation", "zone"):
            del self.fields["places"]
        elif self.reader.who.areas is None:
            self.fields["places"].required = False
            self.fields["places"].help_text = _("None ticked: all of them, also those that come later.")

    def clean_audience(self) -> str:
        return refuse_personal(self.cleaned_data["audience"])


class TemplateForm(forms.Form):
    """A Word template to upload."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    file = forms.FileField(
        label=gettext_lazy("Word file"),
        help_text=gettext_lazy("A Word document (.docx) with placeholders; without macros, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )

    def clean_name(self) -> str:
        return refuse_personal(self.cleaned_data["name"])

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(".docx"):
            raise ValidationError(_("Only a Word document without macros (.docx) can be a template."))
        if (file.size or 0) > LARGEST:
            raise ValidationError(_("The file is too large: at most 5 MB."))
        return file
