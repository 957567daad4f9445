"""What both stores must keep; a test module adds how its store is made and how its bytes are harmed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from vanthu.foundation.storage import BlobStore, DamagedBlob, Measured, MissingBlob, sha256_of

Harm = Callable[[str, bytes], None]
Kept = Callable[[str], bytes]
"""Reads what the store keeps aside, by its place."""
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

    def test_removed_bytes_are_gone_and_can_be_stored_again(self, store: BlobStore) -> None:
        digest = store.put(b"for a month")
        for _each in range(2):
            store.remove(digest)
            assert not store.has(digest)
        assert store.read(store.put(b"for a month")) == b"for a month"

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

    def test_what_is_stored_is_listed_in_the_order_of_digests(self, store: BlobStore) -> None:
        digests = {store.put(f"văn bản {n}".encode()) for n in range(40)}
        listed: list[str] = []
        while page := store.names(after=listed[-1] if listed else "", limit=7):
            assert len(page) <= 7
            listed += page
        assert listed == sorted(listed)
        assert digests <= set(listed)

    def test_what_lies_under_a_digest_is_measured_whatever_it_is(self, store: BlobStore, harm: Harm) -> None:
        digest = store.put(b"as it was written")
        assert store.measure(digest) == Measured(digest, 17)
        harm(digest, b"as it was writteN")
        assert store.measure(digest) == Measured(sha256_of(b"as it was writteN"), 17)
        with pytest.raises(MissingBlob):
            store.measure(NOBODY)

    def test_altered_bytes_are_kept_aside_and_the_right_ones_put_in_their_place(
        self, store: BlobStore, harm: Harm, kept: Kept
    ) -> None:
        data = b"the right bytes"
        digest = store.put(data)
        harm(digest, b"the wrong bytes")
        place = store.set_aside(digest)
        assert store.set_aside(digest) == place, "a second try changes nothing"
        store.restore(digest, data)
        assert store.read(digest) == data
        assert kept(place) == b"the wrong bytes"
        assert all(len(name) == 64 for name in store.names(after="", limit=10_000))

    def test_lost_bytes_are_put_back(self, store: BlobStore) -> None:
        data = b"lost and found in the backup"
        store.restore(sha256_of(data), data)
        assert store.read(sha256_of(data)) == data

    def test_wrong_bytes_never_take_the_place_of_any(self, store: BlobStore) -> None:
        digest = store.put(b"true")
        with pytest.raises(DamagedBlob):
            store.restore(digest, b"false")
        assert store.read(digest) == b"true"
