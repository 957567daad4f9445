"""Frozen bytes, stored once under their SHA-256; nobody else sees a file path."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings


class MissingBlob(LookupError):
    """The store has no bytes under this digest."""


class DamagedBlob(RuntimeError):
    """The stored bytes no longer have the digest they are stored under."""


class BlobStore(Protocol):
    """Write-once storage addressed by content; `put` is idempotent, `read` checks what it returns."""

    def put(self, data: bytes) -> str: ...

    def read(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class FileBlobs:
    """Blobs as files in a two-level fan-out; a blob appears whole or not at all, also after a power cut."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        digest = sha256_of(data)
        target = self._path(digest)
        if target.exists():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
        return digest

    def read(self, sha256: str) -> bytes:
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise MissingBlob(sha256) from None
        if sha256_of(data) != sha256:
            raise DamagedBlob(sha256)
        return data

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise MissingBlob(sha256)
        return self._root / sha256[:2] / sha256[2:4] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=8)
def _store_at(root: str) -> FileBlobs:
    return FileBlobs(Path(root))


def blobs() -> BlobStore:
    """The installation's store of document bytes."""
    return _store_at(str(settings.VANTHU_BLOBS))


def cache_blobs() -> Path:
    """The folder for things that can be made again (page images); may be emptied at any time."""
    folder = Path(settings.VANTHU_CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
