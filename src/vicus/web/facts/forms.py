from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vicus.incidents.errors import IncidentError
from vicus.incidents.mapping import Mapping
from vicus.web.facts import queries
from vicus.web.facts.telling import told
from vicus.web.zone.models import Zone

GUESS = ""
LARGEST = 2 * 1024**3
LARGEST_MAPPING = 200_000
LARGEST_NOMENCLATURE = 2 * 1024**2
ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xls", ".ods", ".parquet", ".gpkg", ".geojson", ".json")


class UploadForm(forms.Form):
    """A file of facts and how to read it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV (also .gz), Excel, Parquet, GeoPackage or GeoJSON. Never a file with persons in it: it is refused."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    mapping = forms.ChoiceField(
        label=_("Mapping"),
        required=False,
        help_text=_(
            "How the columns of the file become facts. You can read and correct it before anything is imported."
        ),
    )
    known_at = forms.DateField(
        label=_("Day of the export"),
        required=False,
        help_text=_("When it is not today: figures can later be drawn as they were known on that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = queries.mappings(zone)
        choice = self.fields["mapping"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            (GUESS, _("make a first guess from the file")),
            *((name, name) for name in self.texts),
        ]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        name = (file.name or "").lower()
        if not name.endswith(ENDINGS):
            raise ValidationError(
                _("This kind of file cannot be read. Export it as CSV, Excel, Parquet or GeoJSON.")
            )
        if (file.size or 0) > LARGEST:
            raise ValidationError(_("The file is larger than 2 GB. Import it with the command line."))
        return file

    def clean_known_at(self) -> Any:
        day = self.cleaned_data["known_at"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        if day is not None and day.year < 1900:
            raise ValidationError(_("Enter a valid date."))
        return day

    @property
    def mapping_text(self) -> str:
        """The text of the mapping chosen, empty for a guess."""
        return self.texts.get(self.cleaned_data.get("mapping", GUESS), "")


class MappingForm(forms.Form):
    """The mapping of a received file, to be read and corrected."""

    text = forms.CharField(
        label=_("Mapping (TOML)"),
        max_length=LARGEST_MAPPING,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "false", "class": "code"}),
    )
    name = forms.CharField(
        label=_("Keep it under this name for the next file"), required=False, max_length=100
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            Mapping.parse(text)
        except IncidentError as error:
            raise ValidationError(told(error)) from None
        return text


class NomenclatureForm(forms.Form):
    """A file of categories."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV with the columns code, nl, fr and en; optional: heading, iccs, overlapping, harm_weight, harm_source."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_NOMENCLATURE:
            size = LARGEST_NOMENCLATURE // 1024**2
            raise ValidationError(_("The file is larger than %(size)d MB.") % {"size": size})
        return file
