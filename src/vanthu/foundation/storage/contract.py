"""What every store of frozen bytes promises, and what it says when it cannot."""

from __future__ import annotations

import hashlib
import re
from typing import Protocol

DIGEST = re.compile(r"[0-9a-f]{64}")


class MissingBlob(LookupError):
    """The store has no bytes under this digest."""


class DamagedBlob(RuntimeError):
    """The stored bytes no longer have the digest they are stored under."""


class StoreUnavailable(RuntimeError):
    """The store could not be asked; its text says in Vietnamese which store, why, and what to do."""


class BlobStore(Protocol):
    """Write-once storage addressed by content; `put` is idempotent, `read` checks what it returns."""

    def put(self, data: bytes) -> str: ...

    def read(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...

    def probe(self) -> int | None:
        """Write a small file, read it back, remove it; the free bytes where the store knows them."""


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
