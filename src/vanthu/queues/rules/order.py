"""The order of a queue: urgent first, then whatever is due or came first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from vanthu.kernel.actor import Urgency

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_URGENCY = 10**14
"""More milliseconds than any instant has: a lower urgency always sorts behind."""


def sort_key(urgency: int, at: datetime) -> int:
    """One number for urgency and time, so that any page of a queue begins with one range of its index."""
    return (Urgency.EXPRESS - urgency) * _ONE_URGENCY + (at - EPOCH) // timedelta(milliseconds=1)
