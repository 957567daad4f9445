"""Open a file and find its filled signature fields, however untidy its end and its form are.

The library's own walk gives up on the whole file at the first odd field; here an odd one is left out or
judged by itself, so that it can't hide the others (signing.md §3).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.validation.comparison import entry

_MAX_FIELDS: Final = 20_000
_MAX_DEPTH: Final = 60
_MAX_PAGES: Final = 2000


_INDEX: Final = re.compile(rb"/(?:Index|W|Size)\s*\[?([\d\s]*)\]?")
_MAX_NUMBER: Final = 8_388_607  # of objects (ISO 32000-1 Annex C)
_ROWS_PER_BYTE: Final = 50
_START: Final = re.compile(rb"startxref\s+(\d+)\s")


def open_pdf(data: bytes) -> PdfFileReader:
    """Read a file whose end may be untidy: a doubled or missing end mark, any length of bytes after it.

    The last `startxref` counts then, as for common readers. Raises what the library raises.
    """
    _refuse_endless_tables(data)
    try:
        return PdfFileReader(BytesIO(data), strict=False)
    except Exception:
        starts = _START.findall(data)
        if not starts:
            raise
        reader = PdfFileReader(BytesIO(data + b"\nstartxref\n" + starts[-1] + b"\n%%EOF\n"), strict=False)
        reader.stream = BytesIO(data)
        return reader


def _refuse_endless_tables(data: bytes) -> None:
    """The library counts through a table of cross-references even where nothing is written in it."""
    most = min(_MAX_NUMBER, max(len(data) * _ROWS_PER_BYTE, 10_000))
    for numbers in _INDEX.findall(data):
        if any(int(number) > most for number in numbers.split()):
            raise ValueError("cross-references of more objects than the file can hold")


def signature_fields(reader: PdfFileReader) -> list[tuple[str, DictionaryObject]]:
    """Return name and dictionary of each signature field with a value, in the order of the form.

    Fields that only a page shows (a widget that the form does not list) count as well: readers show them.
    """
    found: list[tuple[str, DictionaryObject]] = []
    seen: set[int] = set()
    for item in _items(_form_fields(reader)):
        found += _walk(item, "", None, seen, depth=0)
    if not found:
        for item in _page_widgets(reader):
            found += _walk(item, "", None, seen, depth=0)
    return found


def _form_fields(reader: PdfFileReader) -> Any:
    form = entry(reader.root, "/AcroForm")
    return entry(form, "/Fields") if isinstance(form, DictionaryObject) else None


def _items(array: Any) -> Iterator[DictionaryObject]:
    if not isinstance(array, ArrayObject):
        return
    for raw in list(array)[:_MAX_FIELDS]:
        item = raw.get_object() if isinstance(raw, IndirectObject) else raw
        if isinstance(item, DictionaryObject):
            yield item


def _walk(
    field: DictionaryObject, above: str, kind: Any, seen: set[int], depth: int
) -> Iterator[tuple[str, DictionaryObject]]:
    if id(field) in seen or depth > _MAX_DEPTH or len(seen) > _MAX_FIELDS:
        return
    seen.add(id(field))
    part = entry(field, "/T")
    name = ".".join(str(item) for item in (above, part) if item)
    kind = entry(field, "/FT", kind)
    if kind == "/Sig" and _has_value(field):
        yield name, field
        return
    for kid in _items(entry(field, "/Kids")):
        yield from _walk(kid, name, kind, seen, depth + 1)


def _has_value(field: DictionaryObject) -> bool:
    try:
        return isinstance(entry(field, "/V"), DictionaryObject)
    except Exception:  # there is one, and it can't be read: to be judged as broken, not to be passed over
        return True


def _page_widgets(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    for page in pages_of(reader):
        yield from _items(entry(page, "/Annots"))


def pages_of(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    """Walk the pages in their order, at most 2,000; what is no page or comes again is left out."""
    stack = [entry(reader.root, "/Pages")]
    seen: set[int] = set()
    count = 0
    while stack and count < _MAX_PAGES:
        node = stack.pop()
        if not isinstance(node, DictionaryObject) or id(node) in seen or len(seen) > _MAX_FIELDS:
            continue
        seen.add(id(node))
        if "/Kids" in node:
            stack += reversed(list(_items(entry(node, "/Kids"))))
        else:
            count += 1
            yield node
