"""What every store of frozen bytes promises, and what it says when it cannot."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

DIGEST = re.compile(r"[0-9a-f]{64}")
ASIDE = ".altered"
"""Below the root: what no longer was what it is named after, kept for inquiry."""


class MissingBlob(LookupError):
    """The store has no bytes under this digest."""


class DamagedBlob(RuntimeError):
    """The stored bytes no longer have the digest they are stored under."""


class StoreUnavailable(RuntimeError):
    """The store could not be asked; its text says in Vietnamese which store, why, and what to do."""


class UnreadableBlob(RuntimeError):
    """The bytes are there but the disk does not give them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What really lies under a digest."""

    digest: str
    size: int


class BlobStore(Protocol):
    """Write-once storage addressed by content; `put` is idempotent, `read` checks what it returns."""

    def put(self, data: bytes) -> str: ...

    def read(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...

    def probe(self) -> int | None:
        """Write a small file, read it back, remove it; the free bytes where the store knows them."""

    def names(self, *, after: str, limit: int) -> list[str]:
        """Up to `limit` digests that are stored, in their order, behind `after` (empty: from the first)."""

    def measure(self, sha256: str) -> Measured:
        """Read what lies under the digest now, whatever it is. Raises: MissingBlob, UnreadableBlob."""

    def set_aside(self, sha256: str) -> str:
        """Keep what lies under the digest in a place of its own, before it is replaced; the place's name."""

    def restore(self, sha256: str, data: bytes) -> None:
        """Put the right bytes in the place of wrong or lost ones, whole or not at all. Raises: DamagedBlob."""

    def remove(self, sha256: str) -> None:
        """Forget the bytes; nothing happens where there are none. Only the axis' own store ever does so."""

    def sweep_leftovers(self, *, before: datetime) -> int:
        """Remove what writers that were killed left half-written before the instant; how many."""


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def measured(parts: Iterable[bytes]) -> Measured:
    """Digest and size of bytes that come in parts."""
    digest, size = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        size += len(part)
    return Measured(digest.hexdigest(), size)


def aside_name(sha256: str, found: str) -> str:
    """Where altered bytes are kept: what they should have been, and what they were."""
    return f"{ASIDE}/{sha256}-{found[:16] or 'unreadable'}"


def verified(data: bytes, sha256: str) -> bytes:
    """The data, if they are what the digest names."""
    if sha256_of(data) != sha256:
        raise DamagedBlob(sha256)
    return data


def name_of(sha256: str) -> str:
    """A blob's place below the root: the same in every store, so that one can be copied into another as it is."""
    if not DIGEST.fullmatch(sha256):
        raise MissingBlob(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
