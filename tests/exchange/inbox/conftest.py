"""An installation whose line ends at a scripted gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.conf import LazySettings

from tests.exchange.inbox.gateway import ScriptedGateway, playing
from vanthu.exchange.channels.vxp.wire import close_connections
from vanthu.exchange.operations import poll_line
from vanthu.exchange.operations.inbox import Polled


@pytest.fixture
def gateway(settings: LazySettings) -> Iterator[ScriptedGateway]:
    with playing() as played:
        settings.VANTHU_LINE_URL = played.url
        settings.VANTHU_LINE_SYSTEM = "00.26.TEST"
        settings.VANTHU_LINE_SECRET = "dummy-secret-for-loopback"
        settings.VANTHU_LINE_TIMEOUT_SECONDS = 5.0
        yield played
        close_connections()


@pytest.fixture
def poll(now: datetime) -> Callable[[], Polled]:
    """Ask the line now, whenever it was asked last."""

    def ask() -> Polled:
        polled = poll_line(now=now, ignore_schedule=True)
        assert polled is not None
        return polled

    return ask
