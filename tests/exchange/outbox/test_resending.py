"""Gửi lại: the clerk has a packet tried once more; the identical bytes, once, however often it is pressed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.outbox.conftest import MINISTRY, PROVINCE
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.recall import a_notice
from tests.factories.registry import an_issued_document
from tests.proof import audited, demand_true_counters, queues_with, refused
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Packet, PacketState
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.queries.resending import packet_to_resend
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import worker
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.queues.rules.catalogue import Queue

pytestmark = pytest.mark.usefixtures("outside")
UNREGISTERED = "fail:19:Don vi gui chua dang ky"


def run(at: datetime) -> None:
    worker.run_all(now=lambda: at)


def states(document_id: int) -> dict[str, DeliveryState]:
    return {row.recipient_code: row.state for row in deliveries_of(document_id)}


def resend(actor: Actor, now: datetime) -> int:
    return exchange.resend_packet(actor=actor, packet_id=Packet.objects.get().pk, now=now)


@pytest.fixture
def failed(cast: Cast, now: datetime, line: ScriptedGateway) -> int:
    """Given up for both receivers: the axis did not know the sender, who has been registered since."""
    line.script = [UNREGISTERED]
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    run(now)
    assert set(states(document_id).values()) == {DeliveryState.FAILED}
    assert [row.can_be_resent for row in deliveries_of(document_id)] == [True, True]
    return document_id


def test_the_clerk_sends_the_identical_bytes_again_to_all_whom_they_carry(
    cast: Cast, now: datetime, line: ScriptedGateway, failed: int
) -> None:
    composed = Packet.objects.get().sha256
    with audited() as log:
        assert resend(cast.a.clerk, now) == 2
    assert set(states(failed).values()) == {DeliveryState.TO_SEND}
    assert queues_with(failed) == set()
    assert log.verbs == ["exchange.packet.resend"] * 2
    assert {event.actor_name for event in log.events} == {cast.a.clerk.name}
    assert log.events[1].detail["recipients"] == [MINISTRY, PROVINCE]

    run(now)
    (taken,) = line.sent("edoc")
    row = Packet.objects.get()
    assert (row.state, row.sha256) == (PacketState.TAKEN, composed)
    assert taken.data == blobs().read(composed)
    assert set(states(failed).values()) == {DeliveryState.SENT}
    demand_true_counters()


def test_pressed_twice_it_is_sent_once(cast: Cast, now: datetime, line: ScriptedGateway, failed: int) -> None:
    resend(cast.a.clerk, now)
    with audited() as log:
        assert resend(cast.a.clerk, now) == 2
    assert log.events == []
    run(now)
    run(now + timedelta(hours=2))
    assert line.calls == ["sendEdoc", "sendEdoc"]
    assert len(line.taken) == 1
    with refused("exchange.packet.not-failed", kind=NotReady):
        resend(cast.a.clerk, now)


def test_what_the_axis_may_have_is_asked_for_before_it_is_sent_again(
    cast: Cast, now: datetime, line: ScriptedGateway, settings: Any
) -> None:
    settings.VANTHU_LINE_BACKOFF = "30"
    line.script, line.lists_nothing = ["lost", "gone"], True
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    run(now + timedelta(seconds=31))
    assert states(document_id) == {MINISTRY: DeliveryState.FAILED}
    line.lists_nothing = False

    at = now + timedelta(seconds=40)
    assert resend(cast.a.clerk, at) == 1
    run(at)
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}
    assert line.calls[-1] == "getSentEdocList"
    assert len(line.taken) == 1


def test_it_can_fail_again_and_the_clerk_is_told_again(
    cast: Cast, now: datetime, line: ScriptedGateway, failed: int
) -> None:
    line.script = [UNREGISTERED]
    resend(cast.a.clerk, now)
    run(now)
    assert set(states(failed).values()) == {DeliveryState.FAILED}
    assert queues_with(failed) == {Queue.REFUSED}


def test_only_the_clerk_of_the_sender_may_and_who_may_not_see_it_finds_nothing(
    cast: Cast, now: datetime, failed: int
) -> None:
    (delivery_id, _other) = [row.id for row in deliveries_of(failed)]
    for actor in (cast.a.leader, cast.a.officer):
        with refused("registry.not-clerk", kind=NotPermitted):
            resend(actor, now)
        with refused("registry.not-clerk", kind=NotPermitted):
            packet_to_resend(actor=actor, document_id=failed, delivery_id=delivery_id)
    for actor in (cast.ward.clerk, cast.b.clerk):
        with refused("document.not-found", kind=NotVisible):
            resend(actor, now)
    with refused("exchange.packet.not-found", kind=NotVisible):
        exchange.resend_packet(actor=cast.a.clerk, packet_id=10**6, now=now)


def test_a_refusal_for_good_is_answered_with_what_to_do_and_left_to_the_operator(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    line.script = ["fail:18:Khong co don vi nhan"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    assert not deliveries_of(document_id)[0].can_be_resent
    with refused("exchange.resend.receiver", kind=NotReady):
        resend(cast.a.clerk, now)
    assert resend(system_actor(None), now) == 1
    run(now)
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}


def test_without_a_line_nothing_is_queued(cast: Cast, now: datetime, failed: int, settings: Any) -> None:
    settings.VANTHU_LINE_URL = ""
    for actor in (cast.a.clerk, system_actor(None)):
        with refused("exchange.resend.no-line", kind=NotReady):
            resend(actor, now)


def test_a_document_that_was_revoked_meanwhile_is_not_sent_again(
    cast: Cast, now: datetime, failed: int
) -> None:
    a_notice(cast, failed, now=now)
    with refused("exchange.resend.not-in-force", kind=NotReady):
        exchange.resend_packet(
            actor=cast.a.clerk, packet_id=Packet.objects.filter(document_id=failed).earliest("pk").pk, now=now
        )


def test_a_receiver_of_our_own_has_no_packet(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    document_id = an_issued_document(cast, to=(cast.b.code,))
    (row,) = deliveries_of(document_id)
    with refused("exchange.resend.no-packet", kind=NotReady):
        packet_to_resend(actor=cast.a.clerk, document_id=document_id, delivery_id=row.id)
    with refused("document.not-found", kind=NotVisible):
        packet_to_resend(actor=cast.a.clerk, document_id=document_id, delivery_id=row.id + 1000)
