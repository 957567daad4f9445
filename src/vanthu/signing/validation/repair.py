"""Read a file whose cross-references are broken as viewers do: by the objects that stand in it.

Viewers differ in how they mend a file, so what is found this way is believed less: only a signature over every
byte of it can still be sound (see `verify_pdf`).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

HEADER: Final = b"%PDF-"
HEADER_WITHIN: Final = 1024
"""A file may begin with that many other bytes (ISO 32000-1 Annex H, what Acrobat accepts)."""

_OBJECT: Final = re.compile(rb"(?<![0-9])(\d{1,7})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj(?![a-z])")
_ROOT: Final = re.compile(rb"/Root[ \t\r\n]+(\d{1,7})[ \t\r\n]+(\d{1,5})[ \t\r\n]+R")
_CATALOG: Final = re.compile(rb"/Type[ \t\r\n]*/Catalog(?![A-Za-z])")
_MOST_OBJECTS: Final = 200_000
_MOST_PACKS: Final = 1000
_SUBSTITUTE: Final = b"%PDF-1.7\n"

_DICTIONARY_WITHIN: Final = 4096

_Row = tuple[int, int, int]
"""How a cross-reference stream writes an object: (1, offset, generation) or (2, container, place in it)."""


class RebuiltReader(PdfFileReader):
    """A file that was read by its objects, not by its cross-references."""


def rebuilt(data: bytes) -> RebuiltReader:
    """Read a file by the last definition of each object.

    Refuses (`ValueError`): no catalogue, too many objects, encryption (its key hangs on the broken part).
    """
    if b"/Encrypt" in data:
        raise ValueError("encrypted")
    rows = dict(_rows(data))
    root = _root(data, rows)
    packs = [number for number, (_, at, _generation) in rows.items() if _is_pack(data, at)]
    if len(packs) > _MOST_PACKS:
        raise ValueError("too many object streams")
    reader = _reader(data, rows, root)
    return _reader(data, _with_packed(reader, rows, packs), root) if packs else reader


def _rows(data: bytes) -> Iterator[tuple[int, _Row]]:
    for count, match in enumerate(_OBJECT.finditer(data)):
        if count > _MOST_OBJECTS:
            raise ValueError("too many objects")
        yield int(match[1]), (1, match.start(), int(match[2]))


def _root(data: bytes, rows: dict[int, _Row]) -> tuple[int, int]:
    """The last catalogue that a trailer names, which may lie in an object stream; else the last one that stands there."""
    named = _ROOT.findall(data)
    if named:
        number, generation = named[-1]
        return int(number), int(generation)
    catalog = max((match.start() for match in _CATALOG.finditer(data)), default=0)
    before = [(at, number, generation) for number, (_, at, generation) in rows.items() if at < catalog]
    if not before:
        raise ValueError("no catalogue")
    _, *found = max(before)
    return found[0], found[1]


def _is_pack(data: bytes, at: int) -> bool:
    end = data.find(b"stream", at, at + _DICTIONARY_WITHIN)
    return end > 0 and b"/ObjStm" in data[at:end]


def _with_packed(reader: PdfFileReader, rows: dict[int, _Row], packs: list[int]) -> dict[int, _Row]:
    """The objects in the open and those in object streams; of two, the one that stands later."""
    found = [(at, number, (kind, at, generation)) for number, (kind, at, generation) in rows.items()]
    for pack in packs:
        _, at, generation = rows[pack]
        stream: Any = reader.get_object(Reference(pack, generation, reader))
        if isinstance(stream, StreamObject):
            heads = stream.data[: int(stream["/First"])].split()[::2][: int(stream["/N"])]
            found += [(at, int(number), (2, pack, place)) for place, number in enumerate(heads)]
    return {number: row for _, number, row in sorted(found)}


def _reader(data: bytes, rows: dict[int, _Row], root: tuple[int, int]) -> RebuiltReader:
    """Put new cross-references behind the file, so that every object stays where it is."""
    size = max(rows) + 2
    table = b"".join(
        kind.to_bytes(1, "big") + first.to_bytes(6, "big") + second.to_bytes(4, "big")
        for _, (kind, first, second) in sorted(rows.items())
    )
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    added = (
        b"\n%d 0 obj\n<</Type/XRef/W[1 6 4]/Size %d/Root %d %d R/Index[%s]/Length %d>>\nstream\n%s\nendstream\nendobj\n"
        % (
            size - 1,
            size,
            *root,
            index,
            len(table),
            table,
        )
    )
    end = b"startxref\n%d\n%%%%EOF\n" % (len(data) + 1)
    readable = _SUBSTITUTE + data[len(_SUBSTITUTE) :]
    reader = RebuiltReader(BytesIO(readable + added + end), strict=False)
    reader.stream = BytesIO(data)
    return reader
