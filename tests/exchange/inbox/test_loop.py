"""The worker's own loop over the line."""

from __future__ import annotations

import threading

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import an_edoc, message
from vanthu.cli.worker import keep_line
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations import has_line, line_pause
from vanthu.exchange.operations.inbox import Polled


@pytest.fixture(autouse=True)
def _open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's own transaction is open on the connection; the loop would take it for an old one."""
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)


class Rounds(threading.Event):
    """Lets the loop go round so many times, without waiting."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.left = rounds
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


def test_the_loop_asks_and_waits_as_it_is_told(
    cast: Cast, gateway: ScriptedGateway, settings: LazySettings
) -> None:
    settings.VANTHU_LINE_POLL_SECONDS = 0.05
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    stop = Rounds(2)
    keep_line(stop)
    assert Arrival.objects.count() == 1
    assert stop.waits == [0.05, 0.05]


def test_a_line_without_its_secret_ends_no_loop_and_is_tried_again(
    cast: Cast, gateway: ScriptedGateway, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VANTHU_LINE_SECRET = ""
    assert has_line()
    stop = Rounds(2)
    keep_line(stop)
    assert stop.left == 0
    assert "VANTHU_LINE_SECRET" in caplog.text


def test_without_a_line_there_is_no_loop(db: None) -> None:
    stop = Rounds(1)
    keep_line(stop)
    assert stop.waits == []


def test_more_than_one_poll_can_bring_is_asked_for_at_once() -> None:
    from datetime import timedelta

    assert line_pause(Polled(timedelta(0))) == pytest.approx(0.01)
    assert line_pause(None) == 60
