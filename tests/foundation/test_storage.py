"""Blobs: written once, whole or not at all, and never returned damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from vanthu.foundation.storage import DamagedBlob, FileBlobs, MissingBlob, blobs, cache_blobs, sha256_of

DATA = b"%PDF-1.7 noi dung"


@pytest.fixture
def store(tmp_path: Path) -> FileBlobs:
    return FileBlobs(tmp_path)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_is_read_back_under_its_digest(store: FileBlobs) -> None:
    digest = store.put(DATA)
    assert digest == sha256_of(DATA)
    assert store.read(digest) == DATA
    assert store.has(digest)


def test_putting_twice_keeps_one_file_and_does_not_touch_it(store: FileBlobs, tmp_path: Path) -> None:
    store.put(DATA)
    (file,) = files_below(tmp_path)
    written = file.stat().st_mtime_ns
    store.put(DATA)
    assert files_below(tmp_path) == [file]
    assert file.stat().st_mtime_ns == written


def test_the_empty_blob_is_a_blob(store: FileBlobs) -> None:
    assert store.read(store.put(b"")) == b""


def test_a_damaged_blob_is_never_returned(store: FileBlobs, tmp_path: Path) -> None:
    digest = store.put(DATA)
    (file,) = files_below(tmp_path)
    file.write_bytes(DATA[:-1] + b"X")
    with pytest.raises(DamagedBlob, match=digest):
        store.read(digest)


def test_a_truncated_blob_is_never_returned(store: FileBlobs, tmp_path: Path) -> None:
    digest = store.put(DATA)
    (file,) = files_below(tmp_path)
    file.write_bytes(b"")
    with pytest.raises(DamagedBlob):
        store.read(digest)


def test_what_was_never_put_is_missing(store: FileBlobs) -> None:
    assert not store.has("0" * 64)
    with pytest.raises(MissingBlob):
        store.read("0" * 64)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        "/etc/passwd",
        "../" * 20 + "etcd",
        "a" * 63,
        "a" * 65,
        "." * 64,
        "a/" * 32,
        "\0" * 64,
    ],
)
def test_a_name_that_is_no_digest_reaches_no_file(store: FileBlobs, name: str) -> None:
    with pytest.raises(MissingBlob):
        store.read(name)
    with pytest.raises(MissingBlob):
        store.has(name)


def test_a_failed_write_leaves_no_blob_and_no_rest(
    store: FileBlobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vanthu.foundation.storage.os.fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        store.put(DATA)
    assert files_below(tmp_path) == []


def test_the_installation_has_one_store_and_a_cache_that_may_be_emptied() -> None:
    digest = blobs().put(DATA)
    assert blobs().read(digest) == DATA
    assert cache_blobs().is_dir()
