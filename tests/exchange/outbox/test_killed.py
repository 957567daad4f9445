"""A worker dies at every line of a packet's way: it arrives once, and nothing is left unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.outbox.conftest import MINISTRY, PROVINCE
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.registry import an_issued_document
from tests.proof import demand_true_counters, queues_with
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.channels.vxp.client import Gateway
from vanthu.exchange.models import Delivery, Packet, PacketState, StatusIn
from vanthu.exchange.operations import carrying, posting
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import worker
from vanthu.foundation.storage import FileBlobs
from vanthu.kernel.actor import system_actor
from vanthu.queues.rules.catalogue import Queue

pytestmark = pytest.mark.usefixtures("outside")


class Killed(BaseException):
    """The process is gone: nothing after this line runs."""


def dying(function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The function, whose process dies before or after its first call does its work."""
    calls: list[int] = []

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            return function(*args, **kwargs)
        if after:
            function(*args, **kwargs)
        raise Killed

    return call


PLACES = [
    (FileBlobs, "put"),
    (posting, "edoc_bytes"),
    (posting, "commit_packet"),
    (carrying, "_claim"),
    (carrying, "open_line"),
    (Gateway, "send"),
    (carrying, "record_taken"),
]


def survive(at: datetime) -> None:
    """Run what is due; a death leaves its job leased until the lease ends."""
    for _ in range(4):
        try:
            worker.run_all(now=lambda: at)  # noqa: B023 - called at once
        except Killed:
            at += timedelta(minutes=3)
        else:
            return


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("owner", "name"), PLACES, ids=[name for _, name in PLACES])
def test_a_death_at_any_step_neither_loses_nor_doubles_the_packet(
    cast: Cast,
    now: datetime,
    line: ScriptedGateway,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    after: bool,
) -> None:
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    monkeypatch.setattr(owner, name, dying(getattr(owner, name), after=after))
    survive(now)
    survive(now + timedelta(minutes=15))

    (packet,) = line.taken
    assert sorted(packet.header("To/OrganId")) == [MINISTRY, PROVINCE]
    row = Packet.objects.get()
    assert (row.state, row.axis_id) == (PacketState.TAKEN, packet.doc_id)
    assert {delivery.state for delivery in deliveries_of(document_id)} == {DeliveryState.SENT}


def test_an_axis_that_lists_nothing_gets_the_identical_bytes_again(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """It must know them by their hash then (D26); a receiver does by the inbox key."""
    line.lists_nothing = True
    line.script = ["lost"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    survive(now)
    survive(now + timedelta(minutes=5))
    assert len(line.taken) == 2
    assert line.taken[0].data == line.taken[1].data
    assert deliveries_of(document_id)[0].state is DeliveryState.SENT


def test_an_answer_of_the_receiver_proves_that_the_packet_came(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """01 overtakes the receipt: nothing is asked, nothing is sent again."""
    line.script = ["lost"]
    an_issued_document(cast, to=(MINISTRY, PROVINCE))
    survive(now)
    first = Delivery.objects.get(recipient_code=MINISTRY)
    StatusIn.objects.create(
        delivery=first, agency_id=first.agency_id, code=StatusCode.ARRIVED, at=now, received_at=now
    )
    Delivery.objects.filter(pk=first.pk).update(state=DeliveryState.ARRIVED)
    survive(now + timedelta(minutes=5))
    assert line.calls == ["sendEdoc"]
    assert Packet.objects.get().state == PacketState.TAKEN
    states = dict(Delivery.objects.values_list("recipient_code", "state"))
    assert states == {MINISTRY: DeliveryState.ARRIVED, PROVINCE: DeliveryState.SENT}


def test_a_packet_that_another_worker_is_sending_is_left_alone(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    document_id = an_issued_document(cast, to=(MINISTRY,))
    exchange.compose_packets(document_id=document_id, now=now)
    row = Packet.objects.get()
    assert carrying._claim(row.pk, now) is not None
    assert carrying._claim(row.pk, now + timedelta(seconds=5)) is None
    late = carrying._claim(row.pk, now + timedelta(minutes=5))
    assert late is not None
    assert late.must_ask


def test_what_turned_to_paper_is_not_sent_any_more(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    line.script = ["401"] * 6
    an_issued_document(cast, to=(MINISTRY,))
    at = now
    for _ in range(6):
        survive(at)
        at = Packet.objects.get().next_at or at
    delivery = Delivery.objects.get()
    exchange.turn_to_paper(
        actor=cast.a.clerk, document_id=delivery.document_id, delivery_id=delivery.pk, now=at
    )
    survive(at)
    assert line.taken == []
    row = Packet.objects.get()
    assert (row.state, row.error_code) == (PacketState.FAILED, "exchange.packet.unwanted")
    assert Delivery.objects.get().state == DeliveryState.PAPER


def test_what_its_jobs_forgot_is_owed_anew(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    from vanthu.foundation.models import Job

    first = an_issued_document(cast, to=(MINISTRY,))
    exchange.compose_packets(document_id=first, now=now)
    an_issued_document(cast, to=(PROVINCE,))
    Job.objects.all().delete()
    system = system_actor(None)
    assert exchange.remind_of_packets(actor=system, now=now) == 0
    later = now + timedelta(hours=2)
    assert exchange.remind_of_packets(actor=system, now=later) == 2
    survive(later)
    assert len(line.taken) == 2
    assert exchange.remind_of_packets(actor=system, now=later + timedelta(hours=2)) == 0


def test_an_answer_that_comes_after_the_alarm_takes_the_alarm_back(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """The axis had it all the time and never said so; its receiver does."""
    line.script = ["lost", *["gone"] * 6]
    line.lists_nothing = True
    document_id = an_issued_document(cast, to=(MINISTRY,))
    at = now
    for _ in range(6):
        survive(at)
        at = Packet.objects.get().next_at or at
    assert queues_with(document_id) == {Queue.REFUSED}
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    message = StatusMessage(delivery.message_id, cast.a.code, MINISTRY, StatusCode.ARRIVED, "", at)
    exchange.receive_status(message, now=at)
    survive(at)
    assert Packet.objects.get().state == PacketState.TAKEN
    assert deliveries_of(document_id)[0].state is DeliveryState.ARRIVED
    assert queues_with(document_id) == set()
    demand_true_counters()
