"""Who calls, proved by the signature of the call; and the machinery that a call is answered with."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from vanthu.axis.group_commit import GroupCommit
from vanthu.axis.operations.traffic import write_all
from vanthu.axis.remembered import KnownAgency, KnownSystem, Remembered
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.orders import Note, Seen
from vanthu.axis.rules.states import EventKind
from vanthu.axis.rules.wire import is_within
from vanthu.edxml.gateway import BadSignature, Call, SignedCall, verify_headers

P = ParamSpec("P")
R = TypeVar("R")
THREADS = 4
SEEN_EACH = 60.0
TRIES = 5
"""So often a call is judged again while somebody keeps changing the directory."""
LONGEST_SYSTEM = 60
WRITES = frozenset({"sendEdoc", "updateStatus", "registerAgency", "deleteAgency"})


@dataclass(slots=True)
class Machinery:
    """What one server process has: its writer, its memory, its threads."""

    writer: GroupCommit = field(default_factory=lambda: GroupCommit(write_all))
    remembered: Remembered = field(default_factory=Remembered)
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS, "axis"))
    large: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """So many large messages are in memory at the same time; the others wait on the disk."""
    said: dict[str, float] = field(default_factory=dict)

    def close(self) -> None:
        """Write what is waiting, give the connections back and let the threads end."""
        self.writer.close()
        all_there = threading.Barrier(THREADS)
        for _each in range(THREADS):
            self.threads.submit(_leave, all_there)
        self.threads.shutdown()

    async def in_thread(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Whatever may wait for the database or works long; the event loop goes on."""
        call = functools.partial(_with_connection, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self.threads, call)

    async def agencies(self, codes: tuple[str, ...]) -> Mapping[str, KnownAgency | None]:
        at_hand = self.remembered.agencies_at_hand(codes)
        if at_hand is not None:
            return at_hand
        return await self.in_thread(self.remembered.agencies, codes)

    async def has_changed(self, directory: int) -> bool:
        """Whether the directory is in another state by now."""
        return await self.in_thread(self.remembered.look, at_once=True) != directory

    def is_time_to_say(self, what: str) -> bool:
        """True once a minute for each thing: whoever calls often is not written down each time."""
        now = time.monotonic()
        if now - self.said.get(what, float("-inf")) < SEEN_EACH:
            return False
        if len(self.said) > 10_000:
            self.said.clear()
        self.said[what] = now
        return True


def _leave(all_there: threading.Barrier) -> None:
    """Each thread closes its own connection: nobody takes a second task before all have one."""
    all_there.wait()
    connection.close()


def _with_connection(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    except DatabaseError:
        connection.close()
        raise


@dataclass(frozen=True, slots=True)
class Caller:
    """A call whose signature is right. `values` are the parameters that were signed, and no others.

    `directory` is the state of the directory by which it was judged.
    """

    call: str
    system: KnownSystem
    values: Mapping[str, str]
    now: datetime
    remote: str
    directory: int

    def value(self, name: str) -> str:
        return self.values.get(name.lower(), "").strip()

    def needed(self, name: str) -> str:
        """The parameter. Refuses: 22 where it is missing."""
        value = self.value(name)
        if not value:
            raise Refused(Code.EDXML_WRONG, answers.MISSING.format(name=name))
        return value


@dataclass(frozen=True, slots=True)
class Request:
    """A call as it came: header names in small letters, nothing proved yet."""

    call: Call
    headers: Mapping[str, str]
    now: datetime
    remote: str

    @property
    def system(self) -> str:
        """The system that says it calls; empty for what can't be one."""
        code = self.headers.get("xroadvnpt-systemid", "")
        return code if len(code) <= LONGEST_SYSTEM else ""


class JudgedByOldState(Exception):
    """The directory changed since: the call is judged again."""


async def identify(machinery: Machinery, request: Request) -> Caller:
    """Prove who makes a call that the writer judges once more; on the loop where the system is known.

    Refuses: 15, with the same words for an unknown system as for a wrong secret.
    """
    for _try in range(TRIES):
        directory = machinery.remembered.number
        try:
            at_hand = machinery.remembered.system_at_hand(request.system)
            if at_hand is not None:
                return _caller(machinery, request, at_hand, directory)
            return await machinery.in_thread(prove, machinery, request)
        except Refused as refused:
            if not await machinery.has_changed(directory):
                tell_refusal(machinery, request, refused)
                raise
    raise Refused(Code.SYSTEM, answers.TROUBLE)


def identify_now(machinery: Machinery, request: Request) -> Caller:
    """Prove who makes any other call, in a thread, by the directory as it is at this moment.

    So a closed system or an old secret ends with the act that closed or changed it. Refuses: 15.
    """
    machinery.remembered.look(at_once=True)
    try:
        return prove(machinery, request)
    except Refused as refused:
        tell_refusal(machinery, request, refused)
        raise


def prove(machinery: Machinery, request: Request) -> Caller:
    """The caller, if the signature is right by what is remembered of the directory. Refuses: 15."""
    directory = machinery.remembered.number
    found = machinery.remembered.system(request.system) if request.system else None
    return _caller(machinery, request, found, directory)


def _caller(machinery: Machinery, request: Request, found: KnownSystem | None, directory: int) -> Caller:
    system, signed = _proved(found, request.headers)
    if request.call.name in WRITES:
        _demand_stamp(signed, request.now)
    if machinery.is_time_to_say(system.code):
        machinery.writer.note(Seen(system.id, request.now))
    return Caller(request.call.name, system, signed.values, request.now, request.remote, directory)


def tell_refusal(machinery: Machinery, request: Request, refused: Refused) -> None:
    """A refused system that we know stands in the flight recorder, once a minute for each reason."""
    known = machinery.remembered.system_at_hand(request.system)
    if known is not None and machinery.is_time_to_say(f"{known.code}\n{refused.text[:30]}"):
        name = request.call.name
        machinery.writer.note(refusal_note(refused, name, known.code, now=request.now, remote=request.remote))


def _proved(system: KnownSystem | None, headers: Mapping[str, str]) -> tuple[KnownSystem, SignedCall]:
    if system is None or system.secret is None:
        raise Refused(Code.UNAUTHORIZED, answers.WRONG_SIGNATURE)
    try:
        signed = verify_headers(headers, system.secret)
    except BadSignature as error:
        raise Refused(Code.UNAUTHORIZED, answers.WRONG_SIGNATURE) from error
    if not system.is_active:
        raise Refused(Code.UNAUTHORIZED, answers.SYSTEM_CLOSED.format(system=system.code))
    return system, signed


def _demand_stamp(signed: SignedCall, now: datetime) -> None:
    """D26: a stamp counts where something changes; reads are answered however old it is."""
    hours = settings.VANTHU_AXIS_STAMP_HOURS
    if hours and signed.at is None:
        raise Refused(Code.UNAUTHORIZED, answers.NO_STAMP)
    if not is_within(signed.at, now, hours):
        stamp = signed.values["timestamp"][:40]
        raise Refused(Code.UNAUTHORIZED, answers.STALE.format(stamp=stamp, hours=hours))


def refusal_note(
    refused: Refused, call: str, system_code: str, *, now: datetime, remote: str, parcel_id: str = ""
) -> Note:
    """The event of a call that was refused."""
    return Note(
        kind=EventKind.REFUSED,
        at=now,
        parcel_id=parcel_id,
        system_code=system_code,
        call=call,
        outcome=refused.code.value,
        detail=refused.text,
        remote=remote,
    )
