"""The whole life between two agencies, told act by act; after each the counters equal the counted rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Agency, Cast
from tests.factories.drafting import a_checked_draft, a_draft, a_draft_order
from tests.factories.registry import an_issued_document
from tests.factories.routing import a_direction, officer_task, unit_task
from tests.proof import demand_true_counters, queues_with
from vanthu.audit.queries import verify_chains
from vanthu.documents.queries import record_of, replies_to
from vanthu.drafting import operations as drafting
from vanthu.exchange.models import Arrival
from vanthu.exchange.operations import acknowledge_refusals
from vanthu.exchange.queries import deliveries_of
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.foundation import worker
from vanthu.kernel.actor import Actor
from vanthu.queues.queries import counters, queue_page
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder
from vanthu.registry.rules.states import RefusalReason
from vanthu.routing import operations as routing
from vanthu.routing.queries import handling_card
from vanthu.routing.rules.states import Part, State, TaskState
from vanthu.signing.models import FileCheck
from vanthu.signing.rules.verdicts import Verdict


class Story:
    """Plays acts a minute apart, runs the workers after each, and demands true counters."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast, self.now = cast, now

    def act(self, door: Callable[..., Any], actor: Actor, **words: Any) -> Any:
        self.now += timedelta(minutes=1)
        result = door(actor=actor, now=self.now, **words)
        demand_true_counters()
        worker.run_all(now=lambda: self.now)
        demand_true_counters()
        return result

    def sees(self, actor: Actor, queue: Queue, document_id: int) -> bool:
        page = queue_page(actor=actor, kind=BY_QUEUE[queue])
        found = document_id in {row.document.id for row in page.rows}
        assert counters(actor).get(queue, 0) == len(page.rows)
        return found

    def draft_until_issued(self, sender: Agency, to: str, *, answers: int | None = None) -> int:
        order = a_draft_order(sender, to=(to,), answers_id=answers)
        document = self.act(drafting.start_draft, sender.officer, order=order)
        assert self.sees(sender.officer, Queue.MY_DRAFTS, document)
        self.act(drafting.submit_draft, sender.officer, document_id=document, summary="Trình ký")
        assert self.sees(sender.head, Queue.TO_APPROVE, document)
        self.act(drafting.approve_content, sender.head, document_id=document)
        assert self.sees(sender.checker, Queue.TO_CHECK_FORM, document)
        self.act(drafting.pass_form, sender.checker, document_id=document)
        assert self.sees(sender.leader, Queue.TO_SIGN, document)
        self.act(drafting.sign_draft, sender.leader, document_id=document)
        assert self.sees(sender.clerk, Queue.TO_NUMBER, document)
        self.act(registry.issue_in_one_act, sender.clerk, document_id=document)
        return int(document)

    def arrived_from(self, document_id: int) -> int:
        delivery = deliveries_of(document_id)[0]
        arrival = Arrival.objects.get(
            recipient_code=delivery.recipient_code, document__main_sha256=record_of(document_id).main_sha256
        )
        assert arrival.document_id is not None
        return int(arrival.document_id)

    def take_in(self, receiver: Agency, document_id: int) -> None:
        self.act(
            registry.accept_arrival,
            receiver.clerk,
            document_id=document_id,
            registration=RegistrationOrder(),
        )
        assert self.sees(receiver.clerk, Queue.TO_SUBMIT, document_id)
        self.act(
            registry.submit_incoming,
            receiver.clerk,
            document_id=document_id,
            leader_post_id=receiver.leader.post_id,
        )
        assert self.sees(receiver.leader, Queue.TO_DIRECT, document_id)

    def statuses(self, document_id: int) -> list[str]:
        return [row.code for row in deliveries_of(document_id)[0].statuses]


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    return Story(cast, now)


def test_a_document_is_asked_answered_and_everybody_knows(story: Story, cast: Cast) -> None:
    """Given A asks B, when B directs, works and replies, then A has the reply and every status from 01 to 06."""
    a, b = cast.a, cast.b
    asked = story.draft_until_issued(a, b.code)
    received = story.arrived_from(asked)
    assert story.sees(b.clerk, Queue.TO_RECEIVE, received)
    story.take_in(b, received)

    direction = a_direction(b, cooperating_unit_ids=(b.partner_unit.id,))
    story.act(routing.direct_and_assign, b.leader, document_id=received, order=direction)
    assert story.sees(b.head, Queue.TO_ASSIGN, received)
    assert story.sees(b.partner_head, Queue.TO_ASSIGN, received)
    story.act(routing.sub_assign, b.head, assignment_id=unit_task(received).id, post_id=b.officer.post_id)
    assert story.sees(b.officer, Queue.MY_WORK, received)
    task = officer_task(received).id
    story.act(routing.start_work, b.officer, assignment_id=task)
    reply = story.draft_until_issued(b, a.code, answers=received)
    assert [card.id for card in replies_to(received)] == [reply]
    story.act(routing.submit_result, b.officer, assignment_id=task, result="")
    assert story.sees(b.head, Queue.RESULTS, received)
    story.act(routing.return_result, b.head, assignment_id=task, reason="Bổ sung")
    assert story.sees(b.officer, Queue.MY_WORK, received)
    story.act(routing.submit_result, b.officer, assignment_id=task, result="Đã bổ sung")
    story.act(routing.complete_task, b.head, assignment_id=task, waive=True)

    assert unit_task(received, Part.COOPERATE).state is TaskState.WAIVED
    assert queues_with(received) == set()
    row = deliveries_of(asked)[0]
    assert row.state is DeliveryState.DONE
    assert story.statuses(asked) == ["01", "03", "04", "05", "06"]
    assert row.statuses[-1].description == f"Đã trả lời bằng văn bản số {record_of(reply).full_number}"
    assert story.sees(a.clerk, Queue.TO_RECEIVE, story.arrived_from(reply))
    assert all(report.broken is None for report in verify_chains())


def test_a_refusal_comes_back_with_its_reason(story: Story, cast: Cast) -> None:
    """Given A sent it to B, when B refuses, then A's clerk sees it with the reason until he has taken note."""
    sent = story.draft_until_issued(cast.a, cast.b.code)
    received = story.arrived_from(sent)
    story.act(
        registry.refuse_arrival,
        cast.b.clerk,
        document_id=received,
        reason=RefusalReason.WRONG_RECIPIENT,
        text="Thuộc Sở Y tế",
    )

    row = deliveries_of(sent)[0]
    assert (row.state, row.last_error) == (DeliveryState.REFUSED, "Sai nơi nhận: Thuộc Sở Y tế")
    assert story.statuses(sent) == ["01", "02"]
    assert story.sees(cast.a.clerk, Queue.REFUSED, sent)
    assert queues_with(received) == set()
    story.act(acknowledge_refusals, cast.a.clerk, document_id=sent)
    assert not story.sees(cast.a.clerk, Queue.REFUSED, sent)


def test_a_doubtful_signature_is_taken_with_consent(story: Story, cast: Cast) -> None:
    """Given a signature that needs a person's judgement (D40), when the chief consents, then it is taken in."""
    sent = story.draft_until_issued(cast.a, cast.b.code)
    received = story.arrived_from(sent)
    check = FileCheck.objects.get(sha256=record_of(sent).main_sha256)
    for finding in check.report["signatures"]:
        finding["verdict"] = Verdict.INDETERMINATE.value
    check.verdict = check.report["verdict"] = Verdict.INDETERMINATE.value
    check.save()

    story.act(registry.ask_consent, cast.b.clerk, document_id=received, question="Xin ý kiến tiếp nhận")
    assert story.sees(cast.b.chief, Queue.TO_CONSENT, received)
    story.act(registry.give_consent, cast.b.chief, document_id=received, reason="Đã xác minh với bên gửi")
    assert not story.sees(cast.b.chief, Queue.TO_CONSENT, received)
    story.take_in(cast.b, received)
    assert story.statuses(sent) == ["01", "03"]


def test_a_document_travels_back_and_forth_inside_the_receiver(story: Story, cast: Cast) -> None:
    """Returned to the clerk, submitted again, declined by a unit, directed to another, filed: one số đến throughout."""
    b = cast.b
    sent = story.draft_until_issued(cast.a, b.code)
    received = story.arrived_from(sent)
    story.take_in(b, received)
    story.act(routing.return_to_clerk, b.leader, document_id=received, reason="Trình Phó Giám đốc")
    assert story.sees(b.clerk, Queue.TO_SUBMIT, received)
    story.act(registry.submit_incoming, b.clerk, document_id=received, leader_post_id=b.deputy.post_id)
    story.act(routing.direct_and_assign, b.deputy, document_id=received, order=a_direction(b))
    story.act(
        routing.decline_task,
        b.head,
        assignment_id=unit_task(received).id,
        reason="Không đúng chức năng, nhiệm vụ",
    )
    assert story.sees(b.deputy, Queue.TO_DIRECT, received)
    again = a_direction(b, lead_unit_id=b.partner_unit.id)
    story.act(routing.direct_and_assign, b.deputy, document_id=received, order=again)
    assert story.sees(b.partner_head, Queue.TO_ASSIGN, received)
    task = unit_task(received).id
    story.act(routing.start_work, b.partner_head, assignment_id=task)
    story.act(routing.submit_result, b.partner_head, assignment_id=task, result="Đã xong")
    story.act(routing.complete_task, b.deputy, assignment_id=task)

    card = handling_card(received)
    assert card is not None
    assert card.state is State.DONE
    assert story.statuses(sent) == ["01", "03", "04", "04", "05", "06"]
    assert queues_with(received) == set()


def test_what_needs_no_work_is_done_for_its_sender(story: Story, cast: Cast) -> None:
    sent = story.draft_until_issued(cast.a, cast.b.code)
    received = story.arrived_from(sent)
    story.take_in(cast.b, received)
    story.act(routing.file_for_information, cast.b.leader, document_id=received)
    assert deliveries_of(sent)[0].statuses[-1].code == StatusCode.DONE


def test_a_draft_is_returned_mended_and_signed_at_last(story: Story, cast: Cast) -> None:
    document = a_checked_draft(cast)
    story.act(drafting.return_draft, cast.a.leader, document_id=document, reason="Thiếu căn cứ")
    assert story.sees(cast.a.officer, Queue.MY_DRAFTS, document)
    order = a_draft_order(cast.a, to=(cast.b.code,), bases=("Căn cứ Nghị định số 30/2020/NĐ-CP;",))
    story.act(drafting.revise_draft, cast.a.officer, document_id=document, order=order)
    for door, actor in (
        (drafting.submit_draft, cast.a.officer),
        (drafting.approve_content, cast.a.head),
        (drafting.pass_form, cast.a.checker),
        (drafting.sign_draft, cast.a.leader),
    ):
        story.act(door, actor, document_id=document)
    assert story.sees(cast.a.clerk, Queue.TO_NUMBER, document)


def test_a_discarded_draft_and_a_voided_number_leave_empty_desks(story: Story, cast: Cast) -> None:
    draft = a_draft(cast)
    story.act(drafting.discard_draft, cast.a.officer, document_id=draft, reason="Trùng")
    assert queues_with(draft) == set()


def test_a_document_to_several_agencies_lives_in_each_for_itself(story: Story, cast: Cast) -> None:
    sent = an_issued_document(cast, to=(cast.b.code, cast.ward.row.code))
    worker.run_all(now=lambda: story.now)
    at_b, at_ward = (
        Arrival.objects.get(recipient_code=code).document_id or 0
        for code in (cast.b.code, cast.ward.row.code)
    )
    words = {"reason": RefusalReason.DUPLICATE, "text": "Đã nhận"}
    story.act(registry.refuse_arrival, cast.ward.clerk, document_id=at_ward, **words)
    story.take_in(cast.b, at_b)
    states = {row.recipient_code: row.state for row in deliveries_of(sent)}
    assert states == {cast.b.code: DeliveryState.ACCEPTED, cast.ward.row.code: DeliveryState.REFUSED}
    assert story.sees(cast.a.clerk, Queue.REFUSED, sent)
