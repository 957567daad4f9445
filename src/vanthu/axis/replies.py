"""What goes back to a caller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

JSON_TYPE = "application/json; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: one piece of bytes, or pieces of `size` bytes together."""

    body: bytes | Iterator[bytes]
    size: int
    content_type: str = JSON_TYPE
    http_status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()


def said(body: bytes, http_status: int = 200) -> Reply:
    return Reply(body, len(body), http_status=http_status)
