"""The store of an office: files in a folder of the installation."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from vanthu.foundation.storage.contract import (
    DIGEST,
    Measured,
    MissingBlob,
    UnreadableBlob,
    aside_name,
    measured,
    name_of,
    sha256_of,
    verified,
)

PART = 1 << 20
LEFTOVERS = (".new-", ".probe-")


class FileBlobs:
    """Blobs as files in a two-level fan-out; a blob appears whole or not at all, also after a power cut."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        digest = sha256_of(data)
        target = self._path(digest)
        if target.exists():
            return digest
        self._write(target, data)
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

    def names(self, *, after: str, limit: int) -> list[str]:
        found: list[str] = []
        for folder in self._folders(after):
            found += sorted(
                name for name in os.listdir(folder) if name > after and DIGEST.fullmatch(name) is not None
            )
            if len(found) >= limit:
                break
        return found[:limit]

    def measure(self, sha256: str) -> Measured:
        try:
            with self._path(sha256).open("rb") as file:
                return measured(iter(lambda: file.read(PART), b""))
        except FileNotFoundError:
            raise MissingBlob(sha256) from None
        except OSError as error:
            raise UnreadableBlob(f"{sha256}: {error.strerror}") from error

    def set_aside(self, sha256: str) -> str:
        target = self._path(sha256)
        try:
            found = self.measure(sha256).digest
        except UnreadableBlob:
            found = ""
        name = aside_name(sha256, found)
        place = self._root / name
        place.parent.mkdir(exist_ok=True)
        _name_twice(target, place)
        _sync_folder(place.parent)
        return name

    def restore(self, sha256: str, data: bytes) -> None:
        self._write(self._path(sha256), verified(data, sha256))

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def sweep_leftovers(self, *, before: datetime) -> int:
        count = 0
        for folder in (self._root, *self._folders("")):
            if not folder.is_dir():
                continue
            for entry in list(os.scandir(folder)):
                with suppress(FileNotFoundError):  # its writer ended meanwhile
                    if entry.name.startswith(LEFTOVERS) and entry.stat().st_mtime < before.timestamp():
                        Path(entry.path).unlink()
                        count += 1
        return count

    def _folders(self, after: str) -> Iterator[Path]:
        """The folders that may hold digests behind `after`, in their order."""
        for first in _folders_in(self._root):
            if first.name >= after[:2]:
                yield from (second for second in _folders_in(first) if first.name + second.name >= after[:4])

    def _write(self, target: Path, data: bytes) -> None:
        """Whole or not at all, in the place of what was there, also after a power cut."""
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

    def _path(self, sha256: str) -> Path:
        return self._root / name_of(sha256)


def _folders_in(folder: Path) -> list[Path]:
    """The fan-out folders in their order; none where there is no store yet."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return []
    return sorted(Path(entry.path) for entry in entries if len(entry.name) == 2 and entry.is_dir())


def _name_twice(target: Path, place: Path) -> None:
    """The same file under a second name: it stays as it is on the disk, readable or not."""
    try:
        os.link(target, place)
    except FileExistsError:
        pass  # an earlier try came so far
    except OSError:
        shutil.copyfile(target, place)  # a file system that knows no second names


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
