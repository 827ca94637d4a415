"""CSV in UTF-8 (with or without a byte-order mark) or GB18030, read as a stream.

Blocks of plain lines, which is what programs write, go to the database as they are, once their shape is proven. From the
first block with quotes, spaces or anything unusual on, Python's reader takes over.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from staff.kernel.records.faults import Fault, Faulty
from staff.kernel.records.sheet import Pipe, Report, clean_rows, copy_rows, trimmed_headers

_BLOCK = 1 << 20
#: A line longer than this is no record.
_LONGEST_LINE = 1 << 20
_BOM = codecs.BOM_UTF8
#: Blanks of other scripts, trimmed by the slow way alone.
_UNUSUAL = bytes(set(range(0x21)) - {0x0A, 0x0D}) + b'"\\\x7f'
_NO_COMMAS = bytes(set(range(256)) - set(b",\n"))
_BLANKS = ("\u3000".encode(), "\u00a0".encode(), _BOM)


def digest_of(open_file: Callable[[], BinaryIO]) -> str:
    """SHA-256 of the bytes, in hex."""
    with open_file() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


class CsvSheet:
    """A CSV file. Making one reads it once for its encoding and raises ``Faulty`` for what is no text or has no header."""

    def __init__(self, label: str, table: str, open_file: Callable[[], BinaryIO]) -> None:
        self.label = label
        self.table = table
        self._open = open_file
        self._encoding = _encoding_of(label, open_file)
        self.header_line, cells = self._header()
        self._width = len(cells)
        self.headers = trimmed_headers(cells)
        if len(self.headers) == 1 and re.search("[;\t|]", self.headers[0]):
            raise Faulty([Fault(label, self.header_line, 1, _("expected commas between the columns"))])

    def copy_into(self, cursor: Any, table: str, columns: list[str], months: set[str], report: Report) -> None:
        blocks = self._blocks()
        rest: list[tuple[int, bytes]] = []
        if self._width == len(columns):
            cursor.copy_expert(
                f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)",
                Pipe(self._plain(blocks, rest)),
                size=_BLOCK,
            )
        left = chain(rest, blocks)
        copy_rows(cursor, table, columns, clean_rows(self._quoted(left, report), self._width, len(columns), report))

    def _plain(self, blocks: Iterator[tuple[int, bytes]], rest: list[tuple[int, bytes]]) -> Iterator[bytes]:
        """Blocks that need no reading; the first other one goes to ``rest`` and ends it."""
        row = b"," * (self._width - 1) + b"\n"
        for line, block in blocks:
            if not _is_plain(block, row):
                rest.append((line, block))
                return
            yield block

    def _quoted(self, blocks: Iterator[tuple[int, bytes]], report: Report) -> Iterator[tuple[int, list[str]]]:
        first = next(blocks, None)
        if first is None:
            return
        offset = first[0] - 1
        lines = (raw.decode() for _line, block in chain([first], blocks) for raw in io.BytesIO(block))
        reader = csv.reader(lines, strict=True)
        yield from self._read(reader, offset, report)

    def _read(self, reader: Any, offset: int, report: Report) -> Iterator[tuple[int, list[str]]]:
        line = offset + 1
        try:
            for cells in reader:
                yield line, cells
                line = offset + reader.line_num + 1
        except csv.Error as error:
            report(line, 1, _bad_csv(str(error)))

    def _header(self) -> tuple[int, list[str]]:
        """The first line that holds anything."""
        for first, block in self._blocks(skip_header=False):
            for line, text in enumerate(block.split(b"\n"), start=first):
                if not text.strip():
                    continue
                try:
                    return line, next(csv.reader([text.decode()], strict=True))
                except csv.Error as error:
                    raise Faulty([Fault(self.label, line, 1, _bad_csv(str(error)))]) from error
        raise Faulty([Fault(self.label, 1, 1, _("the file is empty; expected a line of headers"))])

    def _blocks(self, *, skip_header: bool = True) -> Iterator[tuple[int, bytes]]:
        """Whole lines in UTF-8, about ``_BLOCK`` bytes at a time, each with the number of its first line."""
        line, left = 1, b""
        with self._open() as file:
            for part in self._decoded(file):
                whole, newline, rest = (left + part).rpartition(b"\n")
                left = rest
                if newline:
                    block = whole + newline
                    yield from self._from(line, block, skip_header)
                    line += block.count(b"\n")
            if left:
                yield from self._from(line, left + b"\n", skip_header)

    def _from(self, line: int, block: bytes, skip_header: bool) -> Iterator[tuple[int, bytes]]:
        """The block without the header's line and what stands before it."""
        while skip_header and block and line <= self.header_line:
            block = block.partition(b"\n")[2]
            line += 1
        if block:
            yield line, block

    def _decoded(self, file: BinaryIO) -> Iterator[bytes]:
        if self._encoding == "utf-8":
            if file.read(len(_BOM)) != _BOM:
                file.seek(0)
            yield from iter(lambda: file.read(_BLOCK), b"")
            return
        decoder = codecs.getincrementaldecoder(self._encoding)()
        for part in iter(lambda: file.read(_BLOCK), b""):
            yield decoder.decode(part).encode()


def _is_plain(block: bytes, row: bytes) -> bool:
    """Whether every line has the commas of ``row``, a first cell, and nothing that must be unquoted, trimmed or refused."""
    commas = block.translate(None, _NO_COMMAS)
    return (
        commas == row * (len(commas) // len(row))
        and len(block.translate(None, _UNUSUAL)) == len(block)
        and block.count(b"\r") == block.count(b"\r\n")
        and not block.startswith(b",")
        and b"\n," not in block
        and not any(blank in block for blank in _BLANKS)
    )


def _bad_csv(error: str) -> str:
    if "field larger" in error:
        return _("this cell is too long")
    if "new-line" in error:
        return _("a line ends in a lone carriage return; save the file anew as CSV")
    return _("the quotes of this line do not match; a quote inside a cell is doubled")


def _encoding_of(label: str, open_file: Callable[[], BinaryIO]) -> str:
    """``utf-8`` or ``gb18030``. Raises ``Faulty`` for what is neither, mixed, or no text at all."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, line, held = True, 1, 0
    with open_file() as file:
        start = file.read(4)
        if not start:
            raise Faulty([Fault(label, 1, 1, _("the file has no bytes; expected at least a line of headers"))])
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Faulty([Fault(label, 1, 1, _("the file is in UTF-16; save it as CSV in UTF-8"))])
        if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise Faulty([Fault(label, 1, 1, _("this is a workbook under the name of a CSV file; name it .xlsx"))])
        file.seek(0)
        for part in iter(lambda: file.read(_BLOCK), b""):
            if b"\0" in part:
                at = line + part[: part.index(b"\0")].count(b"\n")
                raise Faulty([Fault(label, at, 1, _("a NUL byte; this is no text file"))])
            held = held + len(part) if b"\n" not in part else len(part) - part.rindex(b"\n")
            if held > _LONGEST_LINE:
                raise Faulty([Fault(label, line, 1, _("this line is longer than any record"))])
            line += part.count(b"\n")
            if is_utf8:
                try:
                    decoder.decode(part)
                except UnicodeDecodeError:
                    is_utf8 = False
        if is_utf8:
            try:
                decoder.decode(b"", final=True)
                return "utf-8"
            except UnicodeDecodeError:
                pass
        file.seek(0)
        _check_gb18030(label, file)
    return "gb18030"


def _check_gb18030(label: str, file: BinaryIO) -> None:
    """Raises ``Faulty`` where a line is in UTF-8 although the file is not, or in neither encoding."""
    faults = []
    for line, raw in enumerate(file, start=1):
        if raw.isascii():
            continue
        if _is_chinese_utf8(raw):
            faults.append(
                Fault(label, line, 1, _("this line is in UTF-8, other lines are not; save the file in one encoding"))
            )
            continue
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError as error:
            column = raw[: error.start].count(b",") + 1
            faults.append(
                Fault(label, line, column, _("this line is neither UTF-8 nor GB18030; save the file in UTF-8"))
            )
    if faults:
        raise Faulty(faults)


def _is_chinese_utf8(raw: bytes) -> bool:
    """Characters of GB18030 may look like Latin or Cyrillic ones in UTF-8, but not like Chinese ones."""
    try:
        return any(ord(character) >= 0x2E80 for character in raw.decode())
    except UnicodeDecodeError:
        return False
