"""Registration, submission to a leader, and what a leader gives back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_registered_document, a_submitted_document, an_accepted_document
from tests.proof import audited, demand_true_counters, desks, queues_with, refused
from vanthu.documents.queries import is_visible, record_of
from vanthu.kernel.actor import Urgency, holder_of_post, system_actor
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder
from vanthu.registry.queries import arrival_series, incoming_card, next_number
from vanthu.registry.rules.states import IncomingState
from vanthu.routing.queries import handling_card
from vanthu.routing.rules.states import State

SAME = {"full_number": "05/SNV-VP", "number": 5}


def test_numbers_of_arrival_run_from_one_without_gaps(cast: Cast) -> None:
    """M2, NĐ30 Đ.22.2."""
    cards = [incoming_card(a_registered_document(cast)) for _ in range(3)]
    assert [card.arrival_number for card in cards if card] == [1, 2, 3]


def test_each_agency_counts_for_itself(cast: Cast) -> None:
    a_registered_document(cast)
    card = incoming_card(a_registered_document(cast, receiver=cast.a))
    assert card is not None
    assert card.arrival_number == 1


def test_registration_fixes_the_fields_and_brings_it_to_submission(cast: Cast, now: datetime) -> None:
    document_id = an_accepted_document(cast)
    order = RegistrationOrder(
        subject="trích yếu đã sửa", urgency=Urgency.EXPRESS, issued_on=date(2026, 11, 18)
    )
    with audited() as log:
        number = registry.register_arrival(
            actor=cast.b.clerk, document_id=document_id, order=order, version=2, now=now
        )

    document, card = record_of(document_id), incoming_card(document_id)
    assert card is not None
    assert (document.subject, document.urgency) == ("trích yếu đã sửa", Urgency.EXPRESS)
    assert document.issued_on == date(2026, 11, 18)
    assert (card.state, card.arrival_number, card.registered_at) == (IncomingState.REGISTERED, number, now)
    assert queues_with(document_id) == {Queue.TO_SUBMIT}
    assert log.by("registry.incoming.register").detail["number"] == number
    demand_true_counters()


def test_the_series_begins_anew_on_the_first_of_january(cast: Cast) -> None:
    hanoi = ZoneInfo("Asia/Ho_Chi_Minh")
    old, new = datetime(2026, 12, 31, 16, 0, tzinfo=hanoi), datetime(2027, 1, 4, 8, 0, tzinfo=hanoi)
    documents = [an_accepted_document(cast, now=old) for _ in range(3)]
    numbers = [
        registry.register_arrival(actor=cast.b.clerk, document_id=document, order=RegistrationOrder(), now=at)
        for document, at in zip(documents, (old, old, new), strict=True)
    ]
    assert numbers == [1, 2, 1]


def test_a_date_before_the_last_of_the_series_is_refused_and_takes_no_number(
    cast: Cast, now: datetime
) -> None:
    """D10."""
    a_registered_document(cast)
    document_id = an_accepted_document(cast)
    with refused("registry.outgoing.date-goes-back", kind=NotReady):
        registry.register_arrival(
            actor=cast.b.clerk,
            document_id=document_id,
            order=RegistrationOrder(),
            now=now - timedelta(days=1),
        )
    assert next_number(arrival_series(cast.b.id).pk, 2026) == 2


def test_the_same_document_is_not_registered_twice(cast: Cast, now: datetime) -> None:
    a_registered_document(cast, **SAME)
    twin = an_accepted_document(cast, **SAME)
    with refused("registry.incoming.duplicate", kind=NotReady):
        registry.register_arrival(actor=cast.b.clerk, document_id=twin, order=RegistrationOrder(), now=now)


def test_the_same_number_of_another_sender_or_date_is_another_document(cast: Cast) -> None:
    a_registered_document(cast, **SAME)
    a_registered_document(cast, **SAME, sender_code="G99.TD1", sender_name="Bộ Trình diễn")
    a_registered_document(cast, **SAME, issued_on=date(2026, 11, 19))


def test_both_agencies_register_the_same_document(cast: Cast) -> None:
    a_registered_document(cast, **SAME)
    a_registered_document(cast, receiver=cast.a, **SAME)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (RegistrationOrder(subject=" "), "registry.incoming.subject-missing"),
        (RegistrationOrder(full_number=""), "registry.incoming.number-missing"),
        (RegistrationOrder(subject="Dấu chỉ độ mật: Mật"), "documents.secret"),
    ],
)
def test_a_registration_that_is_not_ready_takes_no_number(
    cast: Cast, now: datetime, order: RegistrationOrder, code: str
) -> None:
    document_id = an_accepted_document(cast)
    with refused(code, kind=NotReady):
        registry.register_arrival(actor=cast.b.clerk, document_id=document_id, order=order, now=now)
    assert next_number(arrival_series(cast.b.id).pk, 2026) == 1


def test_registration_is_refused_before_acceptance_twice_and_from_a_stale_form(
    cast: Cast, now: datetime
) -> None:
    words = {"order": RegistrationOrder(), "now": now}
    arrival = an_arrival(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.register_arrival(actor=cast.b.clerk, document_id=arrival, **words)
    accepted = an_accepted_document(cast)
    with refused("document.stale", kind=StaleVersion):
        registry.register_arrival(actor=cast.b.clerk, document_id=accepted, version=1, **words)
    registry.register_arrival(actor=cast.b.clerk, document_id=accepted, **words)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.register_arrival(actor=cast.b.clerk, document_id=accepted, **words)


def test_submission_lays_it_before_the_leader_and_opens_its_handling(cast: Cast, now: datetime) -> None:
    document_id = a_registered_document(cast)
    with audited() as log:
        registry.submit_incoming(
            actor=cast.b.clerk,
            document_id=document_id,
            leader_post_id=cast.b.leader.post_id or 0,
            proposal="Giao Phòng QLNS",
            version=3,
            now=now,
        )

    card, handling = incoming_card(document_id), handling_card(document_id)
    assert card is not None
    assert handling is not None
    assert card.state is IncomingState.SUBMITTED
    assert (handling.state, handling.proposal) == (State.AWAITING_DIRECTION, "Giao Phòng QLNS")
    assert desks(document_id) == {(holder_of_post(cast.b.leader.post_id or 0), Queue.TO_DIRECT)}
    assert is_visible(cast.b.leader, document_id)
    assert {"registry.incoming.submit", "routing.handling.open"} <= set(log.verbs)
    demand_true_counters()


@pytest.mark.parametrize("who", ["deputy", "chief"])
def test_deputies_and_the_office_chief_take_submissions_too(cast: Cast, now: datetime, who: str) -> None:
    document_id = a_registered_document(cast)
    post_id = getattr(cast.b, who).post_id
    registry.submit_incoming(actor=cast.b.clerk, document_id=document_id, leader_post_id=post_id, now=now)
    assert desks(document_id) == {(holder_of_post(post_id), Queue.TO_DIRECT)}


def test_it_is_not_submitted_to_whoever_leads_nothing_here(cast: Cast, now: datetime) -> None:
    document_id = a_registered_document(cast)
    for actor in (cast.b.officer, cast.b.clerk, cast.a.leader):
        with refused("registry.incoming.no-such-leader", kind=NotReady):
            registry.submit_incoming(
                actor=cast.b.clerk, document_id=document_id, leader_post_id=actor.post_id or 0, now=now
            )


def test_nothing_is_submitted_without_a_number_twice_or_by_strangers(cast: Cast, now: datetime) -> None:
    """M1."""
    leader = cast.b.leader.post_id or 0
    accepted = an_accepted_document(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.submit_incoming(actor=cast.b.clerk, document_id=accepted, leader_post_id=leader, now=now)
    submitted = a_submitted_document(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.submit_incoming(actor=cast.b.clerk, document_id=submitted, leader_post_id=leader, now=now)
    registered = a_registered_document(cast)
    with refused("document.not-found", kind=NotVisible):
        registry.submit_incoming(actor=cast.a.clerk, document_id=registered, leader_post_id=leader, now=now)


def test_what_was_given_back_waits_at_the_records_office_again(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    with audited() as log:
        registry.take_back(actor=system_actor(cast.b.id), document_id=document_id, now=now)
    assert log.verbs == ["registry.incoming.take-back"]
    assert Queue.TO_SUBMIT in queues_with(document_id)


def test_taking_back_is_refused_to_the_clerk_and_where_nothing_was_submitted(
    cast: Cast, now: datetime
) -> None:
    document_id = a_submitted_document(cast)
    with refused("registry.not-clerk", kind=NotPermitted):
        registry.take_back(actor=cast.b.clerk, document_id=document_id, now=now)
    with refused("document.not-found", kind=NotVisible):
        registry.take_back(actor=system_actor(cast.a.id), document_id=document_id, now=now)
    registered = a_registered_document(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.take_back(actor=system_actor(cast.b.id), document_id=registered, now=now)
