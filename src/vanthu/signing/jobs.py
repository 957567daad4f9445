"""Background entry points of signing: what asks somebody outside."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.foundation.jobs import job
from vanthu.kernel.retry import Backoff
from vanthu.signing import operations

ASKING = Backoff(first=timedelta(seconds=2), longest=timedelta(seconds=10), attempts=1000)
"""A signer confirms on his telephone within seconds or minutes; the question itself lapses."""


@job("signing.ask_remote", joined=False, priority=6, backoff=ASKING)
def ask_remote(*, pending_id: int, now: datetime, **_ignored: object) -> None:
    """Ask a remote signing service whether the signer has confirmed."""
    operations.ask_remote(pending_id=pending_id, now=now)
