"""Reads of the tree: tiles, heads, proofs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vanthu.evidence.models import LogKey, Tree, TreeExtent, TreeHead, TreeTile
from vanthu.evidence.rules.growth import LogRewritten
from vanthu.evidence.rules.merkle import consistency_path
from vanthu.evidence.rules.notes import PublicKey
from vanthu.evidence.rules.tiles import Tiles
from vanthu.evidence.rules.witness import Seen, require_follows
from vanthu.kernel.errors import NotReady, Violation


def load_tile(level: int, index: int) -> bytes:
    """The hashes of one tile; empty when it is not there."""
    rows = TreeTile.objects.filter(level=level, index=index).values_list("hashes", flat=True)
    return bytes(next(iter(rows), b""))


def stored_tiles() -> Tiles:
    """A reader of the stored tree; it remembers what it has read, so take a new one for each act."""
    return Tiles(load_tile)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """One signed head, newest facts first on a screen."""

    size: int
    root: str
    at: datetime
    note: str
    fingerprint: str
    token: bytes | None
    stamped_at: datetime | None


def _row(head: TreeHead) -> HeadRow:
    token = bytes(head.token) if head.token is not None else None
    return HeadRow(head.size, head.root, head.at, head.note, head.key.fingerprint, token, head.stamped_at)


def newest_heads(limit: int = 50) -> tuple[HeadRow, ...]:
    return tuple(_row(head) for head in TreeHead.objects.select_related("key").order_by("-size")[:limit])


def newest_head() -> HeadRow | None:
    return next(iter(newest_heads(1)), None)


def all_heads() -> Iterator[HeadRow]:
    """Every head, oldest first, in constant memory."""
    for head in TreeHead.objects.select_related("key").order_by("size").iterator(chunk_size=500):
        yield _row(head)


def head_of_size(size: int) -> HeadRow:
    """Refuses: `evidence.head.unknown`."""
    head = TreeHead.objects.select_related("key").filter(size=size).first()
    if head is None:
        raise NotReady([Violation("evidence.head.unknown", (("size", str(size)),))])
    return _row(head)


def first_stamped_head(index: int) -> HeadRow | None:
    """The first head with a token that has the leaf."""
    rows = TreeHead.objects.select_related("key").filter(size__gt=index, token__isnull=False)
    head = rows.order_by("size").first()
    return _row(head) if head else None


def log_name() -> str:
    """The log's name in its heads; empty before the first."""
    return next(iter(Tree.objects.values_list("origin", flat=True)), "")


@dataclass(frozen=True, slots=True)
class KeyRow:
    fingerprint: str
    public: PublicKey
    introduction: str
    made_at: datetime


def log_keys() -> tuple[KeyRow, ...]:
    """Every key of the log, oldest first; the last one signs."""
    return tuple(
        KeyRow(row.fingerprint, PublicKey(bytes(row.public)), row.introduction, row.made_at)
        for row in LogKey.objects.order_by("id")
    )


def index_of(chain: int, seq: int) -> int | None:
    """The place of an event in the tree; None while it is not in it."""
    extent = TreeExtent.objects.filter(chain=chain, last_seq__gte=seq).order_by("last_seq").first()
    if extent is None or extent.first_seq > seq:
        return None
    return int(extent.first_index + seq - extent.first_seq)


@dataclass(frozen=True, slots=True)
class Consistency:
    """Two heads and the proof that the newer tree begins with the older one."""

    old: HeadRow
    new: HeadRow
    path: tuple[bytes, ...]


def consistency_between(first: int, second: int) -> Consistency:
    """The proof between the heads of two sizes, in either order. Refuses: `evidence.head.unknown`."""
    old, new = head_of_size(min(first, second)), head_of_size(max(first, second))
    return Consistency(old, new, consistency_path(stored_tiles().node, old.size, new.size))


def next_for_witness(last: Seen | None) -> Seen:
    """The newest head as a witness keeps it. Refuses: `LogRewritten`; `evidence.proof.no-head` before the first."""
    newest = newest_head()
    if newest is None and last is not None:
        raise LogRewritten(f"nhân chứng đã thấy đầu cây {last.head().size}, hệ thống không còn đầu cây nào")
    if newest is None:
        raise NotReady([Violation("evidence.proof.no-head")])
    path: tuple[bytes, ...] = ()
    if last is not None:
        seen = last.head()
        if seen.size > newest.size:
            raise LogRewritten(f"nhân chứng đã thấy đầu cây {seen.size}, hệ thống chỉ còn {newest.size}")
        path = consistency_path(stored_tiles().node, seen.size, newest.size)
    new = Seen(newest.note, newest.fingerprint, tuple(item.hex() for item in path))
    require_follows(last, new, [key.public for key in log_keys()])
    return new
