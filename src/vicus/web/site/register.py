"""The register of processing activities, drawn from what each kind of record declares (rights R09)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vicus.web.audit.processing import DAY, ELSEWHERE, YEAR, Processing, Regime, register
from vicus.web.audit.rules import zones_audited_by
from vicus.web.audit.spreadsheets import harmless
from vicus.web.zone.models import Zone

LAW: dict[Regime, Promise] = {
    Regime.LAW_ENFORCEMENT: gettext_lazy("Directive (EU) 2016/680, law enforcement"),
    Regime.GDPR: gettext_lazy("Regulation (EU) 2016/679, general data protection"),
    Regime.NO_PERSONAL_DATA: gettext_lazy("no personal data"),
}

MEASURES: tuple[Promise, ...] = (
    gettext_lazy(
        "Everything stays on the machine of the zone: no page, picture or report calls another one."
    ),
    gettext_lazy(
        "Each zone is closed to the others; each role sees what its row in the table of roles says."
    ),
    gettext_lazy("Police roles sign in with a second factor, whose secret is encrypted in the database."),
    gettext_lazy(
        "Facts one by one open, and files leave, only with a reason; it is kept with name, role and time."
    ),
    gettext_lazy("The audit trail is only added to; each record is sealed with the one before it."),
    gettext_lazy(
        "Files are looked through for personal data before they are taken in, and refused when they hold any."
    ),
    gettext_lazy(
        "No place to write down a suspect, a victim or a witness; no score of a person or an address."
    ),
    gettext_lazy(
        "What is erased goes from every version of the data, with the files and figures made of it."
    ),
    gettext_lazy("Passwords are kept as scrypt hashes; sessions end after twelve hours at the latest."),
)


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity, and the kinds of records that serve it."""

    records: tuple[str, ...]
    processing: Processing

    @property
    def law(self) -> str:
        return str(LAW[self.processing.regime])

    @property
    def kept(self) -> str:
        """The limit and where it runs from, or how often it is looked at."""
        said = self.processing
        if said.retention is not None:
            return _("%(span)s, counted from %(begins)s") % {
                "span": span(said.retention),
                "begins": said.begins,
            }
        assert said.review is not None
        limit = said.begins or _("no fixed limit")
        return _("%(limit)s; reviewed at least every %(span)s") % {"limit": limit, "span": span(said.review)}


def span(length: timedelta) -> str:
    """A length of time in words: years, days or hours, whichever it is whole in."""
    if length % YEAR == timedelta(0):
        return ngettext("%(n)d year", "%(n)d years", length // YEAR) % {"n": length // YEAR}
    if length % DAY == timedelta(0):
        return ngettext("%(n)d day", "%(n)d days", length // DAY) % {"n": length // DAY}
    hours = length // timedelta(hours=1)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def activities() -> list[Activity]:
    """Every activity, those with personal data or under police law first."""
    by_processing: dict[int, tuple[Processing, list[str]]] = {}
    for label, processing in register().items():
        assert processing is not None, label
        name = ELSEWHERE[label] if label in ELSEWHERE else apps.get_model(label)._meta.verbose_name_plural
        by_processing.setdefault(id(processing), (processing, []))[1].append(capfirst(str(name)))
    found = [Activity(tuple(names), processing) for processing, names in by_processing.values()]
    return sorted(found, key=lambda activity: list(Regime).index(activity.processing.regime))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The register of the installation, for the auditor or data protection officer."""
    zones = Zone.objects.filter(slug__in=zones_audited_by(request.user))
    found = activities()
    context: dict[str, Any] = {
        "activities": found,
        "zones": zones,
        "measures": MEASURES,
        "file_url": reverse("register_file"),
        "print_subject": ", ".join(zone.name for zone in zones),
    }
    return render(request, "site/register.html", context)


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet. It tells of kinds of records and holds none."""
    zones_audited_by(request.user)
    response = HttpResponse(_csv(activities()).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vicus-register-{timezone.localdate()}.csv"'
    return response


def _csv(found: Iterable[Activity]) -> str:
    """Separated as a spreadsheet in the reader's language expects it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if (get_language() or "en").startswith("en") else ";")
    writer.writerow([_("Records"), _("Purpose"), _("Data"), _("Law"), _("Recipients"), _("Kept")])
    for activity in found:
        said = activity.processing
        cells = (
            ", ".join(activity.records), said.purpose, said.data, activity.law, said.recipients, activity.kept,
        )  # fmt: skip
        writer.writerow([harmless(str(cell)) for cell in cells])
    return text.getvalue()
