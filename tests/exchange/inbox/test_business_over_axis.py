"""What a ministry revokes, asks back, changes and replaces over the axis, in the order it comes or in another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import a_status, an_edoc, message
from tests.proof import queues_with
from vanthu.documents.queries import current_files, enclosures_of, ending_of, files_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.edxml.message import Business, BusinessInfo, Receiver, Replacement, ResponseFor
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Arrival, Demand, Inbound, InboundState
from vanthu.exchange.operations.inbox import Polled
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.states import AskKind, DemandState
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.queries import incoming_state
from vanthu.registry.rules.states import IncomingState

Poll = Callable[[], Polled]
THEIR_ID = "G99,2026/11/19,125/BTN-VP"


def business(kind: Business, **says: Any) -> BusinessInfo:
    return BusinessInfo(kind, "Ban hành sai thẩm quyền", THEIR_ID, **says)


def the_document(*but: int) -> int:
    found = Arrival.objects.exclude(document_id__in=but).exclude(document=None).get().document_id
    assert found is not None
    return int(found)


@pytest.fixture
def received(cast: Cast, gateway: ScriptedGateway, poll: Poll) -> int:
    """Công văn 125/BTN-VP, arrived at B."""
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    poll()
    return the_document()


def test_a_revocation_lies_before_the_clerk_with_its_notice(
    cast: Cast, now: datetime, gateway: ScriptedGateway, poll: Poll, received: int
) -> None:
    revocation = an_edoc(cast.b.code, business=business(Business.REVOKE))
    gateway.hold(message(revocation), doc_id="a2", receiver=cast.b.code)
    poll()
    demand = Demand.objects.get()
    assert (demand.kind, demand.state, demand.reason) == (
        AskKind.REVOKE,
        DemandState.OPEN,
        "Ban hành sai thẩm quyền",
    )
    assert Inbound.objects.get(axis_id="a2").state == InboundState.TAKEN
    assert demand.inbound_id == Inbound.objects.get(axis_id="a2").pk
    assert len(enclosures_of(received)) == 1
    assert Arrival.objects.count() == 1

    exchange.agree_to_demand(actor=cast.b.clerk, document_id=received, demand_id=demand.pk, now=now)
    assert incoming_state(received) is IncomingState.RECALLED
    assert sorted(row.code for row in answers_sent(received)) == ["01", "15"]


def test_a_revocation_listed_twice_is_one_request(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, received: int
) -> None:
    for doc_id in ("a2", "a3"):
        revocation = an_edoc(cast.b.code, business=business(Business.REVOKE))
        gateway.hold(message(revocation, files=[]), doc_id=doc_id, receiver=cast.b.code)
        poll()
    assert Demand.objects.count() == 1


def test_a_13_and_a_revocation_that_overtake_their_document_wait_for_it(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    asked = ResponseFor(cast.b.code, "125/BTN-VP", THEIR_ID, date(2026, 11, 19))
    at = datetime(2026, 11, 20, 8, 0)  # noqa: DTZ001 - as edXML writes it
    gateway.hold(
        a_status("13", sender="G99", answers=asked, at=at, text="Gửi nhầm"), doc_id="s1", kind="status"
    )
    revocation = an_edoc(cast.b.code, business=business(Business.REVOKE))
    gateway.hold(message(revocation, files=[]), doc_id="a1", receiver=cast.b.code)
    poll()
    assert set(Demand.objects.values_list("state", flat=True)) == {DemandState.PARKED}

    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a2", receiver=cast.b.code)
    poll()
    assert set(Demand.objects.values_list("kind", "state")) == {
        (AskKind.TAKE_BACK, DemandState.OPEN),
        (AskKind.REVOKE, DemandState.OPEN),
    }
    assert queues_with(the_document()) == {Queue.TO_RECEIVE, Queue.TO_RECALL}


def test_newer_content_waits_beside_the_old_one(
    cast: Cast, now: datetime, gateway: ScriptedGateway, poll: Poll, received: int
) -> None:
    newer = an_edoc(cast.b.code, business=business(Business.UPDATE, content_changed=True))
    gateway.hold(message(newer), doc_id="a2", receiver=cast.b.code)
    poll()
    demand = Demand.objects.get()
    assert demand.kind == AskKind.CHANGE
    count = len(files_of(received))
    exchange.agree_to_demand(actor=cast.b.clerk, document_id=received, demand_id=demand.pk, now=now)
    assert len(files_of(received)) == count + 1
    assert len(current_files(received)) == 1


def test_an_update_that_strikes_us_out_is_as_a_revocation(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, received: int
) -> None:
    struck = (Receiver(cast.b.code, is_added=False),)
    update = an_edoc(
        cast.b.code,
        business=business(Business.UPDATE, content_changed=False, receivers_changed=True, receivers=struck),
    )
    gateway.hold(message(update, files=[]), doc_id="a2", receiver=cast.b.code)
    poll()
    assert Demand.objects.get().kind == AskKind.REMOVE


def test_a_replacement_is_a_new_arrival_linked_with_the_old_one(
    cast: Cast, gateway: ScriptedGateway, poll: Poll, received: int
) -> None:
    replaces = (Replacement(THEIR_ID, (cast.b.code,)),)
    newer = an_edoc(
        cast.b.code,
        number="126",
        business=BusinessInfo(Business.REPLACE, "Thay thế", replaces=replaces),
    )
    gateway.hold(message(newer), doc_id="a2", receiver=cast.b.code)
    poll()
    new = the_document(received)
    assert [(kind, card.id) for kind, card in ending_of(received).by] == [(RelationKind.REPLACES, new)]
    assert queues_with(new) == {Queue.TO_RECEIVE}
