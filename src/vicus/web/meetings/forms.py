"""Forms of the meeting itself, of bodies and of organisations; those of its sections are made from `shape`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.texts import refuse_personal
from vicus.web.hotspots.models import Hotspot
from vicus.web.meetings.models import Body, Level, Meeting
from vicus.web.meetings.services import When
from vicus.web.zone.models import Area, Organisation, Zone

LEVELS = [(str(level.value), f"{level.value} {level.label}") for level in Level]
ROLE_HINT = _("A function, never a name.")


class Named(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Places to tick, by their name."""

    widget = forms.CheckboxSelectMultiple


class MeetingForm(forms.Form):
    """When, where, of which body, for which levels and places."""

    body = forms.ModelChoiceField(Body.objects.none(), label=_("Body"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    hour = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=5, max_value=720, initial=90)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    chair = forms.CharField(label=_("Chair"), max_length=120, required=False, help_text=ROLE_HINT)
    language = forms.ChoiceField(label=_("Language of the minutes"), choices=settings.LANGUAGES)
    levels = forms.MultipleChoiceField(
        label=_("Levels it counts for"), choices=LEVELS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Left empty: those of the body. An existing meeting can count for several, so that none is added."),
    )  # fmt: skip
    communes = Named(Area.objects.none(), label=_("Communes"), required=False)
    hotspots = Named(Hotspot.objects.none(), label=_("Hotspots"), required=False)

    def __init__(
        self,
        *args: Any,
        zone: Zone,
        bodies: Sequence[Body],
        communes: Sequence[Area],
        hotspots: Sequence[Hotspot],
        levels: Collection[int],
        meeting: Meeting | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(zone.timezone)
        for name, model, found in (
            ("body", Body, bodies), ("communes", Area, communes), ("hotspots", Hotspot, hotspots),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = model._default_manager.filter(pk__in=[each.pk for each in found])
            if name != "body" and not found:
                del self.fields[name]
        field = self.fields["levels"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [choice for choice in LEVELS if int(choice[0]) in levels]
        if meeting is not None:
            del self.fields["body"]

    def clean_place(self) -> str:
        return refuse_personal(self.cleaned_data["place"])

    def clean_chair(self) -> str:
        return refuse_personal(self.cleaned_data["chair"])

    def when(self) -> When:
        """What was filled in; the hour is that of the zone, also on the days on which clocks change."""
        said = self.cleaned_data
        return When(
            starts_at=datetime.combine(said["day"], said["hour"], self.zone),
            minutes=said["minutes"], place=said["place"], chair=said["chair"], language=said["language"],
            levels=[int(level) for level in said["levels"]],
            communes=list(said.get("communes", ())), hotspots=list(said.get("hotspots", ())),
        )  # fmt: skip


def of_meeting(meeting: Meeting, zone: Zone) -> dict[str, Any]:
    """What the form of a meeting begins with."""
    local = meeting.starts_at.astimezone(ZoneInfo(zone.timezone))
    return {
        "day": local.date(), "hour": local.time(), "minutes": meeting.minutes, "place": meeting.place,
        "chair": meeting.chair, "language": meeting.language, "levels": [str(level) for level in meeting.levels],
        "communes": meeting.communes.all(), "hotspots": meeting.hotspots.all(),
    }  # fmt: skip


class NamesForm(forms.Form):
    """A thing of the zone with a name in each of its languages, and a short name made from the first."""

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        known = dict(settings.LANGUAGES)
        self.names = {f"name_{code}": code for code in zone.languages if code in known}
        for field, code in self.names.items():
            label = _("Name (%(language)s)") % {"language": known[code]}
            self.fields[field] = forms.CharField(label=label, max_length=120, required=False)
        self.order_fields([*self.names])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = {code: (cleaned.get(field) or "").strip() for field, code in self.names.items()}
        cleaned["names"] = {code: refuse_personal(name) for code, name in names.items() if name}
        if not cleaned["names"]:
            self.add_error(
                next(iter(self.names)), ValidationError(_("Give a name in at least one language."))
            )
        return cleaned

    def code(self) -> str:
        """The short name."""
        return slugify(next(iter(self.cleaned_data["names"].values())))[:60] or "x"

    @staticmethod
    def of(names: dict[str, str]) -> dict[str, str]:
        """Names as the form begins with them."""
        return {f"name_{code}": name for code, name in names.items()}


class BodyForm(NamesForm):
    """Who meets again and again, on which levels."""

    levels = forms.MultipleChoiceField(
        label=_("Levels it counts for"), choices=LEVELS, widget=forms.CheckboxSelectMultiple
    )
    commune = forms.ModelChoiceField(Area.objects.none(), label=_("Commune"), required=False)
    hotspot = forms.ModelChoiceField(Hotspot.objects.none(), label=_("Hotspot"), required=False)
    chair = forms.CharField(label=_("Chair"), max_length=120, required=False, help_text=ROLE_HINT)
    ended_on = forms.DateField(
        label=_("Ended on"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        commune, hotspot = self.fields["commune"], self.fields["hotspot"]
        assert isinstance(commune, forms.ModelChoiceField)
        assert isinstance(hotspot, forms.ModelChoiceField)
        commune.queryset = zone.areas.filter(kind=Area.Kind.COMMUNE, in_zone=True)
        hotspot.queryset = Hotspot.objects.filter(zone=zone).select_related("zone")

    def clean_chair(self) -> str:
        return refuse_personal(self.cleaned_data["chair"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        hotspot = cleaned.get("hotspot")
        if hotspot is not None and not cleaned.get("commune"):
            cleaned["commune"] = Area.objects.filter(pk=hotspot.commune_id).first()
        return cleaned


class OrganisationForm(NamesForm):
    """An organisation, its kind, the role to ask for and the mailbox of the service."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    contact = forms.CharField(label=_("Role to ask for"), max_length=120, required=False, help_text=ROLE_HINT)
    mailbox = forms.EmailField(
        label=_("Mailbox of the service"), required=False, help_text=_("Of the service, never of a person.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", "–"), *settings.LANGUAGES], required=False
    )
    areas = Named(Area.objects.none(), label=_("Communes"), required=False)
    strengths = forms.CharField(
        label=_("Strengths"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, zone: Zone, **kwargs: Any) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        areas = self.fields["areas"]
        assert isinstance(areas, forms.ModelChoiceField)
        areas.queryset = zone.areas.filter(kind=Area.Kind.COMMUNE, in_zone=True)
        if not areas.queryset.exists():
            del self.fields["areas"]

    def clean_contact(self) -> str:
        return refuse_personal(self.cleaned_data["contact"])

    def clean_strengths(self) -> str:
        return refuse_personal(self.cleaned_data["strengths"])


class EndForm(forms.Form):
    """The day on which an organisation ends."""

    ended_on = forms.DateField(
        label=_("Ended on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class WhyForm(forms.Form):
    """Why a meeting is cancelled, or its minutes opened again."""

    why = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
