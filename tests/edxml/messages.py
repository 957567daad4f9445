"""Messages to read: the samples, their variations, and files wrapped as senders wrap them."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from vanthu.edxml.limits import Limits
from vanthu.edxml.message import NAMESPACE, Edoc, Notice, Unreadable, WarningKind
from vanthu.edxml.reading import AttachmentHead, Reading, read
from vanthu.edxml.writing import Attachment

HERE = Path(__file__).parent / "samples"
# The gateway vendor's own samples must not be copied; where they lie beside the checkout they are read.
VENDOR = Path(__file__).parents[3] / "shared" / "data" / "edxml" / "vnpt-vxp-sdk"
COMPOSED = sorted((HERE / "composed").glob("*.edxml"))
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
UUID = "00000000-0000-0000-0000-000000000001"


def composed(name: str = "edoc_0_new") -> bytes:
    return (HERE / "composed" / f"{name}.edxml").read_bytes()


def variant(prefix: str) -> bytes:
    return next((HERE / "variants").glob(f"{prefix}_*.edxml")).read_bytes()


def edited(old: str, new: str, name: str = "edoc_0_new") -> bytes:
    """A composed message with one text replaced; the text must stand there."""
    data = composed(name)
    assert old.encode() in data, old
    return data.replace(old.encode(), new.encode())


def read_bytes(data: bytes, limits: Limits | None = None) -> Reading:
    return read(io.BytesIO(data), limits=limits or Limits())


def edoc_of(data: bytes) -> Edoc:
    edoc = read_bytes(data).edoc
    assert edoc is not None
    return edoc


def kinds(notices: Iterable[Notice]) -> set[WarningKind]:
    return {notice.kind for notice in notices}


def refusal_of(data: bytes, limits: Limits | None = None) -> Unreadable:
    try:
        reading = read_bytes(data, limits)
    except Unreadable as refusal:
        return refusal
    raise AssertionError(f"read: {reading.warnings}")


class Kept:
    """A sink that keeps every content, by content id."""

    def __init__(self) -> None:
        self.heads: list[AttachmentHead] = []
        self.streams: dict[str, io.BytesIO] = {}

    def __call__(self, head: AttachmentHead) -> BinaryIO:
        self.heads.append(head)
        return self.streams.setdefault(head.content_id, io.BytesIO())

    def of(self, content_id: str) -> bytes:
        return self.streams[content_id].getvalue()


def opened(data: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(data)


def file(name: str, data: bytes, content_id: str = UUID) -> Attachment:
    return Attachment(content_id, name, opened(data))


def zip_of(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def streamed_zip(name: str, data: bytes) -> bytes:
    """As Java writes: the sizes stand behind the content."""

    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece: object) -> int:
            self.data += piece  # type: ignore[operator]
            return len(piece)  # type: ignore[arg-type]

    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr(name, data)
    return bytes(out.data)


def carrying(text: bytes, name: str = "a.pdf", declared: str = "application/pdf") -> bytes:
    """The composed revocation, which has no attachment, with one whose content is `text` as it stands."""
    head, _, _ = composed("edoc_1_revoke").partition(b"      <edXML:edXMLManifest")
    shown = name.replace("&", "&amp;").replace("<", "&lt;")
    return (
        head
        + (
            f'      <edXML:edXMLManifest version="1.0"><edXML:Reference><edXML:ContentId>cid:{UUID}</edXML:ContentId>'
            f"<edXML:ContentType>{declared}</edXML:ContentType><edXML:AttachmentName>{shown}</edXML:AttachmentName>"
            "</edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope><AttachmentEncoded><Attachment>"
            f"<ContentId>cid:{UUID}</ContentId><AttachmentName>{shown}</AttachmentName><ContentType>{declared}</ContentType>"
            f'<edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">'
        ).encode()
        + text
        + b"</edXML:ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>"
    )


def carrying_file(name: str, data: bytes, declared: str = "application/pdf") -> bytes:
    return carrying(base64.b64encode(data), name, declared)
