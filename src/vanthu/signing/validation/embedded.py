"""One signature in a file: what it covers, and what has changed since; the cryptography is the library's.

Norm: TT41/2017 Đ.7–8; signing.md §3.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

import os
import re
from functools import cached_property
from io import BytesIO
from typing import Any, Final

from pyhanko.pdf_utils.generic import (
    ByteStringObject,
    DictionaryObject,
    EncryptedObjAccess,
    IndirectObject,
    PdfObject,
    Reference,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from vanthu.signing.validation.allowed import Review
from vanthu.signing.validation.comparison import ChangedAfterSigning, entry
from vanthu.signing.validation.fields import open_pdf, signature_fields

_HEX: Final = re.compile(rb"<?[0-9A-Fa-f\s\x00]*>?")
_EVERYTHING: Final = FieldMDPSpec.from_pdf_object({"/Action": "/All"})


class PdfSignature(EmbeddedPdfSignature):
    """A signature whose coverage and later changes are judged by our rules, each failure on its own axis."""

    may_add_visible = True
    """Whether a later visible signature is let through after a certifying one; see `Review`."""

    def __init__(self, reader: PdfFileReader, field: DictionaryObject, name: str) -> None:
        super().__init__(reader, with_reference(reader, field), name)
        self.byte_range = _at_hand(self.byte_range)

    @property
    def sig_object_type(self) -> Any:
        """A time stamp is what its format says; some programs give it no type, or that of a signature."""
        is_stamp = entry(self.sig_object, "/SubFilter") == "/ETSI.RFC3161"
        return pdf_name("/DocTimeStamp" if is_stamp else "/Sig")

    @property
    def end(self) -> int:
        """Offset of the first byte after what is signed."""
        return int(self.byte_range[2]) + int(self.byte_range[3])

    @property
    def docmdp_level(self) -> MDPPerm | None:
        """What the signer permits; permissions that can't be read permit nothing."""
        try:
            return super().docmdp_level
        except Exception:  # whatever a broken dictionary raises
            return MDPPerm.NO_CHANGES

    @property
    def fieldmdp(self) -> FieldMDPSpec | None:
        """Which fields the signer locks; a lock that can't be read locks all."""
        try:
            return super().fieldmdp
        except Exception:  # as above
            return _EVERYTHING

    def compute_integrity_info(self, diff_policy: Any = None, skip_diff: bool = False) -> None:
        """As the library does, but once: a signature may be validated at two moments."""
        if not self._integrity_checked:
            super().compute_integrity_info(diff_policy, skip_diff)

    def modification_level(self) -> ModificationLevel:
        """Return the level of what has changed since; suspicious changes are OTHER."""
        result = self.diff_result
        return result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER

    def evaluate_signature_coverage(self) -> SignatureCoverageLevel:
        """Judge the byte range: from the start, one gap, and in the gap nothing but the signature itself.

        All that is signed must be a document of its own that holds this very signature; then it does not
        matter how later updates have been chained to it, or whether it was linearised.
        """
        data = _bytes_of(self.reader)
        if not _is_sound_range(self.byte_range, len(data)) or not self._fills_gap(data):
            return SignatureCoverageLevel.UNCLEAR
        if self.end == len(data):
            return SignatureCoverageLevel.ENTIRE_FILE
        if self._signed_version is None:
            return SignatureCoverageLevel.CONTIGUOUS_BLOCK_FROM_START
        return SignatureCoverageLevel.ENTIRE_REVISION

    def evaluate_modifications(self, diff_policy: Any) -> DiffResult | SuspiciousModification:
        """Say at which level the file has changed since; what can't be explained is suspicious.

        `diff_policy` is the library's; ours is `allowed.Review`, which needs the signed bytes.
        """
        if self.coverage is SignatureCoverageLevel.ENTIRE_FILE:
            return DiffResult(ModificationLevel.NONE, set())
        data = _bytes_of(self.reader)
        signed = self._signed_version if self.coverage == SignatureCoverageLevel.ENTIRE_REVISION else None
        if signed is None:
            return SuspiciousModification("the signature does not cover a whole revision")
        if not data[self.end :].strip(b"\r\n\t \x00"):
            return DiffResult(ModificationLevel.NONE, set())
        lock = self.fieldmdp
        review = Review(
            signed,
            self.reader,
            is_locked=lock.is_locked if lock is not None else lambda _: False,
            certified=self.docmdp_level is not None,
            may_add_visible=self.may_add_visible,
        )
        try:
            return DiffResult(review.run(), set())
        except ChangedAfterSigning as change:
            return SuspiciousModification(str(change))
        except Exception as error:  # parsers raise anything; what can't be compared counts as changed
            return SuspiciousModification(f"{type(error).__name__}: {error}")

    def _fills_gap(self, data: bytes) -> bool:
        start, end = int(self.byte_range[1]), int(self.byte_range[2])
        gap = data[start:end].strip(b" \t\r\n\x00")
        if not _HEX.fullmatch(gap):
            return False
        if not gap.startswith(b"<"):
            # Some programs sign the angle brackets as well: they stand right outside.
            if data[start - 1 : start] != b"<" or data[end : end + 1] != b">":
                return False
        elif not gap.endswith(b">"):
            return False
        digits = gap.strip(b"<>").translate(None, b" \t\r\n\x0c\x00")
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()) == bytes(self.pkcs7_content)

    @cached_property
    def _signed_version(self) -> PdfFileReader | None:
        """The signed bytes, read as a file once; None unless it holds this signature."""
        try:
            reader = open_pdf(_bytes_of(self.reader)[: self.end])
            if reader.encrypted:
                reader.decrypt("")
            values = [field["/V"] for _, field in signature_fields(reader)]
        except Exception:  # as above
            return None
        return reader if any(self._is_same(value) for value in values) else None

    def _is_same(self, value: DictionaryObject) -> bool:
        # As it is written: contents of a signature are never encrypted, whatever the rest of the file is.
        raw = EncryptedObjAccess.RAW
        contents = value.raw_get("/Contents", decrypt=raw) if "/Contents" in value else None
        if not isinstance(contents, (ByteStringObject, TextStringObject)):
            return False
        ranges = [int(item) for item in entry(value, "/ByteRange", ())]
        return ranges == [int(item) for item in self.byte_range]


class _DirectValue(PdfObject):
    """Stands for a signature dictionary that lies in its field instead of being an object of its own."""

    def __init__(self, value: DictionaryObject, reference: Reference) -> None:
        self.value = value
        self.reference = reference

    def get_object(self) -> DictionaryObject:
        return self.value


def signed_bytes(signature: PdfSignature) -> bytes:
    """Return what the byte range covers, the two parts in a row."""
    data = _bytes_of(signature.reader)
    start, first, second, rest = (int(value) for value in signature.byte_range)
    return data[start : start + first] + data[second : second + rest]


def with_reference(reader: PdfFileReader, field: DictionaryObject) -> DictionaryObject:
    """Return the field with a value that can be referred to, as the library expects."""
    value = field.raw_get("/V")
    if isinstance(value, IndirectObject):
        return field
    holder = field.container_ref
    reference = holder if isinstance(holder, Reference) else reader.root_ref
    copy = DictionaryObject({key: field.raw_get(key) for key in field if key != "/V"})
    dict.__setitem__(copy, "/V", _DirectValue(value, reference))
    return copy


def _at_hand(value: Any) -> Any:
    """A value that some programs write into an object of its own."""
    return value.get_object() if isinstance(value, IndirectObject) else value


def _bytes_of(reader: PdfFileReader) -> bytes:
    stream = reader.stream
    if isinstance(stream, BytesIO):
        return stream.getvalue()
    stream.seek(0, os.SEEK_SET)
    return bytes(stream.read())


def _is_sound_range(byte_range: Any, length: int) -> bool:
    try:
        start, first, second, rest = (int(value) for value in byte_range)
    except (TypeError, ValueError):
        return False
    return start == 0 and 0 < first <= second and rest > 0 and second + rest <= length
