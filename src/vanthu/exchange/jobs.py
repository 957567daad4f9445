"""Background entry points of exchange."""

from __future__ import annotations

from datetime import datetime

from vanthu.exchange import operations
from vanthu.foundation.jobs import job


@job("exchange.deliver", joined=False)
def deliver(*, delivery_ids: list[int], now: datetime, **_ignored: object) -> None:
    operations.send_deliveries(delivery_ids=delivery_ids, now=now)


@job("exchange.send_status", joined=False, priority=3)
def send_status(*, status_id: int, now: datetime, **_ignored: object) -> None:
    operations.deliver_status(status_id=status_id, now=now)
