"""Reading a message: streaming, tolerant of what is in circulation, deaf to what is dangerous (edxml.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Edoc, Notice, StatusReport

__all__ = ["AttachmentHead", "Limits", "ReadAttachment", "Reading", "glance", "read"]


@dataclass(frozen=True, slots=True)
class AttachmentHead:
    """What is known of an attachment before its content comes: the name is cleaned, the type is what was declared."""

    content_id: str
    name: str
    declared_type: str
    position: int


@dataclass(frozen=True, slots=True)
class ReadAttachment:
    """Tệp đính kèm: `size` (bytes), `sha256` and `media_type` (by magic bytes) are those of the unzipped content."""

    content_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    zipped: bool
    description: str = ""
    declared_type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. `sha256` and `size` (bytes) are those of the message as it came."""

    kind: Literal["edoc", "status"]
    edoc: Edoc | None
    status: StatusReport | None
    attachments: tuple[ReadAttachment, ...]
    warnings: tuple[Notice, ...]
    sha256: str
    size: int


def read(
    stream: BinaryIO,
    *,
    limits: Limits = Limits(),
    sink: Callable[[AttachmentHead], BinaryIO] | None = None,
) -> Reading:
    """Read a whole message. Each attachment's content is written to what `sink` returns (the caller closes it).

    Raises `Unreadable`, and nothing else but what stream and sink raise.
    """
    raise NotImplementedError


def glance(data: bytes) -> Reading:
    """Read the header only: attachments are neither decoded nor listed. Raises `Unreadable`."""
    raise NotImplementedError
