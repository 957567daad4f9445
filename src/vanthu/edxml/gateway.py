"""Cổng liên thông: the calls of the gateway and how a request is signed; no socket here.

Norm: edxml.md §7.1–7.2. What a call carries stands in its headers `XroadVnpt-<name>`, signed by an HMAC over their JSON.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vanthu.edxml.answers import Answer, UnreadableAnswer, parse_answer

__all__ = [
    "CALLS",
    "PATH",
    "Answer",
    "BadSignature",
    "BodyForm",
    "Call",
    "SignedCall",
    "UnreadableAnswer",
    "framed_size",
    "hash_file",
    "hash_matches",
    "parse_answer",
    "parse_stamp",
    "plain_ascii",
    "signed_headers",
    "stamp",
    "system_of",
    "verify_headers",
]

PATH = "/XrdAdapter/adapter"
PREFIX = "XroadVnpt-"
SERVICE = "eDoc"
USER_AGENT = "JAVASDKAgent/1.0.0 XRoad/VPCP"
PROTOCOL_VERSION = "3.0.201608"
JSON_TYPE = "application/json"
FILE_TYPE = "application/octet-stream"
FILE_END = b"\r\n"
"""The vendor's client ends the file of sendEdoc with a line break that its hash does not count."""
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
_PIECE = 1 << 20
_STAMP = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})T([0-9]{2})([0-9]{2})([0-9]{2})\+([0-9]{1,4})")
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_SHORT = tuple(f"{byte:x}" for byte in range(256))


class BodyForm(StrEnum):
    """What stands in the body of a request, as it was captured."""

    NONE = "none"  # a GET
    EMPTY = "empty"  # Content-Length: 0
    BRACES = "braces"  # {}
    JSON = "json"
    FILE = "file"  # the bytes and CRLF


@dataclass(frozen=True, slots=True)
class Call:
    """Lời gọi: its own parameters in the order in which the vendor's client puts them into its map."""

    name: str
    body: BodyForm
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        return "GET" if self.body is BodyForm.NONE else "POST"

    @property
    def content_type(self) -> str:
        return FILE_TYPE if self.body is BodyForm.FILE else JSON_TYPE

    @property
    def path(self) -> str:
        return f"{PATH}/{self.name}"


_LIST_FILTERS = ("fromDate", "toDate", "to", "status", "pageSize", "pageIndex")
CALLS: Mapping[str, Call] = {
    call.name: call
    for call in (
        Call("getAgenciesList", BodyForm.EMPTY),
        Call("getAgenciesListQD20", BodyForm.EMPTY, ("level",)),
        Call("getSynchronizeUnit", BodyForm.EMPTY),
        Call("registerAgency", BodyForm.JSON),
        Call("deleteAgency", BodyForm.BRACES, ("AgencyCode",)),
        Call("getReceivedEdocList", BodyForm.EMPTY, ("servicetype", "messagetype"), _LIST_FILTERS),
        Call("getEdoc", BodyForm.BRACES, ("docId", "filePath")),
        Call("downloadEdoc", BodyForm.NONE, ("docId", "filePath")),
        Call("updateStatus", BodyForm.BRACES, ("docId", "status"), ("description",)),
        Call("sendEdoc", BodyForm.FILE, ("servicetype", "messagetype", "hash-file", "from"), ("to",)),
        Call("getSentEdocList", BodyForm.EMPTY, ("servicetype", "messagetype", "docId")),
        Call("countReceiveEdoc", BodyForm.BRACES),
        Call("countReceiveStatus", BodyForm.BRACES),
    )
}


def stamp(now: datetime) -> str:
    """`22112026T152322+0752`: local time of Hà Nội; behind the plus stand milliseconds, not a zone."""
    local = now.astimezone(HANOI)
    return f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04d}"


def parse_stamp(text: str) -> datetime | None:
    """The instant of a stamp; None where it is none."""
    found = _STAMP.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, milliseconds = map(int, found.groups())
    try:
        plain = datetime(year, month, day, hour, minute, second, tzinfo=HANOI)
    except ValueError:
        return None
    return plain + timedelta(milliseconds=milliseconds)


def pieces(content: bytes | BinaryIO) -> Iterator[bytes]:
    """The content from its beginning, a megabyte at a time."""
    if isinstance(content, bytes):
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]
        return
    content.seek(0)
    while piece := content.read(_PIECE):
        yield piece


def hash_file(content: bytes | BinaryIO) -> str:
    """SHA-256 in hexadecimal as the vendor's client writes it: without the zero before a byte below 0x10."""
    digest = hashlib.sha256()
    for piece in pieces(content):
        digest.update(piece)
    return unpadded(digest.digest())


def unpadded(digest: bytes) -> str:
    return "".join(map(_SHORT.__getitem__, digest))


def hash_matches(declared: str, digest: bytes) -> bool:
    """Whether `hash-file` names that SHA-256: unpadded as the vendor's client writes it, or spelt in full."""
    return declared.lower() in {unpadded(digest), digest.hex()}


def framed_size(size: int) -> int:
    """How long the body of sendEdoc is for a file of that size."""
    return size + len(FILE_END)


def plain_ascii(text: str, limit: int = 200) -> str:
    """The text as a header can carry it: without accents and line breaks. Vietnamese is not known to arrive otherwise."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else " " for letter in letters).strip()[:limit]


def in_map_order(names: Iterable[str]) -> list[str]:
    """Names in the order in which a Java `HashMap<String, …>` that took them one by one gives them back.

    The captures agree with it: buckets by the spread hash, in one bucket the order of coming.
    """
    kept = list(names)
    buckets = 16
    while len(kept) > buckets * 3 // 4:
        buckets *= 2
    return sorted(kept, key=lambda name: _spread_hash(name) & (buckets - 1))


def _spread_hash(name: str) -> int:
    value = 0
    for letter in name:
        value = (31 * value + ord(letter)) & 0xFFFFFFFF
    return value ^ (value >> 16)


def signed_headers(
    call: Call, *, system_id: str, secret: str, now: datetime, values: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """The headers of a call in the order of the wire. Raises ValueError for a missing or unknown parameter, or for
    a value that a header cannot carry."""
    given = dict(values or {})
    _demand_parameters(call, given)
    everything = {
        "systemid": system_id,
        "timestamp": stamp(now),
        "Content-Type": call.content_type,
        **{name: given[name] for name in (*call.required, *call.optional) if name in given},
    }
    signed = {name: everything[name] for name in in_map_order(everything)}
    text = _signing_text(signed)
    return [
        *_parameter_headers(call, signed),
        (f"{PREFIX}sign-header-key", ";".join(signed)),
        (f"{PREFIX}sign-header", text),
        (f"{PREFIX}hash-header", _mac(secret, text.encode())),
        ("User-Agent", USER_AGENT),
        (f"{PREFIX}version", PROTOCOL_VERSION),
    ]


def _demand_parameters(call: Call, given: Mapping[str, str]) -> None:
    if missing := [name for name in call.required if name not in given]:
        raise ValueError(f"{call.name}: missing {', '.join(missing)}")
    if unknown := [name for name in given if name not in call.required and name not in call.optional]:
        raise ValueError(f"{call.name}: unknown {', '.join(unknown)}")
    if foreign := [name for name, value in given.items() if not (value.isascii() and value.isprintable())]:
        raise ValueError(f"{call.name}: {', '.join(foreign)} holds what a header cannot carry")


def _parameter_headers(call: Call, signed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    plain = ("Content-Type", call.content_type)
    if call.body is BodyForm.FILE:
        yield plain
    for name, value in signed.items():
        if name == "Content-Type" and call.body is not BodyForm.FILE:
            yield plain
        yield f"{PREFIX}{name}", value


def _signing_text(signed: Mapping[str, str]) -> str:
    named = {f"{PREFIX}{name}": value for name, value in signed.items()}
    return _COMPACT.encode(named)


def _mac(secret: str, text: bytes) -> str:
    return hmac.digest(secret.encode(), text, "sha256").hex()


class BadSignature(ValueError):
    """The headers are not what the holder of the secret signed: `code` is `missing`, `hash` or `changed`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SignedCall:
    """What was signed, and nothing else: names in small letters without the prefix."""

    system_id: str
    values: Mapping[str, str]
    at: datetime | None


def system_of(headers: Mapping[str, str]) -> str:
    """The system that says it calls; empty where no header says so."""
    return _small(headers).get("systemid", "")


def verify_headers(headers: Mapping[str, str], secret: str) -> SignedCall:
    """Take the parameters whose signature is right. Header names in any case and order, with `_` for `-` too.

    The text that was signed is the one sent along, else the one that `sign-header-key` builds from the headers; either
    way each signed name must say what its header says. Raises `BadSignature`.
    """
    found = _small(headers)
    keys = [name.strip().lower() for name in found.get("sign-header-key", "").split(";") if name.strip()]
    for name in ("systemid", "timestamp"):
        if name not in keys or name not in found:
            raise BadSignature("missing", name)
    if missing := [name for name in keys if name not in found]:
        raise BadSignature("missing", missing[0])
    _demand_signed(found, keys, secret)
    values = {name: found[name] for name in keys}
    return SignedCall(values["systemid"], values, parse_stamp(values["timestamp"]))


def _small(headers: Mapping[str, str]) -> dict[str, str]:
    prefix = PREFIX.lower()
    small = ((name.lower().replace("_", "-"), value) for name, value in headers.items())
    return {name[len(prefix) :]: value for name, value in small if name.startswith(prefix)}


def _demand_signed(found: Mapping[str, str], keys: list[str], secret: str) -> None:
    declared = found.get("hash-header", "").lower().encode()
    text = found.get("sign-header", "")
    spelt = [name.strip() for name in found["sign-header-key"].split(";") if name.strip()]
    rebuilt = _signing_text({name: found[name.lower()] for name in spelt})
    if text and hmac.compare_digest(_mac(secret, _as_sent(text)).encode(), declared):
        if text != rebuilt:
            _demand_equal(text, found, keys)
        return
    if not hmac.compare_digest(_mac(secret, _as_sent(rebuilt)).encode(), declared):
        raise BadSignature("hash")


def _demand_equal(text: str, found: Mapping[str, str], keys: list[str]) -> None:
    """The signed text must be about these headers: a signature of other values is worth nothing."""
    try:
        signed = json.loads(_as_sent(text))
    except ValueError as error:
        raise BadSignature("changed", "sign-header") from error
    if not isinstance(signed, dict):
        raise BadSignature("changed", "sign-header")
    small = _small({str(name): str(value) for name, value in signed.items()})
    for name in keys:
        told, meant = small.get(name, ""), found[name]
        if told != meant and _as_sent(told) != _as_sent(meant):
            raise BadSignature("changed", name)


def _as_sent(text: str) -> bytes:
    """Servers hand a header over as Latin-1 whatever its bytes mean."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
