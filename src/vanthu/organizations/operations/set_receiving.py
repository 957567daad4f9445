"""Whether an agency can receive electronically, since when, and why not."""

from __future__ import annotations

from datetime import date, datetime

from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, NotVisible, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.models import Agency
from vanthu.organizations.rules import policy


@operation("organizations.agency.set-receiving")
def set_receiving_ability(
    *, actor: Actor, agency_id: int, able: bool, reason: str = "", since: date | None = None, now: datetime
) -> None:
    """Record that an agency is able, or not yet able and why. Norm: QĐ 4729 (nguyên tắc 1), QĐ28 Đ.5."""
    policy.may_keep_agencies(actor).or_refuse()
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise NotVisible("organizations.agency.not-found")
    if not able and not reason.strip():
        raise NotReady([Violation("organizations.agency.reason-missing")])
    before = {"able": agency.can_receive, "reason": agency.cannot_receive_reason}
    agency.can_receive, agency.cannot_receive_reason = able, "" if able else reason.strip()
    agency.cannot_receive_since = None if able else since
    agency.save(update_fields=["can_receive", "cannot_receive_reason", "cannot_receive_since"])
    record(
        ObjectRef.of("organizations.agency", agency_id),
        agency_id=agency_id,
        before=before,
        after={"able": able, "reason": reason},
        able=able,
    )
