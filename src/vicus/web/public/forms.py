"""The form for feedback: no account, no puzzle, no third party."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vicus.incidents import freetext
from vicus.web.public.models import LONGEST

FASTEST, SLOWEST = 3, 12 * 3600
"""Seconds between opening the page and sending: nobody reads faster, and a form is not kept for days."""
SHORTEST, MOST_LINKS = 3, 1
LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def stamp(slug: str) -> str:
    """When the page was opened, signed."""
    return signing.TimestampSigner(salt="feedback").sign(slug)


class FeedbackForm(forms.Form):
    """What somebody wants to say about a bulletin."""

    text = forms.CharField(
        label=gettext_lazy("Your words"),
        help_text=gettext_lazy(
            "About the neighbourhood, not about persons. Do not write your name or phone number: nobody can answer "
            "you here. Call 101 when something is urgent."
        ),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    # Not shown to people; programs fill in everything they find.
    website = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    vouched = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Mapping[str, Any] | None = None, *, slug: str) -> None:
        super().__init__(data, initial={"opened": stamp(slug)})
        self.slug = slug
        self.found: list[str] = []
        self.fingerprint = ""

    @property
    def is_by_a_program(self) -> bool:
        """Was the field filled in that people do not see?"""
        return bool(self.cleaned_data.get("website"))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\x00", "").strip()
        if len(LINK.findall(text)) > MOST_LINKS:
            raise forms.ValidationError(_("Leave the links out; one is enough."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._check_time(str(cleaned.get("opened", "")))
        findings = freetext.find(str(cleaned.get("text", "")))
        if findings and not self.errors:
            self.fingerprint = freetext.fingerprint(findings)
            if cleaned.get("vouched") != self.fingerprint:
                self.found = [finding.found for finding in findings]
        return cleaned

    def renewed(self) -> FeedbackForm:
        """The same words in a form that can be sent again: what was signed is exchanged when it no longer holds."""
        opened = str(self.data.get("opened", ""))
        self.data = {
            "text": self.data.get("text", ""),
            "opened": opened if self._signed(opened) else stamp(self.slug),
            "vouched": self.fingerprint,
        }
        return self

    def _check_time(self, opened: str) -> None:
        if not self._signed(opened):
            self.add_error(None, _("This page was open for long. Your words are kept: send them again."))
            return
        try:
            signing.TimestampSigner(salt="feedback").unsign(opened, max_age=FASTEST)
        except signing.SignatureExpired:
            return
        self.add_error(None, _("That was very quick. Your words are kept: send them again in a moment."))

    def _signed(self, opened: str) -> bool:
        try:
            return signing.TimestampSigner(salt="feedback").unsign(opened, max_age=SLOWEST) == self.slug
        except signing.BadSignature:
            return False
