"""The way on paper: labels and Phiếu gửi are printed, then the clerk writes down what left (law.md §1.9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vanthu.documents.queries import record_of, require_visible
from vanthu.exchange.events import PaperOwed, PaperPosted
from vanthu.exchange.models import Delivery, PaperPosting
from vanthu.exchange.rules.paper import PaperFacts, PaperWay, unmet_for_posting
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation.operation import operation, publish, record
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import allowed_if
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.presentation.mailing import Addressee, Mailing, render_mailing

KIND = "documents.document"


@dataclass(frozen=True, slots=True)
class PostingOrder:
    """What the clerk writes down: the day, the way, envelopes per receiver, the post's number."""

    posted_on: date
    way: PaperWay = PaperWay.POST
    envelopes: int = 1
    receipt: str = ""
    note: str = ""


@operation("exchange.paper.print")
def print_mailing(*, actor: Actor, document_id: int, delivery_ids: Sequence[int], now: datetime) -> bytes:
    """Nhãn bì và Phiếu gửi of the chosen receivers, as one PDF. Refuses: not the clerk, none on paper."""
    rows = _paper_rows(actor, document_id, delivery_ids)
    if not rows or any(row.state != DeliveryState.PAPER for row in rows):
        raise NotReady([Violation("exchange.paper.not-on-paper")])
    document = record_of(document_id)
    printed = render_mailing(
        Mailing(
            sender=document.issuer_name,
            full_number=document.full_number,
            issued_on=document.issued_on,
            subject=document.subject,
            urgency=document.urgency,
            page_count=document.page_count,
            addressees=tuple(Addressee(row.recipient_code, row.recipient_name) for row in rows),
            printed_on=local(now).date(),
        )
    )
    record(ObjectRef.of(KIND, document_id), agency_id=actor.agency_id, receivers=len(rows))
    return printed


@operation("exchange.paper.post")
def post_on_paper(
    *, actor: Actor, document_id: int, delivery_ids: Sequence[int], order: PostingOrder, now: datetime
) -> int:
    """Write down that paper left for these receivers; the number written. Norm: NĐ30 PL.IV.

    Refuses: not the clerk, none chosen, one is not on paper or was written down already, a day to come.
    """
    rows = _paper_rows(actor, document_id, delivery_ids)
    posted = set(PaperPosting.objects.filter(delivery__in=rows).values_list("delivery_id", flat=True))
    facts = [PaperFacts(row.pk, DeliveryState(row.state), row.pk in posted) for row in rows]
    today = local(now).date()
    refuse_if(unmet_for_posting(facts, asked=len(set(delivery_ids)), posted_on=order.posted_on, today=today))
    PaperPosting.objects.bulk_create(
        [
            PaperPosting(
                delivery=row,
                agency_id=row.agency_id,
                posted_on=order.posted_on,
                way=order.way,
                envelopes=order.envelopes,
                receipt=order.receipt,
                note=order.note,
                recorded_at=now,
                recorded_by=actor.name,
            )
            for row in rows
        ]
    )
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=rows[0].agency_id,
        receivers=len(rows),
        way=order.way,
        posted_on=order.posted_on.isoformat(),
    )
    if not _paper_left(document_id):
        publish(PaperPosted(document_id, rows[0].agency_id, now))
    return len(rows)


@operation("exchange.paper.turn")
def turn_to_paper(*, actor: Actor, document_id: int, delivery_id: int, now: datetime) -> None:
    """A receiver who could not be reached electronically gets paper, and the list says why (b.3: LOI_GUI).

    Refuses: not the clerk, the delivery did not fail.
    """
    row = next(iter(_paper_rows(actor, document_id, [delivery_id])), None)
    if row is None or row.state != DeliveryState.FAILED:
        raise NotReady([Violation("exchange.paper.not-failed")])
    row.state, row.is_acknowledged, row.next_at = DeliveryState.PAPER, True, None
    row.save(update_fields=["state", "is_acknowledged", "next_at"])
    record(
        ObjectRef.of(KIND, document_id),
        agency_id=row.agency_id,
        recipient=row.recipient_code,
        because=row.last_error,
    )
    publish(PaperOwed(document_id, row.agency_id, record_of(document_id).urgency, now))


def _paper_rows(actor: Actor, document_id: int, delivery_ids: Sequence[int]) -> list[Delivery]:
    require_visible(actor, document_id)
    allowed_if(actor.has(Role.CLERK), "registry.not-clerk").or_refuse()
    assert actor.agency_id is not None
    rows = Delivery.objects.filter(
        pk__in=list(delivery_ids), document_id=document_id, agency_id=actor.agency_id
    )
    return list(rows.order_by("recipient_name", "id"))


def _paper_left(document_id: int) -> bool:
    waiting = Delivery.objects.filter(document_id=document_id, state=DeliveryState.PAPER)
    return waiting.filter(paper_posting__isnull=True).exists()
