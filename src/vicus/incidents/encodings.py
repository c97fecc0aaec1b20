"""Bytes of a delimited file: compressed or not, in whatever encoding, as UTF-8 blocks."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

import charset_normalizer

from vicus.incidents.errors import FileUnreadable
from vicus.incidents.words import say

BLOCK: Final = 8 << 20
_SAMPLE: Final = 1 << 20
_PLAIN: Final = 1 << 30
_TIMES: Final = 200
"""A compressed file may unpack to a gigabyte, or to so many times its size: tables of facts shrink 10 to 50 times."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN: Final = ["cp1252", "cp850", "cp437", "mac_roman", "cp1250"]
_CODES: Final = frozenset(["utf8", "utf8sig", "utf16", "utf16le", "utf16be", "utf32", "utf32le", "utf32be"])


def unreadable(path: Path, happened: str, todo: str) -> FileUnreadable:
    """Make the error for a file that cannot be read: what happened, that nothing is lost, what to do."""
    return FileUnreadable(
        say("{file}: {what}", file=path.name, what=happened), kept=say("Nothing was imported."), todo=todo
    )


class Blocks:
    """The bytes of a file, decompressed, block by block, and how far along they are.

    Parameters
    ----------
    path : Path
        A plain or gzip-compressed file; which one is seen from its first bytes, not from its name.
    """

    def __init__(self, path: Path, size: int = BLOCK) -> None:
        self.path, self.size = path, size
        self.total = path.stat().st_size
        self.fraction = 0.0

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"
            stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if zipped else raw  # type: ignore[assignment]
            unpacked = 0
            while block := self._next(stream):
                unpacked += len(block)
                if zipped and unpacked > max(_PLAIN, _TIMES * self.total):
                    raise unreadable(
                        self.path,
                        say("unpacked it would be far larger than any table of facts."),
                        say("Unpack it yourself and look at it."),
                    )
                self.fraction = min(1.0, raw.tell() / max(1, self.total))
                yield block

    def _next(self, stream: IO[bytes]) -> bytes:
        try:
            return stream.read(self.size)
        except EOFError as error:
            raise unreadable(
                self.path,
                say("the compressed file is cut off before its end."),
                say("Copy or download it again, completely."),
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise unreadable(
                self.path,
                say("the compressed file is damaged."),
                say("Copy or download it again, or import it unpacked."),
            ) from error


def _by_mark(sample: bytes) -> str:
    return next((name for mark, name in _MARKS if sample.startswith(mark)), "")


def _by_zeros(sample: bytes) -> str:
    """Recognise UTF-16 without a mark: half of the bytes of Western text are then zero."""
    head = sample[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) * 0.3 and even < len(head) * 0.05:
        return "utf-16-le"
    if even > len(head) * 0.3 and odd < len(head) * 0.05:
        return "utf-16-be"
    return ""


def _western(sample: bytes) -> str:
    lines = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:65536]
    best = charset_normalizer.from_bytes(lines, cp_isolation=_WESTERN).best()
    # Windows-1252 is what exports in Dutch and French come in; another one needs a reason.
    return best.encoding if best is not None and best.encoding in ("cp850", "mac_roman") else "cp1252"


def detect(path: Path, *, whole: bool = False) -> str:
    """Find out the encoding of a delimited file.

    A byte-order mark decides; then zero bytes (UTF-16); then UTF-8 when every byte fits; else one of the
    Western code pages.

    Parameters
    ----------
    path : Path
        The file, compressed or not.
    whole : bool
        Read all of it, as an import does; otherwise the first megabyte, as a preview does.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    for number, block in enumerate(Blocks(path, BLOCK if whole else _SAMPLE)):
        if number == 0 and (name := _by_mark(block) or _by_zeros(block)):
            return name
        if b"\0" in block:
            raise _no_text(path)
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return _western(block)
        if not whole:
            break
    return "utf-8"


def _no_text(path: Path) -> FileUnreadable:
    return unreadable(
        path,
        say("it holds zero bytes: it is no text file, or it is damaged."),
        say("Export it again as CSV, Excel or Parquet."),
    )


def utf8_blocks(blocks: Blocks, encoding: str) -> Iterator[bytes]:
    """Give the file as blocks of UTF-8, whatever it is encoded in.

    Raises
    ------
    FileUnreadable
        A byte does not exist in this encoding (the message names the line), or the file is no text.
    """
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise unreadable(
            blocks.path,
            say('"{encoding}" is not an encoding.', encoding=encoding),
            say('Use a name such as "utf-8" or "cp1252".'),
        ) from error
    line, old_mac = 1, None
    for block in blocks:
        text = _decoded(decoder, block, blocks.path, encoding, line)
        if old_mac is None and text:
            old_mac = "\r" in text and "\n" not in text
        if old_mac:
            text = text.replace("\r", "\n")
        if "\0" in text:
            raise _no_text(blocks.path)
        line += text.count("\n")
        if text:
            yield text.encode()
    if tail := _decoded(decoder, b"", blocks.path, encoding, line, final=True):
        yield tail.encode()


def _decoded(
    decoder: codecs.IncrementalDecoder,
    block: bytes,
    path: Path,
    encoding: str,
    line: int,
    *,
    final: bool = False,
) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError as error:
        line += _lines_before(error, encoding)
        raise unreadable(
            path,
            say("line {line} is not {encoding} text.", line=line, encoding=encoding),
            say("Leave the encoding out of the mapping so that it is found out, or name the right one."),
        ) from error


def _lines_before(error: UnicodeDecodeError, encoding: str) -> int:
    """Count the line ends before the wrong byte: one byte each, but in UTF-16 and UTF-32 there are zeros."""
    return error.object[: error.start].count(b"\n")
