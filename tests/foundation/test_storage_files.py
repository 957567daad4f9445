"""The store of an office: files in a folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.foundation.storage_contract import Harm, Kept, StorageContract
from vanthu.foundation.storage import FileBlobs, MissingBlob, UnreadableBlob, sha256_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


@pytest.fixture
def store(root: Path) -> FileBlobs:
    return FileBlobs(root)


@pytest.fixture
def harm(root: Path) -> Harm:
    def write(sha256: str, data: bytes) -> None:
        (root / sha256[:2] / sha256[2:4] / sha256).write_bytes(data)

    return write


@pytest.fixture
def kept(root: Path) -> Kept:
    return lambda place: (root / place).read_bytes()


class TestFiles(StorageContract):
    """The contract, on a folder."""


def files_in(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file()]


def test_only_whole_files_lie_in_the_folder(store: FileBlobs, root: Path) -> None:
    store.put(b"whole")
    store.probe()
    assert files_in(root) == [sha256_of(b"whole")]


def test_a_write_that_breaks_off_leaves_nothing_behind(
    store: FileBlobs, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", no_room)
    with pytest.raises(OSError, match="no space"):
        store.put(b"too much")
    assert files_in(root) == []
    assert not store.has(sha256_of(b"too much"))


def test_the_probe_names_a_folder_that_cannot_be_written(root: Path, store: FileBlobs) -> None:
    root.write_text("a file stands where the folder should be")
    with pytest.raises(OSError, match="blobs"):
        store.probe()


def test_an_empty_store_has_no_names(store: FileBlobs) -> None:
    assert store.names(after="", limit=5) == []
    assert store.sweep_leftovers(before=datetime.now(UTC)) == 0


def test_half_written_files_go_when_they_are_old(store: FileBlobs, root: Path) -> None:
    digest = store.put(b"whole")
    folder = root / digest[:2] / digest[2:4]
    old, young = folder / ".new-killed", folder / ".new-writing"
    for file in (old, young, root / ".probe-killed"):
        file.write_bytes(b"half")
    now = datetime.now(UTC)
    for file in (old, root / ".probe-killed", folder / digest):
        os.utime(file, (now.timestamp() - 90_000, now.timestamp() - 90_000))
    assert store.sweep_leftovers(before=now - timedelta(hours=24)) == 2
    assert sorted(files_in(root)) == sorted([young.name, digest])


def test_what_the_disk_does_not_give_is_unreadable_not_missing(store: FileBlobs, root: Path) -> None:
    digest = store.put(b"on a bad sector")
    file = root / digest[:2] / digest[2:4] / digest
    file.unlink()
    file.mkdir()  # the nearest thing to a bad sector that a test can make: opening succeeds, reading does not
    with pytest.raises(UnreadableBlob, match=digest):
        store.measure(digest)
    with pytest.raises(MissingBlob):
        store.measure("0" * 64)
