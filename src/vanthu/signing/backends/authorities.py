"""Several time-stamping authorities, asked in order: who is away is left alone for a while, nobody is asked by too many.

A signature without a stamp is completed later (decision D20). Four requests at once are what the government's own
authority asks for (signing.md §4).
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from vanthu.kernel.errors import DomainError
from vanthu.kernel.retry import Backoff
from vanthu.signing.backends.rfc3161 import AuthorityAddress, AuthorityFailed, request_token
from vanthu.signing.trust.store import TrustStore, TrustStoreError

log = logging.getLogger("vanthu.signing")

AWAY: Final = Backoff(first=timedelta(seconds=30), longest=timedelta(minutes=10))
"""How long an authority that failed is not asked again by a desk."""
_LOOK_AGAIN: Final = 0.02  # seconds between two looks for a free place


class TimestampUnavailable(DomainError):
    """No authority gave a token in time (`signing.timestamp.unavailable`, `signing.timestamp.not-configured`)."""


@dataclass(slots=True)
class _Standing:
    """What is remembered of one authority, in this process only."""

    failures: int = 0
    away_until: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Began:
    """When a caller began to ask: by his clock, and by ours that only counts."""

    now: datetime
    clock: float


@dataclass(frozen=True, slots=True)
class AuthorityStanding:
    """For operators: how an authority stands right now."""

    url: str
    is_away: bool
    failures: int
    reason: str


@dataclass(frozen=True, slots=True)
class Authorities:
    """The configured authorities; safe to share between threads."""

    addresses: Sequence[AuthorityAddress]
    trust: Callable[[], TrustStore]
    places: Path
    """Folder of the lock files that count the requests of this machine."""
    at_once: int = 4
    away: Backoff = AWAY
    clock: Callable[[], float] = time.monotonic
    _standings: dict[str, _Standing] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, digest: bytes, *, now: datetime, within: float | None = None) -> bytes:
        """Ask once around, for `within` seconds in all; an authority that is away is not asked.

        Refuses: `TimestampUnavailable`. The caller never waits longer, whatever a server or a name service does.
        """
        return self._ask_around(self._present(), digest, _Began(now, self.clock()), within=within)

    def token_patiently(
        self,
        digest: bytes,
        *,
        now: datetime,
        backoff: Backoff,
        wait: Callable[[float], object] = time.sleep,
    ) -> bytes:
        """Ask around as often as the back-off allows, the ones that are away included. Refuses: as `token`."""
        attempt, began = 1, _Began(now, self.clock())
        while True:
            try:
                return self._ask_around(list(self.addresses), digest, began, within=None)
            except TimestampUnavailable:
                if backoff.is_exhausted(attempt):
                    raise
            wait(backoff.wait(attempt, key=digest.hex()).total_seconds())
            attempt += 1

    def standings(self) -> tuple[AuthorityStanding, ...]:
        """How each authority stands, in the order in which they are asked."""
        with self._lock:
            known = [(item.url, self._standings.get(item.url, _Standing())) for item in self.addresses]
            return tuple(
                AuthorityStanding(url, row.away_until > self.clock(), row.failures, row.reason)
                for url, row in known
            )

    def _present(self) -> list[AuthorityAddress]:
        with self._lock:
            now = self.clock()
            return [
                item
                for item in self.addresses
                if self._standings.get(item.url, _Standing()).away_until <= now
            ]

    def _ask_around(
        self, addresses: list[AuthorityAddress], digest: bytes, began: _Began, *, within: float | None
    ) -> bytes:
        if not self.addresses:
            raise TimestampUnavailable("signing.timestamp.not-configured")
        ends = None if within is None else self.clock() + within
        reasons = [] if addresses else ["away"]
        for address in addresses:
            left = address.total_seconds if ends is None else min(address.total_seconds, ends - self.clock())
            if left <= 0:
                reasons.append("slow")
                break
            try:
                token = _in_time(lambda a=address, s=left: self._ask(a, digest, began, s), left)  # type: ignore[misc]
            except AuthorityFailed as failure:
                reasons.append(failure.reason)
                self._note_failure(address, failure.reason)
            else:
                self._note_success(address)
                return token
        raise TimestampUnavailable("signing.timestamp.unavailable", why=", ".join(reasons))

    def _ask(self, address: AuthorityAddress, digest: bytes, began: _Began, seconds: float) -> bytes:
        ends = self.clock() + seconds
        try:
            trust = self.trust()
            with _place(self.places, address.url, self.at_once, lambda: ends - self.clock()):
                # Whoever waited for minutes must not find the stamp of this minute too young.
                now = began.now + timedelta(seconds=self.clock() - began.clock)
                return request_token(address, digest, trust=trust, now=now, within=ends - self.clock())
        except (OSError, TrustStoreError):
            log.exception("time stamps can't be asked for")
            raise AuthorityFailed("unready") from None

    def _note_failure(self, address: AuthorityAddress, reason: str) -> None:
        log.warning("time-stamping authority %s: %s", address.url, reason)
        if reason in {"busy", "unready"}:
            return  # that was ourselves
        with self._lock:
            row = self._standings.setdefault(address.url, _Standing())
            row.failures, row.reason = row.failures + 1, reason
            row.away_until = self.clock() + self.away.wait(row.failures, key=address.url).total_seconds()

    def _note_success(self, address: AuthorityAddress) -> None:
        with self._lock:
            self._standings.pop(address.url, None)


def _in_time(call: Callable[[], bytes], seconds: float) -> bytes:
    """Run a call in a thread that may be left behind: looking up a name can't be interrupted."""
    answers: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(call())
        except Exception as error:  # handed over to the caller as it is
            answers.put(error)

    threading.Thread(target=run, daemon=True, name="timestamp").start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise AuthorityFailed("slow") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


@contextmanager
def _place(folder: Path, url: str, count: int, left: Callable[[], float]) -> Iterator[None]:
    """Hold one of `count` places of this machine; the kernel frees the place of a process that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    while True:
        for number in range(count):
            with (folder / f"{name}.{number}").open("ab") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                yield
                return
        if left() <= _LOOK_AGAIN:
            raise AuthorityFailed("busy")
        time.sleep(_LOOK_AGAIN)
