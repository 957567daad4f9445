"""Background entry points of signing: what asks somebody outside."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.foundation.jobs import job
from vanthu.kernel.actor import system_actor
from vanthu.kernel.retry import Backoff
from vanthu.signing import operations

PATIENCE = Backoff(first=timedelta(minutes=5))
ASKING = Backoff(first=timedelta(seconds=2), longest=timedelta(seconds=10), attempts=1000)
"""A signer confirms on his telephone within seconds or minutes; the question itself lapses."""


@job("signing.seek-revocation", joined=False, priority=4, backoff=PATIENCE)
def seek_revocation(*, sha256: str, now: datetime, **_ignored: object) -> None:
    """A file's check lacked revocation data: ask for it and check again."""
    operations.seek_revocation(sha256=sha256, now=now)


@job("signing.refresh-lists", joined=False)
def refresh_lists(*, now: datetime, **_ignored: object) -> None:
    """Fetch the revocation lists that are due; check open files again; retire certificates whose time is over."""
    operations.refresh_lists(now=now)
    operations.recheck_open(now=now)
    operations.retire_lapsed(actor=system_actor(None), now=now)


@job("signing.ask_remote", joined=False, priority=6, backoff=ASKING)
def ask_remote(*, pending_id: int, now: datetime, **_ignored: object) -> None:
    """Ask a remote signing service whether the signer has confirmed."""
    operations.ask_remote(pending_id=pending_id, now=now)


@job("signing.keep", joined=False, priority=-1, backoff=PATIENCE)
def keep(*, rendition_id: int, now: datetime, **_ignored: object) -> None:
    """Make or renew the kept rendition of an issued document; a row that is not due any more is left alone."""
    operations.keep_rendition(rendition_id=rendition_id, now=now)
