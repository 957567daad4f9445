"""Which delivery of ours a status from the axis is about, and which statuses still wait for theirs (edxml.md §4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from vanthu.edxml.message import StatusReport
from vanthu.exchange.models import Delivery, Inbound, InboundState, Packet, PacketKind
from vanthu.exchange.queries.matching import names_of_sender
from vanthu.exchange.rules.matching import is_same_code
from vanthu.organizations.queries import agencies_by_code, canonical_code

PARKED_AT_ONCE = 200
ASK_AGAIN_AFTER = timedelta(hours=1)
SAME_NUMBER = 50


def delivery_reported(report: StatusReport) -> Delivery | None:
    """By DocumentId, then by (who reports, number/notation, date) to the letter, then without spaces and case."""
    asked = report.response_for
    names = names_of_sender(report.sender.code)
    sent = Delivery.objects.filter(recipient_code__in=names, packet__isnull=False)
    if sender := _ours(asked.organ_code):
        sent = sent.filter(agency_id=sender)
    sent = sent.select_related("document").order_by("-id")
    if asked.document_id and (found := sent.filter(packet__edxml_document_id=asked.document_id).first()):
        return found
    return _by_code(sent, report) if asked.code.strip() else None


def _ours(code: str) -> int | None:
    current = canonical_code(code) if code else ""
    row = agencies_by_code([current]).get(current)
    return row.id if row else None


def _by_code(sent: QuerySet[Delivery], report: StatusReport) -> Delivery | None:
    asked = report.response_for
    if asked.issued_on is not None:
        sent = sent.filter(document__issued_on=asked.issued_on)
    if exact := sent.filter(document__full_number=asked.code).first():
        return exact
    number = asked.code.partition("/")[0].strip()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    alike = sent.filter(document__number=int(number))[:SAME_NUMBER]
    return next((row for row in alike if is_same_code(row.document.full_number, asked.code)), None)


def parked_statuses(*, now: datetime) -> list[Inbound]:
    """Statuses whose document may have appeared: at once where a packet of its name is there, else hourly."""
    packets = Packet.objects.filter(kind=PacketKind.EDOC, edxml_document_id=OuterRef("edxml_document_id"))
    rows = Inbound.objects.filter(state=InboundState.PARKED, kind=PacketKind.STATUS)
    due = Q(settled_at__lt=now - ASK_AGAIN_AFTER) | (~Q(edxml_document_id="") & Exists(packets))
    return list(rows.filter(due).order_by("settled_at", "id")[:PARKED_AT_ONCE])
