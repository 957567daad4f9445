"""Compare what was signed with what the file says now: object by object from the catalog, by grammar.

Both sides are read as files of their own: the signed bytes (the prefix up to the end of the byte range) and
the present file. What counts is what a reader reaches from the catalog; objects nobody refers to, renumbered
or rewritten alike, freed or left dangling are no change. Everything that differs must be allowed by name, so
an unknown key is a modification. No renderer is asked.

Norm: decision D22; issue of signing: "hybrid and untidy but honest files are not refused".
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import os
from collections.abc import Iterable
from typing import Any, Final

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    EncryptedObjAccess,
    IndirectObject,
    NullObject,
    Reference,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.validation.object_parser import NumberArray

_MAX_STEPS: Final = 3_000_000
_MAX_CHAIN: Final = 8
_MARGIN: Final = 2048  # bytes
_ENCODING: Final = frozenset({"/Filter", "/DecodeParms", "/Length", "/DL"})
_NULL: Final = NullObject()


class ChangedAfterSigning(Exception):
    """Something differs that may not; the message names the place, for a log or a test."""


class Comparison:
    """Two versions of one document and the pairs of objects that have still to be alike."""

    def __init__(self, signed: PdfFileReader, present: PdfFileReader) -> None:
        self.signed = signed
        self.present = present
        self._pending: list[tuple[Any, Any, str]] = []
        self._seen: set[tuple[int, int, int, int]] = set()
        self._signed_length = signed.stream.seek(0, os.SEEK_END)

    def require(self, old: Any, new: Any, where: str) -> None:
        """Ask that two raw values (as stored, references unresolved) mean the same."""
        self._pending.append((old, new, where))

    def require_entries(
        self, old: DictionaryObject, new: DictionaryObject, where: str, *, but: Iterable[str] = ()
    ) -> None:
        """Ask that two dictionaries agree in every key, `but` for some that a rule has judged."""
        for key in (set(old) | set(new)) - set(but):
            self.require(raw(old, key), raw(new, key), f"{where}{key}")

    def settle(self, old: Any, new: Any) -> bool:
        """Note a pair of references as judged by a rule; False if it already was."""
        if not (isinstance(old, IndirectObject) and isinstance(new, IndirectObject)):
            return True
        key = (old.idnum, old.generation, new.idnum, new.generation)
        known = key in self._seen
        self._seen.add(key)
        return not known

    def run(self) -> None:
        """Compare all that is pending and what hangs from it; raises ChangedAfterSigning."""
        steps = 0
        while self._pending:
            steps += 1
            if steps > _MAX_STEPS:
                raise ChangedAfterSigning("the document is too large to be compared")
            self._compare(*self._pending.pop())

    def old(self, value: Any) -> Any:
        """Resolve a value of the signed version; what is missing is null."""
        return _resolved(self.signed, value)

    def new(self, value: Any) -> Any:
        """Resolve a value of the present version; what is missing is null."""
        return _resolved(self.present, value)

    def is_new(self, reference: Reference) -> bool:
        """Tell whether an object number was unused in the signed version."""
        return self.signed.xrefs[reference] is None

    def _compare(self, old: Any, new: Any, where: str) -> None:
        if isinstance(old, IndirectObject) and isinstance(new, IndirectObject):
            if not self.settle(old, new):
                return
            value = self.new(new) if self._is_untouched(old, new) else None
            if value is not None and self._fits(value, old):
                self._descend(value, where)
                return
        self._compare_values(self.old(old), self.new(new), where)

    def _is_untouched(self, old: IndirectObject, new: IndirectObject) -> bool:
        """The very same bytes of the file: only what they refer to may differ."""
        if old.reference != new.reference:
            return False
        place = self.signed.xrefs[old.reference]
        if place is None or place != self.present.xrefs[new.reference]:
            return False
        if not isinstance(place, int):
            stream = Reference(place.obj_stream_id, 0, self.present)
            place = self.signed.xrefs[stream]
            if place != self.present.xrefs[stream]:
                return False
        # An object that begins near the end of the signed bytes could be finished by what follows them.
        return isinstance(place, int) and place + _MARGIN < self._signed_length

    def _fits(self, value: Any, place: IndirectObject) -> bool:
        offset = self.signed.xrefs[place.reference]
        size = len(value.encoded_data) if isinstance(value, StreamObject) else 0
        return not isinstance(offset, int) or offset + size < self._signed_length

    def _descend(self, value: Any, where: str) -> None:
        # An explicit stack: a file may nest deeper than Python recurses.
        stack = [value]
        while stack:
            item = stack.pop()
            if isinstance(item, IndirectObject):
                self.require(item, item, where)
            elif isinstance(item, DictionaryObject):
                stack += [raw(item, key) for key in item]
            elif isinstance(item, ArrayObject) and not isinstance(item, NumberArray):
                stack += [item.raw_get(index) for index in range(len(item))]

    def _compare_values(self, old: Any, new: Any, where: str) -> None:
        if isinstance(old, StreamObject) or isinstance(new, StreamObject):
            self._compare_streams(old, new, where)
        elif isinstance(old, DictionaryObject) and isinstance(new, DictionaryObject):
            self.require_entries(old, new, where)
        elif isinstance(old, ArrayObject) and isinstance(new, ArrayObject):
            if len(old) != len(new):
                raise ChangedAfterSigning(f"{where}: {len(old)} items became {len(new)}")
            for index in range(len(old)):
                self.require(old.raw_get(index), new.raw_get(index), where)
        elif _plain(old) != _plain(new):
            raise ChangedAfterSigning(where or "/")

    def _compare_streams(self, old: Any, new: Any, where: str) -> None:
        if not (isinstance(old, StreamObject) and isinstance(new, StreamObject)):
            raise ChangedAfterSigning(f"{where}: a stream and something else")
        if not self.signed.encrypted and old.encoded_data == new.encoded_data:
            self.require_entries(old, new, where, but={"/Length"})
            return
        try:
            alike = old.data == new.data
        except Exception as error:  # decoders raise anything
            raise ChangedAfterSigning(f"{where}: a stream that can't be read") from error
        if not alike:
            raise ChangedAfterSigning(f"{where}: the content of a stream")
        self.require_entries(old, new, where, but=_ENCODING)


def require_same_encryption(sides: Comparison) -> None:
    """Ask that the last trailer still leads to the same key; else readers would show the signed text as noise.

    The library also looks into former trailers, which other readers do not.
    """
    old, new = (_last_trailer(reader) for reader in (sides.signed, sides.present))
    if ("/Encrypt" in old) != ("/Encrypt" in new) or sides.signed.encrypted != sides.present.encrypted:
        raise ChangedAfterSigning("/Encrypt")
    if sides.signed.encrypted:
        sides.require(sides.signed.encrypt_dict, sides.present.encrypt_dict, "/Encrypt")
        first = [entry(trailer, "/ID", [_NULL])[0] for trailer in (old, new)]
        sides.require(first[0], first[1], "/ID")


def _last_trailer(reader: PdfFileReader) -> DictionaryObject:
    trailers: list[DictionaryObject] = reader.trailer._trailer_revisions
    return trailers[0]


def raw(holder: DictionaryObject, key: str) -> Any:
    """Return the stored value of a key; a missing key is null, as the format says."""
    if key == "/Contents" and "/ByteRange" in holder:
        # The value of a signature is never encrypted, whatever the rest of the file is.
        return holder.raw_get(key, decrypt=EncryptedObjAccess.RAW)
    return holder.raw_get(key) if key in holder else _NULL


def entry(holder: Any, key: str, default: Any = None) -> Any:
    """Return the resolved value of a key; the library's own `get` hands out bare references."""
    try:
        return holder[key]
    except KeyError:
        return default


def _resolved(reader: PdfFileReader, value: Any) -> Any:
    for _ in range(_MAX_CHAIN):
        if not isinstance(value, IndirectObject):
            return value
        value = reader.get_object(value.reference)
    return _NULL


def _plain(value: Any) -> tuple[str, Any]:
    """A value that compares by meaning: 1 is 1.0, a text is its bytes."""
    if isinstance(value, (TextStringObject, ByteStringObject)):
        return "string", value.original_bytes
    if isinstance(value, BooleanObject):
        return "boolean", bool(value.value)
    if isinstance(value, NullObject):
        return "null", None
    if isinstance(value, str):
        return "name", str(value)
    if isinstance(value, (DictionaryObject, ArrayObject)):
        return "container", id(value)
    return "number", float(value)
