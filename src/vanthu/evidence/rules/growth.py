"""Before a new head is signed the log must continue what the last one says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vanthu.evidence.rules.notes import BadNote, Head, PublicKey, read_head, read_note
from vanthu.kernel.errors import DomainError

OWN_VERB = "evidence.tree.grow"
"""A tree that has nothing to take in but the entry about its last growth does not grow."""


class LogRewritten(DomainError):
    """The log does not continue the head that was signed last (`evidence.log.rewritten`)."""

    def __init__(self, why: str, *, chain: int | None = None, seq: int | None = None) -> None:
        place = {"chain": chain, "seq": seq} if chain is not None else {}
        super().__init__("evidence.log.rewritten", why=why, **place)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Events of one chain that are to enter the tree: seq from `first` to `last`, both included."""

    chain: int
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def stretches(ends: Mapping[int, int], cursors: Mapping[int, int], limit: int) -> Iterator[Stretch]:
    """What each chain has beyond its cursor, chains ascending, `limit` events in all."""
    for chain in sorted(ends):
        first = cursors.get(chain, 0) + 1
        last = min(ends[chain], first + limit - 1)
        if last >= first:
            limit -= last - first + 1
            yield Stretch(chain, first, last)
        if limit == 0:
            return


def require_same_ends(ends: Mapping[int, tuple[int, str]], cursors: Mapping[int, tuple[int, str]]) -> None:
    """Refuses: `LogRewritten` when a chain is shorter than it was, or ends in another digest."""
    for chain, (seq, digest) in cursors.items():
        end = ends.get(chain)
        if end is None or end[0] < seq:
            raise LogRewritten(f"chuỗi {chain} ngắn hơn khi vào cây", chain=chain, seq=seq)
        if end[0] == seq and end[1] != digest:
            raise LogRewritten(f"chuỗi {chain} kết thúc bằng mã băm khác", chain=chain, seq=seq)


def require_head(note: str, expected: Head, keys: Iterable[PublicKey]) -> None:
    """Refuses: `LogRewritten` when the stored head does not say this, or nobody of the log signed it."""
    try:
        read = read_note(note)
        said = read_head(read)
    except BadNote as error:
        raise LogRewritten(f"đầu cây {expected.size} không đúng dạng") from error
    if (said.origin, said.size, said.root) != (expected.origin, expected.size, expected.root):
        raise LogRewritten(f"đầu cây {expected.size} khác với cây đang lưu")
    if not any(read.is_signed_by(key) for key in keys):
        raise LogRewritten(f"chữ ký của đầu cây {expected.size} không đúng")
