"""The store of an office: files in a folder of the installation."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from vanthu.foundation.storage.contract import MissingBlob, name_of, sha256_of, verified


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
        return verified(data, sha256)

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def probe(self) -> int:
        self._root.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._root, prefix=".probe-") as file:
            file.write(b"vanthu")
            file.flush()
        return shutil.disk_usage(self._root).free

    def _path(self, sha256: str) -> Path:
        return self._root / name_of(sha256)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
