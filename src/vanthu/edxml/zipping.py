"""A file wrapped in a ZIP with one entry, as the official writer wraps what is no PDF and no Word file."""

from __future__ import annotations

import re
import struct
import uuid
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from vanthu.edxml.message import Packing

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _DEFLATED, _UTF8 = 20, 8, 0x800
_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 256 * 1024
_IDENTITIES = uuid.UUID("6f0a6c1e-6f6b-5c2e-9a53-0d1c7a0e2c11")  # namespace for content ids that are no UUID
_SAFE_ENDING = re.compile(r"[0-9A-Za-z]{1,12}")


def packing_for(content_id: str, ending: str) -> Packing:
    """`<uuid>.<ext>` from the content's id, with a fixed date: the same file gives the same ZIP."""
    try:
        identity = uuid.UUID(content_id)
    except ValueError:
        identity = uuid.uuid5(_IDENTITIES, content_id)
    return Packing(f"{identity}.{ending}" if _SAFE_ENDING.fullmatch(ending) else str(identity))


def zipped(content: Iterator[bytes], packing: Packing) -> Iterator[bytes]:
    """The bytes of the ZIP; compressed content beyond 8 MiB waits in a temporary file."""
    name = packing.entry_name.encode()
    flags = 0 if packing.entry_name.isascii() else _UTF8
    deflater = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    crc = size = 0
    with SpooledTemporaryFile(_IN_MEMORY) as kept:
        for chunk in content:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            kept.write(deflater.compress(chunk))
        kept.write(deflater.flush())
        packed = kept.tell()
        shape = (flags, _DEFLATED, packing.time, packing.date, crc, packed, size, len(name), 0)
        yield _LOCAL.pack(b"PK\x03\x04", _VERSION, *shape) + name
        kept.seek(0)
        yield from chunks(kept)  # type: ignore[arg-type]  # a binary file in all but its type
    central = _CENTRAL.pack(b"PK\x01\x02", packing.made_by, _VERSION, *shape, 0, 0, 0, packing.attributes, 0)
    start = _LOCAL.size + len(name) + packed
    yield central + name + _END.pack(b"PK\x05\x06", 0, 0, 1, 1, len(central) + len(name), start, 0)


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """What the stream still holds, in pieces."""
    while chunk := stream.read(_CHUNK):
        yield chunk
