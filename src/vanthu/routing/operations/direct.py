"""The leader's acts: direct and assign, file for information, give back to the clerk. Norm: NĐ30 Đ.23."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vanthu.documents import operations as documents
from vanthu.documents.queries import urgency_of
from vanthu.foundation.db import require_version, save_changes
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor, Role, Urgency, holder_of_post
from vanthu.kernel.due import Due, due_after_days, effective_start, trace_to_json
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations import queries as organizations
from vanthu.organizations.queries import PostRow
from vanthu.routing.events import DirectionGiven, HandlingMoved, ReturnedToClerk, TaskMoved, WorkCompleted
from vanthu.routing.models import Assignment, Directive, Handling
from vanthu.routing.queries import locked_handling
from vanthu.routing.rules import policy, readiness
from vanthu.routing.rules.states import HANDLING, Move, Part, State

KIND = "documents.document"


@dataclass(frozen=True, slots=True)
class DirectionOrder:
    """Ý kiến chỉ đạo: one lead unit, others co-operating or informed, and a due time (days, or an instant)."""

    text: str
    lead_unit_id: int | None
    cooperating_unit_ids: tuple[int, ...] = ()
    inform_unit_ids: tuple[int, ...] = ()
    days: int = 5
    due_at: datetime | None = None
    version: int | None = None


@operation("routing.handling.open")
def open_handling(
    *,
    actor: Actor,
    document_id: int,
    agency_id: int,
    leader_post_id: int,
    proposal: str,
    urgency: int,
    now: datetime,
) -> None:
    """Lay a registered document before a leader; one that came back is laid before him again (M1)."""
    handling = Handling.objects.filter(document_id=document_id).first()
    if handling is None:
        handling = Handling.objects.create(
            document_id=document_id,
            agency_id=agency_id,
            leader_post_id=leader_post_id,
            proposal=proposal[:1000],
        )
    else:
        handling.state = HANDLING.after(State(handling.state), Move.SUBMIT_AGAIN)
        handling.leader_post_id, handling.proposal = leader_post_id, proposal[:1000]
        save_changes(handling, "state", "leader_post", "proposal")
    _show(actor, document_id, agency_id, leader_post_id, "routing.leader", now)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=agency_id,
        after={"state": handling.state},
        to=handling.state,
    )
    tell_handling(handling, urgency, now)


def tell_handling(handling: Handling, urgency: int, now: datetime) -> None:
    publish(
        HandlingMoved(
            handling.document_id, handling.agency_id, handling.state, handling.leader_post_id, urgency, now
        )
    )


def tell_task(
    task: Assignment, document_id: int, urgency: int, now: datetime, *, handed_on: bool = False
) -> None:
    publish(
        TaskMoved(
            document_id,
            task.agency_id,
            task.pk,
            task.part,
            task.state,
            task.parent_id is None,
            task.post_id,
            task.giver_post_id,
            handed_on,
            urgency,
            task.due_at,
            now,
        )
    )


def _show(actor: Actor, document_id: int, agency_id: int, post_id: int, because: str, now: datetime) -> None:
    documents.grant_access(
        actor=actor,
        document_id=document_id,
        agency_id=agency_id,
        holders=[holder_of_post(post_id)],
        because=because,
        now=now,
    )


def _begin(actor: Actor, document_id: int, move: Move, version: int | None) -> Handling:
    handling = locked_handling(actor, document_id)
    HANDLING.after(State(handling.state), move)
    policy.may_lead(actor, handling.facts()).or_refuse()
    require_version(handling, version)
    return handling


def move_handling(
    handling: Handling, move: Move, urgency: int, now: datetime, *fields: str, **detail: object
) -> None:
    """Change the state by the table, say so in the log and to the queues."""
    before = State(handling.state)
    handling.state = HANDLING.after(before, move)
    save_changes(handling, "state", *fields)
    record(
        ObjectRef.of(KIND, handling.document_id),
        agency_id=handling.agency_id,
        before={"state": before},
        after={"state": handling.state},
        to=handling.state,
        **detail,
    )
    tell_handling(handling, urgency, now)


def _note(handling: Handling, actor: Actor, text: str, now: datetime) -> None:
    assert actor.post_id is not None
    Directive.objects.create(
        handling=handling,
        post_id=actor.post_id,
        person_name=actor.name,
        title=actor.title,
        text=text.strip(),
        at=now,
    )


@operation("routing.handling.direct")
def direct_and_assign(*, actor: Actor, document_id: int, order: DirectionOrder, now: datetime) -> None:
    """Write the directive and give the tasks: exactly one lead. Norm: NĐ30 Đ.23.2, Đ.23.4 (M21, M22).

    Refuses: not the leader it lies before, no lead, no text, due time passed, a unit without a head.
    """
    handling = _begin(actor, document_id, Move.DIRECT, order.version)
    urgency = urgency_of(document_id)
    due = _due(handling.agency_id, order, urgency, now)
    others = (*order.cooperating_unit_ids, *order.inform_unit_ids)
    refuse_if(
        readiness.unmet_for_directing(
            text=order.text,
            lead_unit_id=order.lead_unit_id,
            other_unit_ids=others,
            due_at=due.due_at,
            now=now,
        )
    )
    assert order.lead_unit_id is not None
    _note(handling, actor, order.text, now)
    heads = _heads(handling.agency_id, (order.lead_unit_id, *others), now)
    parts = [(order.lead_unit_id, Part.LEAD)]
    parts += [(unit_id, Part.COOPERATE) for unit_id in order.cooperating_unit_ids]
    parts += [(unit_id, Part.INFORM) for unit_id in order.inform_unit_ids]
    for unit_id, part in parts:
        _assign(handling, actor, heads[unit_id], part, order.text, due, urgency, now)
    handling.due_at, handling.due_trace = due.due_at, trace_to_json(due.trace)
    move_handling(handling, Move.DIRECT, urgency, now, "due_at", "due_trace", lead=order.lead_unit_id)
    publish(DirectionGiven(document_id, handling.agency_id, heads[order.lead_unit_id].unit_name, now))


def _due(agency_id: int, order: DirectionOrder, urgency: Urgency, now: datetime) -> Due:
    if order.due_at is not None:
        return Due(order.due_at, ())
    calendar = organizations.calendar_of(agency_id=agency_id)
    return due_after_days(calendar, effective_start(calendar, now, urgency > Urgency.NORMAL), order.days)


def _heads(agency_id: int, unit_ids: tuple[int, ...], now: datetime) -> dict[int, PostRow]:
    rows = organizations.posts_with_role(agency_id, Role.UNIT_HEAD, Role.OFFICE_CHIEF, now=now)
    heads: dict[int, PostRow] = {}
    for row in rows:
        if row.unit_id is not None:
            heads.setdefault(row.unit_id, row)
    missing = [unit_id for unit_id in unit_ids if unit_id not in heads]
    if missing:
        names = organizations.unit_names(missing)
        raise NotReady(
            [
                Violation("routing.directive.unit-without-head", (("unit", names.get(unit_id, "Đơn vị")),))
                for unit_id in missing
            ]
        )
    return heads


def _assign(
    handling: Handling,
    actor: Actor,
    head: PostRow,
    part: Part,
    text: str,
    due: Due,
    urgency: int,
    now: datetime,
) -> None:
    assert actor.post_id is not None
    assert head.unit_id is not None
    task = Assignment.objects.create(
        handling=handling,
        agency_id=handling.agency_id,
        part=part,
        unit_id=head.unit_id,
        post_id=head.id,
        giver_post_id=actor.post_id,
        person_name=head.person_name,
        text=text.strip(),
        due_at=due.due_at,
        due_trace=trace_to_json(due.trace),
        given_at=now,
    )
    _show(actor, handling.document_id, handling.agency_id, head.id, f"routing.{part.lower()}", now)
    tell_task(task, handling.document_id, urgency, now)


@operation("routing.handling.file")
def file_for_information(
    *, actor: Actor, document_id: int, text: str = "", version: int | None = None, now: datetime
) -> None:
    """Lưu để biết: nothing is to be done; it can be taken up again (D46). The sender learns that it is done (06)."""
    handling = _begin(actor, document_id, Move.FILE, version)
    _note(handling, actor, text or "Lưu để biết.", now)
    handling.completed_at = now
    move_handling(handling, Move.FILE, urgency_of(document_id), now, "completed_at")
    publish(WorkCompleted(document_id, handling.agency_id, "Lưu để biết", now))


@operation("routing.handling.take-up")
def take_up_again(*, actor: Actor, document_id: int, version: int | None = None, now: datetime) -> None:
    """Take up a document that was filed for information (D46)."""
    handling = _begin(actor, document_id, Move.TAKE_UP, version)
    handling.completed_at = None
    move_handling(handling, Move.TAKE_UP, urgency_of(document_id), now, "completed_at")


@operation("routing.handling.return-to-clerk")
def return_to_clerk(
    *, actor: Actor, document_id: int, reason: str, version: int | None = None, now: datetime
) -> None:
    """Give the document back to the records office. Refuses: no reason."""
    handling = _begin(actor, document_id, Move.RETURN_TO_CLERK, version)
    refuse_if(readiness.unmet_for_reason(reason))
    _note(handling, actor, reason, now)
    move_handling(handling, Move.RETURN_TO_CLERK, urgency_of(document_id), now, reason=reason[:200])
    publish(ReturnedToClerk(document_id, handling.agency_id, reason, now))
