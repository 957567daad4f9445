"""What arrives, as a package of ours: the message taken apart, its fields as records hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from vanthu.documents.queries import document_types
from vanthu.documents.rules.kinds import FileRole
from vanthu.documents.rules.types import OTHER_TYPE
from vanthu.edxml.message import Business, Edoc, Notice, Signer
from vanthu.edxml.reading import AttachmentHead, Limits, ReadAttachment, Reading, read
from vanthu.exchange.channel import Envelope, EnvelopeFile
from vanthu.exchange.channels import VXP
from vanthu.exchange.rules.identity import package_id_of
from vanthu.foundation.storage import sha256_of
from vanthu.organizations.rules.names import folded

MOST_WARNINGS = 50
LONGEST_RAW = 120
LARGEST_NUMBER = 2_147_483_647
HINT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Opened:
    """A message taken apart; `contents` are the unzipped attachments by their SHA-256."""

    reading: Reading
    contents: Mapping[str, bytes]

    @property
    def attachments(self) -> tuple[ReadAttachment, ...]:
        return self.reading.attachments

    def content(self, attachment: ReadAttachment) -> bytes:
        return self.contents[attachment.sha256]


def open_message(data: bytes, limits: Limits) -> Opened:
    """Read a message with the contents of its attachments. Raises `Unreadable`."""
    buffers: list[BytesIO] = []

    def sink(_head: AttachmentHead) -> BinaryIO:
        buffers.append(BytesIO())
        return buffers[-1]

    reading = read(BytesIO(data), limits=limits, sink=sink)
    return Opened(reading, {sha256_of(content): content for content in map(BytesIO.getvalue, buffers)})


def type_code_of(name: str) -> str:
    """The type of document by its name; what is not in the table is "Khác" (edxml.md §6.10)."""
    wanted = folded(name)
    return next((row.code for row in document_types() if folded(row.name) == wanted), OTHER_TYPE)


def number_of(text: str) -> int | None:
    """The number as a number; it need not be one ("74a")."""
    plain = text.strip()
    whole = int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 10 else None
    return whole if whole is None or whole <= LARGEST_NUMBER else None


def package_of(edoc: Edoc, sender_code: str, sha256: str) -> str:
    """The second key of the inbox: `sender_code` is the one in force, so that an alias makes no second package."""
    return package_id_of(sender_code, edoc.document_id, edoc.business.type, sha256)


def envelope_from(edoc: Edoc, *, package_id: str, inbound_id: int, sender_name: str) -> Envelope:
    """The package as the message describes it; whom it goes to and what lies in it is filled in for each receiver."""
    signer = edoc.signer or Signer("")
    return Envelope(
        message_id=package_id,
        sender_code=edoc.sender.code,
        sender_name=printable(edoc.sender.name) or sender_name,
        recipient_code="",
        type_code=type_code_of(edoc.type_name),
        subject=printable(edoc.subject),
        number=number_of(edoc.number),
        notation=edoc.notation,
        full_number=edoc.code,
        issued_on=edoc.issued_on,
        signer_name=printable(signer.name),
        signer_position=printable(signer.position),
        urgency=edoc.urgency,
        page_count=0,
        verdict="",
        files=(),
        channel=VXP,
        document_id=edoc.document_id,
        business=edoc.business,
        due_on=edoc.due_on,
        type_name=printable(edoc.type_name),
        inbound_id=inbound_id,
        issued_on_raw=edoc.issued_on_raw,
    )


def sealed_files(opened: Opened) -> tuple[EnvelopeFile, ...]:
    """The files by name and digest alone: what must not be opened is not copied into the store either (D44)."""
    named = tuple(
        EnvelopeFile(
            row.name,
            row.media_type,
            row.size,
            row.sha256,
            FileRole.ATTACHMENT if position else FileRole.MAIN,
        )
        for position, row in enumerate(opened.attachments)
    )
    whole = EnvelopeFile("", "application/xml", opened.reading.size, opened.reading.sha256, FileRole.MAIN)
    return named or (whole,)


def printable(text: str) -> str:
    """One line of letters: control and direction marks of a foreign message are not shown."""
    kept = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join("".join(kept).split())


def kept_warnings(notices: tuple[Notice, ...]) -> list[list[str]]:
    """The warnings as rows keep them, the first of many."""
    return [
        [notice.kind, notice.element[:LONGEST_RAW], notice.raw[:LONGEST_RAW]]
        for notice in notices[:MOST_WARNINGS]
    ]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a message that can't be read still seems to call itself: enough to answer that it was refused."""

    document_id: str = ""
    code: str = ""
    issued_on: str = ""


_HINTS = {
    name: re.compile(rf"<(?:[\w.-]+:)?{name}>([^<>&]{{1,200}})</".encode())
    for name in ("DocumentId", "CodeNumber", "CodeNotation", "PromulgationDate")
}


def hints_in(data: bytes) -> Hints:
    """Look for the names without reading: only the first of each, only near the beginning."""
    head = data[:HINT_BYTES]
    found = {name: pattern.search(head) for name, pattern in _HINTS.items()}
    texts = {name: hit[1].decode(errors="replace").strip() if hit else "" for name, hit in found.items()}
    code = f"{texts['CodeNumber']}/{texts['CodeNotation']}" if texts["CodeNumber"] else ""
    return Hints(texts["DocumentId"], code, texts["PromulgationDate"])


def unread_envelope(hints: Hints, sender_code: str, *, package_id: str, inbound_id: int) -> Envelope:
    """A package of which only the names are known: enough to answer that it was refused."""
    return Envelope(
        message_id=package_id,
        sender_code=sender_code,
        sender_name="",
        recipient_code="",
        type_code=OTHER_TYPE,
        subject="",
        number=None,
        notation="",
        full_number=hints.code,
        issued_on=None,
        signer_name="",
        signer_position="",
        urgency=0,
        page_count=0,
        verdict="",
        files=(),
        channel=VXP,
        document_id=hints.document_id,
        inbound_id=inbound_id,
        issued_on_raw=hints.issued_on,
    )


def is_document(business: Business) -> bool:
    """Whether a package of this kind brings a document of its own."""
    return business in {Business.NEW, Business.REPLACE}
