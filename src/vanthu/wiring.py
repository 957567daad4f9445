"""What follows from which fact: the whole table on one screen. Everything here runs in the transaction of the fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vanthu.documents.queries import concern_of
from vanthu.documents.rules.kinds import RelationKind
from vanthu.drafting import events as drafting
from vanthu.drafting import operations as writing
from vanthu.exchange import events as exchange
from vanthu.exchange import operations as exchanging
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.kernel.actor import system_actor
from vanthu.queues import operations as queues
from vanthu.registry import events as registry
from vanthu.registry import operations as registering
from vanthu.routing import events as routing
from vanthu.routing import operations as directing
from vanthu.signing import events as signing
from vanthu.signing import operations as signatures


def open_outgoing(fact: drafting.DraftSigned) -> None:
    registering.open_outgoing(
        actor=system_actor(fact.agency_id),
        document_id=fact.document_id,
        agency_id=fact.agency_id,
        signed_at=fact.signed_at,
        urgency=fact.urgency,
        now=fact.at,
    )


def plan_deliveries(fact: registry.OutgoingIssued) -> None:
    exchanging.plan_deliveries(
        actor=system_actor(fact.agency_id),
        document_id=fact.document_id,
        agency_id=fact.agency_id,
        urgency=fact.urgency,
        now=fact.at,
    )


def end_what_it_concerns(fact: registry.OutgoingIssued) -> None:
    """A notice revokes, a new document replaces: the other one ends in the same transaction (NĐ30 Đ.18)."""
    concern = concern_of(fact.document_id)
    if concern is None:
        return
    actor = system_actor(fact.agency_id)
    registering.end_outgoing(
        actor=actor, document_id=concern.document_id, by_id=fact.document_id, kind=concern.kind, now=fact.at
    )
    if concern.kind is RelationKind.REVOKES:
        exchanging.revoke_deliveries(
            actor=actor, document_id=concern.document_id, notice_id=fact.document_id, now=fact.at
        )


def recall_arrival(fact: exchange.DocumentWithdrawn) -> None:
    registering.recall_incoming(
        actor=system_actor(fact.agency_id), document_id=fact.document_id, reason=fact.reason, now=fact.at
    )


def withdraw_handling(fact: exchange.DocumentWithdrawn) -> None:
    directing.withdraw_handling(
        actor=system_actor(fact.agency_id), document_id=fact.document_id, reason=fact.reason, now=fact.at
    )


def keep_rendition(fact: registry.OutgoingIssued) -> None:
    signatures.owe_rendition(
        actor=system_actor(fact.agency_id),
        document_id=fact.document_id,
        agency_id=fact.agency_id,
        now=fact.at,
    )


def note_changed_verdict(fact: signing.VerdictChanged) -> None:
    registering.note_recheck(actor=system_actor(None), sha256=fact.sha256, now=fact.at)


def open_handling(fact: registry.IncomingSubmitted) -> None:
    directing.open_handling(
        actor=system_actor(fact.agency_id),
        document_id=fact.document_id,
        agency_id=fact.agency_id,
        leader_post_id=fact.leader_post_id,
        proposal=fact.proposal,
        urgency=fact.urgency,
        now=fact.at,
    )


def take_back(fact: routing.ReturnedToClerk) -> None:
    registering.take_back(actor=system_actor(fact.agency_id), document_id=fact.document_id, now=fact.at)


SIGNED_FOR: dict[str, Callable[..., None]] = {
    "drafting.sign": writing.take_signature,
    "registry.seal": registering.take_seal,
    "registry.annex": registering.take_annex,
}
"""The act that goes on when a signature comes back from a device or service (`PendingSignature.purpose`)."""


def go_on_signed(fact: signing.SignatureArrived) -> None:
    SIGNED_FOR[fact.purpose](actor=fact.actor, arrived=fact, now=fact.at)


def answers(code: StatusCode, describe: Callable[[Any], str] = lambda _: "") -> Callable[[Any], None]:
    """The sender is told the status that the fact means (M16)."""

    def tell(fact: Any) -> None:
        exchanging.answer(
            actor=system_actor(fact.agency_id),
            document_id=fact.document_id,
            code=code,
            description=describe(fact),
            now=fact.at,
        )

    return tell


def _acceptance(fact: registry.IncomingAccepted) -> str:
    return f"Số đến {fact.arrival_number}" if fact.arrival_number else ""


FOLLOWERS: dict[type, tuple[Callable[[Any], None], ...]] = {
    signing.SignatureArrived: (go_on_signed,),
    signing.VerdictChanged: (note_changed_verdict,),
    drafting.DraftMoved: (queues.follow_draft,),
    drafting.DraftSigned: (queues.follow_signature, open_outgoing),
    registry.OutgoingMoved: (queues.follow_outgoing,),
    registry.OutgoingIssued: (plan_deliveries, keep_rendition, end_what_it_concerns),
    registry.IncomingMoved: (queues.follow_incoming,),
    registry.ConsentAsked: (queues.follow_consent_asked,),
    registry.ConsentGiven: (queues.follow_consent_given,),
    registry.IncomingRefused: (answers(StatusCode.REFUSED, lambda fact: fact.reason),),
    registry.IncomingAccepted: (answers(StatusCode.ACCEPTED, _acceptance),),
    registry.IncomingSubmitted: (open_handling,),
    routing.HandlingMoved: (queues.follow_handling,),
    routing.TaskMoved: (queues.follow_task,),
    routing.DirectionGiven: (answers(StatusCode.ASSIGNED, lambda fact: f"Chủ trì: {fact.lead_unit_name}"),),
    routing.WorkStarted: (answers(StatusCode.IN_PROGRESS),),
    routing.WorkCompleted: (answers(StatusCode.DONE, lambda fact: fact.description),),
    routing.ReturnedToClerk: (take_back,),
    routing.WithdrawalNoted: (queues.follow_withdrawal_noted,),
    exchange.AskDeclined: (queues.follow_refusal,),
    exchange.DemandOpened: (queues.follow_demand,),
    exchange.DemandsSettled: (queues.follow_settled_demands,),
    exchange.DocumentWithdrawn: (recall_arrival, withdraw_handling),
    exchange.DeliveryRefused: (queues.follow_refusal,),
    exchange.RefusalAcknowledged: (queues.follow_acknowledgement,),
    exchange.PaperOwed: (queues.follow_paper_owed,),
    exchange.PaperPosted: (queues.follow_paper_posted,),
}


class Table:
    """The follower that `vanthu.apps` installs into `foundation.operation`."""

    def follow(self, fact: object) -> None:
        for follower in FOLLOWERS[type(fact)]:
            follower(fact)
