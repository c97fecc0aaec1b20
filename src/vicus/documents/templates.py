"""The zone's own Word template: read as the untrusted file it is, and filled with a document.

A template holds placeholders, `{{ title }}`, in its text, headers and footers; `{{ body }}`, in a paragraph of its own,
becomes the sections. Nothing else of the template language is taken: no loops, filters or calls.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import lxml.etree
from docx import Document as Word
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from vicus.documents import word
from vicus.documents.content import Document

LARGEST = 5 * 1024**2
LARGEST_UNPACKED = 50 * 1024**2
MOST_FILES = 500
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
CODE_PARTS = re.compile(r"(vba|activex|embeddings/|\.bin$|\.exe$|macro)", re.IGNORECASE)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PLACED = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#(.*?)#\}", re.DOTALL)
MARK = "\u2063body\u2063"
"""Stands where the sections come, between filling the placeholders and writing the sections."""

PLACEHOLDERS = (
    "kicker",
    "title",
    "subtitle",
    "zone",
    "subject",
    "period",
    "version",
    "footer",
    "language",
    "body",
)
"""What a template may name; docs/how-to/reports.md says what each becomes."""

Part = str


class TemplateError(ValueError):
    """A template that cannot be used: `code` says why, `name` and `where` what and in which text."""

    def __init__(self, code: str, name: str = "", where: str = "") -> None:
        super().__init__(f"{code}: {name} {where}".strip())
        self.code, self.name, self.where = code, name, where


@dataclass(frozen=True, slots=True)
class Placed:
    """A placeholder that was found: its name as written, and the text of the paragraph it stands in."""

    name: str
    part: Part
    where: str


def check(template: bytes) -> list[Placed]:
    """The placeholders of a template, in order.

    Raises
    ------
    TemplateError
        "not word", "too large", "macros", "outside" (it fetches something from elsewhere), "broken" or "unknown"
        (placeholders), "code" (loops and the like), "no body".
    """
    found: list[Placed] = []
    for part, root in _texts(template):
        for paragraph in root.iter(f"{W}p"):
            text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
            found += _placeholders(text, part)
    bodies = [placed for placed in found if placed.name == "body"]
    if not bodies:
        raise TemplateError("no body")
    for placed in bodies[1:] or [b for b in bodies if "document" not in b.part or _alone(b.where)]:
        raise TemplateError("body", "body", placed.where)
    return found


def fill(template: bytes, document: Document) -> bytes:
    """The document in the template: the same bytes for the same two."""
    check(template)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    filled = DocxTemplate(io.BytesIO(template))
    filled.render({**values(document), "body": MARK}, jinja_env=environment, autoescape=True)
    target = io.BytesIO()
    filled.save(target)
    return word.written_into(Word(io.BytesIO(target.getvalue())), document, MARK)


def values(document: Document) -> Mapping[str, str]:
    """What each placeholder but the body becomes."""
    period, _dash, version = document.running[1].rpartition(" – ")
    return {
        "kicker": document.kicker,
        "title": document.title,
        "subtitle": document.subtitle,
        "zone": document.author,
        "subject": document.subject,
        "period": period or version,
        "version": version,
        "footer": document.footer,
        "language": document.language_tag,
    }


def _alone(text: str) -> bool:
    return re.fullmatch(r"\s*\{\{\s*body\s*\}\}\s*", text) is None


def _placeholders(text: str, part: Part) -> Iterator[Placed]:
    where = text.strip()[:120]
    for hit in PLACED.finditer(text):
        if hit[1] is None:
            raise TemplateError("code", hit[0][:80], where)
        name = hit[1].strip()
        if not re.fullmatch(r"[a-z_]+", name):
            raise TemplateError("broken", hit[0][:80], where)
        if name not in PLACEHOLDERS:
            raise TemplateError("unknown", name, where)
        yield Placed(name, part, where)
    rest = PLACED.sub("", text)
    for sign in ("{{", "}}", "{%", "%}", "{#", "#}"):
        if sign in rest:
            at = rest.index(sign)
            raise TemplateError("broken", rest[at : at + 40].strip(), where)


def _texts(template: bytes) -> Iterator[tuple[Part, Any]]:
    """Body, headers and footers as trees, once the package was found to be harmless."""
    if len(template) > LARGEST:
        raise TemplateError("too large")
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as package:
            entries = package.infolist()
            # The directory says how much it will be; what lies is cut off while reading.
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise TemplateError("too large")
            for entry in entries:
                if CODE_PARTS.search(entry.filename):
                    raise TemplateError("macros", entry.filename)
            types = _read(package, "[Content_Types].xml")
            if CONTENT_TYPE.encode() not in types:
                raise TemplateError("macros" if b"macroEnabled" in types else "not word")
            for entry in entries:
                if not entry.filename.endswith((".xml", ".rels")):
                    continue
                text = _read(package, entry.filename)
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise TemplateError("not word", entry.filename)
                if entry.filename.endswith(".rels"):
                    _stays_inside(text, entry.filename)
                if TEXT_PARTS.fullmatch(entry.filename):
                    yield entry.filename, _tree(text)
    except (zipfile.BadZipFile, KeyError, lxml.etree.XMLSyntaxError, UnicodeError, OSError) as error:
        raise TemplateError("not word") from error


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        text = part.read(LARGEST_UNPACKED + 1)
    if len(text) > LARGEST_UNPACKED:
        raise TemplateError("too large")
    return text


def _stays_inside(text: bytes, name: str) -> None:
    """A template that fetches another one, or a picture, from elsewhere is refused; links for readers are not."""
    for relation in _tree(text):
        outside = relation.get("TargetMode") == "External"
        if outside and not str(relation.get("Type", "")).endswith("/hyperlink"):
            raise TemplateError("outside", str(relation.get("Target", ""))[:80], name)


def _tree(text: bytes) -> Any:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return lxml.etree.fromstring(text, parser)
