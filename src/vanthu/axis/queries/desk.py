"""What the operator of the axis reads first: how the axis and the systems that joined it stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from vanthu.axis.models import AxisAgency, AxisEvent, AxisSystem, Message, Parcel
from vanthu.axis.rules.states import OPEN_STATES, EventKind, ParcelState, Route, SystemKind
from vanthu.axis.rules.upstream import ABOVE, ABOVE_NAME

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system that joined, with what waits for it; `refused` and `failed` count the last 24 hours."""

    id: int
    code: str
    name: str
    kind: SystemKind
    is_active: bool
    created_at: datetime
    seen_at: datetime | None
    secret_set_at: datetime
    closed_at: datetime | None
    closed_reason: str
    allowed_codes: tuple[str, ...]
    agencies: int
    waiting: int
    oldest: datetime | None
    failed: int
    refused: int


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as the axis knows it."""

    code: str
    name: str
    old_code: str
    code102: str
    is_deleted: bool
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """The axis at one glance; times without zone are nowhere."""

    systems: int
    closed: int
    waiting: int
    oldest: datetime | None
    taken: int
    failed: int
    refused: int
    to_forward: int
    has_upstream: bool


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A sending that the axis did not take."""

    at: datetime
    system_code: str
    call: str
    code: str
    detail: str
    remote: str


def overview(*, now: datetime) -> Overview:
    """The figures over the list of systems."""
    waiting = Parcel.objects.filter(state__in=OPEN_STATES).aggregate(
        here=Count("pk", filter=Q(route=Route.LOCAL)),
        on=Count("pk", filter=Q(route=Route.FORWARD)),
        oldest=Min("created_at", filter=Q(route=Route.LOCAL)),
    )
    systems = AxisSystem.objects.exclude(code=ABOVE).aggregate(
        active=Count("pk", filter=Q(is_active=True)), closed=Count("pk", filter=Q(is_active=False))
    )
    return Overview(
        systems=systems["active"],
        closed=systems["closed"],
        waiting=waiting["here"],
        oldest=waiting["oldest"],
        taken=Message.objects.filter(created_at__gte=now - DAY).count(),
        failed=_failures(now).count(),
        refused=AxisEvent.objects.filter(kind=EventKind.REFUSED, at__gte=now - DAY).count(),
        to_forward=waiting["on"],
        has_upstream=has_upstream(),
    )


def has_upstream() -> bool:
    """Whether there is an axis above this one."""
    return bool(getattr(settings, "VANTHU_AXIS_UPSTREAM_URL", ""))


@dataclass(frozen=True, slots=True)
class AboveState:
    """How the line to the axis above stands: the last time something went over it, and what failed since."""

    went_at: datetime | None
    failed_at: datetime | None
    diagnosis: str


def state_of_above() -> AboveState | None:
    """None where there is no axis above."""
    if not has_upstream():
        return None
    events = AxisEvent.objects.filter(system_code=ABOVE_NAME).order_by("-id")
    went = events.exclude(kind__in=[EventKind.FORWARD_FAILED, EventKind.REFUSED]).first()
    failed = events.filter(kind=EventKind.FORWARD_FAILED, pk__gt=went.pk if went else 0).first()
    return AboveState(
        went.at if went else None, failed.at if failed else None, failed.outcome if failed else ""
    )


def systems(*, now: datetime) -> tuple[SystemRow, ...]:
    """Every system, active ones first; few enough (one per centre or enterprise) to be shown on one page."""
    waiting = _waiting_by_system()
    failed = _counts(_failures(now), "system_code")
    refused = _counts(AxisEvent.objects.filter(kind=EventKind.REFUSED, at__gte=now - DAY), "system_code")
    rows = (
        AxisSystem.objects.exclude(code=ABOVE)
        .annotate(served=Count("agencies", filter=Q(agencies__is_deleted=False)))
        .order_by("-is_active", "code")
    )
    return tuple(
        SystemRow(
            id=row.pk,
            code=row.code,
            name=row.name,
            kind=SystemKind(row.kind),
            is_active=row.is_active,
            created_at=row.created_at,
            seen_at=row.seen_at,
            secret_set_at=row.secret_set_at,
            closed_at=row.closed_at,
            closed_reason=row.closed_reason,
            allowed_codes=tuple(row.allowed_codes),
            agencies=row.served,
            waiting=waiting.get(row.pk, (0, None))[0],
            oldest=waiting.get(row.pk, (0, None))[1],
            failed=failed.get(row.code, 0),
            refused=refused.get(row.code, 0),
        )
        for row in rows
    )


def _failures(now: datetime) -> QuerySet[AxisEvent]:
    """What receivers reported as failed in the last day; the events know, by time."""
    return AxisEvent.objects.filter(kind=EventKind.SETTLED, outcome=ParcelState.FAIL, at__gte=now - DAY)


def _waiting_by_system() -> dict[int, tuple[int, datetime | None]]:
    rows = (
        Parcel.objects.filter(state__in=OPEN_STATES, route=Route.LOCAL)
        .values("system_id")
        .annotate(number=Count("pk"), oldest=Min("created_at"))
    )
    return {row["system_id"]: (row["number"], row["oldest"]) for row in rows}


def _counts(rows: QuerySet[AxisEvent], field: str) -> dict[object, int]:
    return {row[field]: row["number"] for row in rows.values(field).annotate(number=Count("pk"))}


def system_row(code: str, *, now: datetime) -> SystemRow | None:
    """One system by its code."""
    return next((row for row in systems(now=now) if row.code == code), None)


def agencies_of(code: str, *, limit: int = 500) -> tuple[AgencyRow, ...]:
    """The agencies that a system serves, deleted ones last."""
    rows = AxisAgency.objects.filter(system__code=code).order_by("is_deleted", "code")[:limit]
    return tuple(
        AgencyRow(row.code, row.name, row.old_code, row.code102, row.is_deleted, row.modified_at)
        for row in rows
    )


def refused_calls(*, system: str = "", limit: int = 20) -> tuple[RefusedCall, ...]:
    """The newest sendings that were not taken."""
    rows = AxisEvent.objects.filter(kind=EventKind.REFUSED)
    if system:
        rows = rows.filter(system_code=system)
    return tuple(
        RefusedCall(row.at, row.system_code, row.call, row.outcome, row.detail, row.remote)
        for row in rows.order_by("-id")[:limit]
    )
