"""Which events make a document final, and how its record begins."""

from __future__ import annotations

from collections.abc import Iterable

FINAL_VERBS = frozenset({"registry.outgoing.issue", "registry.incoming.take"})
"""From these acts on the files of a document never change: it was issued, or it has arrived."""

AT_ONCE = 16_384
"""Documents under one time stamp: fourteen hashes each, and a batch fits into memory."""


def hashes_of_group(files: Iterable[str], event_digest: str) -> tuple[bytes, ...]:
    """The data objects of one document: each file, and the text of the event; sorted, each once (RFC 4998 4.2)."""
    return tuple(sorted({bytes.fromhex(item) for item in (*files, event_digest)}))


def split_hashes(joined: bytes, width: int) -> tuple[bytes, ...]:
    return tuple(joined[at : at + width] for at in range(0, len(joined), width))


WIDTHS = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of a digest."""
