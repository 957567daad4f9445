"""Bổ sung nơi nhận: an issued document goes to more recipients; nothing else of it ever changes (M18)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vanthu.documents.queries import record_of, require_visible
from vanthu.exchange.channels.vxp.settings import line
from vanthu.exchange.models import Delivery
from vanthu.exchange.operations.recall import word_of
from vanthu.exchange.operations.send import plan
from vanthu.exchange.queries.ways import PlannedRecipient, reach_of
from vanthu.exchange.rules.recall import NamedRecipient, may_ask, unmet_for_adding
from vanthu.exchange.rules.ways import way_to
from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import Addressee, addressees
from vanthu.registry.queries import outgoing_state
from vanthu.registry.rules.states import OutgoingState

KIND = "documents.document"


@operation("exchange.recipients.add")
def add_recipients(
    *,
    actor: Actor,
    document_id: int,
    codes: Sequence[str],
    reason: str,
    leader_post_id: int | None,
    now: datetime,
) -> int:
    """Send an issued document to more agencies, at a leader's word; how many. Norm: law.md (a) R1; edxml.md §3 type 2.

    Refuses: not the clerk, not in force, nobody, unknown, closed or named already, no reason, no leader.
    """
    require_visible(actor, document_id)
    document = record_of(document_id)
    may_ask(actor, document.agency_id).or_refuse()
    if outgoing_state(document_id) is not OutgoingState.ISSUED:
        raise NotReady([Violation("exchange.recall.not-in-force")])
    known = addressees(codes)
    there = set(Delivery.objects.filter(document_id=document_id).values_list("recipient_code", flat=True))
    word = word_of(document.agency_id, leader_post_id, now)
    named = [_named(code, known.get(code), there | {document.issuer_code}) for code in dict.fromkeys(codes)]
    refuse_if(unmet_for_adding(named=named, reason=reason, ordered_by=word))
    rows = plan(document_id, document.agency_id, _planned(known), document.urgency, now, is_added=True)
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=document.agency_id,
        ordered_by=word,
        recipients=[row.recipient_code for row in rows],
        reason=reason[:200],
    )
    return len(rows)


def _named(code: str, found: Addressee | None, there: set[str]) -> NamedRecipient:
    if found is None:
        return NamedRecipient(code, code, is_known=False)
    return NamedRecipient(
        found.code, found.name, is_closed=found.is_ours and not found.is_active, is_there=found.code in there
    )


def _planned(known: dict[str, Addressee]) -> list[PlannedRecipient]:
    has_line = line() is not None
    return [
        PlannedRecipient(one.code, one.name, way_to(reach_of(one), has_line=has_line), is_closed=False)
        for one in {row.code: row for row in known.values()}.values()
    ]
