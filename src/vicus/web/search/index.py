"""Keeping the index: a document follows the text it is of, when that is saved and when it goes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Exists, Model, OuterRef
from django.db.models.signals import post_delete, post_save

from vicus.web.search.models import Document
from vicus.web.search.sources import SOURCES, Source
from vicus.web.search.stems import language_of, stems

AT_ONCE = 500
FIELDS = ("zone_id", "hotspot_id", "language", "day", "title", "text", "title_stems", "stems")


def document(source: Source, row: Any) -> Document | None:
    """The document of a row, not saved; None for a row without words."""
    text = source.read(row)
    title, body = str(text.title)[:300], text.body
    if (not body and not title) or (not body and source.kind in ("sheet", "meeting")):
        return None
    usual = text.zone.languages[0] if text.zone is not None and text.zone.languages else "en"
    language = text.language or language_of(f"{title} {body}", usual)
    return Document(
        source=source.name, object_id=row.pk, zone=text.zone, hotspot=text.hotspot, language=language, day=text.day,
        title=title, text=body, title_stems=stems(title, language), stems=stems(body, language),
    )  # fmt: skip


def write(source: Source, row: Any) -> None:
    """Bring the document of a row up to date."""
    fresh = document(source, row)
    there = Document.objects.filter(source=source.name, object_id=row.pk)
    if fresh is None:
        there.delete()
    elif not there.update(**{name: getattr(fresh, name) for name in FIELDS}):
        fresh.save(force_insert=True)


@transaction.atomic
def rebuild() -> int:
    """Make the whole index anew; how many documents it holds."""
    Document.objects.all().delete()
    return sum(_add(source, source.model._default_manager.all()) for source in SOURCES)


@transaction.atomic
def catch_up() -> int:
    """Index what has no document and remove documents whose text is gone; how many were added or removed.

    Rows that were written or deleted together, past the signals, are caught up with here.
    """
    changed, _of_each = Document.objects.exclude(source__in=[source.name for source in SOURCES]).delete()
    for source in SOURCES:
        kept = Document.objects.filter(source=source.name)
        rows = source.model._default_manager.all()
        gone, _of_each = kept.exclude(Exists(rows.filter(pk=OuterRef("object_id")))).delete()
        changed += gone + _add(source, rows.exclude(Exists(kept.filter(object_id=OuterRef("pk")))))
    return changed


def _add(source: Source, rows: Any) -> int:
    found = rows.order_by("pk").select_related(*source.related).iterator(chunk_size=AT_ONCE)
    return _bulk(fresh for row in found if (fresh := document(source, row)) is not None)


def _bulk(documents: Iterable[Document]) -> int:
    batch: list[Document] = []
    added = 0
    for fresh in documents:
        batch.append(fresh)
        if len(batch) == AT_ONCE:
            added += len(Document.objects.bulk_create(batch))
            batch = []
    return added + len(Document.objects.bulk_create(batch))


def _saved(sender: type[Model], instance: Any, *, raw: bool = False, using: str, **_signal: Any) -> None:
    if raw or using != DEFAULT_DB_ALIAS:
        return
    for source in SOURCES:
        if source.model is sender:
            write(source, instance)


def _gone(sender: type[Model], instance: Any, *, using: str, **_signal: Any) -> None:
    names = [source.name for source in SOURCES if source.model is sender]
    if using == DEFAULT_DB_ALIAS:
        Document.objects.filter(source__in=names, object_id=instance.pk).delete()


def follow() -> None:
    """Let documents follow their texts from now on."""
    for model in {source.model for source in SOURCES}:
        post_save.connect(_saved, sender=model, dispatch_uid=f"search {model._meta.label}")
        post_delete.connect(_gone, sender=model, dispatch_uid=f"search {model._meta.label}")


def after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Once the tables are there: index what stood in them before, and the cards a new version brought along."""
    if using == DEFAULT_DB_ALIAS and Document._meta.db_table in connection.introspection.table_names():
        catch_up()


def of_every_zone() -> dict[str, int]:
    """The nightly check that nothing is missing from the index."""
    return {"search.Document brought up to date": catch_up()}
