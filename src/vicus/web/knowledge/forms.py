"""The form of a card, and the choice in front of the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from vicus.web.knowledge.models import Card
from vicus.web.knowledge.rules import ACTION_KINDS, PROBLEM_TYPES, TEXTS

FIELDS = ("kind", "language", "problem_types", "action_kinds", *TEXTS[:-1], "grade", "source", "source_url")
PARTS = (
    (_("What it is about"), ("title", "kind", "language", "problem_types", "action_kinds")),
    (_("What is known"), ("done", "effect", "mechanism", "moderators", "implementation", "economics")),
    (_("How well it is known"), ("grade", "source", "source_url")),
)


class CardForm(forms.ModelForm[Card]):
    """Everything on a card, with the revision the writer started from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    problem_types = forms.MultipleChoiceField(
        label=_("problem types"), choices=list(PROBLEM_TYPES.items()), widget=forms.CheckboxSelectMultiple
    )
    action_kinds = forms.MultipleChoiceField(
        label=_("kinds of action"), choices=list(ACTION_KINDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    source_url = forms.URLField(
        label=_("address of the source"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Card
        fields = FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in TEXTS[1:]}
        help_texts = {
            "done": _("In a few sentences: what, where, how long."),
            "effect": _("What changed, against what. Only figures that the source carries."),
            "mechanism": _("Why would it work? Through whom, on what?"),
            "moderators": _("Where and when does it work, and where not?"),
            "implementation": _("What does it take to do it well?"),
            "economics": _("Hours, money, and what came of it."),
            "source": _("A study, a report, an action of the zone. Never a person."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = self.instance.revision

    def values(self) -> dict[str, Any]:
        """What a service keeps."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def parts(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """Legends with their fields."""
        for legend, names in PARTS:
            yield legend, [self[name] for name in names]
