"""Background entry points of exchange."""

from __future__ import annotations

from datetime import datetime

from vanthu.exchange import operations
from vanthu.foundation.jobs import job


@job("exchange.deliver", joined=False)
def deliver(*, delivery_ids: list[int], now: datetime, **_ignored: object) -> None:
    operations.send_deliveries(delivery_ids=delivery_ids, now=now)


@job("exchange.send_asks", joined=False, priority=20)
def send_asks(*, ask_ids: list[int], now: datetime, **_ignored: object) -> None:
    operations.send_asks(ask_ids=ask_ids, now=now)


@job("exchange.send_status", joined=False, priority=3)
def send_status(*, status_id: int, now: datetime, **_ignored: object) -> None:
    operations.deliver_status(status_id=status_id, now=now)


@job("exchange.compose", joined=False)
def compose(*, document_id: int, now: datetime, **_ignored: object) -> None:
    operations.compose_packets(document_id=document_id, now=now)


@job("exchange.send_packet", joined=False)
def send_packet(*, packet_id: int, now: datetime, **_ignored: object) -> None:
    operations.send_packet(packet_id=packet_id, now=now)
