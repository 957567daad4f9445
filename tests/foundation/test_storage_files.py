"""The store of an office: files in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.foundation.storage_contract import Harm, StorageContract
from vanthu.foundation.storage import FileBlobs, sha256_of


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
