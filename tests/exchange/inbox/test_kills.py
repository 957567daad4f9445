"""Whoever is killed between two steps of receiving is given the packet again, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import an_edoc, message
from tests.proof import audited, demand_true_counters
from vanthu.exchange.models import Arrival, Inbound, InboundState, StatusOut
from vanthu.exchange.operations import inbox, poll_line
from vanthu.exchange.operations.inbox import Polled

Poll = Callable[[], Polled]
STEPS = {
    "fetched, not stored": ("store_packet", "before"),
    "stored, not committed": ("_store", "before"),
    "committed, not begun": ("settle", "before"),
    "opened, not taken in": ("take_package", "before"),
    "taken in, not settled": ("_end", "before"),
    "settled, not acknowledged": ("_end", "after"),
}


class Killed(BaseException):
    """The process ends here; nobody catches this."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, step: str, side: str) -> Iterator[None]:
    original: Callable[..., Any] = getattr(inbox, step)

    def dies(*args: object, **kwargs: object) -> object:
        if side == "after":
            original(*args, **kwargs)
        raise Killed(step)

    with monkeypatch.context() as patch:
        patch.setattr(inbox, step, dies)
        with pytest.raises(Killed):
            yield


def demand_all_is_well(gateway: ScriptedGateway, cast: Cast) -> None:
    """One record for each agency named, one 01 from each, one acknowledgement that counts."""
    assert Inbound.objects.get().state == InboundState.TAKEN
    assert Inbound.objects.get().is_acknowledged
    assert sorted(Arrival.objects.values_list("recipient_code", flat=True)) == sorted(
        [cast.a.code, cast.b.code]
    )
    assert [row.code for row in StatusOut.objects.all()] == ["01", "01"]
    assert set(gateway.acknowledgements_of("a1")) == {"done"}
    demand_true_counters()


@pytest.mark.parametrize("where", STEPS)
def test_killed_anywhere_the_packet_is_taken_in_once(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    gateway.hold(message(an_edoc(cast.a.code, cast.b.code)), doc_id="a1", receiver=cast.b.code)
    with killed_at(monkeypatch, *STEPS[where]):
        poll()
    assert gateway.told == []
    poll()
    demand_all_is_well(gateway, cast)
    with audited() as log:
        poll()
    assert log.events == []


def test_killed_between_two_receivers_the_second_is_not_lost(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vanthu.exchange.operations import packages_in

    gateway.hold(message(an_edoc(cast.a.code, cast.b.code)), doc_id="a1", receiver=cast.b.code)
    original = packages_in.receive_envelope
    seen: list[str] = []

    def once(envelope: Any, **kwargs: Any) -> None:
        if seen:
            raise Killed
        seen.append(envelope.recipient_code)
        original(envelope, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(packages_in, "receive_envelope", once)
        with pytest.raises(Killed):
            poll()
    assert Arrival.objects.count() == 1
    poll()
    demand_all_is_well(gateway, cast)


def test_an_answer_to_the_acknowledgement_that_was_lost_is_asked_for_again(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    """The axis knows, we don't: it does not list the packet any more, and is told once more."""
    gateway.hold(message(an_edoc(cast.a.code, cast.b.code)), doc_id="a1", receiver=cast.b.code)
    gateway.instead["updateStatus"] = [(502, "text/html", b"<html></html>")]
    poll()
    assert not Inbound.objects.get().is_acknowledged
    gateway.packets.clear()
    poll()
    demand_all_is_well(gateway, cast)


def test_a_poller_that_was_killed_keeps_nobody_else_from_asking_for_long(
    cast: Cast, gateway: ScriptedGateway, now: datetime
) -> None:
    """A killed process gives no lease back: it runs out by itself."""
    from datetime import timedelta

    assert inbox.claim_line(now=now, lasting=timedelta(seconds=12)) is not None
    assert poll_line(now=now + timedelta(seconds=11)) is None
    assert poll_line(now=now + timedelta(seconds=13)) is not None
