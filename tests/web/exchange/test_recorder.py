"""Hộp đen liên thông: timeline, cause and remedy, replay that changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.registry import an_issued_document
from tests.proof import audited, database_state
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.documents.queries import current_files
from vanthu.edxml.message import Edoc, Organization
from vanthu.edxml.writing import Attachment, edoc_bytes
from vanthu.exchange.models import Delivery, LineCall, Packet, PacketKind, PacketState
from vanthu.foundation.storage import blobs

OK = '{"status":"OK","ErrorCode":"0","ErrorDesc":"Thanh cong","DocId":"68edb8c8c2dcb14db773ce44"}'


def a_packet(document_id: int, now: datetime, **changes: object) -> Packet:
    """What a sent document left on the line: its bytes, and the packet that its delivery hangs on."""
    delivery = Delivery.objects.get(document_id=document_id)
    files = current_files(document_id)
    content = [
        Attachment(f"id-{n}", file.name, lambda digest=file.sha256: BytesIO(blobs().read(digest)))
        for n, file in enumerate(files)
    ]
    message = Edoc(
        sender=Organization("H26.1", "Sở Thử nghiệm"),
        receivers=(Organization(delivery.recipient_code),),
        document_id="H26.1,2026/11/20,01/SNV-VP",
        number="01",
        notation="SNV-VP",
        subject="V/v thử nghiệm",
        issued_on=now.date(),
        type_name="Công văn",
    )
    data = edoc_bytes(message, content)
    fields = {
        "agency_id": delivery.agency_id,
        "kind": PacketKind.EDOC,
        "document_id": document_id,
        "edxml_document_id": message.document_id,
        "sha256": blobs().put(data),
        "size": len(data),
        "state": PacketState.TAKEN,
        "axis_id": "68edb8c8c2dcb14db773ce44",
        "created_at": now,
    }
    packet = Packet.objects.create(**(fields | changes))
    Delivery.objects.filter(pk=delivery.pk).update(packet=packet, channel="vxp")
    return packet


def call_on(packet: Packet, at: datetime, **changes: object) -> LineCall:
    fields = {
        "packet": packet,
        "call": "sendEdoc",
        "at": at,
        "elapsed_ms": 12,
        "request": {"XroadVnpt-systemid": "00.26.TEST"},
        "http_status": 200,
        "answer": OK,
    }
    return LineCall.objects.create(**(fields | changes))


@pytest.fixture
def sent(cast: Cast, now: datetime) -> int:
    return an_issued_document(cast, now=now)


def page_of(document_id: int, query: str = "") -> str:
    delivery = Delivery.objects.get(document_id=document_id)
    return f"/van-ban/{document_id}/hop-den/{delivery.pk}/{query}"


def test_the_timeline_tells_each_call_with_cause_and_remedy(
    cast: Cast, sign_in: SignIn, now: datetime, sent: int
) -> None:
    packet = a_packet(sent, now, state=PacketState.UNKNOWN, error_code="outcome-unknown")
    call_on(packet, now + timedelta(seconds=1), http_status=None, answer="", diagnosis="outcome-unknown")
    call_on(packet, now + timedelta(seconds=31))
    client = sign_in(cast.a.clerk)
    words = words_of(client.get(page_of(sent)))
    assert "Chưa rõ trục đã nhận gói tin hay chưa" in words
    assert "Hệ thống hỏi lại trục, chỉ gửi lại đúng gói tin ấy khi trục chưa có" in words
    assert words.index("09:00:01") < words.index("09:00:31")
    assert "00.26.TEST" in words
    assert "Hộp đen" in words_of(document_page(client, sent))


def test_a_replay_finds_everything_as_before_and_changes_nothing(
    cast: Cast, sign_in: SignIn, now: datetime, sent: int
) -> None:
    call_on(a_packet(sent, now), now)
    client = sign_in(cast.a.clerk)
    client.get(page_of(sent))
    before = database_state()
    with audited() as log:
        words = words_of(client.get(page_of(sent, "?chay-lai=1")))
    assert "Chạy lại cho kết quả như cũ." in words
    assert (log.events, database_state()) == ([], before)


def test_a_replay_names_the_answer_that_is_judged_otherwise_today(
    cast: Cast, sign_in: SignIn, now: datetime, sent: int
) -> None:
    refusal = '{"status":"FAIL","ErrorCode":"18","ErrorDesc":"Khong co don vi nhan"}'
    call_on(a_packet(sent, now), now, answer=refusal, diagnosis="refused-otherwise")
    words = words_of(sign_in(cast.a.clerk).get(page_of(sent, "?chay-lai=1")))
    assert "Chạy lại cho kết quả khác." in words
    assert "Trục không có cơ quan nhận này (mã 18)." in words


def test_a_replay_says_when_the_packet_is_gone_or_lacks_a_file(
    cast: Cast, sign_in: SignIn, now: datetime, sent: int
) -> None:
    packet = a_packet(sent, now)
    client = sign_in(cast.a.clerk)
    lonely = edoc_bytes(
        Edoc(Organization("H26.1"), (Organization("G99"),), "x", "1", "A", "B", now.date()), []
    )
    Packet.objects.filter(pk=packet.pk).update(sha256=blobs().put(lonely))
    words = words_of(client.get(page_of(sent, "?chay-lai=1")))
    assert "Tệp của văn bản không có trong gói tin:" in words
    Packet.objects.filter(pk=packet.pk).update(sha256="0" * 64)
    assert "Không đọc lại được gói tin đã lưu." in words_of(client.get(page_of(sent, "?chay-lai=1")))


def test_what_one_may_not_see_is_not_there(cast: Cast, sign_in: SignIn, now: datetime, sent: int) -> None:
    assert sign_in(cast.ward.clerk).get(page_of(sent)).status_code == 404
    other = an_issued_document(cast, subject="V/v khác", now=now)
    own = Delivery.objects.get(document_id=other).pk
    assert sign_in(cast.a.clerk).get(f"/van-ban/{sent}/hop-den/{own}/").status_code == 404


def test_an_arrival_tells_where_it_came_from_and_what_was_answered(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    received = an_arrival(cast, now=now)
    client = sign_in(cast.b.clerk)
    words = words_of(client.get(f"/van-ban/{received}/hop-den/"))
    assert "Trong hệ thống" in words
    assert cast.a.row.name in words
    assert client.get(f"/van-ban/{received + 1000}/hop-den/").status_code == 404
