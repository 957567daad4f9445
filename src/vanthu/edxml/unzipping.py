"""Inflating the single entry of a ZIP while it comes; the name of the entry is shown to nobody and is never a path."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from vanthu.edxml.limits import Limits
from vanthu.edxml.message import Packing, Unreadable

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"

_LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL_HEADER = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END_RECORD = struct.Struct("<4sHHHHIIH")
_STEP = 256 * 1024
_HONEST_BYTES = (
    10 * 1024 * 1024
)  # below this a high ratio harms nobody: an empty page that was scanned has one
_LONGEST_TAIL = 256 * 1024
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_BEHIND = 0x1, 0x8
_DESCRIPTORS = (0, 12, 16, 20, 24)  # data descriptors in their four shapes, with and without their mark
_UNKNOWN_SIZE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class LocalHeader:
    """What stands before the content of an entry; `length` is that of the header in bytes."""

    name: str
    flags: int
    method: int
    time: int
    date: int
    packed: int
    length: int

    @classmethod
    def parse(cls, data: bytes) -> LocalHeader | None:
        """The header at the start of `data`; None while it is not complete."""
        if len(data) < _LOCAL_HEADER.size:
            return None
        _, _, flags, method, time, date, _, packed, _, name_size, extra = _LOCAL_HEADER.unpack_from(data)
        length = _LOCAL_HEADER.size + name_size + extra
        if len(data) < length:
            return None
        raw = data[_LOCAL_HEADER.size : _LOCAL_HEADER.size + name_size]
        return cls(_text(raw, flags), flags, method, time, date, packed, length)


def _text(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & 0x800 else "cp437", "replace")


class OneEntry:
    """Takes the bytes of a ZIP behind its local header, gives the entry's content to `out`."""

    def __init__(self, header: LocalHeader, out: Callable[[bytes], None], limits: Limits) -> None:
        self.size = 0
        self._header, self._out, self._limits = header, out, limits
        self._crc = self._packed = 0
        self._tail = b""
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self._is_over = False
        _check_header(header)

    def write(self, data: bytes) -> None:
        """Raises `Unreadable`."""
        if self._is_over:
            self._keep_tail(data)
        elif self._header.method == _STORED:
            self._store(data)
        else:
            self._inflate(data)

    def finish(self) -> Packing:
        """The directory must name this entry and no other. Raises `Unreadable`."""
        if not self._is_over and self._header.method == _STORED and self._header.packed == 0:
            self._is_over = True
        if not self._is_over:
            raise _wrong("cut short")
        return self._read_directory()

    def _store(self, data: bytes) -> None:
        own = data[: self._header.packed - self._packed]
        self._packed += len(own)
        self._give(own)
        if self._packed == self._header.packed:
            self._is_over = True
            self._keep_tail(data[len(own) :])

    def _inflate(self, data: bytes) -> None:
        self._packed += len(data)
        while data and not self._inflater.eof:
            try:
                piece = self._inflater.decompress(data, _STEP)
            except zlib.error as error:
                raise _wrong("not deflated") from error
            data = self._inflater.unconsumed_tail
            self._give(piece)
        if self._inflater.eof:
            self._is_over = True
            self._packed -= len(self._inflater.unused_data)
            self._keep_tail(self._inflater.unused_data)

    def _give(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self._limits.file_bytes:
            raise Unreadable("too-large", "unzipped attachment")
        if self.size > max(_HONEST_BYTES, self._limits.zip_ratio * self._packed):
            raise Unreadable("bomb", "zip ratio")
        self._crc = zlib.crc32(piece, self._crc)
        self._out(piece)

    def _keep_tail(self, data: bytes) -> None:
        self._tail += data
        if len(self._tail) > _LONGEST_TAIL:
            raise _wrong("more than one entry")

    def _read_directory(self) -> Packing:
        if self._tail.startswith(LOCAL):
            raise _wrong("more than one entry")
        for start in _DESCRIPTORS:
            if self._tail[start : start + 4] == CENTRAL:
                return self._read_central(self._tail[start:])
        if LOCAL in self._tail:
            raise _wrong("more than one entry")
        raise _wrong("no directory")

    def _read_central(self, tail: bytes) -> Packing:
        try:
            fields = _CENTRAL_HEADER.unpack_from(tail)
        except struct.error as error:
            raise _wrong("cut short") from error
        _, made_by, _, flags, _, _, _, crc, _, size, name_size, extra, comment, _, _, attributes, _ = fields
        name = _text(tail[_CENTRAL_HEADER.size : _CENTRAL_HEADER.size + name_size], flags)
        rest = tail[_CENTRAL_HEADER.size + name_size + extra + comment :]
        if name != self._header.name:
            raise _wrong("two names for one entry")
        if crc != self._crc or size not in {self.size & 0xFFFFFFFF, _UNKNOWN_SIZE}:
            raise _wrong("checksum")
        _check_end(rest)
        return Packing(name, self._header.time, self._header.date, made_by, attributes)


def _check_header(header: LocalHeader) -> None:
    if header.flags & _ENCRYPTED:
        raise _wrong("encrypted")
    if header.method not in {_STORED, _DEFLATED}:
        raise _wrong("unknown compression")
    if header.method == _STORED and (header.flags & _SIZES_BEHIND or header.packed == _UNKNOWN_SIZE):
        raise _wrong("stored without its size")
    parts = header.name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0] or "\0" in header.name:
        raise _wrong("the entry's name leaves its folder")
    if not parts[-1]:
        raise _wrong("a folder, not a file")


def _check_end(rest: bytes) -> None:
    if rest.startswith(CENTRAL):
        raise _wrong("more than one entry")
    at = rest.find(END)
    if at < 0 or len(rest) < at + _END_RECORD.size:
        raise _wrong("no end of the directory")
    entries = _END_RECORD.unpack_from(rest, at)[4]
    if entries not in {1, 0xFFFF}:
        raise _wrong("more than one entry")


def _wrong(what: str) -> Unreadable:
    return Unreadable("attachment-zip", what)
