"""Find the filled signature fields of a file, however untidy its form is.

The library's own walk gives up on the whole file at the first odd field; here an odd one is left out or
judged by itself, so that it can't hide the others (signing.md §3).
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.validation.comparison import entry

_MAX_FIELDS: Final = 20_000
_MAX_DEPTH: Final = 60
_MAX_PAGES: Final = 2000


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
    if kind == "/Sig" and isinstance(entry(field, "/V"), DictionaryObject):
        yield name, field
        return
    for kid in _items(entry(field, "/Kids")):
        yield from _walk(kid, name, kind, seen, depth + 1)


def _page_widgets(reader: PdfFileReader) -> Iterator[DictionaryObject]:
    pages = entry(reader.root, "/Pages")
    count = entry(pages, "/Count") if isinstance(pages, DictionaryObject) else 0
    for index in range(min(int(count or 0), _MAX_PAGES)):
        page = reader.find_page_for_modification(index)[0].get_object()
        yield from _items(entry(page, "/Annots"))
