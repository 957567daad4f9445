"""Writing a message by template: prefixes, order and spelling of QCVN 102 as the axis wants them (edxml.md §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from vanthu.edxml import template
from vanthu.edxml.base64_text import encoded
from vanthu.edxml.file_names import extension
from vanthu.edxml.limits import DEFAULT_LIMITS, Limits
from vanthu.edxml.message import Edoc, Packing, StatusReport
from vanthu.edxml.reading import read
from vanthu.edxml.template import Unwritable
from vanthu.edxml.zipping import chunks, packing_for, zipped

__all__ = [
    "Attachment",
    "Unwritable",
    "check_written",
    "edoc_bytes",
    "status_bytes",
    "write_edoc",
    "write_status",
]

# Written as they are. What is zip already is not wrapped again: the official reader would not take the wrapping off.
RAW_ENDINGS = {"pdf", "doc", "docx", "zip"}
ZIP_TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Tệp gửi kèm: `content` opens the file anew each time it is called; `content_id` has no `cid:`.

    With `sha256` (hex) the bytes that are written must have it. `packing` repeats the ZIP of a message that was read.
    """

    content_id: str
    name: str
    content: Callable[[], BinaryIO]
    description: str = ""
    sha256: str = ""
    packing: Packing | None = None

    @property
    def media_type(self) -> str:
        """As the official writer declares it: by the ending, `application/zip` for what is wrapped."""
        return ZIP_TYPE if self.is_wrapped else f"application/{extension(self.name)}"

    @property
    def is_wrapped(self) -> bool:
        return self.packing is not None or extension(self.name) not in RAW_ENDINGS


def write_edoc(edoc: Edoc, attachments: Sequence[Attachment], out: BinaryIO) -> None:
    """Write a document message; the same values give the same bytes. Raises `Unwritable`."""
    _check_edoc(edoc, attachments)
    facts = [(item.content_id, item.media_type, item.description, item.name) for item in attachments]
    head = (
        template.HEAD,
        template.message_header(edoc),
        template.trace_list(edoc.traces, edoc.business),
        template.MANIFEST,
        *(template.reference(*fact) for fact in facts),
        template.ATTACHMENTS,
    )
    write = out.write  # all that is asked of `out`
    write("".join(head).encode())
    for attachment, fact in zip(attachments, facts, strict=True):
        write(template.attachment_opens(*fact).encode())
        for text in _encoded(_content(attachment)):
            write(text)
        write(template.CONTENT_CLOSES.encode())
    write(template.TAIL.encode())


def write_status(report: StatusReport, out: BinaryIO) -> None:
    """Write a status message. Raises `Unwritable`."""
    _require(report.sender.code, "From/OrganId")
    _require(report.response_for.organ_code, "ResponseFor/OrganId")
    _require(report.response_for.code or report.response_for.document_id, "ResponseFor/Code")
    _require(report.code, "StatusCode")
    out.write(f"{template.HEAD}{template.status_header(report)}{template.STATUS_TAIL}".encode())


def edoc_bytes(edoc: Edoc, attachments: Sequence[Attachment] = ()) -> bytes:
    """The document message as bytes. Raises `Unwritable`."""
    out = BytesIO()
    write_edoc(edoc, attachments, out)
    return out.getvalue()


def status_bytes(report: StatusReport) -> bytes:
    """The status message as bytes. Raises `Unwritable`."""
    out = BytesIO()
    write_status(report, out)
    return out.getvalue()


def check_written(stream: BinaryIO, sha256s: Iterable[str], limits: Limits = DEFAULT_LIMITS) -> str:
    """Read back what was written: every content must have its digest (hex). Gives the SHA-256 of the message.

    Raises `Unwritable`, `Unreadable`.
    """
    reading = read(stream, limits=limits)
    if [attachment.sha256 for attachment in reading.attachments] != list(sha256s):
        raise Unwritable("attachment-changed", "AttachmentEncoded")
    return reading.sha256


def _check_edoc(edoc: Edoc, attachments: Sequence[Attachment]) -> None:
    _require(edoc.sender.code, "From/OrganId")
    _require(edoc.document_id, "DocumentId")
    if not edoc.receivers:
        raise Unwritable("required", "To")
    codes = [organ.code for organ in edoc.receivers]
    for code in codes:
        _require(code, "To/OrganId")
    if len(set(codes)) < len(codes):
        raise Unwritable("receiver-twice", "To/OrganId")
    for attachment in attachments:
        _require(attachment.content_id, "ContentId")
        _require(attachment.name, "AttachmentName")
    if len({attachment.content_id for attachment in attachments}) < len(attachments):
        raise Unwritable("attachment-twice", "ContentId")


def _require(text: str, element: str) -> None:
    if not text.strip():
        raise Unwritable("required", element)


def _content(attachment: Attachment) -> Iterator[bytes]:
    """The bytes to encode: the file, or the ZIP around it."""
    plain = _checked(attachment)
    if not attachment.is_wrapped:
        return plain
    packing = attachment.packing or packing_for(attachment.content_id, extension(attachment.name))
    return zipped(plain, packing)


def _checked(attachment: Attachment) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with attachment.content() as stream:
        for chunk in chunks(stream):
            digest.update(chunk)
            yield chunk
    if attachment.sha256 and digest.hexdigest() != attachment.sha256.lower():
        raise Unwritable("attachment-changed", attachment.name)


def _encoded(content: Iterator[bytes]) -> Iterator[bytes]:
    """Base64 on one line; what is left of a group of three waits for the next piece."""
    rest = b""
    for chunk in content:
        data = rest + chunk if rest else chunk
        whole = len(data) - len(data) % 3
        rest = data[whole:]
        yield encoded(data[:whole] if rest else data)
    if rest:
        yield encoded(rest)
