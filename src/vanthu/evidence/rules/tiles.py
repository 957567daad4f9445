"""Tiles: up to 256 neighbouring hashes in one row, so that growing and proving read few rows at any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vanthu.evidence.rules.merkle import WIDTH, fold, root_at

HEIGHT = 8
"""Levels of the tree in one tile."""
FULL = 1 << HEIGHT

Load = Callable[[int, int], bytes]
"""(tile level, tile index) → the hashes that lie there; empty when there is no such tile."""


@dataclass(slots=True)
class Tiles:
    """Reads the hash of any complete subtree, one tile at a time, and remembers the tiles it has read."""

    load: Load
    known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree. Refuses: `LookupError` when its tile is missing or too short."""
        tile_level, above = divmod(level, HEIGHT)
        first, count = index << above, 1 << above
        tile = self._tile(tile_level, first // FULL)
        offset = first % FULL
        part = tile[offset * WIDTH : (offset + count) * WIDTH]
        if len(part) != count * WIDTH:
            raise LookupError(f"tile {tile_level}/{first // FULL}")
        return fold(hashes_in(part))

    def _tile(self, level: int, index: int) -> bytes:
        key = (level, index)
        if key not in self.known:
            self.known[key] = self.load(level, index)
        return self.known[key]


@dataclass(slots=True)
class Growth:
    """Adds leaves behind the last one; `changed` is what must be written, everything else stays as it lies."""

    size: int
    load: Load
    changed: dict[tuple[int, int], bytearray] = field(default_factory=dict)

    def add(self, leaf: bytes) -> None:
        """Append one leaf's hash."""
        self._append(0, self.size, leaf)
        self.size += 1

    def _append(self, level: int, place: int, value: bytes) -> None:
        key = (level, place // FULL)
        if key not in self.changed:
            self.changed[key] = bytearray(self.load(*key)[: (place % FULL) * WIDTH])
        tile = self.changed[key]
        tile += value
        if len(tile) == FULL * WIDTH:
            self._append(level + 1, key[1], fold(hashes_in(bytes(tile))))

    def root(self) -> bytes:
        """The root over everything added so far."""
        tiles = Tiles(lambda level, index: bytes(self.changed.get((level, index)) or self.load(level, index)))
        return root_at(tiles.node, self.size)


def hashes_in(tile: bytes) -> list[bytes]:
    return [tile[at : at + WIDTH] for at in range(0, len(tile), WIDTH)]
