"""What is asked back over the axis: 13 to each receiver, one revocation for all, an update for who comes or goes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.exchange.outbox.conftest import MINISTRY, PROVINCE
from tests.exchange.outbox.gateway import TRACES, ScriptedGateway, Taken, texts
from tests.factories.recall import a_notice
from tests.factories.registry import an_issued_document
from vanthu.documents.queries import record_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.models import Ask, Delivery, Packet, PacketState
from vanthu.exchange.operations import RecallOrder, receive_status
from vanthu.exchange.rules.recall import RecallState
from vanthu.exchange.rules.states import AskState
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation import worker

pytestmark = pytest.mark.usefixtures("outside")


def run(at: datetime) -> None:
    worker.run_all(now=lambda: at)


def trace(packet: Taken, path: str) -> list[str]:
    return texts(packet.root, TRACES + path)


def order(cast: Cast, document_id: int) -> RecallOrder:
    rows = Delivery.objects.filter(document_id=document_id)
    return RecallOrder(tuple(rows.values_list("pk", flat=True)), "Gửi nhầm", cast.a.leader.post_id)


@pytest.fixture
def sent(cast: Cast, now: datetime, line: ScriptedGateway) -> int:
    """A document of A that the axis has for the ministry and the province."""
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE))
    run(now)
    return document_id


def document_code(document_id: int) -> str:
    card = record_of(document_id)
    return f"{card.issuer_code},{card.issued_on:%Y/%m/%d},{card.full_number}"


def test_a_13_goes_to_each_receiver_by_the_documents_own_id(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    exchange.ask_back(actor=cast.a.clerk, document_id=sent, order=order(cast, sent), now=now)
    run(now)
    packets = line.sent("status")
    assert [packet.text("StatusCode") for packet in packets] == ["13", "13"]
    assert sorted(packet.text("ResponseFor/OrganId") for packet in packets) == [MINISTRY, PROVINCE]
    assert {packet.text("ResponseFor/DocumentId") for packet in packets} == {document_code(sent)}
    assert {packet.text("From/OrganId") for packet in packets} == {cast.a.code}
    assert {packet.text("Description") for packet in packets} == {"Gửi nhầm"}
    assert set(Ask.objects.values_list("state", flat=True)) == {AskState.SENT}
    assert Ask.objects.filter(packet__state=PacketState.TAKEN).count() == 2


def test_a_revocation_is_one_message_with_the_notice_for_all_receivers(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    a_notice(cast, sent)
    run(now)
    (revocation,) = [
        packet for packet in line.sent("edoc") if trace(packet, "Bussiness/BussinessDocType") == ["1"]
    ]
    assert sorted(revocation.header("To/OrganId")) == [MINISTRY, PROVINCE]
    assert revocation.text("DocumentId") == document_code(sent)
    assert trace(revocation, "Bussiness/DocumentId") == [document_code(sent)]
    assert "Thông báo thu hồi số" in trace(revocation, "Bussiness/BussinessDocReason")[0]
    assert b"AttachmentEncoded" in revocation.data
    assert set(Delivery.objects.filter(document_id=sent).values_list("recall", flat=True)) == {
        RecallState.REVOKING
    }


def test_the_answers_over_the_axis_settle_each_receiver(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    exchange.ask_back(actor=cast.a.clerk, document_id=sent, order=order(cast, sent), now=now)
    run(now)
    for code, answer in ((MINISTRY, "15"), (PROVINCE, "16")):
        delivery = Delivery.objects.get(document_id=sent, recipient_code=code)
        receive_status(StatusMessage(delivery.message_id, cast.a.code, code, answer, "Trả lời", now), now=now)
    states = dict(Delivery.objects.filter(document_id=sent).values_list("recipient_code", "recall"))
    assert states == {MINISTRY: RecallState.TAKEN_BACK, PROVINCE: RecallState.NONE}


def test_what_is_asked_back_waits_until_the_axis_has_the_document(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """The axis keeps no order: the question follows the document, however often the line fails before."""
    line.script = ["gone"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    exchange.ask_back(actor=cast.a.clerk, document_id=document_id, order=order(cast, document_id), now=now)
    run(now)
    assert line.sent("status") == []
    for minutes in range(1, 30):
        run(now + timedelta(minutes=minutes))
    assert Delivery.objects.get().state == DeliveryState.SENT
    assert [packet.text("StatusCode") for packet in line.sent("status")] == ["13"]


def test_a_killed_worker_composes_the_same_packet_again(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    a_notice(cast, sent)
    run(now)
    before = set(Packet.objects.values_list("sha256", flat=True))
    Ask.objects.update(state=AskState.DUE, packet=None)
    exchange.send_asks(ask_ids=list(Ask.objects.values_list("pk", flat=True)), now=now + timedelta(hours=1))
    assert set(Packet.objects.values_list("sha256", flat=True)) == before
    assert set(Ask.objects.values_list("state", flat=True)) == {AskState.SENT}


def test_whoever_is_added_gets_the_document_as_an_update_that_names_him(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """A second type 0 under the same id would be taken for a repetition (edxml.md §3)."""
    document_id = an_issued_document(cast, to=(MINISTRY,))
    run(now)
    exchange.add_recipients(
        actor=cast.a.clerk,
        document_id=document_id,
        codes=[PROVINCE],
        reason="Cần phối hợp",
        leader_post_id=cast.a.leader.post_id,
        now=now,
    )
    run(now)
    first, second = line.sent("edoc")
    assert trace(first, "Bussiness/BussinessDocType") == ["0"]
    assert trace(second, "Bussiness/BussinessDocType") == ["2"]
    assert second.header("To/OrganId") == [PROVINCE]
    listed = "Bussiness/BussinessDocumentInfo/ReceiverList/Receiver/"
    assert trace(second, listed + "OrganId") == [PROVINCE]
    assert trace(second, listed + "ReceiverType") == ["1"]
    assert trace(second, "Bussiness/BussinessDocumentInfo/DocumentInfo") == ["0"]


def test_a_struck_out_receiver_is_told_without_the_content(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    one = Delivery.objects.get(document_id=sent, recipient_code=PROVINCE)
    only = RecallOrder((one.pk,), "Không liên quan", cast.a.leader.post_id)
    exchange.remove_recipients(actor=cast.a.clerk, document_id=sent, order=only, now=now)
    run(now)
    update = line.sent("edoc")[-1]
    assert update.header("To/OrganId") == [PROVINCE]
    listed = "Bussiness/BussinessDocumentInfo/ReceiverList/Receiver/ReceiverType"
    assert trace(update, listed) == ["0"]
    assert b"ContentTransferEncoded" not in update.data


def test_a_replacement_names_what_it_replaces_and_for_whom(
    cast: Cast, now: datetime, line: ScriptedGateway, sent: int
) -> None:
    new = an_issued_document_that_replaces(cast, sent, now)
    run(now)
    packet = line.sent("edoc")[-1]
    assert packet.text("DocumentId") == document_code(new)
    assert trace(packet, "Bussiness/BussinessDocType") == ["3"]
    listed = "Bussiness/ReplacementInfoList/ReplacementInfo/"
    assert trace(packet, listed + "DocumentId") == [document_code(sent)]
    assert sorted(trace(packet, listed + "OrganIdList/OrganId")) == [MINISTRY, PROVINCE]


def an_issued_document_that_replaces(cast: Cast, sent: int, now: datetime) -> int:
    return a_notice(cast, sent, kind=RelationKind.REPLACES, to=(MINISTRY, PROVINCE), now=now)
