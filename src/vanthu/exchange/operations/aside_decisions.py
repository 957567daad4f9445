"""The clerk decides on a packet that was set aside: nhận như văn bản mới, or trả lại with a reason (QĐ28 Đ.9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from vanthu.edxml.message import Business
from vanthu.exchange.channel import Envelope
from vanthu.exchange.models import Inbound, InboundState, SetAside
from vanthu.exchange.operations.admitting import Admission
from vanthu.exchange.operations.asides import decline
from vanthu.exchange.operations.packages_in import envelope_for
from vanthu.exchange.operations.receive import receive_envelope
from vanthu.exchange.rules.inbox import (
    AsideState,
    may_decide,
    unmet_for_returning,
    unmet_for_taking,
)
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import operation, record, steps
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotVisible, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import AgencyRow, agency

KIND = "exchange.aside"


@steps("the packet is opened and its files inspected outside a transaction; the decision is one act")
def take_aside(*, actor: Actor, aside_id: int, now: datetime) -> None:
    """Take a packet in as a new document. Refuses: not the clerk, decided already, no main file that can be shown."""
    row = _visible(actor, aside_id)
    receiver = agency(row.agency_id)
    envelope, admission = envelope_for(row.inbound, receiver)
    business = replace(envelope.business, type=Business.NEW)
    as_new = replace(envelope, business=business)
    _take(actor=actor, aside_id=aside_id, envelope=as_new, admission=admission, receiver=receiver, now=now)


@operation("exchange.aside.take")
def _take(
    *,
    actor: Actor,
    aside_id: int,
    envelope: Envelope,
    admission: Admission,
    receiver: AgencyRow,
    now: datetime,
) -> None:
    row = load_locked(SetAside.objects.all(), pk=aside_id)
    refuse_if(
        unmet_for_taking(AsideState(row.state), has_main=admission.has_main, against_main=admission.unmet)
    )
    receive_envelope(envelope, receiver=receiver, is_secret=admission.is_secret, now=now)
    _decide(row, actor, AsideState.TAKEN, "", now)


@steps("the packet is opened outside a transaction; the decision is one act")
def return_aside(*, actor: Actor, aside_id: int, text: str, now: datetime) -> None:
    """Return a packet with a reason that reaches the sender (02). Refuses: not the clerk, decided already, no reason."""
    row = _visible(actor, aside_id)
    refuse_if(unmet_for_returning(AsideState(row.state), text))
    receiver = agency(row.agency_id)
    envelope, _ = envelope_for(row.inbound, receiver)
    _return(actor=actor, aside_id=aside_id, envelope=envelope, receiver=receiver, text=text.strip(), now=now)


@operation("exchange.aside.return")
def _return(
    *, actor: Actor, aside_id: int, envelope: Envelope, receiver: AgencyRow, text: str, now: datetime
) -> None:
    row = load_locked(SetAside.objects.all(), pk=aside_id)
    refuse_if(unmet_for_returning(AsideState(row.state), text))
    decline(actor=actor, envelope=envelope, receiver=receiver, text=text, now=now)
    _decide(row, actor, AsideState.RETURNED, text, now)


def _visible(actor: Actor, aside_id: int) -> SetAside:
    """Refuses: `NotVisible` for a packet of another agency, not the clerk."""
    row = SetAside.objects.select_related("inbound").filter(pk=aside_id).first()
    if row is None or row.agency_id != actor.agency_id:
        raise NotVisible("exchange.aside.not-found")
    may_decide(actor, row.agency_id).or_refuse()
    return row


def _decide(row: SetAside, actor: Actor, state: AsideState, text: str, now: datetime) -> None:
    before = row.state
    row.state, row.decision, row.decided_at = state, text[:500], now
    row.decided_by = f"{actor.name}, {actor.title}"[:200]
    row.save(update_fields=["state", "decision", "decided_at", "decided_by"])
    if not SetAside.objects.filter(inbound_id=row.inbound_id, state=AsideState.OPEN).exists():
        Inbound.objects.filter(pk=row.inbound_id, state=InboundState.SET_ASIDE).update(
            state=InboundState.TAKEN
        )
    record(
        ObjectRef.of(KIND, row.pk),
        agency_id=row.agency_id,
        before={"state": before},
        after={"state": state},
        reason=row.reason,
        text=text,
    )
