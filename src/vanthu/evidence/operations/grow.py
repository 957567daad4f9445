"""Take the log's new events into the tree and sign its new head; once an hour, and never over a rewritten log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from vanthu.audit.queries import chain_ends, chain_events
from vanthu.audit.rules.chain import GENESIS
from vanthu.evidence.keyring import private_key
from vanthu.evidence.models import ChainCursor, LogKey, Tree, TreeExtent, TreeHead, TreeTile
from vanthu.evidence.queries.tree import load_tile, log_keys, stored_tiles
from vanthu.evidence.rules.growth import (
    OWN_VERB,
    LogRewritten,
    Stretch,
    require_head,
    require_same_ends,
    stretches,
)
from vanthu.evidence.rules.merkle import EMPTY, consistency_path, is_consistent, leaf_hash, root_at
from vanthu.evidence.rules.notes import Head, sign_note
from vanthu.evidence.rules.tiles import Growth, Tiles
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef

AT_ONCE = 20_000
"""Events in one transaction: a second or two of work, a megabyte of hashes, whatever has piled up."""


@dataclass(frozen=True, slots=True)
class Grown:
    """How many events one growth took in, and whether more are waiting."""

    events: int
    more: bool


@operation("evidence.tree.grow")
def grow_tree(*, actor: Actor, limit: int = AT_ONCE, now: datetime) -> Grown:
    """Append what each chain has beyond the tree, at most `limit` events, and sign the new head.

    Each head is signed only after the former one was found in the stored tree, its signature held, and every
    chain went on from the digest that it had. Refuses: `LogRewritten`; `evidence.key.missing`.
    """
    tree = load_locked(Tree.objects.all(), code="evidence.log.unopened", pk=Tree.ONLY)
    ends = chain_ends()
    cursors = {row.chain: row for row in ChainCursor.objects.all()}
    require_same_ends(ends, {chain: (row.seq, row.digest) for chain, row in cursors.items()})
    todo = list(
        stretches(
            {chain: seq for chain, (seq, _) in ends.items()},
            {chain: row.seq for chain, row in cursors.items()},
            limit,
        )
    )
    if not todo or _is_own_entry(todo):
        nothing_changed()
        return Grown(0, False)
    _require_former_head(tree)
    growth = Growth(tree.size, load_tile)
    extents = [_take_in(growth, stretch, cursors) for stretch in todo]
    _sign(tree, growth, extents, now)
    _write_tiles(growth)
    events = sum(stretch.count for stretch in todo)
    record(ObjectRef.of("evidence.head", tree.size), agency_id=None, events=events, root=tree.root)
    return Grown(events, events == limit)


def _is_own_entry(todo: list[Stretch]) -> bool:
    if len(todo) > 1 or todo[0].count > 1:
        return False
    only = todo[0]
    return all(event.facts.verb == OWN_VERB for event in chain_events(only.chain, only.first, only.last))


def _require_former_head(tree: Tree) -> None:
    if tree.size == 0:
        return
    head = TreeHead.objects.filter(size=tree.size).first()
    if head is None:
        raise LogRewritten(f"thiếu đầu cây {tree.size}")
    try:
        root = root_at(stored_tiles().node, tree.size)
    except LookupError as error:
        raise LogRewritten(f"cây đang lưu thiếu {error}") from error
    expected = Head(tree.origin, tree.size, root, head.at)
    require_head(head.note, expected, [key.public for key in log_keys()])


def _take_in(growth: Growth, stretch: Stretch, cursors: dict[int, ChainCursor]) -> TreeExtent:
    """Add the events of one chain, each checked against the digest before it."""
    cursor = cursors.get(stretch.chain) or ChainCursor(chain=stretch.chain, digest=GENESIS)
    previous, expected, first_index = cursor.digest, stretch.first, growth.size
    for event in chain_events(stretch.chain, stretch.first, stretch.last):
        seq, text = event.facts.seq, event.text.encode()
        follows = seq == expected and event.previous == previous
        if not follows or hashlib.sha256(text).hexdigest() != event.digest:
            why = f"sự kiện {seq} của chuỗi {stretch.chain} không nối tiếp"
            raise LogRewritten(why, chain=stretch.chain, seq=seq)
        growth.add(leaf_hash(text))
        previous, expected = event.digest, expected + 1
    if expected != stretch.last + 1:
        raise LogRewritten(
            f"chuỗi {stretch.chain} thiếu sự kiện {expected}", chain=stretch.chain, seq=expected
        )
    cursor.seq, cursor.digest = stretch.last, previous
    cursor.save()
    return TreeExtent(
        chain=stretch.chain, first_seq=stretch.first, last_seq=stretch.last, first_index=first_index
    )


def _sign(tree: Tree, growth: Growth, extents: list[TreeExtent], now: datetime) -> None:
    root = growth.root()
    _require_consistent(tree, growth, root)
    key = LogKey.objects.latest("id")
    signer = private_key(key.fingerprint)
    if signer is None:
        raise NotReady([Violation("evidence.key.missing")])
    head = Head(tree.origin, growth.size, root, now)
    row = TreeHead.objects.create(
        size=growth.size, root=root.hex(), at=now, note=sign_note(tree.origin, head.lines(), signer), key=key
    )
    for extent in extents:
        extent.head = row
    TreeExtent.objects.bulk_create(extents)
    tree.size, tree.root = growth.size, root.hex()
    tree.save(update_fields=["size", "root"])


def _require_consistent(tree: Tree, growth: Growth, root: bytes) -> None:
    tiles = Tiles(lambda level, index: bytes(growth.changed.get((level, index)) or load_tile(level, index)))
    old_root = bytes.fromhex(tree.root) if tree.size else EMPTY
    path = consistency_path(tiles.node, tree.size, growth.size)
    if not is_consistent(tree.size, growth.size, old_root, root, path):
        raise LogRewritten(f"cây mới không nối tiếp đầu cây {tree.size}")


def _write_tiles(growth: Growth) -> None:
    rows = [
        TreeTile(level=level, index=index, hashes=bytes(tile))
        for (level, index), tile in growth.changed.items()
    ]
    TreeTile.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )
