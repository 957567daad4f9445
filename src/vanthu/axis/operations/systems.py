"""Who may call the axis: joining, changing the secret, closing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from vanthu.axis.models import AxisSystem
from vanthu.axis.operations.stamping import count_change
from vanthu.axis.rules.policy import may_operate_axis
from vanthu.axis.rules.states import SystemKind
from vanthu.axis.sealing import seal
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import DomainError
from vanthu.kernel.refs import ObjectRef

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,59}")
SHORTEST_SECRET = 16


@operation("axis.system.add")
def add_system(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: SystemKind = SystemKind.CENTRE,
    secret: str = "",
    allowed_codes: Sequence[str] = (),
    now: datetime,
) -> str:
    """Let a system join; its secret, which is told this once.

    Refuses: not an operator, a code that is taken or malformed, a weak secret.
    """
    may_operate_axis(actor).or_refuse()
    if not _CODE.fullmatch(code):
        raise DomainError("axis.system.bad-code", code=code)
    if AxisSystem.objects.filter(code=code).exists():
        raise DomainError("axis.system.exists", code=code)
    chosen = _secret(code, secret)
    row = AxisSystem.objects.create(
        code=code,
        name=name,
        kind=kind,
        sealed_secret=seal(chosen),
        secret_set_at=now,
        allowed_codes=list(allowed_codes),
        created_at=now,
    )
    count_change()
    _record(row, after={"code": code, "name": name, "kind": kind, "allowed_codes": list(allowed_codes)})
    return chosen


@operation("axis.system.close")
def close_system(*, actor: Actor, code: str, reason: str, now: datetime) -> None:
    """Take a system off the axis: its calls and what is sent to it are refused; what waits for it stays."""
    may_operate_axis(actor).or_refuse()
    row = _locked(code)
    row.is_active, row.closed_at, row.closed_reason = False, now, reason
    row.save(update_fields=["is_active", "closed_at", "closed_reason"])
    count_change()
    _record(row, before={"is_active": True}, after={"is_active": False}, reason=reason)


@operation("axis.system.reopen")
def reopen_system(*, actor: Actor, code: str, now: datetime) -> None:
    """Let a closed system call again, with the secret that it had."""
    may_operate_axis(actor).or_refuse()
    row = _locked(code)
    row.is_active, row.closed_at, row.closed_reason = True, None, ""
    row.save(update_fields=["is_active", "closed_at", "closed_reason"])
    count_change()
    _record(row, before={"is_active": False}, after={"is_active": True})


@operation("axis.system.set-secret")
def set_secret(*, actor: Actor, code: str, secret: str = "", now: datetime) -> str:
    """Give a system a new secret, which is told this once; the old one is worth nothing from now on."""
    may_operate_axis(actor).or_refuse()
    row = _locked(code)
    chosen = _secret(code, secret)
    row.sealed_secret, row.secret_set_at = seal(chosen), now
    row.save(update_fields=["sealed_secret", "secret_set_at"])
    count_change()
    _record(row)
    return chosen


def _secret(code: str, given: str) -> str:
    if given and len(given) < SHORTEST_SECRET:
        raise DomainError("axis.system.weak-secret", code=code, least=SHORTEST_SECRET)
    return given or secrets.token_urlsafe(32)


def _locked(code: str) -> AxisSystem:
    return load_locked(AxisSystem.objects.filter(code=code), code="axis.system.unknown")


def _record(
    row: AxisSystem,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    **detail: object,
) -> None:
    record(
        ObjectRef.of("axis.system", row.pk),
        agency_id=None,
        before=before,
        after=after,
        system=row.code,
        **detail,
    )
