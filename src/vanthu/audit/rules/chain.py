"""Each event's digest covers the event and the digest before it, so no line can be changed or left out unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vanthu.kernel.refs import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event of a chain, in the spelling that is hashed. Times are ISO 8601 in UTC with microseconds."""

    chain: int
    seq: int
    at: str
    actor_id: int | None
    actor_name: str
    acting_as: str
    on_behalf_of: str
    verb: str
    subject_kind: str
    subject_id: str
    before: str
    after: str
    detail: Mapping[str, object]

    def spelled(self, previous: str) -> str:
        """The digest before, a line break and the event as canonical JSON: the text that is hashed and proved."""
        # `asdict` would copy every value; each event of the city comes through here.
        values = {name: getattr(self, name) for name in self.__slots__}
        return f"{previous}\n{canonical_json(values)}"

    def digest(self, previous: str) -> str:
        return hashlib.sha256(self.spelled(previous).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    chain: int
    seq: int
    reason: str


def first_break(
    chain: int, events: Iterable[tuple[EventFacts, str]], head: tuple[int, str] | None
) -> tuple[int, Break | None]:
    """Walk one chain of (event, stored digest); return how many events hold and the first break, if any.

    `head` is the stored (seq, digest) of the chain's end: it reveals events cut off behind the last one.
    """
    previous, expected = GENESIS, 1
    for facts, stored in events:
        if facts.seq != expected:
            return expected - 1, Break(chain, expected, f"thiếu sự kiện số {expected}")
        if facts.digest(previous) != stored:
            return expected - 1, Break(chain, expected, "nội dung sự kiện không khớp mã băm")
        previous, expected = stored, expected + 1
    last = expected - 1
    if head is None and last:
        return last, Break(chain, last, "thiếu đầu chuỗi")
    if head is not None and head != (last, previous):
        return last, Break(chain, last + 1, "chuỗi bị cắt bớt hoặc đầu chuỗi bị sửa")
    return last, None
