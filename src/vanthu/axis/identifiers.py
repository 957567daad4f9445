"""The ids that the axis gives to messages and parcels: 24 hexadecimal digits, as they are seen in circulation."""

from __future__ import annotations

import itertools
import os
from datetime import datetime

_POOL = 4096
"""Bytes of chance that are drawn at a time: a call into the system for each id would cost more than the id."""


class _Chance:
    """Four bytes at a time, never the same ones in two processes."""

    def __init__(self) -> None:
        self._left: list[str] = []
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._left = []

    def next(self) -> str:
        try:
            return self._left.pop()
        except IndexError:
            drawn = os.urandom(_POOL).hex()
            fresh = [drawn[start : start + 8] for start in range(0, len(drawn), 8)]
            self._left = fresh
            return fresh.pop()


_chance = _Chance()
_count = itertools.count()


def new_doc_id(now: datetime) -> str:
    """Milliseconds, a counter of this process, chance: in the order of time."""
    return f"{int(now.timestamp() * 1000):012x}{next(_count) & 0xFFFF:04x}{_chance.next()}"
