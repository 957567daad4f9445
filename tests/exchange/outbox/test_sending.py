"""From issue to the axis: one packet for all receivers outside, sent once however often the line fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.outbox.conftest import MINISTRY, PROVINCE
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.registry import an_issued_document
from tests.proof import audited, demand_true_counters, queues_with
from vanthu.documents.queries import record_of
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Arrival, Delivery, LineCall, Packet, PacketState
from vanthu.exchange.queries import deliveries_of, has_open_refusals
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import worker
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Urgency, system_actor
from vanthu.queues.rules.catalogue import Queue

pytestmark = pytest.mark.usefixtures("outside")


def run(at: datetime) -> None:
    worker.run_all(now=lambda: at)


def states(document_id: int) -> dict[str, DeliveryState]:
    return {row.recipient_code: row.state for row in deliveries_of(document_id)}


def test_one_packet_carries_the_document_to_all_receivers_outside(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    document_id = an_issued_document(cast, to=(cast.b.code, MINISTRY, PROVINCE))
    with audited() as log:
        run(now)

    (packet,) = line.sent("edoc")
    document = record_of(document_id)
    assert packet.sender == cast.a.code == packet.text("From/OrganId")
    assert sorted(packet.header("To/OrganId")) == [MINISTRY, PROVINCE]
    assert packet.text("DocumentId") == f"{cast.a.code},{document.issued_on:%Y/%m/%d},{document.full_number}"
    assert f"{packet.text('Code/CodeNumber')}/{packet.text('Code/CodeNotation')}" == document.full_number
    assert states(document_id) == {
        cast.b.code: DeliveryState.ARRIVED,
        MINISTRY: DeliveryState.SENT,
        PROVINCE: DeliveryState.SENT,
    }
    row = Packet.objects.get()
    assert (row.state, row.axis_id, row.taken_at) == (PacketState.TAKEN, packet.doc_id, now)
    assert blobs().read(row.sha256) == packet.data
    assert Arrival.objects.filter(recipient_code=cast.b.code).count() == 1
    assert log.by("exchange.packet.taken").detail["sent"] == 2
    assert not has_open_refusals(document_id)
    demand_true_counters()


def test_every_call_is_recorded_without_secret_or_content(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    an_issued_document(cast, to=(MINISTRY,))
    run(now)
    (call,) = LineCall.objects.all()
    assert (call.call, call.http_status, call.diagnosis) == ("sendEdoc", 200, "")
    assert call.packet_id == Packet.objects.get().pk
    assert "dummy-secret" not in str(call.request) + call.answer
    assert "XroadVnpt-hash-header" not in call.request["headers"]


def test_composing_again_gives_the_same_packet(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    """A worker that died between the store and the commit is simply repeated."""
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    exchange.compose_packets(document_id=document_id, now=now)
    first = Packet.objects.get()
    Delivery.objects.update(packet=None)
    exchange.compose_packets(document_id=document_id, now=now + timedelta(hours=1))
    assert Packet.objects.get().sha256 == first.sha256
    assert Delivery.objects.filter(packet=first).count() == 2

    with audited() as log:
        exchange.compose_packets(document_id=document_id, now=now)
    assert log.events == []


def test_an_urgent_document_goes_first(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    an_issued_document(cast, to=(MINISTRY,), urgency=Urgency.EXPRESS)
    assert Job.objects.get(kind="exchange.compose").priority == 30
    worker.run_due(now=lambda: now, limit=1)
    assert Job.objects.get(kind="exchange.send_packet").priority == 30


def test_a_lost_answer_is_looked_for_and_nothing_is_sent_twice(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    line.script = ["lost"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    row = Packet.objects.get()
    assert (row.state, row.error_code) == (PacketState.UNKNOWN, "outcome-unknown")
    assert row.next_at == now + timedelta(seconds=30)
    assert "hỏi lại trục" in deliveries_of(document_id)[0].last_error

    run(now + timedelta(seconds=31))
    row.refresh_from_db()
    assert (row.state, row.axis_id) == (PacketState.TAKEN, line.taken[0].doc_id)
    assert line.calls == ["sendEdoc", "getSentEdocList"]
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}
    assert deliveries_of(document_id)[0].last_error == ""


def test_a_packet_that_never_came_is_sent_again_byte_for_byte(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    line.script = ["gone", "page"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    run(now + timedelta(seconds=31))
    assert Packet.objects.get().state == PacketState.UNKNOWN
    run(now + timedelta(seconds=95))
    (packet,) = line.taken
    assert blobs().read(Packet.objects.get().sha256) == packet.data
    assert line.calls == ["sendEdoc", *["getSentEdocList", "sendEdoc"] * 2]
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}
    assert Delivery.objects.get().attempts == 3


def test_an_entry_of_another_packet_does_not_stand_for_this_one(
    cast: Cast, now: datetime, line: ScriptedGateway, settings: Any
) -> None:
    """Two receivers in two packets: that the one came says nothing about the other."""
    settings.VANTHU_LINE_RECEIVERS = 1
    line.script = ["ok", "gone"]
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    run(now)
    assert Packet.objects.filter(state=PacketState.TAKEN).count() == 1
    run(now + timedelta(minutes=2))
    assert set(states(document_id).values()) == {DeliveryState.SENT}
    assert sorted(row.text("To/OrganId") for row in line.taken) == [MINISTRY, PROVINCE]


def test_trouble_of_the_line_waits_longer_each_time_then_alarms_and_goes_on(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    line.script = ["401"] * 7
    document_id = an_issued_document(cast, to=(MINISTRY,))
    at, waits = now, []
    for _ in range(6):
        run(at)
        row = Packet.objects.get()
        assert row.next_at is not None
        waits.append((row.next_at - at).total_seconds())
        assert has_open_refusals(document_id) == (len(waits) == 6)
        at = row.next_at
    assert waits == [30, 60, 120, 240, 480, 480]
    assert queues_with(document_id) == {Queue.REFUSED}
    (delivery,) = deliveries_of(document_id)
    assert delivery.state is DeliveryState.FAILED
    assert "khóa bí mật" in delivery.last_error

    run(at)
    assert line.taken == []
    run(at + timedelta(minutes=10))
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}
    assert queues_with(document_id) == set()
    assert not has_open_refusals(document_id)
    demand_true_counters()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("fail:18:Khong tim thay don vi nhan", "Trục không có cơ quan nhận này"),
        ("fail:23:Don vi nhan bi khoa", "gửi bản giấy"),
        ("fail:9999:Don vi gui A khong dung voi ma da dang ky: B", "khác mã đã đăng ký"),
        ("fail:22:edXML sai", "sai định dạng"),
    ],
)
def test_a_refusal_for_good_goes_straight_to_a_person(
    cast: Cast, now: datetime, line: ScriptedGateway, answer: str, words: str
) -> None:
    line.script = [answer]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    row = Packet.objects.get()
    assert (row.state, row.next_at, row.attempts) == (PacketState.FAILED, None, 1)
    (delivery,) = deliveries_of(document_id)
    assert delivery.state is DeliveryState.FAILED
    assert words in delivery.last_error
    assert queues_with(document_id) == {Queue.REFUSED}
    run(now + timedelta(days=1))
    assert line.calls == ["sendEdoc"]

    exchange.resend_packet(actor=system_actor(cast.a.id), packet_id=row.pk, now=now)
    run(now)
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}
    assert queues_with(document_id) == set()
    demand_true_counters()


def test_what_the_axis_has_already_counts_as_sent(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    line.script = ["exist"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    assert states(document_id) == {MINISTRY: DeliveryState.SENT}


def test_there_already_is_not_believed_where_another_packet_has_the_same_document(
    cast: Cast, now: datetime, line: ScriptedGateway, settings: Any
) -> None:
    """An axis that knows documents by their id alone would swallow the second half of the receivers."""
    settings.VANTHU_LINE_RECEIVERS = 1
    line.script = ["ok", "exist"]
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    run(now)
    assert sorted(states(document_id).values()) == [DeliveryState.FAILED, DeliveryState.SENT]
    assert queues_with(document_id) == {Queue.REFUSED}


def test_a_file_over_the_cap_is_not_even_tried(
    cast: Cast, now: datetime, line: ScriptedGateway, settings: Any
) -> None:
    settings.VANTHU_LINE_FILE_MB = 0
    document_id = an_issued_document(cast, to=(cast.b.code, MINISTRY))
    run(now)
    assert states(document_id) == {cast.b.code: DeliveryState.ARRIVED, MINISTRY: DeliveryState.FAILED}
    failed = next(row for row in deliveries_of(document_id) if row.recipient_code == MINISTRY)
    assert "quá mức 0 MB" in failed.last_error
    assert line.calls == []
    assert not Packet.objects.exists()


@pytest.mark.parametrize("names_it", [True, False])
def test_a_receiver_closed_since_yesterday_does_not_hold_the_others_up(
    cast: Cast, now: datetime, line: ScriptedGateway, names_it: bool
) -> None:
    line.refused_receivers = {PROVINCE}
    line.names_refused = names_it
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE, "K99"))
    run(now)
    assert states(document_id) == {
        MINISTRY: DeliveryState.SENT,
        PROVINCE: DeliveryState.FAILED,
        "K99": DeliveryState.SENT,
    }
    failed = next(row for row in deliveries_of(document_id) if row.recipient_code == PROVINCE)
    assert "đang bị khóa" in failed.last_error
    arrived = [code for packet in line.taken for code in packet.header("To/OrganId")]
    assert sorted(arrived) == [MINISTRY, "K99"]
    assert queues_with(document_id) == {Queue.REFUSED}
