"""The Merkle tree of RFC 6962: roots, inclusion and consistency, over any source of complete subtrees' hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Node = Callable[[int, int], bytes]
"""(level, index) → the hash of the complete subtree over leaves [index·2^level, (index+1)·2^level)."""

EMPTY = hashlib.sha256(b"").digest()
WIDTH = 32
"""Bytes of one hash."""


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 2.1: the prefix keeps a leaf from passing for a node."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over 2^n neighbours."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def split(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def span(node: Node, first: int, end: int) -> bytes:
    """The hash over the leaves [first, end), as it stands in a tree whose splits fall on these borders."""
    size = end - first
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, first >> level)
    middle = first + split(size)
    return node_hash(span(node, first, middle), span(node, middle, end))


def root_at(node: Node, size: int) -> bytes:
    """The root that the tree had, or has, with `size` leaves."""
    return span(node, 0, size) if size else EMPTY


def inclusion_path(node: Node, index: int, size: int) -> tuple[bytes, ...]:
    """PATH(index, D[size]): the neighbours from the leaf up to the root."""
    path: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            path.append(span(node, middle, end))
            end = middle
        else:
            path.append(span(node, first, middle))
            first = middle
    return tuple(reversed(path))


def consistency_path(node: Node, old: int, new: int) -> tuple[bytes, ...]:
    """PROOF(old, D[new]): empty when the sizes are equal or the old tree was empty."""
    path: list[bytes] = []
    if old in {0, new}:
        return ()
    first, end, whole = 0, new, True
    while old != end:
        middle = first + split(end - first)
        if old <= middle:
            path.append(span(node, middle, end))
            end = middle
        else:
            path.append(span(node, first, middle))
            first, whole = middle, False
    if not whole:
        path.append(span(node, first, end))
    return tuple(reversed(path))


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that leaf and path lead to; None when the path has another length than the place demands."""
    if not 0 <= index < size:
        return None
    place, last, current = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            current = node_hash(neighbour, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node_hash(current, neighbour)
        place, last = place >> 1, last >> 1
    return current if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162 2.1.4.2)."""
    if old in {0, new}:
        return not path and old_root == (new_root if old else EMPTY)
    if not path or not 0 < old < new:
        return False
    is_power = old & (old - 1) == 0
    return _roots_of(old, new, [old_root, *path] if is_power else list(path)) == (old_root, new_root)


def _roots_of(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that the path leads to; None when it has another length than the sizes demand."""
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = path[0]
    for neighbour in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            before, after = node_hash(neighbour, before), node_hash(neighbour, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, neighbour)
        place, last = place >> 1, last >> 1
    return (before, after) if last == 0 else None
