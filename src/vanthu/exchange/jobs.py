"""Background entry points of exchange."""

from __future__ import annotations

from datetime import datetime, timedelta

from vanthu.exchange import operations
from vanthu.foundation.jobs import job

KEPT_CALLS = timedelta(days=14)
"""Calls that were about no packet, such as asking an empty list; those of packets stay with them."""


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


@job("exchange.split_packet", joined=False)
def split_packet(*, packet_id: int, said: str = "", now: datetime, **_ignored: object) -> None:
    operations.split_packet(packet_id=packet_id, said=said, now=now)


@job("exchange.watch_packet", joined=False)
def watch_packet(*, packet_id: int, now: datetime, **_ignored: object) -> None:
    operations.watch_packet(packet_id=packet_id, now=now)


@job("exchange.sync-agencies", joined=False)
def sync_agencies(*, now: datetime, **_ignored: object) -> None:
    operations.sync_agencies(now=now)


@job("exchange.poll", joined=False, priority=6)
def poll(*, now: datetime, **_ignored: object) -> None:
    """Ask the line, unless a worker's own loop has just done so."""
    operations.poll_line(now=now)


@job("exchange.forget-calls", joined=False)
def forget_calls(*, now: datetime, **_ignored: object) -> None:
    operations.forget_calls(before=now - KEPT_CALLS)
