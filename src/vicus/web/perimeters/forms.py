"""The form of a proposal, and the words of a decision on one."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from vicus.web.audit.texts import refuse_personal
from vicus.web.hotspots import outlines
from vicus.web.hotspots.models import Hotspot
from vicus.web.perimeters import reading
from vicus.web.perimeters.models import Proposal
from vicus.web.perimeters.reading import OutlineRefused
from vicus.web.zone.models import Zone

LARGEST_FILE = 5 * 1024**2
LARGEST_UNPACKED = 8 * LARGEST_FILE
DAY_INPUT = {"type": "date"}
TEXTS = ("name", "reason", "legal_basis", "order_reference", "exit_criteria")
SUFFIXES = (".geojson", ".json", ".gpkg", ".zip")


class ProposalForm(forms.ModelForm[Proposal]):
    """An outline with its reason and its ground. `shape` is the outline in the zone's coordinates, once it is valid."""

    outline = forms.CharField(
        label=gettext_lazy("Outline"),
        required=False,
        max_length=reading.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "data-outline": ""}),
        help_text=gettext_lazy(
            "The map writes it here. Without the map: paste GeoJSON, or one corner a line, longitude then latitude."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file with the outline"),
        required=False,
        help_text=gettext_lazy(
            "GeoJSON, GeoPackage, or a zipped Shapefile; it takes the place of what was drawn."
        ),
    )
    control_numbers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Control areas"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Hotspots that this one will be compared with."),
    )

    class Meta:
        model = Proposal
        fields = [
            "name", "reason", "designation", "legal_basis", "order_reference", "ends_on", "review_due", "buffer_m",
            "exit_criteria",
        ]  # fmt: skip
        widgets = {
            "reason": forms.Textarea(attrs={"rows": 3}),
            "exit_criteria": forms.Textarea(attrs={"rows": 2}),
            "ends_on": forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"),
            "review_due": forms.DateInput(attrs=DAY_INPUT, format="%Y-%m-%d"),
        }
        help_texts = {
            "name": gettext_lazy("Left empty, it takes the name of the sector."),
            "reason": gettext_lazy("What changed on the ground, and why this outline answers it."),
            "order_reference": gettext_lazy(
                "Only when an order gives it legal force; it then carries an end date."
            ),
            "review_due": gettext_lazy(
                "Left empty: twelve months after it comes into force, the longest there is."
            ),
        }

    def __init__(
        self, *args: Any, zone: Zone, hotspots: Sequence[Hotspot], ground: BaseGeometry | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.ground = zone, ground
        self.shape: BaseGeometry | None = None
        if self.instance.hotspot_id is not None:
            del self.fields["name"]
        controls = self.fields["control_numbers"]
        assert isinstance(controls, forms.TypedMultipleChoiceField)
        controls.choices = [(h.number, h.title) for h in hotspots if h.pk != self.instance.hotspot_id]
        controls.initial = list(self.instance.controls or [])
        self.order_fields(["outline", "file"])

    def clean(self) -> dict[str, Any]:
        """Read the outline of the file, or of the text; scan what was written (R17)."""
        cleaned = super().clean() or self.cleaned_data
        for name in TEXTS:
            try:
                refuse_personal(cleaned.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        if cleaned.get("order_reference") and not cleaned.get("ends_on"):
            self.add_error("ends_on", _("An order carries the date on which it ends."))
        upload = cleaned.get("file")
        try:
            if upload is not None:
                self.shape = reading.checked(self._of_file(upload), self.ground)
            else:
                self.shape = reading.read(cleaned.get("outline") or "", self.zone.crs, self.ground)
        except OutlineRefused as refusal:
            self.add_error("file" if upload is not None else "outline", str(refusal))
        except outlines.OutlinesError as refusal:
            self.add_error("file", str(refusal))
        except (ValueError, RecursionError, shapely.errors.ShapelyError):
            self.add_error(
                "file" if upload is not None else "outline", str(outlines.OutlinesError("unreadable"))
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields as the services take them."""
        named = {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.cleaned_data}
        return {**named, "controls": self.cleaned_data["control_numbers"]}

    def outline_text(self) -> str:
        """What stands in the field of the outline, as the page shows it again: that of the file, once it was read."""
        if self.shape is not None:
            return json.dumps(reading.geojson(self.shape, self.zone.crs))
        return str(self["outline"].value() or "")

    def _of_file(self, upload: Any) -> BaseGeometry:
        suffix = Path(upload.name).suffix.lower()
        if suffix not in SUFFIXES or upload.size > LARGEST_FILE:
            raise outlines.OutlinesError("unreadable")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"outline{suffix}"
            path.write_bytes(upload.read())
            if suffix == ".zip" and _unpacked(path) > LARGEST_UNPACKED:
                raise outlines.OutlinesError("unreadable")
            found = outlines.read(
                path, crs=self.zone.crs, languages=self.zone.languages, source_crs="EPSG:4326"
            )
        if not found.taken:
            raise OutlineRefused("crossing" if found.refused[0].code == "broken outline" else "not an area")
        shapes = [outline.geometry for outline in found.taken]
        if sum(map(shapely.get_num_coordinates, shapes)) > reading.MOST_CORNERS:
            raise OutlineRefused("too many")
        return shapely.union_all(shapes)


def _unpacked(path: Path) -> int:
    """Bytes that an archive says it holds."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        raise outlines.OutlinesError("unreadable") from None


class DecisionForm(forms.Form):
    """What the zone direction says with its decision."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it is accepted or refused; who proposed it reads this."),
    )
    decision_reference = forms.CharField(
        label=gettext_lazy("Number of the decision"), max_length=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Scan what was written (R17)."""
        cleaned = super().clean() or self.cleaned_data
        for name in ("comment", "decision_reference"):
            try:
                refuse_personal(cleaned.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned
