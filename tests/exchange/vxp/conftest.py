"""A client of the gateway whose calls are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from vanthu.exchange.channels.vxp.client import CallRecord, Gateway
from vanthu.exchange.channels.vxp.settings import LineSettings
from vanthu.exchange.channels.vxp.wire import close_connections

SECRET = "dummy-secret-for-loopback"
AT = datetime(2026, 11, 22, 8, 23, 22, 752_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_open_connections() -> Iterator[None]:
    yield
    close_connections()


@pytest.fixture
def records() -> list[CallRecord]:
    return []


@pytest.fixture
def gateway(records: list[CallRecord]) -> Callable[..., Gateway]:
    def at(url: str, *, clock: datetime = AT, seconds: float = 5, **settings: object) -> Gateway:
        line = LineSettings(url, "00.26.TEST", SECRET, timeout=timedelta(seconds=seconds), **settings)  # type: ignore[arg-type]
        return Gateway(line, clock=lambda: clock, on_call=records.append)

    return at
