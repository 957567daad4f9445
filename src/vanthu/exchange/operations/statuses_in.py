"""A status message from the axis finds the delivery it is about, or waits for it (edxml.md §4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from vanthu.edxml.message import StatusReport
from vanthu.edxml.reading import glance
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.channels import LOCAL
from vanthu.exchange.models import Delivery, Inbound, InboundState, Packet, PacketKind
from vanthu.exchange.operations.business import AskedBack, take_asked_back
from vanthu.exchange.operations.packages_in import Taken
from vanthu.exchange.operations.track import receive_status
from vanthu.exchange.rules.matching import is_same_code, padded
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation.storage import blobs
from vanthu.organizations.queries import agencies_by_code, aliases_of, canonical_code

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PARKED_AT_ONCE = 200
ASK_AGAIN_AFTER = timedelta(hours=1)


def take_status(inbound: Inbound, report: StatusReport, *, now: datetime) -> Taken:
    """Take a status in where its document is known; else it is parked."""
    inbound.sender_code = canonical_code(report.sender.code)[:35]
    inbound.edxml_document_id = report.response_for.document_id[:200]
    if padded(report.code) == StatusCode.TAKE_BACK:
        return _asked_back(inbound, report, now)
    delivery = delivery_of(report)
    if delivery is None:
        return Taken(InboundState.PARKED, "document-unknown", f"{report.code} {report.response_for.code}")
    receive_status(
        StatusMessage(
            delivery.message_id,
            report.response_for.organ_code,
            delivery.recipient_code,
            padded(report.code),
            report.description,
            instant_of(report, inbound),
        ),
        now=now,
    )
    return Taken(InboundState.TAKEN)


def _asked_back(inbound: Inbound, report: StatusReport, now: datetime) -> Taken:
    """13 goes the other way: the sender asks us; one that overtook its document waits with the business (D27)."""
    asked = report.response_for
    is_ours = take_asked_back(
        AskedBack(
            sender_code=report.sender.code,
            sender_name=report.sender.name,
            recipient_code=asked.organ_code,
            reason=report.description,
            at=instant_of(report, inbound),
            document_id=asked.document_id,
            code=asked.code,
            issued_on=asked.issued_on_raw,
            inbound_id=inbound.pk,
        ),
        now=now,
    )
    if is_ours:
        return Taken(InboundState.TAKEN)
    return Taken(
        InboundState.REFUSED,
        "not-ours",
        f"Mã 13 không gửi cho cơ quan nào của hệ thống này: {asked.organ_code}",
    )


def instant_of(report: StatusReport, inbound: Inbound) -> datetime:
    """When it happened, by the sender's clock; when it came, where he doesn't say."""
    return report.at.replace(tzinfo=HANOI) if report.at else inbound.fetched_at


def names_of(code: str) -> tuple[str, ...]:
    """Every code under which the agency may be written."""
    current = canonical_code(code)
    return tuple(dict.fromkeys((code, current, *aliases_of(current))))


def delivery_of(report: StatusReport) -> Delivery | None:
    """By DocumentId, then by (who reports, number/notation, date) to the letter, then without spaces and case."""
    asked = report.response_for
    sent = Delivery.objects.filter(recipient_code__in=names_of(report.sender.code)).exclude(channel=LOCAL)
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
    alike = (
        sent.filter(document__number=int(number)) if number.isascii() and number.isdigit() else sent.none()
    )
    return next((row for row in alike[:50] if is_same_code(row.document.full_number, asked.code)), None)


def parked(*, now: datetime) -> list[Inbound]:
    """Statuses whose document may have appeared: at once where a packet of its name is there, else hourly."""
    packets = Packet.objects.filter(kind=PacketKind.EDOC, edxml_document_id=OuterRef("edxml_document_id"))
    rows = Inbound.objects.filter(state=InboundState.PARKED, kind=PacketKind.STATUS)
    due = Q(settled_at__lt=now - ASK_AGAIN_AFTER) | (~Q(edxml_document_id="") & Exists(packets))
    return list(rows.filter(due).order_by("settled_at", "id")[:PARKED_AT_ONCE])


def read_again(inbound: Inbound) -> StatusReport:
    """The report of a stored status."""
    report = glance(blobs().read(inbound.sha256)).status
    assert report is not None
    return report
