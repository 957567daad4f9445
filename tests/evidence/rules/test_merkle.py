"""The tree against the plain definition of RFC 6962, and the known answers of its reference implementation."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vanthu.evidence.rules.merkle import (
    EMPTY,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    root_at,
    root_from_inclusion,
    split,
)
from vanthu.evidence.rules.notes import BadNote, Head, public_of, read_head, read_note, sign_note
from vanthu.evidence.rules.thinning import MOST, chosen_sizes, place_of
from vanthu.evidence.rules.tiles import FULL, Growth, Tiles

# The leaves and roots that certificate-transparency implementations test themselves with (public test vectors).
LEAVES = [
    bytes.fromhex(item)
    for item in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 2.1, as it is written there."""
    if not hashes:
        return EMPTY
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return node_hash(plain_root(hashes[:middle]), plain_root(hashes[middle:]))


class Store:
    """Tiles in memory, grown in steps."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.leaves: list[bytes] = []

    def load(self, level: int, index: int) -> bytes:
        return self.tiles.get((level, index), b"")

    def grow(self, count: int) -> bytes:
        growth = Growth(len(self.leaves), self.load)
        for _ in range(count):
            leaf = leaf_hash(b"%d" % len(self.leaves))
            self.leaves.append(leaf)
            growth.add(leaf)
        root = growth.root()
        self.tiles |= {key: bytes(tile) for key, tile in growth.changed.items()}
        return root

    def node(self, level: int, index: int) -> bytes:
        return Tiles(self.load).node(level, index)


@pytest.mark.parametrize("size", sorted(ROOTS))
def test_known_leaves_have_their_known_roots(size: int) -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert plain_root(hashes).hex() == ROOTS[size]
    store = Store()
    growth = Growth(0, store.load)
    for item in hashes:
        growth.add(item)
    assert growth.root().hex() == ROOTS[size]


def test_a_tree_grown_in_uneven_steps_has_the_plain_root_at_every_step() -> None:
    chance, store = random.Random(6962), Store()
    for _ in range(40):
        root = store.grow(chance.choice([1, 2, 7, FULL - 1, FULL, FULL + 1]))
        assert root == plain_root(store.leaves)


def test_every_leaf_is_proved_in_every_small_tree() -> None:
    store = Store()
    store.grow(40)
    for size in range(1, 41):
        root = root_at(store.node, size)
        assert root == plain_root(store.leaves[:size])
        for index in range(size):
            path = inclusion_path(store.node, index, size)
            assert root_from_inclusion(store.leaves[index], index, size, path) == root
            assert not path or root_from_inclusion(store.leaves[index], index, size, path[:-1]) != root
            assert root_from_inclusion(store.leaves[index], index, size, [*path, root]) != root
            assert root_from_inclusion(store.leaves[index], size, size, path) is None


def test_every_two_small_trees_are_consistent_and_no_other_root_is() -> None:
    store = Store()
    store.grow(33)
    for new in range(1, 34):
        new_root = root_at(store.node, new)
        for old in range(new + 1):
            old_root, path = root_at(store.node, old), consistency_path(store.node, old, new)
            assert is_consistent(old, new, old_root, new_root, path)
            assert not is_consistent(old, new, new_root[::-1], new_root, path)
            assert not is_consistent(old, new, old_root, new_root[::-1], path) or old == 0
            assert not is_consistent(old, new, old_root, new_root, [*path, EMPTY])
            assert not is_consistent(new + 1, new, old_root, new_root, path)


def test_a_proof_in_a_large_tree_reads_few_tiles() -> None:
    store = Store()
    store.grow(70_000)
    read: set[tuple[int, int]] = set()

    def load(level: int, index: int) -> bytes:
        read.add((level, index))
        return store.load(level, index)

    inclusion_path(Tiles(load).node, 12_345, 70_000)
    assert len(read) <= 6
    read.clear()
    growth = Growth(70_000, load)
    growth.add(leaf_hash(b"one more"))
    growth.root()
    assert len(growth.changed) == 1
    assert len(read) <= 3


HEAD = Head("vanthu-log-test", 42, b"\x07" * 32, datetime(2026, 11, 20, 2, tzinfo=UTC))


def test_a_signed_head_reads_back_and_only_its_own_spelling_does() -> None:
    key = Ed25519PrivateKey.generate()
    note = sign_note(HEAD.origin, HEAD.lines(), key)
    read = read_note(note)
    assert read.is_signed_by(public_of(key))
    assert not read.is_signed_by(public_of(Ed25519PrivateKey.generate()))
    assert read_head(read) == HEAD
    for wrong in (
        note + "\n",
        note[1:],
        note.replace("\n42\n", "\n042\n"),
        note.replace("— ", "- "),
        note.replace("time 2026-11-20", "time 2026-13-20"),
        note.replace("time ", "Time "),
        "",
    ):
        with pytest.raises(BadNote):
            read_head(read_note(wrong))


def test_a_proof_carries_the_first_heads_and_the_newest_but_not_too_many() -> None:
    assert chosen_sizes([5, 3, 5], 9) == (3, 5, 9)
    many = chosen_sizes(range(1, 100), 500)
    assert (len(many), many[0], many[-1]) == (MOST, 1, 500)
    assert [place_of(index, (3, 5, 9)) for index in (0, 2, 3, 4, 5, 8)] == [0, 0, 1, 1, 2, 2]
