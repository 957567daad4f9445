"""What `vanthu axis systems list` and `agencies list` show."""

from __future__ import annotations

from django.db.models import Count, Q

from vanthu.axis.models import AxisAgency, AxisSystem, Parcel
from vanthu.axis.rules.states import OPEN_STATES

Line = dict[str, object]


def system_lines() -> list[Line]:
    """Each system with its agencies and what waits for it; never a secret."""
    waiting = dict(
        Parcel.objects.filter(state__in=OPEN_STATES, system__isnull=False)
        .values_list("system_id")
        .annotate(count=Count("doc_id"))
    )
    rows = AxisSystem.objects.annotate(served=Count("agencies", filter=Q(agencies__is_deleted=False)))
    return [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "is_active": row.is_active,
            "closed_reason": row.closed_reason,
            "seen_at": row.seen_at,
            "secret_set_at": row.secret_set_at,
            "allowed_codes": row.allowed_codes,
            "agencies": row.served,
            "waiting": waiting.get(row.pk, 0),
        }
        for row in rows.order_by("code")
    ]


def agency_lines(*, system: str = "") -> list[Line]:
    """Agencies, closed ones included; of one system where its code is given."""
    rows = AxisAgency.objects.select_related("system").order_by("code")
    if system:
        rows = rows.filter(system__code=system)
    return [
        {
            "code": row.code,
            "name": row.name,
            "parent_code": row.parent_code,
            "old_code": row.old_code,
            "code102": row.code102,
            "system": row.system.code if row.system else "",
            "is_deleted": row.is_deleted,
            "modified_at": row.modified_at,
        }
        for row in rows
    ]
