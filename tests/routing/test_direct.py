"""The leader's acts: direct and assign, file for information, give back to the clerk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.registry import a_submitted_document
from tests.factories.routing import a_directed_document, a_direction, unit_task
from tests.proof import audited, demand_true_counters, desks, queues_with, refused
from vanthu.documents.queries import is_visible
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.kernel.actor import Role, Urgency, holder_of_post
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.organizations.models import PostRole
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.operations import submit_incoming
from vanthu.registry.queries import incoming_card
from vanthu.registry.rules.states import IncomingState
from vanthu.routing import operations as routing
from vanthu.routing.queries import directives_of, handling_card, handling_moves, tasks_of
from vanthu.routing.rules.states import Move, Part, State, TaskState


def post(actor: object) -> str:
    return holder_of_post(actor.post_id)  # type: ignore[attr-defined]


def codes_sent(document_id: int) -> list[StatusCode]:
    return [row.code for row in answers_sent(document_id)]


def test_a_directive_gives_the_lead_and_the_others_their_tasks(cast: Cast, now: datetime) -> None:
    """M21, M22, NĐ30 Đ.23.2, Đ.23.4."""
    document_id = a_submitted_document(cast)
    b = cast.b
    order = a_direction(b, cooperating_unit_ids=(b.partner_unit.id,), text=" Giao QLNS chủ trì. ", version=1)
    with audited() as log:
        routing.direct_and_assign(actor=b.leader, document_id=document_id, order=order, now=now)

    card = handling_card(document_id)
    assert card is not None
    assert card.state is State.ASSIGNED
    assert card.due_at == datetime(2026, 11, 27, 17, 0, tzinfo=now.tzinfo)
    assert card.due_trace
    (note,) = directives_of(document_id)
    assert (note.person_name, note.title, note.text) == (b.leader.name, b.leader.title, "Giao QLNS chủ trì.")
    tasks = [
        (task.part, task.unit_id, task.post_id, task.state, task.due_at) for task in tasks_of(document_id)
    ]
    assert tasks == [
        (Part.LEAD, b.unit.id, b.head.post_id, TaskState.WAITING, card.due_at),
        (Part.COOPERATE, b.partner_unit.id, b.partner_head.post_id, TaskState.WAITING, card.due_at),
    ]
    assert desks(document_id) == {
        (post(b.head), Queue.TO_ASSIGN),
        (post(b.partner_head), Queue.TO_ASSIGN),
    }
    assert is_visible(b.head, document_id)
    assert log.by("routing.handling.direct").detail["lead"] == b.unit.id
    demand_true_counters()


def test_the_sender_learns_of_the_assignment(cast: Cast) -> None:
    """Status 04 (M16)."""
    document_id = a_directed_document(cast)
    last = answers_sent(document_id)[-1]
    assert (last.code, last.description) == (StatusCode.ASSIGNED, f"Chủ trì: {cast.b.unit.name}")


def test_who_is_informed_only_needs_to_know(cast: Cast) -> None:
    document_id = a_directed_document(cast, informed=True)
    assert (post(cast.b.partner_head), Queue.TO_KNOW) in desks(document_id)
    demand_true_counters()


def test_a_due_time_may_be_an_instant(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast, urgency=Urgency.EXPRESS)
    order = a_direction(cast.b, due_at=now + timedelta(hours=2))
    routing.direct_and_assign(actor=cast.b.leader, document_id=document_id, order=order, now=now)
    assert unit_task(document_id).due_at == now + timedelta(hours=2)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"lead_unit_id": None}, ["routing.directive.lead-missing"]),
        ({"text": " "}, ["routing.directive.text-missing"]),
        (
            {"lead_unit_id": None, "text": ""},
            ["routing.directive.lead-missing", "routing.directive.text-missing"],
        ),
    ],
    ids=["M21", "M22", "both"],
)
def test_a_directive_that_lacks_something_gives_no_task(
    cast: Cast, now: datetime, changes: dict[str, object], codes: list[str]
) -> None:
    document_id = a_submitted_document(cast)
    with refused(*codes, kind=NotReady):
        routing.direct_and_assign(
            actor=cast.b.leader, document_id=document_id, order=a_direction(cast.b, **changes), now=now
        )


def test_a_directive_with_its_lead_twice_or_a_passed_time_gives_no_task(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    order = a_direction(cast.b, cooperating_unit_ids=(cast.b.unit.id,), due_at=now)
    with refused("routing.directive.lead-twice", "routing.directive.due-passed", kind=NotReady):
        routing.direct_and_assign(actor=cast.b.leader, document_id=document_id, order=order, now=now)


def test_a_unit_without_a_head_gets_no_task_and_neither_does_anybody_else(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    PostRole.objects.filter(post_id=cast.b.head.post_id, role=Role.UNIT_HEAD).delete()
    order = a_direction(cast.b, cooperating_unit_ids=(cast.b.partner_unit.id,))
    with refused("routing.directive.unit-without-head", kind=NotReady):
        routing.direct_and_assign(actor=cast.b.leader, document_id=document_id, order=order, now=now)


def test_a_unit_of_another_agency_gets_no_task(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    order = a_direction(cast.b, cooperating_unit_ids=(cast.a.unit.id,))
    with refused("routing.directive.unit-without-head", kind=NotReady):
        routing.direct_and_assign(actor=cast.b.leader, document_id=document_id, order=order, now=now)


def test_only_the_leader_it_lies_before_directs(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    with refused("routing.handling.not-leader", kind=NotPermitted):
        routing.direct_and_assign(
            actor=cast.b.clerk, document_id=document_id, order=a_direction(cast.b), now=now
        )
    for stranger in (cast.b.deputy, cast.b.officer, cast.a.leader, cast.outsider):
        with refused("document.not-found", kind=NotVisible):
            routing.direct_and_assign(
                actor=stranger, document_id=document_id, order=a_direction(cast.b), now=now
            )


def test_a_second_click_and_a_stale_form_direct_nothing(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast)
    with refused("routing.handling.illegal-move", kind=IllegalMove):
        routing.direct_and_assign(
            actor=cast.b.leader, document_id=document_id, order=a_direction(cast.b), now=now
        )
    fresh = a_submitted_document(cast)
    with refused("document.stale", kind=StaleVersion):
        routing.direct_and_assign(
            actor=cast.b.leader, document_id=fresh, order=a_direction(cast.b, version=9), now=now
        )


def test_what_is_filed_for_information_is_done_for_its_sender_and_can_be_taken_up(
    cast: Cast, now: datetime
) -> None:
    """D46."""
    document_id = a_submitted_document(cast)
    with audited() as log:
        routing.file_for_information(actor=cast.b.leader, document_id=document_id, version=1, now=now)
    card = handling_card(document_id)
    assert card is not None
    assert (card.state, card.completed_at) == (State.FILED, now)
    assert codes_sent(document_id)[-1] == StatusCode.DONE
    assert queues_with(document_id) == set()
    assert "routing.handling.file" in log.verbs

    with audited() as log:
        routing.take_up_again(actor=cast.b.leader, document_id=document_id, now=now)
    card = handling_card(document_id)
    assert card is not None
    assert (card.state, card.completed_at) == (State.AWAITING_DIRECTION, None)
    assert queues_with(document_id) == {Queue.TO_DIRECT}
    assert log.verbs == ["routing.handling.take-up"]
    demand_true_counters()


def test_a_document_given_back_is_submitted_again_to_another_leader(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    with audited() as log:
        routing.return_to_clerk(
            actor=cast.b.leader, document_id=document_id, reason="Trình Phó Giám đốc", now=now
        )
    entry, card = incoming_card(document_id), handling_card(document_id)
    assert entry is not None
    assert card is not None
    assert (entry.state, card.state) == (IncomingState.REGISTERED, State.RETURNED)
    assert queues_with(document_id) == {Queue.TO_SUBMIT}
    assert {"routing.handling.return-to-clerk", "registry.incoming.take-back"} <= set(log.verbs)

    submit_incoming(
        actor=cast.b.clerk, document_id=document_id, leader_post_id=cast.b.deputy.post_id or 0, now=now
    )
    card, entry = handling_card(document_id), incoming_card(document_id)
    assert card is not None
    assert entry is not None
    assert (card.state, card.leader_post_id) == (State.AWAITING_DIRECTION, cast.b.deputy.post_id)
    assert entry.arrival_number == 1
    assert desks(document_id) == {(post(cast.b.deputy), Queue.TO_DIRECT)}
    demand_true_counters()


def test_giving_back_needs_a_reason(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_document(cast)
    with refused("routing.reason-missing", kind=NotReady):
        routing.return_to_clerk(actor=cast.b.leader, document_id=document_id, reason="", now=now)


def test_what_was_directed_is_neither_filed_nor_given_back(cast: Cast, now: datetime) -> None:
    document_id = a_directed_document(cast)
    with refused("routing.handling.illegal-move", kind=IllegalMove):
        routing.file_for_information(actor=cast.b.leader, document_id=document_id, now=now)
    with refused("routing.handling.illegal-move", kind=IllegalMove):
        routing.return_to_clerk(actor=cast.b.leader, document_id=document_id, reason="Nhầm", now=now)
    with refused("routing.handling.illegal-move", kind=IllegalMove):
        routing.take_up_again(actor=cast.b.leader, document_id=document_id, now=now)


def test_the_leaders_buttons_are_what_the_operations_allow(cast: Cast) -> None:
    card = handling_card(a_submitted_document(cast))
    assert card is not None
    for actor in cast.everybody:
        allowed = {move for move, decision in handling_moves(actor, card) if decision}
        expected = {Move.DIRECT, Move.FILE, Move.RETURN_TO_CLERK} if actor == cast.b.leader else set()
        assert allowed == expected, actor.title
