"""What both stores must keep; a test module adds how its store is made and how its bytes are harmed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from vanthu.foundation.storage import BlobStore, DamagedBlob, MissingBlob, sha256_of

Harm = Callable[[str, bytes], None]
NOBODY = sha256_of(b"nobody wrote this")


class StorageContract:
    """Collected where it is inherited; the fixtures `store` and `harm` belong to the heir."""

    def test_what_was_put_is_read_again(self, store: BlobStore) -> None:
        data = "Quyết định số 01/QĐ-ABC".encode() + bytes(range(256)) * 500
        digest = store.put(data)
        assert digest == sha256_of(data)
        assert store.has(digest)
        assert store.read(digest) == data

    def test_nothing_at_all_can_be_stored(self, store: BlobStore) -> None:
        assert store.read(store.put(b"")) == b""

    def test_the_same_bytes_are_stored_once(self, store: BlobStore) -> None:
        assert store.put(b"twice") == store.put(b"twice")
        assert store.read(sha256_of(b"twice")) == b"twice"

    def test_unknown_bytes_are_missing(self, store: BlobStore) -> None:
        assert not store.has(NOBODY)
        with pytest.raises(MissingBlob):
            store.read(NOBODY)

    @pytest.mark.parametrize("wrong", ["", "abc", "../../secret.key", NOBODY.upper(), NOBODY + "0", "/" * 64])
    def test_what_is_no_digest_reaches_no_file(self, store: BlobStore, wrong: str) -> None:
        with pytest.raises(MissingBlob):
            store.read(wrong)
        with pytest.raises(MissingBlob):
            store.has(wrong)

    @pytest.mark.parametrize("harmed", [b"", b"signed by B", b"signed by A\n", b"signed by"])
    def test_changed_bytes_are_never_handed_out(self, store: BlobStore, harm: Harm, harmed: bytes) -> None:
        digest = store.put(b"signed by A")
        harm(digest, harmed)
        with pytest.raises(DamagedBlob):
            store.read(digest)

    def test_writers_of_the_same_bytes_at_the_same_moment_all_succeed(self, store: BlobStore) -> None:
        data, start = b"one circular for all communes" * 10_000, Barrier(8)

        def write(_: int) -> str:
            start.wait()
            return store.put(data)

        with ThreadPoolExecutor(8) as writers:
            assert set(writers.map(write, range(8))) == {sha256_of(data)}
        assert store.read(sha256_of(data)) == data

    def test_the_probe_finds_it_writable(self, store: BlobStore) -> None:
        room = store.probe()
        assert room is None or room > 0
