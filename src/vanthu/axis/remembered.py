"""What a server remembers of systems and agencies between calls, and how it learns that it is old."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vanthu.axis.queries import calls
from vanthu.axis.sealing import Unsealable, unseal

MOST = 20_000
"""Names kept of each kind; whoever asks for more unknown ones empties the memory, no more."""
LOOK_EACH = 1.0
"""Seconds within which a change made elsewhere is noticed at the latest; whoever relies on more looks at once."""


@dataclass(frozen=True, slots=True)
class KnownSystem:
    """A system that may try to call; `secret` None: sealed with a key that is gone."""

    id: int
    code: str
    secret: str | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """Whom a code means; `system_id` None: not local. `is_open`: it and its system are in use."""

    code: str
    system_id: int | None
    is_open: bool


class Remembered:
    """Systems by code, agencies by each of their codes. Safe to be asked from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._systems: dict[str, KnownSystem | None] = {}
        self._agencies: dict[str, KnownAgency | None] = {}
        self._number = -1
        self._looked_at = float("-inf")

    def is_fresh(self) -> bool:
        return time.monotonic() - self._looked_at < LOOK_EACH

    def system_at_hand(self, code: str) -> KnownSystem | None:
        """The system, if that can be said at once; never asks the database, so the event loop may call it."""
        kept = self._systems
        return kept.get(code) if self.is_fresh() else None

    def agencies_at_hand(self, codes: Iterable[str]) -> dict[str, KnownAgency | None] | None:
        """Whom the codes mean, if that can be said of all at once; never asks the database."""
        kept = self._agencies
        if not self.is_fresh():
            return None
        try:
            return {code: kept[code] for code in codes}
        except KeyError:
            return None

    @property
    def number(self) -> int:
        """The state of the directory that the answers are of."""
        return self._number

    def look(self, *, at_once: bool = False) -> int:
        """Ask whether anything changed since, and forget everything if so; the number of the directory's state."""
        with self._lock:
            if at_once or not self.is_fresh():
                number = calls.directory_number()
                if number != self._number:
                    self._systems, self._agencies, self._number = {}, {}, number
                self._looked_at = time.monotonic()
            return self._number

    def system(self, code: str) -> KnownSystem | None:
        """The system of that code; None where there is none."""
        self.look()
        kept = self._systems
        if code not in kept:
            _make_room(kept)
            kept[code] = _system_of(code)
        return kept[code]

    def agencies(self, codes: Sequence[str]) -> dict[str, KnownAgency | None]:
        """Whom each code means."""
        self.look()
        kept = self._agencies
        missing = [code for code in codes if code not in kept]
        found = _agencies_of(missing) if missing else {}
        if len(codes) <= MOST:
            _make_room(kept)
            kept.update(found)
        return {code: found[code] if code in found else kept.get(code) for code in codes}


def _make_room(
    kept: dict[str, object] | dict[str, KnownSystem | None] | dict[str, KnownAgency | None],
) -> None:
    if len(kept) >= MOST:
        kept.clear()


def _system_of(code: str) -> KnownSystem | None:
    row = calls.system_row(code)
    if row is None:
        return None
    try:
        secret = unseal(row.sealed_secret)
    except Unsealable:
        secret = None
    return KnownSystem(row.id, row.code, secret, row.is_active)


def _agencies_of(codes: Sequence[str]) -> dict[str, KnownAgency | None]:
    rows = calls.agencies_by_code(codes)
    return {
        code: KnownAgency(row.code, row.system_id, row.is_open) if (row := rows.get(code)) else None
        for code in codes
    }
