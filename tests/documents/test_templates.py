"""A zone's own Word template: filled when it is sound, refused with the place of what is wrong when it is not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as Word
from test_briefs import brief

from vicus.documents import briefing, templates
from vicus.documents.templates import TemplateError


def template(*paragraphs: str, header: str = "") -> bytes:
    paper = Word()
    for text in paragraphs:
        paper.add_paragraph(text)
    if header:
        paper.sections[0].header.paragraphs[0].text = header
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def repacked(packed: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in source.namelist():
            out.writestr(name, change(name, source.read(name)))
        for name, content in more.items():
            out.writestr(name.replace("__", "/"), content)
    return target.getvalue()


SOUND = template("Zone letter: {{ title }}", "{{ body }}", "Written by {{ zone }}", header="{{ kicker }}")


def test_a_template_is_filled_with_the_same_content_and_keeps_its_own_words() -> None:
    document = briefing.content(brief("pack", 3), "fr")
    made = templates.fill(SOUND, document)
    assert made == templates.fill(SOUND, document)
    paper = Word(io.BytesIO(made))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert texts[0] == f"Zone letter: {document.title}"
    assert texts[-1] == f"Written by {document.author}"
    assert paper.sections[0].header.paragraphs[0].text == document.kicker
    headings = [p.text for p in paper.paragraphs if p.style.name == "Heading 1"]
    assert headings == [section.heading for section in document.sections if section.heading]
    assert len(paper.tables) == sum(type(block).__name__ == "Table" for block in document.blocks())


def test_signs_of_xml_in_a_name_stay_text() -> None:
    from dataclasses import replace

    document = replace(briefing.content(brief("pack", 1), "en"), title="Rue <b> & {{ zone }}")
    paper = Word(io.BytesIO(templates.fill(SOUND, document)))
    assert paper.paragraphs[0].text == "Zone letter: Rue <b> & {{ zone }}"


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("Dear {{ mayor }}", "unknown", "mayor"),
        ("Dear {{ title ", "broken", "{{ title"),
        ("Dear title }}", "broken", "}}"),
        ("{{ title.__class__ }}", "broken", "{{ title.__class__ }}"),
        ("{{ 7 * 7 }}", "broken", "{{ 7 * 7 }}"),
        ("{% for i in range(9) %}x{% endfor %}", "code", "{% for i in range(9) %}"),
        ("{{ title|upper }}", "broken", "{{ title|upper }}"),
    ],
)
def test_a_broken_placeholder_is_named_with_its_place(text: str, code: str, name: str) -> None:
    with pytest.raises(TemplateError) as refused:
        templates.check(template("{{ body }}", text))
    assert (refused.value.code, refused.value.name, refused.value.where) == (code, name, text.strip())


def test_a_placeholder_that_word_cut_into_pieces_is_read_as_one() -> None:
    paper = Word()
    paragraph = paper.add_paragraph()
    for piece in ("{", "{ ti", "tle }", "}"):
        paragraph.add_run(piece).bold = piece == "{ ti"
    paper.add_paragraph("{{ body }}")
    target = io.BytesIO()
    paper.save(target)
    assert [placed.name for placed in templates.check(target.getvalue())] == ["title", "body"]


def test_the_body_is_asked_once_and_alone() -> None:
    for paragraphs, code in (
        (("{{ title }}",), "no body"),
        (("See {{ body }}",), "body"),
        (("{{ body }}",) * 2, "body"),
    ):
        with pytest.raises(TemplateError) as refused:
            templates.check(template(*paragraphs))
        assert refused.value.code == code


def _as_macro(name: str, content: bytes) -> bytes:
    wanted = templates.CONTENT_TYPE.encode()
    return (
        content.replace(wanted, b"application/vnd.ms-word.document.macroEnabled.main+xml")
        if "Types" in name
        else content
    )


def _same(_name: str, content: bytes) -> bytes:
    return content


def _fetching(name: str, content: bytes) -> bytes:
    if name != "word/_rels/document.xml.rels":
        return content
    more = b'<Relationship Id="rIdX" Type="http://x/attachedTemplate" Target="http://example.org/t.dotm" TargetMode="External"/>'
    return content.replace(b"</Relationships>", more + b"</Relationships>")


def _entities(name: str, content: bytes) -> bytes:
    if name != "word/document.xml":
        return content
    return b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]>' + content.split(b"?>", 1)[1]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "not word"),
        (b"PK\x03\x04 not a package", "not word"),
        (b"{\\rtf1 text}", "not word"),
        (repacked(SOUND, _as_macro), "macros"),
        (repacked(SOUND, _same, word__vbaProject=b"x"), "macros"),
        (repacked(SOUND, _fetching), "outside"),
        (repacked(SOUND, _entities), "not word"),
        (repacked(SOUND, _same, **{"word__media__bomb.png": b"\0" * (templates.LARGEST_UNPACKED + 1)}), "too large"),
        (b"x" * (templates.LARGEST + 1), "too large"),
    ],
    ids=["empty", "cut", "rtf", "docm", "vba", "remote template", "entities", "zip bomb", "large"],
)  # fmt: skip
def test_a_file_that_is_no_harmless_word_file_is_refused(file: bytes, code: str) -> None:
    with pytest.raises(TemplateError) as refused:
        templates.check(file)
    assert refused.value.code == code
