"""What cannot be sent goes to a person: the deliveries say why and what to do, the sender's clerk is told (b.3: LOI_GUI)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from vanthu.documents.queries import urgency_of
from vanthu.exchange.events import DeliveryRefused, RefusalAcknowledged
from vanthu.exchange.models import Delivery
from vanthu.exchange.queries import has_open_refusals
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.foundation.operation import nothing_changed, operation, publish, record
from vanthu.foundation.refusals import spoken
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import Violation
from vanthu.kernel.refs import ObjectRef

KIND = "documents.document"
UNSENT = (DeliveryState.TO_SEND, DeliveryState.SENDING)


@operation("exchange.delivery.fail")
def fail_deliveries(*, actor: Actor, deliveries: Sequence[Delivery], why: Violation, now: datetime) -> None:
    """Give up what was still to be sent of these deliveries of one document, and tell the clerk."""
    if not alarm(deliveries, str(spoken(why)), now):
        nothing_changed()


def alarm(deliveries: Sequence[Delivery], why: str, now: datetime) -> int:
    """Inside an operation: mark what is unsent as failed and tell the clerk once per document; how many."""
    rows = Delivery.objects.filter(pk__in=[row.pk for row in deliveries], state__in=UNSENT)
    changed = rows.update(state=DeliveryState.FAILED, last_error=why[:400], is_acknowledged=False)
    if not changed:
        return 0
    first = deliveries[0]
    record(
        ObjectRef.of(KIND, first.document_id),
        agency_id=first.agency_id,
        after={"state": DeliveryState.FAILED},
        failed=changed,
        why=why[:200],
    )
    urgency = urgency_of(first.document_id)
    publish(DeliveryRefused(first.document_id, first.agency_id, urgency, why[:400], now))
    return changed


def all_clear(document_id: int, agency_id: int, now: datetime) -> None:
    """Inside an operation: what the clerk was told of has mended; nothing where something else has not."""
    if not has_open_refusals(document_id):
        publish(RefusalAcknowledged(document_id, agency_id, now))
