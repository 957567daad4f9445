"""Frozen bytes, stored once under their SHA-256; nobody else sees a file path or a bucket."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vanthu.foundation.storage.contract import (
    BlobStore,
    DamagedBlob,
    Measured,
    MissingBlob,
    StoreUnavailable,
    UnreadableBlob,
    sha256_of,
)
from vanthu.foundation.storage.files import FileBlobs

__all__ = [
    "BlobStore",
    "DamagedBlob",
    "FileBlobs",
    "Measured",
    "MissingBlob",
    "StoreUnavailable",
    "UnreadableBlob",
    "axis_blobs",
    "backup_blobs",
    "blobs",
    "cache_blobs",
    "sha256_of",
]


def blobs() -> BlobStore:
    """The installation's store of document bytes."""
    # The process belongs to the key: a forked child must not speak on its parent's connections.
    return _store_at("VANTHU_BLOBS", str(settings.VANTHU_BLOBS), os.getpid())


def backup_blobs() -> BlobStore | None:
    """The second copy of the same layout from which lost or altered bytes are restored; None: there is none."""
    location = str(settings.VANTHU_BACKUP_BLOBS)
    return _store_at("VANTHU_BACKUP_BLOBS", location, os.getpid()) if location else None


def axis_blobs() -> BlobStore:
    """Where the city axis keeps large messages until they are forgotten; apart from documents, which nobody forgets."""
    return _store_at("VANTHU_AXIS_BLOBS", str(settings.VANTHU_AXIS_BLOBS), os.getpid())


@lru_cache(maxsize=8)
def _store_at(setting: str, location: str, _process: int) -> BlobStore:
    if "://" not in location:
        return FileBlobs(Path(location))
    # Only an installation with such a store has the packages for it (requirements/s3.txt).
    try:
        from vanthu.foundation.storage.s3 import S3Address, S3Blobs
    except ModuleNotFoundError as error:
        raise ValueError(f"{setting}: thiếu gói {error.name}, cài requirements/s3.txt") from error
    key, secret = getattr(settings, f"{setting}_KEY"), getattr(settings, f"{setting}_SECRET")
    return S3Blobs(S3Address.parse(location, setting=setting), key=key, secret=secret, setting=setting)


def cache_blobs() -> Path:
    """The folder for things that can be made again (page images); may be emptied at any time."""
    folder = Path(settings.VANTHU_CACHE)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
