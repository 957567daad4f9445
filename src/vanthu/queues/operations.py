"""Followers: what each fact puts on which desk, and takes from it. The act that told the fact is audited itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from vanthu.drafting.events import DraftMoved, DraftSigned
from vanthu.drafting.rules.states import State as DraftState
from vanthu.exchange.events import (
    AskDeclined,
    DeliveryRefused,
    DemandOpened,
    DemandsSettled,
    PaperOwed,
    PaperPosted,
    RefusalAcknowledged,
)
from vanthu.foundation.db import insert, insert_or_add
from vanthu.foundation.operation import steps
from vanthu.kernel.actor import holder_of_office, holder_of_post
from vanthu.queues.models import QueueCounter, QueueItem
from vanthu.queues.rules.catalogue import Queue
from vanthu.queues.rules.order import sort_key
from vanthu.registry.events import ConsentAsked, ConsentGiven, IncomingMoved, OutgoingMoved
from vanthu.registry.rules.states import IncomingState, OutgoingState
from vanthu.routing.events import HandlingMoved, TaskMoved, WithdrawalNoted
from vanthu.routing.rules.states import Part, TaskState
from vanthu.routing.rules.states import State as HandlingState

READ_MODEL = "a read model written in the transaction of the audited act that told the fact"


@dataclass(frozen=True, slots=True)
class Place:
    """A place where a document waits."""

    holder: str
    queue: Queue


def _rearrange(
    fact: DraftMoved
    | DraftSigned
    | OutgoingMoved
    | IncomingMoved
    | ConsentAsked
    | ConsentGiven
    | HandlingMoved
    | TaskMoved
    | DeliveryRefused
    | RefusalAcknowledged
    | PaperOwed
    | PaperPosted
    | AskDeclined
    | DemandOpened
    | DemandsSettled
    | WithdrawalNoted,
    *,
    leaves: Iterable[Queue],
    comes_to: Place | None,
    due_at: datetime | None = None,
    task_id: int | None = None,
    urgency: int = 0,
) -> None:
    """Take the document from every desk of the queues it leaves, and lay it where it comes to."""
    concerned = Q(queue__in=list(leaves), is_done=False)
    if task_id is not None:
        concerned &= Q(task_id=task_id)
    if comes_to is not None:
        concerned |= Q(holder=comes_to.holder, queue=comes_to.queue)
    there: QueueItem | None = None
    for item in QueueItem.objects.filter(concerned, document_id=fact.document_id, agency_id=fact.agency_id):
        if comes_to is not None and (item.holder, item.queue) == (comes_to.holder, comes_to.queue):
            there = item
        else:
            _finish(item, fact.at)
    if comes_to is not None:
        _lay(there, fact.document_id, fact.agency_id, comes_to, urgency, due_at, task_id, fact.at)


def _finish(item: QueueItem, at: datetime) -> None:
    item.is_done, item.moved_at = True, at
    item.save(update_fields=["is_done", "moved_at"])
    QueueCounter.objects.filter(holder=item.holder, queue=item.queue).update(count=F("count") - 1)


def _lay(
    item: QueueItem | None,
    document_id: int,
    agency_id: int,
    place: Place,
    urgency: int,
    due_at: datetime | None,
    task_id: int | None,
    at: datetime,
) -> None:
    fields = {
        "is_done": False,
        "urgency": urgency,
        "due_at": due_at,
        "sort_key": sort_key(urgency, due_at or at),
        "moved_at": at,
        "task_id": task_id,
    }
    if item is None:
        insert(
            QueueItem(
                agency_id=agency_id, holder=place.holder, queue=place.queue, document_id=document_id, **fields
            )
        )
        _count_one_more(agency_id, place)
        return
    was_done = item.is_done
    for name, value in fields.items():
        setattr(item, name, value)
    item.save(update_fields=list(fields))
    if was_done:
        _count_one_more(agency_id, place)


def _count_one_more(agency_id: int, place: Place) -> None:
    first = QueueCounter(agency_id=agency_id, holder=place.holder, queue=place.queue, count=1)
    insert_or_add(first, key=("holder", "queue"), amount="count")


_DRAFT_QUEUES = {
    DraftState.DRAFT: Queue.MY_DRAFTS,
    DraftState.AWAITING_CONTENT: Queue.TO_APPROVE,
    DraftState.AWAITING_FORM: Queue.TO_CHECK_FORM,
    DraftState.AWAITING_SIGNATURE: Queue.TO_SIGN,
}


@steps(READ_MODEL)
def follow_draft(fact: DraftMoved) -> None:
    """The draft lies before one post at a time; its author finds it again under "Đã làm"."""
    queue = _DRAFT_QUEUES.get(DraftState(fact.state))
    place = Place(holder_of_post(fact.holder_post_id), queue) if queue and fact.holder_post_id else None
    _rearrange(fact, leaves=_DRAFT_QUEUES.values(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_signature(fact: DraftSigned) -> None:
    _rearrange(fact, leaves=_DRAFT_QUEUES.values(), comes_to=None)


_OUTGOING_QUEUES = {
    OutgoingState.SIGNED: Queue.TO_NUMBER,
    OutgoingState.NUMBERED: Queue.TO_ISSUE,
    OutgoingState.FILLED: Queue.TO_ISSUE,
    OutgoingState.SEALED: Queue.TO_ISSUE,
}


@steps(READ_MODEL)
def follow_outgoing(fact: OutgoingMoved) -> None:
    queue = _OUTGOING_QUEUES.get(OutgoingState(fact.state))
    place = Place(holder_of_office(fact.agency_id), queue) if queue else None
    leaves = (Queue.TO_NUMBER, Queue.TO_ISSUE)
    _rearrange(fact, leaves=leaves, comes_to=place, due_at=fact.due_at, urgency=fact.urgency)


_INCOMING_QUEUES = {
    IncomingState.ARRIVED: Queue.TO_RECEIVE,
    IncomingState.ACCEPTED: Queue.TO_REGISTER,
    IncomingState.REGISTERED: Queue.TO_SUBMIT,
}


@steps(READ_MODEL)
def follow_incoming(fact: IncomingMoved) -> None:
    queue = _INCOMING_QUEUES.get(IncomingState(fact.state))
    place = Place(holder_of_office(fact.agency_id), queue) if queue else None
    if fact.is_new and place is not None:
        # A document to a thousand agencies lives on this: nobody looks for it on desks where it can't be.
        _lay(None, fact.document_id, fact.agency_id, place, fact.urgency, fact.due_at, None, fact.at)
        return
    leaves = [*_INCOMING_QUEUES.values()]
    if fact.state != IncomingState.ARRIVED:
        leaves.append(Queue.TO_CONSENT)  # once it is accepted or refused, nobody is asked any more
    _rearrange(fact, leaves=leaves, comes_to=place, due_at=fact.due_at, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_consent_asked(fact: ConsentAsked) -> None:
    place = Place(holder_of_post(fact.chief_post_id), Queue.TO_CONSENT)
    _rearrange(fact, leaves=(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_consent_given(fact: ConsentGiven) -> None:
    _rearrange(fact, leaves=(Queue.TO_CONSENT,), comes_to=None)


_HANDLING_QUEUES = {
    HandlingState.AWAITING_DIRECTION: Queue.TO_DIRECT,
    HandlingState.RECALLED: Queue.RECALLED,
}


@steps(READ_MODEL)
def follow_handling(fact: HandlingMoved) -> None:
    """It waits for the leader's word; when its sender takes it back, he is told of it (D27)."""
    queue = _HANDLING_QUEUES.get(HandlingState(fact.state))
    place = Place(holder_of_post(fact.leader_post_id), queue) if queue else None
    _rearrange(fact, leaves=_HANDLING_QUEUES.values(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_withdrawal_noted(fact: WithdrawalNoted) -> None:
    _rearrange(fact, leaves=(Queue.RECALLED,), comes_to=None)


_TASK_QUEUES = (Queue.TO_ASSIGN, Queue.MY_WORK, Queue.RESULTS, Queue.TO_KNOW)


@steps(READ_MODEL)
def follow_task(fact: TaskMoved) -> None:
    """A unit's task waits to be assigned on, an officer's to be worked on, a reported one at whoever gave it."""
    _rearrange(
        fact,
        leaves=_TASK_QUEUES,
        comes_to=_place_of_task(fact),
        due_at=fact.due_at,
        task_id=fact.assignment_id,
        urgency=fact.urgency,
    )


def _place_of_task(fact: TaskMoved) -> Place | None:
    mine = holder_of_post(fact.post_id)
    if fact.handed_on:
        return None
    match TaskState(fact.state):
        case TaskState.WAITING if fact.part == Part.INFORM:
            return Place(mine, Queue.TO_KNOW)
        case TaskState.WAITING if fact.is_of_unit:
            return Place(mine, Queue.TO_ASSIGN)
        case TaskState.WAITING | TaskState.IN_PROGRESS:
            return Place(mine, Queue.MY_WORK)
        case TaskState.REPORTED:
            return Place(holder_of_post(fact.giver_post_id), Queue.RESULTS)
    return None


@steps(READ_MODEL)
def follow_demand(fact: DemandOpened) -> None:
    place = Place(holder_of_office(fact.agency_id), Queue.TO_RECALL)
    _rearrange(fact, leaves=(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_settled_demands(fact: DemandsSettled) -> None:
    _rearrange(fact, leaves=(Queue.TO_RECALL,), comes_to=None)


@steps(READ_MODEL)
def follow_refusal(fact: DeliveryRefused | AskDeclined) -> None:
    place = Place(holder_of_office(fact.agency_id), Queue.REFUSED)
    _rearrange(fact, leaves=(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_acknowledgement(fact: RefusalAcknowledged) -> None:
    _rearrange(fact, leaves=(Queue.REFUSED,), comes_to=None)


@steps(READ_MODEL)
def follow_paper_owed(fact: PaperOwed) -> None:
    place = Place(holder_of_office(fact.agency_id), Queue.TO_POST)
    _rearrange(fact, leaves=(), comes_to=place, urgency=fact.urgency)


@steps(READ_MODEL)
def follow_paper_posted(fact: PaperPosted) -> None:
    _rearrange(fact, leaves=(Queue.TO_POST,), comes_to=None)
