from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES
from vicus.web.zone.models import Area, Organisation, Zone
from vicus.web.zone.territory.mapping import KINDS
from vicus.web.zone.territory.reading import LARGEST
from vicus.web.zone.territory.streets import KIND as STREET


class AreaChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Areas to tick; a commune and its division often share their name, so each says what it is."""

    def label_from_instance(self, obj: Area) -> str:
        return f"{obj.name} ({obj.get_kind_display()})"


BOUND_TO = (Area.Kind.COMMUNE, Area.Kind.DIVISION)


class MemberForm(forms.Form):
    """A user and their role in one zone."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("Professional e-mail address"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    role = forms.ChoiceField(label=_("Role"))
    areas = AreaChoices(
        Area.objects.none(),
        label=_("Areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Communes or divisions the role is limited to. A division head and a mayor's office need one."
        ),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Organisation"),
        required=False,
        help_text=_("Of a partner or a mayor's office: whose meetings and commitments the account follows."),
    )

    def __init__(self, *args: Any, zone: Zone, own: bool = False, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role, areas = self.fields["role"], self.fields["areas"]
        assert isinstance(role, forms.ChoiceField)
        assert isinstance(areas, forms.ModelMultipleChoiceField)
        role.choices = [(entry.code, entry.name) for entry in ROLES.values()]
        areas.queryset = Area.objects.filter(zone=zone, in_zone=True, kind__in=BOUND_TO)
        if not areas.queryset.exists():
            del self.fields["areas"]
        organisation = self.fields["organisation"]
        assert isinstance(organisation, forms.ModelChoiceField)
        organisation.queryset = Organisation.objects.filter(zone=zone, ended_on=None)
        if not organisation.queryset.exists():
            del self.fields["organisation"]
        if own:
            # Nobody changes their own role: the last administrator would lock the zone.
            role.disabled = True
        if not whole:
            # The account belongs to other zones too; only the role in this one is this administrator's.
            for name in ("name", "email", "language"):
                self.fields[name].disabled = True
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role = ROLES.get(cleaned.get("role", ""))
        if role and not role.whole_zone and "areas" in self.fields and not cleaned.get("areas"):
            self.add_error("areas", ValidationError(_("This role is limited to areas: choose at least one.")))
        if (
            role
            and role.code == "partner"
            and "organisation" in self.fields
            and not cleaned.get("organisation")
        ):
            self.add_error(
                "organisation", ValidationError(_("Choose the organisation this partner speaks for."))
            )
        return cleaned


class NewMemberForm(MemberForm):
    """The same for a new account."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[ASCIIUsernameValidator()],
        help_text=_("Letters, digits and . _ - only. It cannot be changed later."),
    )
    field_order = ("username", "name", "email", "language", "role", "areas", "organisation")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].lower()
        if username in ("new", "roles"):
            raise ValidationError(_("This user name is taken."))
        if User.objects.filter(username=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username


class TerritoryForm(forms.Form):
    """A file of areas or of streets, and what to do when its columns do not speak for themselves."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("GeoJSON, GeoPackage, or a zipped Shapefile, in any coordinate system."),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,.gpkg,.zip"}),
    )
    dry_run = forms.BooleanField(label=_("Only check the file, change nothing"), required=False, initial=True)
    kind = forms.ChoiceField(label=_("Kind of area"), required=False)
    code = forms.CharField(label=_("Column with the code"), required=False)
    parent = forms.CharField(label=_("Column with the code of the area it lies in"), required=False)
    parent_kind = forms.ChoiceField(label=_("Kind of area it lies in"), required=False)
    population = forms.CharField(label=_("Column with the population"), required=False)
    in_zone = forms.CharField(label=_("Column that says whether it is in the zone"), required=False)
    crs = forms.IntegerField(
        label=_("Coordinate system (EPSG)"), required=False, min_value=1024, max_value=32767,
        help_text=_("Only when the file does not say it."),
    )  # fmt: skip
    layer = forms.CharField(label=_("Layer of the GeoPackage"), required=False)

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Area.Kind.choices)
        kinds = [("", _("recognise it")), *((kind, words[kind]) for kind in KINDS)]
        for name in ("kind", "parent_kind"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*kinds, (STREET, _("street"))] if name == "kind" else kinds
        self.name_fields = {f"name_{code}": code for code in zone.languages}
        for field_name, language in self.name_fields.items():
            label = _("Column with the name in %(language)s") % {
                "language": dict(settings.LANGUAGES)[language]
            }
            self.fields[field_name] = forms.CharField(label=label, required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than %(size)d MB.") % {"size": LARGEST // 1024**2})
        return file

    def columns(self) -> dict[str, Any]:
        """What the form says about columns, as import_territory takes it."""
        said = {name: self.cleaned_data[name] for name in ("kind", "code", "parent", "parent_kind")}
        said |= {name: self.cleaned_data[name] for name in ("population", "in_zone")}
        names = {code: self.cleaned_data[name] for name, code in self.name_fields.items()}
        said["names"] = {code: column for code, column in names.items() if column}
        return {name: value for name, value in said.items() if value}
