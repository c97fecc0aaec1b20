"""One form for every kind of entry, made from the table in `shape`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.forms import BoundField
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from vicus.incidents import freetext
from vicus.web.sara.models import Problem
from vicus.web.sara.shape import ROWS, Field, Kind

YES_NO = {"yes": True, "no": False, "": None}
LONGEST = 4000
NOTHING = ("", "–")
MOST = 100_000
Choice = tuple[str, str | Lazy]


class EntryForm(forms.Form):
    """The fields of a kind, with the revision the writer started from and what the writer vouches for."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        kind: Kind,
        data: Mapping[str, Any] | None = None,
        *,
        thing: Any = None,
        problems: Sequence[Problem] = (),
        latest: date | None = None,
        name: str = "",
        initial: Mapping[str, Any] | None = None,
        options: Mapping[str, Sequence[Choice]] | None = None,
    ) -> None:
        new = thing is None or thing.pk is None
        given = dict(initial or {}) if new else {f.key: _shown(f, f.value(thing)) for f in kind.fields}
        given["revision"] = 0 if new else thing.revision
        super().__init__(data, auto_id=f"{name or kind.key}-%s", initial=given)
        self.kind, self.latest = kind, latest
        for field in kind.fields:
            offered = (options or {}).get(field.key) or [
                (str(p.pk), f"{p.number} {p.title}") for p in problems
            ]
            self.fields[field.key] = _field(field, kind.model, offered)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for field in self.kind.fields:
            if field.kind == "yes_no":
                cleaned[field.key] = YES_NO[cleaned.get(field.key) or ""]
            elif field.kind in ROWS or (field.kind == "chips" and _whole(self.kind.model, field)):
                cleaned[field.key] = int(cleaned[field.key]) if cleaned.get(field.key) else None
        for check in self.kind.checks:
            if not self.errors and check.wrong(cleaned):
                self.add_error(check.field, str(check.says))
        return cleaned

    def clean_seen_on(self) -> date:
        day: date = self.cleaned_data["seen_on"]
        if self.latest is not None and day > self.latest:
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def values(self) -> dict[str, Any]:
        """What is to be kept, by the keys of the table."""
        return {field.key: self.cleaned_data.get(field.key) for field in self.kind.fields}

    def first(self) -> list[BoundField]:
        """What is always shown."""
        return [self[field.key] for field in self.kind.fields if not field.fold]

    def folded(self) -> list[BoundField]:
        """What can wait in a hurry."""
        return [self[field.key] for field in self.kind.fields if field.fold]

    @property
    def unfold(self) -> bool:
        """Must the fold be open, because something in it is wrong or filled in?"""
        return any(
            field.errors or (field.value() and field.name not in ("about", "seen_on"))
            for field in self.folded()
        )


class CommentForm(forms.Form):
    """A comment with a transition."""

    comment = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)
    vouched = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, must: bool, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{name}-%s"
        self.fields["comment"].label = _("Comment for the writer")
        self.fields["comment"].required = must


def vouched_for(texts: str) -> str:
    """What whoever ticks "this is no person" vouches for."""
    return freetext.fingerprint(freetext.find(texts))


def _field(field: Field, model: type[models.Model], offered: Sequence[Choice]) -> forms.Field:
    common: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": field.required}
    match field.kind:
        case "text":
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=LONGEST, **common)
        case "line":
            return forms.CharField(max_length=_longest(model, field), **common)
        case "day":
            return forms.DateField(
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **common
            )
        case "problem" | "choice":
            nothing = ("", _("none") if not field.required else "")
            return forms.ChoiceField(choices=[nothing, *offered], **common)
        case "list":
            return forms.MultipleChoiceField(
                widget=forms.CheckboxSelectMultiple, choices=field.choices, **common
            )
        case "count":
            return forms.IntegerField(min_value=0, max_value=MOST, **common)
        case "yes_no":
            answers = [("yes", _("yes")), ("no", _("no")), ("", _("not looked at yet"))]
            return forms.ChoiceField(widget=forms.RadioSelect, choices=answers, **common)
        case _:
            given = list(field.choices) if field.required else [*field.choices, NOTHING]
            return forms.ChoiceField(widget=forms.RadioSelect, choices=given, **common)


def _longest(model: type[models.Model], field: Field) -> int:
    return 300 if field.within else int(model._meta.get_field(field.key).max_length or 300)  # type: ignore[union-attr]


def _whole(model: type[models.Model], field: Field) -> bool:
    return not field.within and isinstance(model._meta.get_field(field.key), models.IntegerField)


def _shown(field: Field, value: Any) -> Any:
    """A kept value as the form shows it."""
    if field.kind == "yes_no":
        return {True: "yes", False: "no"}.get(value, "")
    return "" if value is None else value
