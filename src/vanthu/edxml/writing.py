"""Writing a message by template: prefixes, order and spelling of QCVN 102 as the axis wants them (edxml.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from vanthu.edxml.message import Edoc, StatusReport


@dataclass(frozen=True, slots=True)
class Attachment:
    """Tệp gửi kèm: `content` opens the file anew each time it is called; `content_id` has no `cid:`."""

    content_id: str
    name: str
    content: Callable[[], BinaryIO]
    description: str = ""


class Unwritable(ValueError):
    """The message cannot be written: `element` holds what XML or the axis cannot carry."""


def write_edoc(edoc: Edoc, attachments: Sequence[Attachment], out: BinaryIO) -> None:
    """Write a document message; the same values give the same bytes. Raises `Unwritable`."""
    raise NotImplementedError


def write_status(report: StatusReport, out: BinaryIO) -> None:
    """Write a status message. Raises `Unwritable`."""
    raise NotImplementedError


def edoc_bytes(edoc: Edoc, attachments: Sequence[Attachment] = ()) -> bytes:
    """The document message as bytes. Raises `Unwritable`."""
    raise NotImplementedError


def status_bytes(report: StatusReport) -> bytes:
    """The status message as bytes. Raises `Unwritable`."""
    raise NotImplementedError
