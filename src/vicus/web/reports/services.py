"""Writing reports, schedules, saved choices and templates. Keyword-only, atomic, recorded in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vicus.documents import templates
from vicus.documents.content import Document
from vicus.documents.freezing import freeze
from vicus.documents.templates import TemplateError
from vicus.web.audit.models import Action
from vicus.web.audit.services import record
from vicus.web.hotspots.services import today
from vicus.web.reports import archive, kinds, queries
from vicus.web.reports.kinds import Kind
from vicus.web.reports.models import Drawn, Order, Schedule, Selection, Template
from vicus.web.reports.periods import last_period
from vicus.web.reports.writing import Asked
from vicus.web.zone.models import Zone


def draw(
    *,
    zone: Zone,
    kind: Kind,
    place: str,
    period: str,
    language: str,
    formats: Sequence[str],
    actor: Any,
    left_out: Sequence[str] = (),
    schedule: Schedule | None = None,
    occasion: str = "",
) -> list[Drawn]:
    """Draw one report in one language and keep it in each format. What did not change since is not kept twice.

    Raises `NothingToTell` when there is nothing to draw from.
    """
    period = period_of(kind, place, period, zone)
    with translation.override(language):
        document, rests_on = kinds.document(kind, Asked(zone, place, period, language), list(left_out))
    own = queries.template(zone)
    return [
        _keep(
            zone=zone, kind=kind, place=place, period=period, language=language, format_=format_, document=document,
            rests_on=rests_on, template=own if format_ == "docx" else None, actor=actor, schedule=schedule,
            occasion=occasion,
        )
        for format_ in formats
    ]  # fmt: skip


def period_of(kind: Kind, place: str, period: str, zone: Zone) -> str:
    """The period as the archive keeps it: the one asked, or the last whole one; of a meeting its day."""
    if kind.span == "meeting":
        day = queries.day_of_meeting(place)
        return day.isoformat() if day else ""
    if kind.needs == "evaluation":
        return queries.year_of(place)
    return period or last_period(kind.span, today(zone))


def _keep(
    *,
    zone: Zone,
    kind: Kind,
    place: str,
    period: str,
    language: str,
    format_: str,
    document: Document,
    rests_on: dict[str, Any],
    template: Template | None,
    actor: Any,
    schedule: Schedule | None,
    occasion: str,
) -> Drawn:
    same = Drawn.objects.filter(
        zone=zone, kind=kind.code, place=place, period=period, language=language, format=format_
    )
    if template is not None:
        rests_on = {**rests_on, "template": template.sha256}
    last = same.order_by("-number").first()
    if last is not None and schedule is None and last.inputs.get("template") == rests_on.get("template"):
        try:
            if _told(archive.content_of(last)) == _told(document):
                return last
        except archive.Gone:
            pass
    made = archive.render(document, format_, archive.template_bytes(template) if template else None)
    # The files first: a row never points to a file that is not there.
    content_sha256 = archive.keep_content(zone, document)
    sha256 = archive.keep_file(zone, made, format_)
    with transaction.atomic():
        Zone.objects.select_for_update().get(pk=zone.pk)
        before = same.order_by("-number").first()
        drawn = Drawn.objects.create(
            zone=zone, kind=kind.code, place=place, period=period, language=language, format=format_,
            title=document.title[:300], number=before.number + 1 if before else 1, inputs=rests_on,
            content_sha256=content_sha256, sha256=sha256, size=len(made), drawn_by=_name(actor), schedule=schedule,
            occasion=occasion,
        )  # fmt: skip
        _record(
            "drawn", drawn.pk, zone, actor, "report drawn", Action.COLLECTION,
            kind=kind.code, place=place, period=period, language=language, format=format_, version=drawn.number,
        )  # fmt: skip
    return drawn


def _told(document: Document) -> str:
    """What a document says, without the moment it was drawn at."""
    return freeze(replace(document, known_at=datetime(2000, 1, 1, tzinfo=UTC)))


# --- asked for, in the background -------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    zone: Zone,
    kind: Kind,
    places: Sequence[str],
    period: str,
    languages: Sequence[str],
    formats: Sequence[str],
    left_out: Sequence[str],
    actor: Any,
) -> Order:
    """Reports to draw in the background."""
    order = Order.objects.create(
        zone=zone, kind=kind.code, places=list(places), period=period, languages=list(languages), formats=list(formats),
        left_out=list(left_out), asked_by=actor, total=len(places) * len(languages),
    )  # fmt: skip
    _record(
        "order", order.pk, zone, actor, "reports asked", Action.CHANGE, kind=kind.code, places=list(places)
    )
    transaction.on_commit(lambda: _enqueue(order.pk))
    return order


def _enqueue(pk: int) -> None:
    from vicus.web.reports.tasks import draw_order as background

    background.enqueue(pk)


# --- saved choices ----------------------------------------------------------------------------------------


@transaction.atomic
def save_selection(*, zone: Zone, name: str, kind: Kind, period: str, actor: Any, **wanted: Any) -> Selection:
    """Keep a choice of the builder under a name; the same name is written over."""
    found = Selection.objects.filter(zone=zone, name=name).first() or Selection(zone=zone, name=name)
    found.kind, found.period, found.saved_by, found.saved_at = kind.code, period, _name(actor), timezone.now()
    for field, value in wanted.items():
        setattr(found, field, value)
    found.full_clean(exclude=["zone"])
    found.save()
    _record("selection", found.pk, zone, actor, "selection saved", Action.CHANGE, name=name)
    return found


@transaction.atomic
def remove_selection(*, selection: Selection, actor: Any) -> None:
    """A saved choice goes; what was drawn with it stays."""
    _record(
        "selection",
        selection.pk,
        selection.zone,
        actor,
        "selection removed",
        Action.ERASURE,
        name=selection.name,
    )
    selection.delete()


# --- schedules --------------------------------------------------------------------------------------------


@transaction.atomic
def keep_schedule(
    *,
    zone: Zone,
    kind: Kind,
    actor: Any,
    schedule: Schedule | None = None,
    starts_on: date | None = None,
    **given: Any,
) -> Schedule:
    """A new schedule, or a change of one; it draws from its day on, nothing of before."""
    fresh = schedule is None
    found = schedule or Schedule(
        zone=zone, kind=kind.code, made_by=_name(actor), starts_on=starts_on or today(zone)
    )
    for field, value in given.items():
        setattr(found, field, value)
    found.full_clean(exclude=["zone"])
    found.save()
    event = "schedule made" if fresh else "schedule changed"
    _record(
        "schedule",
        found.pk,
        zone,
        actor,
        event,
        Action.CHANGE,
        kind=found.kind,
        rhythm=found.rhythm,
        day=found.day,
    )
    return found


@transaction.atomic
def stop_schedule(*, schedule: Schedule, actor: Any) -> None:
    """It draws no more; what it drew stays."""
    schedule.stopped_on = today(schedule.zone)
    schedule.save(update_fields=["stopped_on"])
    _record(
        "schedule", schedule.pk, schedule.zone, actor, "schedule stopped", Action.CHANGE, kind=schedule.kind
    )


# --- templates --------------------------------------------------------------------------------------------


def refused(error: TemplateError) -> str:
    """Why a template is refused, with the placeholder and the text it stands in."""
    told = {
        "not word": _("This is not a Word document (.docx) that can be read."),
        "too large": _("The file is too large: at most 5 MB, and 50 MB unpacked."),
        "macros": _(
            "The file holds macros, embedded objects or other code. Save it as a Word document (.docx) without them."
        ),
        "outside": _("The file fetches something from elsewhere: %(name)s. Put it in the file itself."),
        "broken": _("The placeholder %(name)s cannot be read, in the text “%(where)s”."),
        "unknown": _("There is no placeholder “%(name)s”, in the text “%(where)s”."),
        "code": _("Only placeholders are taken, no loops or conditions: %(name)s, in the text “%(where)s”."),
        "no body": _("The placeholder {{ body }} is missing: it says where the report itself comes."),
        "body": _(
            "The placeholder {{ body }} stands once, alone in a paragraph of the text; here: “%(where)s”."
        ),
    }[error.code]
    return told % {"name": error.name, "where": error.where} if "%(" in told else told


def upload_template(*, zone: Zone, name: str, content: bytes, actor: Any) -> Template:
    """Keep a template that was checked. Raises ValidationError with what is wrong and where."""
    try:
        templates.check(content)
    except TemplateError as error:
        raise ValidationError(refused(error)) from error
    sha256 = archive.keep_file(zone, content, "template")
    with transaction.atomic():
        made = Template.objects.create(zone=zone, name=name, sha256=sha256, uploaded_by=_name(actor))
        _record(
            "template", made.pk, zone, actor, "template uploaded", Action.COLLECTION, name=name, sha256=sha256
        )
    return made


@transaction.atomic
def remove_template(*, template: Template, actor: Any) -> None:
    """It is used no more; reports that were written into it can still be drawn again."""
    template.removed_at = timezone.now()
    template.save(update_fields=["removed_at"])
    _record(
        "template", template.pk, template.zone, actor, "template removed", Action.CHANGE, name=template.name
    )


def _name(actor: Any) -> str:
    return str(getattr(actor, "username", actor))


def _record(what: str, pk: Any, zone: Zone, actor: Any, event: str, action: Action, **details: Any) -> None:
    record(
        actor=actor, action=action, object_type=f"reports.{what}", object_id=pk, zone=zone,
        details={"event": event, **details},
    )  # fmt: skip
