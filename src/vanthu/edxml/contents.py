"""The content of one attachment on its way: decoded, unwrapped when it was wrapped, measured, hashed, written on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from vanthu.edxml.base64_text import Base64Decoder
from vanthu.edxml.digests import Digests
from vanthu.edxml.file_names import HEAD_BYTES, is_mangled, is_type_wrong, is_wrapping, media_type
from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Packing, Unreadable
from vanthu.edxml.unzipping import LOCAL, LocalHeader, OneEntry


@dataclass(frozen=True, slots=True)
class AttachmentHead:
    """What is known of an attachment before its content comes: the name is cleaned, the type is what was declared."""

    content_id: str
    name: str
    declared_type: str
    position: int


@dataclass(frozen=True, slots=True)
class Received:
    """A content that has come whole. `zipped`: it was wrapped in a ZIP, `packing` says how."""

    media_type: str
    size: int
    sha256: str
    zipped: bool
    packing: Packing | None
    has_breaks: bool
    is_mangled: bool
    is_type_wrong: bool


class ContentReceiver:
    """Takes base64 text. After `finish`, `received` holds the outcome."""

    def __init__(self, head: AttachmentHead, out: BinaryIO | None, digests: Digests, limits: Limits) -> None:
        self.head = head
        self.received: Received | None = None
        self._out, self._digests, self._limits = out, digests, limits
        self._decoder = Base64Decoder()
        self._digest = digests.new()
        self._size = self._came = 0
        self._first = b""
        self._waiting = b""
        self._entry: OneEntry | None = None
        self._is_decided = False

    @property
    def missing(self) -> int:
        return self._decoder.missing

    def write(self, text: bytes) -> None:
        """Raises `Unreadable`."""
        data = self._decoder.feed(text)
        if data:
            self._came += len(data)
            if self._came > self._limits.file_bytes:
                raise Unreadable("too-large", self.head.name)
            self._take(data)

    def finish(self) -> None:
        """Raises `Unreadable`."""
        self._decoder.finish()
        if not self._is_decided:
            self._pass(self._waiting)
        packing = self._entry.finish() if self._entry is not None else None
        found = media_type(self._first, self.head.name)
        declared = self.head.declared_type
        self.received = Received(
            media_type=found,
            size=self._size,
            sha256=self._digests.hexdigest(self._digest),
            zipped=packing is not None,
            packing=packing,
            has_breaks=self._decoder.has_breaks,
            is_mangled=is_mangled(self._first),
            is_type_wrong=is_type_wrong(declared, found, was_zip=packing is not None),
        )

    def _take(self, data: bytes) -> None:
        if self._entry is not None:
            self._entry.write(data)
        elif self._is_decided:
            self._pass(data)
        else:
            self._waiting += data
            self._decide()

    def _decide(self) -> None:
        """Wrapped or not: the first bytes say, and of a ZIP the name of its first entry."""
        data = self._waiting
        if data[:4] != LOCAL[: len(data[:4])]:
            self._is_decided = True
            self._pass(data)
            return
        header = LocalHeader.parse(data)
        if header is None:
            return
        self._is_decided = True
        self._waiting = b""
        if is_wrapping(self.head.name, header.name):
            self._entry = OneEntry(header, self._pass, self._limits)
            self._entry.write(data[header.length :])
        else:
            self._pass(data)

    def _pass(self, data: bytes) -> None:
        if len(self._first) < HEAD_BYTES:
            self._first += data[: HEAD_BYTES - len(self._first)]
        self._size += len(data)
        self._digests.update(self._digest, data)
        if self._out is not None:
            self._out.write(data)
