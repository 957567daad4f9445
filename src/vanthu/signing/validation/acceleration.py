"""Inner loops of pyHanko and asn1crypto, written again for speed; each returns what the original returns.

All replacements stand in this one file. They were written against the versions below: with any other version
nothing is replaced (and a test fails), so that an update of a library can make us slow but never wrong.
Whatever a fast path does not know goes to the original. Measured on a twice signed letter of 110 kB.
"""

# mypy: disallow-untyped-calls=False
# pyHanko and asn1crypto are typed only in part.

import binascii
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import NameObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SignedDataCerts, _partition_certs, extract_signer_info
from pyhanko.sign.validation import generic_cms

from vanthu.signing.validation.object_parser import read_indirect_object

WRITTEN_FOR: Final = {"pyhanko": "0.38.0", "asn1crypto": "1.5.1"}
"""The versions whose inner functions were read when these were written."""

_MOST_ANSWERS: Final = 4096
_MOST_CERTIFICATES: Final = 256
_BLANKS: Final = misc.PDF_WHITESPACE
_REGULAR: Final = re.compile(rb"[^ \n\r\t\f\x00()<>\[\]{}/%]*")


@dataclass(frozen=True, slots=True)
class Replacement:
    """One function of a library and what stands in its place."""

    owner: Any
    name: str
    original: Any
    ours: Any


# --- reading PDF objects -------------------------------------------------------------------------------


def read_hex_string(stream: Any) -> Any:
    """Read `<…>` at once instead of byte by byte: half of all time went into the `/Contents` of signatures."""
    start = stream.tell()
    stream.read(1)
    parts: list[bytes] = []
    size = 128
    while chunk := stream.read(size):
        end = chunk.find(b">")
        if end >= 0:
            parts.append(chunk[:end])
            stream.seek(end + 1 - len(chunk), 1)
            try:
                digits = b"".join(parts).translate(None, _BLANKS)
                return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
            except binascii.Error:
                break  # a comment or a wrong character
        parts.append(chunk)
        size = 4096
    stream.seek(start)
    return _ORIGINALS["read_hex_string_from_stream"](stream)


def read_non_whitespace(stream: Any, seek_back: bool = False, allow_eof: bool = False) -> bytes:
    """The next character that is not blank; comments and the end of the stream are left to the original."""
    start = stream.tell()
    token: bytes = stream.read(1)
    while token and token in _BLANKS:
        token = stream.read(1)
    if not token or token == b"%":
        stream.seek(start)
        slow: bytes = _ORIGINALS["read_non_whitespace"](stream, seek_back, allow_eof)
        return slow
    if seek_back:
        stream.seek(-1, 1)
    return token


def read_until_delimiter(stream: Any) -> bytes:
    """Read a name's characters at once instead of one by one."""
    start = stream.tell()
    chunk = stream.read(64)
    match = _REGULAR.match(chunk)
    assert match is not None  # it matches nothing, too
    if match.end() == len(chunk):  # longer than a chunk, or the end of the stream
        stream.seek(start)
        slow: bytes = _ORIGINALS["read_until_delimiter"](stream)
        return slow
    stream.seek(start + match.end())
    return match[0]


@lru_cache(maxsize=4096)
def _name_text(raw: bytes) -> str:
    return str(_ORIGINALS["_decode_name"](raw))


def decode_name(raw: bytes) -> NameObject:
    """Decode a name; the same few hundred names come again and again. Objects are new: they carry their place."""
    return NameObject(_name_text(raw))


def read_object_at(
    self: PdfFileReader,
    ref: Reference,
    marker: Any,
    never_decrypt: bool = False,
    as_metadata_stream: bool = False,
) -> Any:
    """Read an indirect object by our own parser; what it is not sure of, and all encrypted files, by pyHanko's."""
    if type(marker) is int and not (self.strict or as_metadata_stream or never_decrypt or self.encrypted):
        value = read_indirect_object(self.stream, Reference(ref.idnum, ref.generation, self), marker)
        if value is not None:
            return value
    return _ORIGINALS["_read_object"](self, ref, marker, never_decrypt, as_metadata_stream)


# --- comparing names of certificates ---------------------------------------------------------------------


class _Known:
    """Answers about names, by their encodings; refusals are not kept, so that they come again."""

    def __init__(self) -> None:
        self._answers: dict[Any, Any] = {}

    def ask(self, key: Any, original: Callable[[], Any]) -> Any:
        if key not in self._answers:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = original()
        return self._answers[key]


_equal_names = _Known()
_hashable_names = _Known()


def equal_names(self: x509.RDNSequence, other: Any) -> bool:
    """Compare two distinguished names once; each signature compares the same handful dozens of times."""
    original = _ORIGINALS["__eq__"]
    if not isinstance(other, x509.RDNSequence):
        return False
    if self.contents is not None and self.contents == other.contents:
        return True
    key = (self.contents, other.contents)
    return bool(_equal_names.ask(key, lambda: original(self, other)))


def hashable_name(self: x509.RDNSequence) -> str:
    """The form of a distinguished name by which it is looked up, made once for each encoding."""
    original = _ORIGINALS["hashable"]
    return str(_hashable_names.ask(self.contents, lambda: original.fget(self)))


@lru_cache(maxsize=_MOST_ANSWERS)
def _prepared(text: str) -> str:
    return str(_ORIGINALS["_ldap_string_prep"](None, text))


def prepare_text(_self: Any, text: str) -> str:
    """The string preparation of RFC 4518, which goes through each text character by character."""
    return _prepared(text)


# --- certificates that go along -----------------------------------------------------------------------


class _Certificate(x509.Certificate):  # type: ignore[misc]  # asn1crypto is not typed
    """A certificate that nobody changes: its encoding is asked for often and need not be made up anew."""

    encoding: bytes | None = None

    def dump(self, force: bool = False) -> bytes:
        if self.encoding is not None and not force:
            return self.encoding
        encoded: bytes = super().dump(force)
        return encoded


class _PerThread(threading.local):
    """Parsed certificates by their bytes; not shared between threads, because parsing goes on while reading."""

    def __init__(self) -> None:
        self.certificates: dict[bytes, x509.Certificate] = {}


_per_thread = _PerThread()


def certificate_of(der: bytes) -> x509.Certificate:
    """Parse a certificate once per thread: store, signatures and stamps hold the same few over and over."""
    known = _per_thread.certificates
    if der not in known:
        if len(known) >= _MOST_CERTIFICATES:
            known.clear()
        certificate = _Certificate.load(der)
        certificate.encoding = certificate.dump()
        known[der] = certificate
    return known[der]


def extract_certificate_info(signed_data: Any) -> SignedDataCerts:
    """Sort the certificates of a CMS once, without copying each of them; other kinds are left to the original."""
    known: SignedDataCerts | None = vars(signed_data).get("_vanthu_certificates")
    if known is None:
        if any(item.name != "certificate" for item in signed_data["certificates"]):
            found: SignedDataCerts = _ORIGINALS["extract_certificate_info"](signed_data)
            return found
        certificates = [certificate_of(item.chosen.dump()) for item in signed_data["certificates"]]
        signer, others = _partition_certs(certificates, extract_signer_info(signed_data))
        known = SignedDataCerts(signer_cert=signer, other_certs=others, attribute_certs=[])
        signed_data._vanthu_certificates = known
    return replace(known, other_certs=list(known.other_certs), attribute_certs=[])


# --- putting all in place ---------------------------------------------------------------------------------


def _replacements() -> tuple[Replacement, ...]:
    table: tuple[tuple[Any, str, Any], ...] = (
        (generic, "read_hex_string_from_stream", read_hex_string),
        (generic, "read_non_whitespace", read_non_whitespace),
        (generic, "read_until_delimiter", read_until_delimiter),
        (generic, "_decode_name", decode_name),
        (PdfFileReader, "_read_object", read_object_at),
        (generic_cms, "extract_certificate_info", extract_certificate_info),
        (x509.RDNSequence, "__eq__", equal_names),
        (x509.RDNSequence, "hashable", property(hashable_name)),
        (x509.NameTypeAndValue, "_ldap_string_prep", prepare_text),
    )
    # From the dictionary: an attribute read from a class is not what was put into it.
    return tuple(Replacement(owner, name, vars(owner)[name], ours) for owner, name, ours in table)


REPLACEMENTS: Final = _replacements()
_ORIGINALS: Final[dict[str, Any]] = {
    item.name: item.original.__func__ if isinstance(item.original, staticmethod) else item.original
    for item in REPLACEMENTS
}


def fits() -> bool:
    """Whether the libraries are the ones that these functions were written for."""
    return all(version(name) == wanted for name, wanted in WRITTEN_FOR.items())


def install() -> None:
    """Put every replacement in place, once per process; nothing when a library is of another version."""
    if fits():
        for item in REPLACEMENTS:
            setattr(item.owner, item.name, item.ours)
