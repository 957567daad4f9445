"""One unit of work per act: it owns the transaction, the audit entries and the facts (decision D1)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

from django.db import transaction

from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef, digest_of

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What one act did, in plain values; the recorder chains and stores it."""

    verb: str
    actor: Actor
    at: datetime
    subject: ObjectRef
    agency_id: int | None
    before: str
    after: str
    detail: Mapping[str, object]


class Recorder(Protocol):
    """Stores audit entries; called last before commit, inside the transaction."""

    def append(self, entries: Sequence[AuditEntry]) -> None: ...


class Follower(Protocol):
    """Runs what follows from a fact, inside the transaction that published it."""

    def follow(self, fact: object) -> None: ...


class OutsideOperation(RuntimeError):
    """A programming error: facts and audit entries belong to an operation."""


class MissingAudit(RuntimeError):
    """A programming error: an operation ended without saying what it did."""


@dataclass(slots=True)
class _Frame:
    verb: str
    actor: Actor
    now: datetime
    said: bool = False


@dataclass(slots=True)
class _Unit:
    entries: list[AuditEntry] = field(default_factory=list)
    facts: deque[object] = field(default_factory=deque)
    frames: list[_Frame] = field(default_factory=list)
    opened_by: str = ""


_current: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)
_recorder: Recorder | None = None
_follower: Follower | None = None


def install(*, recorder: Recorder, follower: Follower) -> None:
    """Connect the audit log and the table of consequences; called once by `vanthu.apps`."""
    global _recorder, _follower
    _recorder, _follower = recorder, follower


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Open the durable transaction, or join the one that is open."""
    if _current.get() is not None:
        yield
        return
    unit = _Unit()
    token = _current.set(unit)
    try:
        with transaction.atomic(durable=True):
            yield
            _follow_all(unit)
            if unit.entries and _recorder is not None:
                _recorder.append(unit.entries)
    finally:
        _current.reset(token)


def _follow_all(unit: _Unit) -> None:
    while unit.facts:
        fact = unit.facts.popleft()
        if _follower is not None:
            _follower.follow(fact)


def operation(verb: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one door to an act: keyword-only, with `actor` and `now` among its arguments."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            actor, now = kwargs["actor"], kwargs["now"]
            assert isinstance(actor, Actor)
            assert isinstance(now, datetime)
            with unit_of_work():
                unit = _unit()
                frame = _Frame(verb, actor, now)
                unit.frames.append(frame)
                unit.opened_by = unit.opened_by or verb
                try:
                    result = function(*args, **kwargs)
                    if not frame.said:
                        raise MissingAudit(verb)
                finally:
                    unit.frames.pop()
            return result

        call.operation_verb = verb  # type: ignore[attr-defined]
        return call

    return decorate


def steps(reason: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a public function that plays several committed operations in a row, and say why it is not one."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        function.operation_steps = reason  # type: ignore[attr-defined]
        return function

    return decorate


def record(
    subject: ObjectRef,
    *,
    agency_id: int | None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    **detail: object,
) -> None:
    """Append the audit entry of the running operation. `detail` never holds document contents or secrets."""
    unit = _unit()
    if not unit.frames:
        raise OutsideOperation("record() outside an operation")
    frame = unit.frames[-1]
    frame.said = True
    unit.entries.append(
        AuditEntry(
            frame.verb,
            frame.actor,
            frame.now,
            subject,
            agency_id,
            digest_of(before),
            digest_of(after),
            detail,
        )
    )


def nothing_changed() -> None:
    """Say that this call repeats an act already done: it leaves no trace because it did nothing."""
    _unit().frames[-1].said = True


def publish(fact: object) -> None:
    """Tell the contexts above; `wiring.py` lists what follows, in the same transaction."""
    _unit().facts.append(fact)


def opening_verb() -> str:
    """The verb of the operation that opened the running unit of work, also while it follows and records."""
    unit = _current.get()
    return unit.opened_by if unit else ""


def _unit() -> _Unit:
    unit = _current.get()
    if unit is None:
        raise OutsideOperation("no unit of work is open")
    return unit
