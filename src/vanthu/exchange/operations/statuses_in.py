"""A status message from the axis finds the delivery it is about, or waits for it (edxml.md §4)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from vanthu.edxml.message import StatusReport
from vanthu.exchange.channel import StatusMessage
from vanthu.exchange.models import Inbound, InboundState
from vanthu.exchange.operations.business import AskedBack, take_asked_back
from vanthu.exchange.operations.packages_in import Taken
from vanthu.exchange.operations.track import receive_status
from vanthu.exchange.queries.reported import delivery_reported
from vanthu.exchange.rules.matching import padded
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation.operation import steps
from vanthu.organizations.queries import canonical_code

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@steps("finds the delivery, then takes the status in by one act in its sender's name")
def take_status(inbound: Inbound, report: StatusReport, *, now: datetime) -> Taken:
    """Take a status in where its document is known; else it is parked."""
    inbound.sender_code = canonical_code(report.sender.code)[:35]
    inbound.edxml_document_id = report.response_for.document_id[:200]
    if padded(report.code) == StatusCode.TAKE_BACK:
        return _asked_back(inbound, report, now)
    delivery = delivery_reported(report)
    if delivery is None:
        return Taken(InboundState.PARKED, "document-unknown", f"{report.code} {report.response_for.code}")
    receive_status(
        StatusMessage(
            delivery.message_id,
            report.response_for.organ_code,
            delivery.recipient_code,
            padded(report.code),
            report.description,
            _instant_of(report, inbound),
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
            at=_instant_of(report, inbound),
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


def _instant_of(report: StatusReport, inbound: Inbound) -> datetime:
    """When it happened, by the sender's clock; when it came, where he doesn't say."""
    return report.at.replace(tzinfo=HANOI) if report.at else inbound.fetched_at
