"""Packages that do more than bring a document: receivers added and struck out, newer contents, replacements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.cast import CLOSED, Cast
from tests.factories.exchange import an_envelope
from tests.factories.recall import (
    Stage,
    a_notice,
    a_sent_document,
    an_order,
    received_of,
    run,
)
from tests.proof import audited, demand_true_counters, queues_with, refused
from vanthu.documents.models import Document
from vanthu.documents.queries import concern_of, current_files, ending_of, files_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.edxml.message import Business, BusinessInfo, Receiver, Replacement
from vanthu.exchange import operations as exchange
from vanthu.exchange.channel import Envelope
from vanthu.exchange.models import Arrival, Delivery, Demand
from vanthu.exchange.operations import AskedBack, receive_envelope, take_asked_back
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.recall import RecallState
from vanthu.exchange.rules.states import AskKind, DemandState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs
from vanthu.kernel.errors import NotPermitted, NotReady
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.queries import incoming_state, outgoing_card
from vanthu.registry.rules.states import IncomingState, OutgoingState

THEIR_ID = "H26.1,2026/11/20,5/SNV-VP"


def the_document_of(arrival: Arrival) -> int:
    assert arrival.document_id is not None
    return int(arrival.document_id)


def update(document: Envelope, **says: object) -> Envelope:
    """An update of that document, as another package of its sender."""
    business = BusinessInfo(Business.UPDATE, "Cập nhật", document.document_id, **says)  # type: ignore[arg-type]
    return replace(document, message_id="cap-nhat", business=business)


@pytest.fixture
def document(cast: Cast, now: datetime) -> Envelope:
    """A document of A that lies at B."""
    envelope = an_envelope(cast, document_id=THEIR_ID)
    receive_envelope(envelope, now=now)
    return envelope


def test_whoever_is_struck_out_withdraws_as_if_it_were_revoked(
    cast: Cast, now: datetime, document: Envelope
) -> None:
    struck = (Receiver(cast.b.code, is_added=False),)
    receive_envelope(replace(update(document, receivers=struck), files=()), now=now)
    received = the_document_of(Arrival.objects.get())
    demand = Demand.objects.get()
    assert (demand.kind, demand.state) == (AskKind.REMOVE, DemandState.OPEN)
    with refused("exchange.recall.not-to-decline", kind=NotReady):
        exchange.decline_demand(
            actor=cast.b.clerk, document_id=received, demand_id=demand.pk, reason="Không", now=now
        )
    exchange.agree_to_demand(actor=cast.b.clerk, document_id=received, demand_id=demand.pk, now=now)
    assert incoming_state(received) is IncomingState.RECALLED


def test_whoever_is_added_receives_it_as_new(cast: Cast, now: datetime) -> None:
    added = (Receiver(cast.b.code, is_added=True),)
    receive_envelope(update(an_envelope(cast, document_id=THEIR_ID), receivers=added), now=now)
    received = the_document_of(Arrival.objects.get())
    assert queues_with(received) == {Queue.TO_RECEIVE}
    assert Demand.objects.count() == 0


def test_an_update_about_others_changes_nothing(cast: Cast, now: datetime, document: Envelope) -> None:
    others = (Receiver("H26.KHAC", is_added=False), Receiver("H26.NUA", is_added=True))
    receive_envelope(update(document, receivers=others, content_changed=False), now=now)
    assert (Arrival.objects.count(), Demand.objects.count(), Document.objects.count()) == (1, 0, 1)


def newer(document: Envelope, data: bytes) -> Envelope:
    main = replace(document.files[0], name="ban-moi.pdf", size=len(data), sha256=blobs().put(data))
    return replace(update(document, content_changed=True), files=(main,))


def test_newer_content_stands_beside_the_old_one_once_the_clerk_takes_it(
    cast: Cast, now: datetime, document: Envelope
) -> None:
    received = the_document_of(Arrival.objects.get())
    Job.objects.all().delete()
    receive_envelope(newer(document, b"%PDF-1.7 moi"), now=now)
    assert [file.name for file in current_files(received)] == ["van-ban.pdf"]
    demand = Demand.objects.get()
    assert demand.kind == AskKind.CHANGE

    exchange.agree_to_demand(actor=cast.b.clerk, document_id=received, demand_id=demand.pk, now=now)
    assert [file.name for file in current_files(received)] == ["ban-moi.pdf"]
    assert "van-ban.pdf" in [file.name for file in files_of(received)]
    assert answers_sent(received)[-1].code == StatusCode.AGREED
    assert Job.objects.filter(kind="registry.verify").count() == 1
    assert queues_with(received) == {Queue.TO_RECEIVE}
    demand_true_counters()


def test_newer_content_may_be_declined(cast: Cast, now: datetime, document: Envelope) -> None:
    receive_envelope(newer(document, b"%PDF-1.7 moi"), now=now)
    received = the_document_of(Arrival.objects.get())
    demand = Demand.objects.get()
    exchange.decline_demand(
        actor=cast.b.clerk, document_id=received, demand_id=demand.pk, reason="Phát hành văn bản mới", now=now
    )
    assert [file.name for file in current_files(received)] == ["van-ban.pdf"]
    last = answers_sent(received)[-1]
    assert (last.code, last.description) == (StatusCode.DECLINED, "Phát hành văn bản mới")


def test_newer_content_of_what_is_not_here_is_received_as_new(cast: Cast, now: datetime) -> None:
    receive_envelope(newer(an_envelope(cast, document_id=THEIR_ID), b"%PDF-1.7 moi"), now=now)
    assert queues_with(the_document_of(Arrival.objects.get())) == {Queue.TO_RECEIVE}


def replacing(cast: Cast, *codes: str) -> Envelope:
    business = BusinessInfo(Business.REPLACE, "Thay thế", replaces=(Replacement(THEIR_ID, codes),))
    return an_envelope(
        cast, message_id="thay-the", document_id="H26.1,2026/11/20,6/SNV-VP", business=business
    )


def test_a_replacement_arrives_as_new_and_marks_the_old_one(
    cast: Cast, now: datetime, document: Envelope
) -> None:
    old = the_document_of(Arrival.objects.get())
    receive_envelope(replacing(cast, cast.b.code), now=now)
    new = the_document_of(Arrival.objects.get(message_id="thay-the"))
    assert [(kind, card.id) for kind, card in ending_of(old).by] == [(RelationKind.REPLACES, new)]
    assert queues_with(old) == queues_with(new) == {Queue.TO_RECEIVE}
    assert answers_sent(old) == ()


def test_a_replacement_for_others_marks_nothing_here(cast: Cast, now: datetime, document: Envelope) -> None:
    old = the_document_of(Arrival.objects.get())
    receive_envelope(replacing(cast, "H26.KHAC"), now=now)
    assert ending_of(old).by == ()


def test_a_replacement_that_overtakes_what_it_replaces_marks_it_when_it_comes(
    cast: Cast, now: datetime
) -> None:
    receive_envelope(replacing(cast), now=now)
    assert Demand.objects.get().state == DemandState.PARKED
    receive_envelope(an_envelope(cast, document_id=THEIR_ID), now=now)
    old = the_document_of(Arrival.objects.exclude(message_id="thay-the").get())
    assert [kind for kind, _ in ending_of(old).by] == [RelationKind.REPLACES]


def test_the_new_document_replaces_ours_at_issue_and_says_so_to_the_receiver(
    cast: Cast, now: datetime
) -> None:
    """NĐ30 Đ.18.3: links both ways, at the sender and at the receiver."""
    sent = a_sent_document(cast, stage=Stage.SUBMITTED)
    new = a_notice(cast, sent.sent_id, kind=RelationKind.REPLACES)
    card = outgoing_card(sent.sent_id)
    assert card is not None
    assert card.state is OutgoingState.REPLACED
    assert concern_of(new) is not None
    run(now)
    there = received_of(new, cast.b.code)
    assert [(kind, other.id) for kind, other in ending_of(sent.received_id).by] == [
        (RelationKind.REPLACES, there)
    ]
    assert incoming_state(sent.received_id) is IncomingState.SUBMITTED


def add(cast: Cast, sent_id: int, *codes: str, now: datetime) -> int:
    return exchange.add_recipients(
        actor=cast.a.clerk,
        document_id=sent_id,
        codes=codes,
        reason="Cần phối hợp",
        leader_post_id=cast.a.leader.post_id,
        now=now,
    )


def test_an_issued_document_goes_to_more_recipients(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    with audited() as log:
        add(cast, sent.sent_id, cast.ward.row.code, now=now)
    assert log.by("exchange.recipients.add").detail["recipients"] == [cast.ward.row.code]
    run(now)
    delivery = Delivery.objects.get(document_id=sent.sent_id, recipient_code=cast.ward.row.code)
    assert (delivery.state, delivery.is_added) == (DeliveryState.ARRIVED, True)
    assert queues_with(received_of(sent.sent_id, cast.ward.row.code)) == {Queue.TO_RECEIVE}
    assert Delivery.objects.get(recipient_code=cast.b.code).recall == RecallState.NONE


def test_adding_recipients_names_everything_that_stands_against_it(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    with refused(
        "exchange.recipients.closed",
        "exchange.recipients.there-already",
        "exchange.recipients.unknown",
        kind=NotReady,
    ):
        add(cast, sent.sent_id, CLOSED, cast.b.code, "H26.KHONG", now=now)
    with refused("exchange.recipients.nobody", kind=NotReady):
        add(cast, sent.sent_id, now=now)
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.add_recipients(
            actor=cast.a.officer,
            document_id=sent.sent_id,
            codes=[cast.ward.row.code],
            reason="Cần",
            leader_post_id=cast.a.leader.post_id,
            now=now,
        )


def test_a_recipient_that_is_struck_out_gives_it_back(cast: Cast, now: datetime) -> None:
    sent = a_sent_document(cast)
    exchange.remove_recipients(
        actor=cast.a.clerk, document_id=sent.sent_id, order=an_order(cast, sent.sent_id), now=now
    )
    assert sent.delivery.recall == RecallState.REMOVING
    run(now)
    assert sent.demand.kind == AskKind.REMOVE
    exchange.agree_to_demand(
        actor=cast.b.clerk, document_id=sent.received_id, demand_id=sent.demand.pk, now=now
    )
    run(now)
    assert sent.delivery.recall == RecallState.REMOVED
    card = outgoing_card(sent.sent_id)
    assert card is not None
    assert card.state is OutgoingState.ISSUED


@pytest.mark.parametrize(
    ("recipient", "code", "document_id"),
    [
        ("B", "5/SNV-VP", THEIR_ID),
        ("B", "5/SNV-VP", ""),
        ("5/SNV-VP", "B", "sai"),
    ],
    ids=["by the document's id", "by number and date", "with number and receiver swapped"],
)
def test_a_13_from_elsewhere_finds_its_document(
    cast: Cast, now: datetime, recipient: str, code: str, document_id: str
) -> None:
    """edxml.md §4: clients in circulation write it in three ways."""
    receive_envelope(
        an_envelope(
            cast,
            document_id=THEIR_ID,
            full_number="5/SNV-VP",
            issued_on=date(2026, 11, 20),
            message_id="goi",
        ),
        now=now,
    )
    named = {"B": cast.b.code}
    asked = AskedBack(
        cast.a.code,
        named.get(recipient, recipient),
        "Gửi nhầm",
        now,
        document_id=document_id,
        code=named.get(code, code),
        issued_on="20/11/2026",
    )
    assert take_asked_back(asked, now=now)
    assert Demand.objects.get().state == DemandState.OPEN


def test_a_13_for_nobody_of_ours_is_not_ours(cast: Cast, now: datetime) -> None:
    assert not take_asked_back(AskedBack(cast.a.code, "G99", "Gửi nhầm", now, code="5/SNV"), now=now)
    assert Demand.objects.count() == 0


def test_somebody_else_cannot_take_a_document_back(cast: Cast, now: datetime, document: Envelope) -> None:
    """M17: the same sender, the same document; a stranger's request waits for a document that will never come."""
    stranger = replace(
        update(document), sender_code=cast.ward.row.code, business=BusinessInfo(Business.REVOKE, "", THEIR_ID)
    )
    receive_envelope(replace(stranger, files=()), now=now)
    assert Demand.objects.get().state == DemandState.PARKED
    assert queues_with(the_document_of(Arrival.objects.get())) == {Queue.TO_RECEIVE}
