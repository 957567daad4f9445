"""What a package says as edXML, read back by the codec: header, files, business; the same bytes each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import pytest

from tests.cast import Cast
from tests.exchange.outbox.conftest import MINISTRY, PROVINCE
from tests.exchange.outbox.gateway import ScriptedGateway
from tests.factories.drafting import a_draft
from tests.factories.exchange import an_arrival
from tests.factories.registry import an_issued_document
from vanthu.documents.operations import relate_answer
from vanthu.documents.queries import current_files, record_of
from vanthu.edxml.message import Business, BusinessInfo, Organization, Receiver
from vanthu.edxml.reading import Reading, read
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import EnvelopeFile
from vanthu.exchange.channels.vxp.mapping_out import TYPE_DETAILS
from vanthu.exchange.models import Packet
from vanthu.exchange.operations.posting import post_business
from vanthu.exchange.operations.send import envelope_of
from vanthu.foundation import worker
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Urgency, system_actor
from vanthu.kernel.due import local

pytestmark = pytest.mark.usefixtures("outside")


def read_packet(packet: Packet) -> Reading:
    return read(BytesIO(blobs().read(packet.sha256)))


def test_the_message_says_what_the_document_says(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    document_id = an_issued_document(cast, to=(MINISTRY, PROVINCE), urgency=Urgency.EXPRESS)
    exchange.compose_packets(document_id=document_id, now=now + timedelta(hours=1))
    packet = Packet.objects.get()
    reading, document = read_packet(packet), record_of(document_id)
    message = reading.edoc
    assert message is not None
    assert reading.warnings == ()
    assert (reading.sha256, reading.size) == (packet.sha256, packet.size)
    assert message.code == document.full_number
    assert (message.subject, message.issued_on) == (document.subject, document.issued_on)
    assert (message.type, message.type_detail, message.type_name) == (2, TYPE_DETAILS["Công văn"], "Công văn")
    assert message.signer is not None
    assert (message.signer.name, message.urgency) == (document.signer_name, int(Urgency.EXPRESS))
    assert message.business.type is Business.NEW
    assert [(row.organ_code, row.at) for row in message.traces] == [
        (cast.a.code, local(now).replace(tzinfo=None, microsecond=0))
    ]
    assert {(row.code, row.name) for row in message.receivers} == {
        (MINISTRY, "Bộ Thử nghiệm"),
        (PROVINCE, "UBND tỉnh Thử nghiệm"),
    }
    (main,) = current_files(document_id)
    assert [(row.name, row.sha256, row.size, row.zipped) for row in reading.attachments] == [
        (main.name, main.sha256, main.size, False)
    ]


def test_an_answer_names_what_it_answers(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    incoming = an_arrival(cast, receiver=cast.a, sender_code=MINISTRY, sender_name="Bộ Thử nghiệm")
    document_id = an_issued_document(cast, to=(MINISTRY,))
    relate_answer(
        actor=system_actor(cast.a.id),
        document_id=document_id,
        answers_id=incoming,
        agency_id=cast.a.id,
        now=now,
    )
    exchange.compose_packets(document_id=document_id, now=now)
    message = read_packet(Packet.objects.get()).edoc
    assert message is not None
    (answered,) = message.responses
    card = record_of(incoming)
    assert (answered.organ_code, answered.code) == (MINISTRY, card.full_number)
    assert answered.document_id.endswith(card.full_number)


def test_a_revocation_repeats_the_document_and_encloses_the_notice(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    document_id = an_issued_document(cast, to=(MINISTRY,))
    worker.run_all(now=lambda: now)
    issued = envelope_of(document_id)
    notice = EnvelopeFile("thong-bao.pdf", "application/pdf", 9, blobs().put(b"%PDF-1.4\n"), "MAIN")
    order = BusinessInfo(Business.REVOKE, "Ban hành nhầm phụ lục")
    posted = [
        post_business(
            document_id=document_id,
            business=order,
            recipients=[Organization(MINISTRY, "Bộ Thử nghiệm")],
            enclosed=[notice],
            at=now,
            now=now + timedelta(minutes=minute),
        )
        for minute in (1, 2)
    ]
    assert posted[0] == posted[1]
    packet = Packet.objects.get(pk=posted[0])
    assert (packet.business, packet.edxml_document_id) == (1, issued.document_id)
    reading = read_packet(packet)
    assert reading.edoc is not None
    assert reading.edoc.document_id == issued.document_id == reading.edoc.business.document_id
    assert (reading.edoc.business.type, reading.edoc.business.reason) == (Business.REVOKE, order.reason)
    assert [row.name for row in reading.attachments] == ["thong-bao.pdf"]

    worker.run_all(now=lambda: now + timedelta(minutes=1))
    assert len(line.sent("edoc")) == 2


def test_an_update_names_who_is_struck_out(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    document_id = an_issued_document(cast, to=(MINISTRY,))
    order = BusinessInfo(
        Business.UPDATE,
        "Gửi nhầm",
        content_changed=False,
        receivers_changed=True,
        receivers=(Receiver(MINISTRY, is_added=False),),
    )
    packet_id = post_business(
        document_id=document_id, business=order, recipients=[Organization(MINISTRY)], at=now, now=now
    )
    message = read_packet(Packet.objects.get(pk=packet_id)).edoc
    assert message is not None
    assert message.business.receivers == order.receivers
    assert message.business.content_changed is False


def test_a_later_packet_of_a_document_waits_for_the_earlier_one(
    cast: Cast, now: datetime, line: ScriptedGateway
) -> None:
    """A revocation must not overtake what it revokes."""
    line.script = ["gone"]
    document_id = an_issued_document(cast, to=(MINISTRY,))
    worker.run_all(now=lambda: now)
    post_business(
        document_id=document_id,
        business=BusinessInfo(Business.REVOKE, "Nhầm"),
        recipients=[Organization(MINISTRY)],
        at=now,
        now=now,
    )
    worker.run_all(now=lambda: now)
    assert line.taken == []
    for minute in (1, 2):
        at = now + timedelta(minutes=minute)
        worker.run_all(now=lambda: at)  # noqa: B023 - called at once
    kinds = [row.root.find(".//{*}BussinessDocType") for row in line.sent("edoc")]
    assert [kind.text for kind in kinds if kind is not None] == ["0", "1"]


def test_a_draft_for_nobody_outside_makes_no_packet(cast: Cast, now: datetime, line: ScriptedGateway) -> None:
    document_id = a_draft(cast)
    exchange.compose_packets(document_id=document_id, now=now)
    assert not Packet.objects.exists()
