"""Files of the archive: what a report was drawn from, and the report, each under the fingerprint of its bytes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from vicus import documents
from vicus.documents import templates
from vicus.documents.content import Document
from vicus.documents.freezing import fingerprint, freeze, thaw
from vicus.web.reports.models import Drawn, Template, folder
from vicus.web.zone.models import Zone


class Gone(Exception):
    """A file of the archive is not there, or is not what was kept."""


def render(document: Document, format_: str, template: bytes | None = None) -> bytes:
    """The file of a document; as Word in the template of the zone, when there is one."""
    if format_ == "docx" and template is not None:
        return templates.fill(template, document)
    return documents.FORMATS[format_](document)


def keep_content(zone: Zone, document: Document) -> str:
    """Keep what a report is drawn from; its fingerprint."""
    text = freeze(document)
    name = fingerprint(text)
    _keep(folder(zone) / f"{name}.json.gz", gzip.compress(text.encode(), mtime=0))
    return name


def keep_file(zone: Zone, content: bytes, ending: str) -> str:
    """Keep a file; its fingerprint."""
    name = fingerprint(content)
    _keep(folder(zone) / f"{name}.{ending}", content)
    return name


def content_of(drawn: Drawn) -> Document:
    """What a report was drawn from. Raises `Gone` when it is not what was kept."""
    path = folder(drawn.zone) / f"{drawn.content_sha256}.json.gz"
    try:
        text = gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, ValueError) as error:
        raise Gone(f"{path.name} cannot be read.") from error
    if fingerprint(text) != drawn.content_sha256:
        raise Gone(f"{path.name} is not what was kept.")
    return thaw(text)


def template_bytes(template: Template) -> bytes:
    """The file of a template."""
    return _read(folder(template.zone) / f"{template.sha256}.template")


def template_of(drawn: Drawn) -> bytes | None:
    """The template a report was written into; None for the look of the house."""
    name = drawn.inputs.get("template")
    return _read(folder(drawn.zone) / f"{name}.template") if name else None


def again(drawn: Drawn) -> bytes:
    """The report, drawn again from what was kept."""
    return render(content_of(drawn), drawn.format, template_of(drawn))


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Gone(f"{path.name} cannot be read.") from error
    if fingerprint(content) != path.name.partition(".")[0]:
        raise Gone(f"{path.name} is not what was kept.")
    return content


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside, then moved into place."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as beside:
        beside.write(content)
        beside.flush()
        os.fsync(beside.fileno())
    Path(beside.name).replace(path)
