"""Statuses that come over the axis about what we sent, or about what was sent to us (13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import a_status, an_edoc, message
from tests.factories.registry import an_issued_document
from tests.proof import audited, queues_with
from vanthu.documents.models import Document
from vanthu.edxml.message import ResponseFor
from vanthu.exchange.models import Delivery, Demand, Inbound, InboundState, Packet, PacketKind, StatusIn
from vanthu.exchange.operations import match_parked
from vanthu.exchange.operations.inbox import Polled
from vanthu.exchange.rules.identity import document_id_of
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.organizations.models import AgencyAlias
from vanthu.queues.rules.catalogue import Queue

Poll = Callable[[], Polled]
AT = datetime(2026, 11, 20, 10, 5)  # noqa: DTZ001 - as edXML writes it


@pytest.fixture
def sent(cast: Cast, now: datetime) -> Delivery:
    """A's letter on its way to the ministry over the axis."""
    document_id = an_issued_document(cast)
    delivery = Delivery.objects.get(document_id=document_id)
    delivery.recipient_code, delivery.channel, delivery.state = "G99", "vxp", DeliveryState.SENT
    delivery.packet = a_packet(delivery, now)
    delivery.save()
    return delivery


def a_packet(delivery: Delivery, now: datetime) -> Packet:
    document = delivery.document
    assert document.issued_on is not None
    return Packet.objects.create(
        agency=delivery.agency,
        kind=PacketKind.EDOC,
        document=document,
        edxml_document_id=document_id_of(document.issuer_code, document.issued_on, document.full_number),
        sha256="0" * 64,
        size=1,
        created_at=now,
    )


def about(document: Document, **changes: Any) -> ResponseFor:
    assert document.issued_on is not None
    return replace(
        ResponseFor(
            document.issuer_code,
            document.full_number,
            document_id_of(document.issuer_code, document.issued_on, document.full_number),
            document.issued_on,
        ),
        **changes,
    )


def tell(gateway: ScriptedGateway, code: str, answers: ResponseFor, doc_id: str = "s1", **more: Any) -> None:
    fields = {"sender": "G99", "at": AT} | more
    gateway.hold(a_status(code, answers=answers, **fields), doc_id=doc_id, kind="status")


def state_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_a_status_moves_the_delivery_and_the_axis_is_told(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll, cast: Cast
) -> None:
    tell(gateway, "03", about(sent.document), text="Số đến 12")
    with audited() as log:
        poll()
    assert state_of(sent) == DeliveryState.ACCEPTED
    assert [(row.code, row.description) for row in sent.statuses.all()] == [("03", "Số đến 12")]
    assert gateway.acknowledgements_of("s1") == ["done"]
    assert log.by("exchange.status.receive").chain == cast.a.id


@pytest.mark.parametrize(
    "changes",
    [
        {"document_id": "mot-ma-khac"},
        {"document_id": "", "organ_code": "Z98"},
        {"document_id": "", "squeeze": True},
    ],
)
def test_it_is_matched_by_number_and_date_where_the_id_is_another(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll, changes: dict[str, Any]
) -> None:
    if changes.pop("squeeze", False):
        changes["code"] = sent.document.full_number.lower().replace("/", " / ")
    tell(gateway, "03", about(sent.document, **changes))
    poll()
    assert state_of(sent) == DeliveryState.ACCEPTED


def test_another_date_is_another_document(sent: Delivery, gateway: ScriptedGateway, poll: Poll) -> None:
    tell(gateway, "03", about(sent.document, document_id="x", issued_on=date(2025, 1, 2)))
    poll()
    assert state_of(sent) == DeliveryState.SENT
    assert Inbound.objects.get().state == InboundState.PARKED


def test_it_may_come_from_another_name_of_the_receiver(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll
) -> None:
    AgencyAlias.objects.create(alias="000.00.00.G99", code="G99", source="OLD")
    tell(gateway, "03", about(sent.document), sender="000.00.00.G99")
    poll()
    assert state_of(sent) == DeliveryState.ACCEPTED


def test_somebody_else_cannot_answer_for_the_receiver(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll
) -> None:
    tell(gateway, "02", about(sent.document), sender="K11")
    poll()
    assert state_of(sent) == DeliveryState.SENT
    assert Inbound.objects.get().state == InboundState.PARKED


def test_the_same_status_again_changes_nothing(sent: Delivery, gateway: ScriptedGateway, poll: Poll) -> None:
    tell(gateway, "03", about(sent.document))
    tell(gateway, "03", about(sent.document), "s2")
    poll()
    assert StatusIn.objects.count() == 1
    assert gateway.acknowledgements_of("s2") == ["done"]


def test_order_does_not_matter_and_a_late_status_changes_nothing(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll
) -> None:
    for number, code in enumerate(("06", "01", "5", "03")):
        tell(gateway, code, about(sent.document), f"s{number}", at=AT + timedelta(minutes=number))
    poll()
    assert state_of(sent) == DeliveryState.DONE
    assert sorted(sent.statuses.values_list("code", flat=True)) == ["01", "03", "05", "06"]


def test_a_refusal_reaches_the_senders_clerk(sent: Delivery, gateway: ScriptedGateway, poll: Poll) -> None:
    tell(gateway, "02", about(sent.document), text="Sai nơi nhận")
    poll()
    assert state_of(sent) == DeliveryState.REFUSED
    assert Queue.REFUSED in queues_with(sent.document_id)


def test_a_code_that_nobody_knows_is_kept_and_changes_nothing(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll
) -> None:
    tell(gateway, "09", about(sent.document))
    poll()
    assert state_of(sent) == DeliveryState.SENT
    assert [row.code for row in sent.statuses.all()] == ["09"]
    assert ["status-code-unknown", "09"] in [[kind, raw] for kind, _, raw in Inbound.objects.get().warnings]


def test_a_status_whose_clock_is_three_hours_ahead_counts(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll
) -> None:
    tell(gateway, "03", about(sent.document), at=AT + timedelta(hours=3))
    poll()
    assert state_of(sent) == DeliveryState.ACCEPTED


def test_a_status_that_overtook_its_document_waits_for_it(
    sent: Delivery, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    tell(gateway, "01", about(sent.document))
    recipient = sent.recipient_code
    Delivery.objects.filter(pk=sent.pk).update(recipient_code="K11")
    poll()
    parked = Inbound.objects.get()
    assert (parked.state, parked.is_acknowledged) == (InboundState.PARKED, True)
    assert gateway.acknowledgements_of("s1") == ["done"]

    Delivery.objects.filter(pk=sent.pk).update(recipient_code=recipient)
    assert match_parked(now=now + timedelta(minutes=1)) == 1
    assert state_of(sent) == DeliveryState.ARRIVED
    assert Inbound.objects.get().state == InboundState.TAKEN
    assert match_parked(now=now + timedelta(minutes=2)) == 0


def test_a_parked_status_without_any_packet_of_its_name_is_asked_hourly(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, now: datetime
) -> None:
    tell(gateway, "01", ResponseFor(cast.a.code, "9/X", "nobody", date(2026, 11, 1)))
    poll()
    before = Inbound.objects.get().settled_at
    match_parked(now=now + timedelta(minutes=5))
    assert Inbound.objects.get().settled_at == before
    match_parked(now=now + timedelta(minutes=61))
    assert Inbound.objects.get().settled_at == now + timedelta(minutes=61)


@pytest.mark.parametrize("is_swapped", [False, True])
def test_what_is_asked_back_waits_for_the_clerk_also_with_its_fields_swapped(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, is_swapped: bool
) -> None:
    edoc = an_edoc(cast.b.code)
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    asked = ResponseFor(cast.b.code, edoc.code, edoc.document_id, edoc.issued_on)
    if is_swapped:
        asked = ResponseFor(edoc.code, cast.b.code, f"{cast.b.code},2026/11/19,125/BTN-VP", edoc.issued_on)
    tell(gateway, "13", asked, text="Gửi nhầm")
    poll()
    demand = Demand.objects.get()
    assert (demand.state, demand.agency_id, demand.reason) == ("OPEN", cast.b.id, "Gửi nhầm")
    assert gateway.acknowledgements_of("s1") == ["done"]


def test_a_13_before_its_document_waits_for_it(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> None:
    edoc = an_edoc(cast.b.code)
    tell(gateway, "13", ResponseFor(cast.b.code, edoc.code, edoc.document_id, edoc.issued_on), text="Nhầm")
    poll()
    assert Demand.objects.get().state == "PARKED"
    gateway.hold(message(edoc), doc_id="a1", receiver=cast.b.code)
    poll()
    assert Demand.objects.get().state == "OPEN"


def test_a_13_to_nobody_of_ours_is_refused_with_the_reason(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    tell(gateway, "13", ResponseFor("K77", "1/X", "x", None), text="Nhầm")
    poll()
    assert Inbound.objects.get().error_code == "not-ours"
    assert gateway.acknowledgements_of("s1") == ["fail"]
