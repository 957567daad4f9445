"""The heads held against the log: every leaf reckoned anew from its event, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vanthu.audit.queries import chain_events
from vanthu.evidence.models import TreeExtent
from vanthu.evidence.queries.tree import HeadRow, all_heads, log_keys, log_name, stored_tiles
from vanthu.evidence.rules.growth import LogRewritten, require_head
from vanthu.evidence.rules.merkle import EMPTY, leaf_hash, node_hash, root_at
from vanthu.evidence.rules.notes import Head


@dataclass(frozen=True, slots=True)
class HeadsReport:
    """How many heads and leaves hold; `broken` says what does not, from the first head on that it concerns."""

    heads: int
    leaves: int
    broken: str = ""


@dataclass(slots=True)
class _Edge:
    """The right edge of a growing tree: one hash for each complete subtree."""

    size: int = 0
    hashes: list[tuple[int, bytes]] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        level, current = 0, leaf
        while self.hashes and self.hashes[-1][0] == level:
            current = node_hash(self.hashes.pop()[1], current)
            level += 1
        self.hashes.append((level, current))
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY
        current = self.hashes[-1][1]
        for _, left in reversed(self.hashes[:-1]):
            current = node_hash(left, current)
        return current


def verify_heads() -> HeadsReport:
    """Walk the log in the tree's order and hold every head against it, then the stored tree against the last."""
    edge, leaves, heads, last = _Edge(), _leaves(), 0, None
    keys = [key.public for key in log_keys()]
    for last in all_heads():
        for leaf in leaves:
            edge.add(leaf)
            if edge.size == last.size:
                break
        try:
            require_head(last.note, Head(log_name(), last.size, edge.root(), last.at), keys)
        except LogRewritten as found:
            return HeadsReport(heads, edge.size, found.details["why"])
        heads += 1
    return HeadsReport(heads, edge.size, _stored_break(last))


def _leaves() -> Iterator[bytes]:
    for extent in TreeExtent.objects.order_by("first_index").iterator(chunk_size=500):
        for event in chain_events(extent.chain, extent.first_seq, extent.last_seq):
            yield leaf_hash(event.text.encode())


def _stored_break(last: HeadRow | None) -> str:
    if last is None:
        return ""
    try:
        stored = root_at(stored_tiles().node, last.size)
    except LookupError as error:
        return f"cây đang lưu thiếu {error}"
    return "" if stored.hex() == last.root else "cây đang lưu khác với đầu cây mới nhất"
