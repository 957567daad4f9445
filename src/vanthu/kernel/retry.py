"""When to try again: exponential back-off with a jitter that a test can predict."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waiting times: `first`, doubled at each attempt, at most `longest`; `attempts` tries in all."""

    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(hours=1)
    attempts: int = 12

    def wait(self, attempt: int, *, key: str) -> timedelta:
        """The wait after the `attempt`-th failure (1-based), spread by ±25 % so that hosts do not march in step."""
        doubled: timedelta = self.first * (1 << min(attempt - 1, 30))
        plain = min(doubled, self.longest)
        digest = hashlib.sha256(f"{key}:{attempt}".encode()).digest()
        return plain * (0.75 + digest[0] / 510)

    def is_exhausted(self, attempt: int) -> bool:
        return attempt >= self.attempts
