"""Forms of the clock: the rules of all levels on one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.web.audit.texts import refuse_personal
from vicus.web.governance.clock import Rule
from vicus.web.governance.models import DRIVERS, MOST_GRACE, MOST_MONTHS
from vicus.web.governance.models import Rule as Kept
from vicus.web.governance.services import PARTS
from vicus.web.governance.showing import level_name

WORDS = 80


class RulesForm(forms.Form):
    """For each level: whether it is kept, how often, for what, who drives it, how many months of grace."""

    def __init__(
        self, rules: Sequence[Rule], languages: Sequence[str], data: Mapping[str, Any] | None = None
    ) -> None:
        initial = {f"{rule.level}-{part}": getattr(rule, part) for rule in rules for part in PARTS}
        initial |= {
            f"{rule.level}-words-{code}": rule.driver_words.get(code, "")
            for rule in rules
            for code in languages
        }
        super().__init__(data, initial=initial)
        self.levels = [rule.level for rule in rules]
        self.languages = list(languages)
        for level in self.levels:
            self.fields |= {f"{level}-{name}": field for name, field in self._fields()}

    def _fields(self) -> Iterator[tuple[str, forms.Field]]:
        yield "kept", forms.BooleanField(label=gettext_lazy("The zone keeps this level"), required=False)
        yield (
            "every_months",
            forms.IntegerField(
                label=gettext_lazy("At least one meeting every (months)"), min_value=1, max_value=MOST_MONTHS
            ),
        )
        yield "scope", forms.ChoiceField(label=gettext_lazy("Held"), choices=Kept.Scope.choices)
        yield (
            "grace_months",
            forms.IntegerField(label=gettext_lazy("Months of grace"), min_value=0, max_value=MOST_GRACE),
        )
        yield (
            "driver",
            forms.ChoiceField(
                label=gettext_lazy("Driven by"),
                choices=[("", gettext_lazy("somebody without an account")), *DRIVERS],
                required=False,
            ),
        )
        for code in self.languages:
            label = _("Driven by, in words (%(language)s)") % {"language": code}
            yield f"words-{code}", forms.CharField(label=label, max_length=WORDS, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for level in self.levels:
            for code in self.languages:
                name = f"{level}-words-{code}"
                try:
                    refuse_personal(cleaned.get(name, ""))
                except forms.ValidationError as error:
                    self.add_error(name, error)
            if not cleaned.get(f"{level}-driver") and not any(self._words(cleaned, level).values()):
                self.add_error(f"{level}-driver", _("Choose a role, or say in words who drives this level."))
        return cleaned

    def values(self) -> dict[int, dict[str, Any]]:
        """What the service keeps, by level; what is as it was stays without a row."""
        return {
            level: {
                **{part: self.cleaned_data[f"{level}-{part}"] for part in PARTS if part != "driver_words"},
                "driver_words": self._words(self.cleaned_data, level),
            }
            for level in self.levels
            if any(name.startswith(f"{level}-") for name in self.changed_data)
        }

    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The name of each level with its fields."""
        for level in self.levels:
            yield level_name(level), [self[name] for name in self.fields if name.startswith(f"{level}-")]

    def _words(self, cleaned: Mapping[str, Any], level: int) -> dict[str, str]:
        found = {code: cleaned.get(f"{level}-words-{code}", "").strip() for code in self.languages}
        return {code: text for code, text in found.items() if text}
