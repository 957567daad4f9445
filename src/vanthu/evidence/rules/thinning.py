"""Which heads a proof carries: the first stamped one over each event, but not more than a reader wants to follow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

MOST = 12


def chosen_sizes(sizes: Sequence[int], newest: int) -> tuple[int, ...]:
    """Ascending sizes without doubles, the newest head last; when there are many, the first ones and the newest."""
    ascending = sorted({*sizes, newest})
    return tuple(ascending if len(ascending) <= MOST else [*ascending[: MOST - 1], newest])


def place_of(index: int, sizes: Sequence[int]) -> int:
    """The first of the heads that has the leaf."""
    return bisect_right(sizes, index)
