"""Signed notes: a small text and a signature line under it, as transparency logs and their witnesses keep them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "— "
_SPKI = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo (RFC 8410)."""
TIME = "%Y-%m-%dT%H:%M:%SZ"


class BadNote(ValueError):
    """The text is no note of this kind, is spelled in another way, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a log key: 32 bytes, Ed25519."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of SubjectPublicKeyInfo, as OpenSSL users reckon it; this is what is pinned."""
        return hashlib.sha256(_SPKI + self.raw).hexdigest()

    def key_id(self, name: str) -> bytes:
        """Four bytes that tell which key of that name has signed."""
        return hashlib.sha256(name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def line(self, name: str) -> str:
        """The key in one line, `name+id+key`, for programs that follow logs."""
        return f"{name}+{self.key_id(name).hex()}+{to_base64(ED25519 + self.raw)}"

    def holds(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def public_of(key: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(key.public_key().public_bytes_raw())


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Refuses: `BadNote` for anything but the one spelling of these bytes."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadNote("base64") from error
    if to_base64(data) != text:
        raise BadNote("base64")
    return data


def sign_note(name: str, lines: tuple[str, ...], key: Ed25519PrivateKey) -> str:
    """The lines, a blank one, and the signature line of `name`."""
    text = "".join(f"{line}\n" for line in lines)
    signature = key.sign(text.encode())
    return f"{text}\n{DASH}{name} {to_base64(public_of(key).key_id(name) + signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that is spelled rightly; whether its signature holds is asked with a key."""

    name: str
    lines: tuple[str, ...]
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> bytes:
        return "".join(f"{line}\n" for line in self.lines).encode()

    def is_signed_by(self, key: PublicKey) -> bool:
        return self.key_id == key.key_id(self.name) and key.holds(self.signature, self.text)


def read_note(note: str) -> Note:
    """Refuses: `BadNote` for what is not spelled as `sign_note` spells it, with exactly one signature."""
    text, blank, tail = note.rpartition("\n\n")
    name, _, encoded = tail.removeprefix(DASH).removesuffix("\n").rpartition(" ")
    if not blank or not name or note != f"{text}\n\n{DASH}{name} {encoded}\n":
        raise BadNote("shape")
    data = from_base64(encoded)
    if len(data) != 4 + 64:
        raise BadNote("signature")
    return Note(name, tuple(text.split("\n")), data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class Head:
    """Đầu cây: what a signed tree head says. `root` is 32 bytes, `at` an instant in whole seconds."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def lines(self) -> tuple[str, ...]:
        when = self.at.astimezone(UTC).strftime(TIME)
        return (self.origin, str(self.size), to_base64(self.root), f"time {when}")


def read_head(note: Note) -> Head:
    """Refuses: `BadNote` unless the note is a head in its one spelling, signed under its origin's name."""
    if len(note.lines) != 4 or note.name != note.lines[0]:
        raise BadNote("head")
    origin, size, root, time = note.lines
    try:
        at = datetime.strptime(time, f"time {TIME}").replace(tzinfo=UTC)
        head = Head(origin, int(size), from_base64(root), at)
    except ValueError as error:
        raise BadNote("head") from error
    if head.lines() != note.lines or len(head.root) != 32 or not 0 <= head.size < 2**63:
        raise BadNote("head")
    return head


INTRODUCTION = "vanthu log key"


def introduce(origin: str, new: PublicKey, by: Ed25519PrivateKey, at: datetime) -> str:
    """The former key's word for its successor: who has pinned the former one can follow."""
    when = at.astimezone(UTC).strftime(TIME)
    return sign_note(origin, (INTRODUCTION, origin, new.fingerprint, f"time {when}"), by)


def is_introduced(note: str, origin: str, new: PublicKey, by: PublicKey) -> bool:
    """Whether the note is `by`'s word for `new` in this log."""
    try:
        read = read_note(note)
    except BadNote:
        return False
    same = read.name == origin and read.lines[:3] == (INTRODUCTION, origin, new.fingerprint)
    return same and len(read.lines) == 4 and read.is_signed_by(by)
