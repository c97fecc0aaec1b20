"""Who looks after which hotspot, as one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _

from vicus.web.accounts.models import User
from vicus.web.hotspots.models import Hotspot


class ManagersForm(forms.Form):
    """A manager and a deputy for each hotspot, out of the hotspot managers of the zone.

    What the page showed travels with it: a choice that nobody touched here does not undo one made meanwhile.
    """

    def __init__(
        self, *args: Any, hotspots: Sequence[Hotspot], people: Iterable[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hotspots = hotspots
        self.people = {user.pk: user for user in people}
        for hotspot in hotspots:
            self._add(hotspot, "manager", hotspot.manager, _("Manager of %(hotspot)s"))
            self._add(hotspot, "deputy", hotspot.deputy, _("Deputy of %(hotspot)s"))

    def _add(self, hotspot: Hotspot, post: str, current: User | None, label: str) -> None:
        named = self.people | ({current.pk: current} if current else {})
        self.fields[f"{post}_{hotspot.number}"] = forms.TypedChoiceField(
            label=label % {"hotspot": hotspot.title},
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("nobody yet")), *((key, str(user)) for key, user in named.items())],
            initial=current.pk if current else "",
            show_hidden_initial=True,
        )

    def rows(self) -> Iterator[tuple[Hotspot, BoundField, BoundField]]:
        """Each hotspot with its two fields."""
        for hotspot in self.hotspots:
            yield hotspot, self[f"manager_{hotspot.number}"], self[f"deputy_{hotspot.number}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for hotspot in self.hotspots:
            manager, deputy = self._wanted(hotspot, "manager"), self._wanted(hotspot, "deputy")
            if manager is not None and manager == deputy:
                told = ValidationError(_("The deputy is somebody else than the manager."))
                self.add_error(f"deputy_{hotspot.number}", told)
        return cleaned

    def _wanted(self, hotspot: Hotspot, post: str) -> User | None:
        """Who is to have the post: whoever was chosen here, or else whoever has it now."""
        name = f"{post}_{hotspot.number}"
        current: User | None = getattr(hotspot, post)
        if name not in self.changed_data:
            return current
        chosen = self.cleaned_data.get(name)
        return None if chosen is None else self.people.get(chosen)

    def changed(self) -> list[tuple[Hotspot, User | None, User | None]]:
        """The hotspots for which somebody else was chosen, with manager and deputy as they are to be."""
        return [
            (hotspot, self._wanted(hotspot, "manager"), self._wanted(hotspot, "deputy"))
            for hotspot in self.hotspots
            if {f"manager_{hotspot.number}", f"deputy_{hotspot.number}"} & set(self.changed_data)
        ]
