from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from vicus.web.audit import words
from vicus.web.audit.models import Action


class ReasonForm(forms.Form):
    """Why somebody opens restricted records and, when they leave the house, who receives them."""

    door_reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For instance the case, the meeting or the task it is needed for."),
    )
    door_recipient = forms.CharField(
        label=_("Recipient"),
        max_length=300,
        required=False,
        help_text=_("Service or organisation that receives the file; your own when it stays with you."),
    )

    def __init__(self, *args: Any, disclosure: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if disclosure:
            self.fields["door_recipient"].required = True
        elif not self.is_bound:
            del self.fields["door_recipient"]

    def clean_door_reason(self) -> str:
        reason: str = self.cleaned_data["door_reason"]
        if sum(character.isalpha() for character in reason) < 5:
            raise ValidationError(_("Give a reason in words."))
        return reason


FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)


class FilterForm(forms.Form):
    """Which records of the audit trail to show."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
    action = forms.ChoiceField(label=_("Act"), required=False, choices=[("", _("all")), *Action.choices])
    actor = forms.CharField(label=_("User"), required=False, max_length=100)
    object_type = forms.ChoiceField(label=_("Kind of object"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Up to"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, zones: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *((zone, zone) for zone in zones)]
        kinds = self.fields["object_type"]
        assert isinstance(kinds, forms.ChoiceField)
        named = sorted((str(name), code) for code, name in words.OBJECTS.items())
        kinds.choices = [("", _("all")), *((code, name) for name, code in named)]

    def clean_since(self) -> date | None:
        return self._within(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return self._within(self.cleaned_data["until"])

    def _within(self, day: date | None) -> date | None:
        """Days that a clock of every time zone can hold."""
        return None if day is None else min(max(day, FIRST_DAY), LAST_DAY)
