"""Who may let systems join the axis, close them and change their secrets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.cast import Cast
from tests.proof import refused
from vanthu.axis.models import AxisSystem
from vanthu.axis.operations.systems import add_system, close_system, reopen_system, set_secret
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotPermitted

CODE = "00.26.W00"
ACTS: dict[str, Callable[[Actor, datetime], object]] = {
    "add": lambda actor, now: add_system(actor=actor, code="00.27.W00", name="Trung tâm khác", now=now),
    "close": lambda actor, now: close_system(actor=actor, code=CODE, reason="thử", now=now),
    "reopen": lambda actor, now: reopen_system(actor=actor, code=CODE, now=now),
    "secret": lambda actor, now: set_secret(actor=actor, code=CODE, now=now),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_an_operator_decides_who_joins(cast: Cast, now: datetime, act: str) -> None:
    add_system(actor=system_actor(None), code=CODE, name="Trung tâm", now=now)
    if act == "reopen":
        close_system(actor=system_actor(None), code=CODE, reason="thử", now=now)
    before = list(AxisSystem.objects.order_by("pk").values())
    for actor in (cast.a.clerk, cast.a.leader):
        with refused("axis.desk.not-operator", kind=NotPermitted):
            ACTS[act](actor, now)
    assert list(AxisSystem.objects.order_by("pk").values()) == before
    ACTS[act](cast.city_admin, now)
    assert list(AxisSystem.objects.order_by("pk").values()) != before
