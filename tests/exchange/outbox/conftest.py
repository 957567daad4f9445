"""An installation with a line: a gateway that plays a script, and agencies outside that it reaches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.exchange.outbox.gateway import ScriptedGateway
from vanthu.exchange.channels.vxp.wire import close_connections
from vanthu.organizations.models import OutsideAgency
from vanthu.organizations.rules.names import folded

MINISTRY, PROVINCE = "G99", "H99"


@pytest.fixture
def line(settings: Any, db: None) -> Iterator[ScriptedGateway]:
    """The gateway, and the settings that lead to it."""
    with ScriptedGateway() as gateway:
        values = {
            "URL": gateway.url,
            "SYSTEM": "00.26.TEST",
            "SECRET": "dummy-secret-for-loopback",
            "TIMEOUT_SECONDS": 5.0,
            "BACKOFF": "30,60,120,240,480",
        }
        for name, value in values.items():
            setattr(settings, f"VANTHU_LINE_{name}", value)
        yield gateway
        close_connections()


@pytest.fixture
def outside(db: None, now: datetime) -> None:
    """A ministry, a province and a council, as the axis lists them."""
    listed = ((MINISTRY, "Bộ Thử nghiệm"), (PROVINCE, "UBND tỉnh Thử nghiệm"), ("K99", "Hội đồng Thử nghiệm"))
    for code, name in listed:
        OutsideAgency.objects.create(code=code, name=name, folded_name=folded(name), seen_at=now)
