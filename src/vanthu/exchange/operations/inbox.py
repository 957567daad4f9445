"""The inbox: ask the line, fetch, store and commit, take in, acknowledge — each step committed before the next.

At least once: whoever dies at any line is given the packet again, and nothing happens twice (edxml.md §7.3).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from django.conf import settings
from django.db.models import F

from vanthu.edxml.answers import ReceivedItem
from vanthu.edxml.message import Unreadable
from vanthu.edxml.reading import glance
from vanthu.exchange.channels.vxp.client import Gateway, LineTrouble
from vanthu.exchange.channels.vxp.mapping_in import kept_warnings, open_message
from vanthu.exchange.channels.vxp.settings import LineSettings, line
from vanthu.exchange.models import Inbound, InboundState, PacketKind
from vanthu.exchange.operations.admitting import limits
from vanthu.exchange.operations.line_watch import (
    CallBook,
    Elapsing,
    claim_line,
    left_something_behind,
    note_line,
    release_line,
    renew_lease,
)
from vanthu.exchange.operations.packages_in import Taken, refuse_unreadable, take_package
from vanthu.exchange.operations.statuses_in import take_status
from vanthu.exchange.queries.reported import parked_statuses
from vanthu.exchange.rules.diagnoses import Kind
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record, steps, unit_of_work
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.refs import ObjectRef

log = logging.getLogger("vanthu.line")

KIND = "exchange.inbound"
AT_ONCE = 100
"""Packets of a list that one poll brings in; the next one follows at once."""
LONGEST_AXIS_ID = 64
LEASE_ADDS = timedelta(seconds=2)
SHORTEST_PAUSE = 0.01
GIVE_UP_LIST = 3
"""So many calls in a row that fail for the line's sake end the poll."""


@dataclass(slots=True)
class Polled:
    """What one poll brought; `wait` is when to ask again."""

    wait: timedelta
    fetched: int = 0
    settled: int = 0
    acknowledged: int = 0
    trouble: str = ""
    _failures: int = field(default=0, repr=False)


class _Lost(Exception):
    """The lease is gone: another poller has taken over."""


@steps("one poller at a time; each packet goes through steps of its own")
def poll_line(*, now: datetime, ignore_schedule: bool = False) -> Polled | None:
    """Ask the line for what waits. None: there is no line, it is not time yet, or somebody else is asking."""
    chosen = line()
    if chosen is None:
        return None
    elapsing = Elapsing(now)
    lasting = chosen.timeout * 2 + LEASE_ADDS
    token = claim_line(now=now, lasting=lasting, ignore_schedule=ignore_schedule)
    if token is None:
        return None
    poll = _Poll(chosen, token, elapsing, lasting)
    try:
        poll.run()
    except _Lost:
        log.warning("line: another poller has taken over")
    finally:
        release_line(token, next_at=elapsing() + poll.result.wait)
    return poll.result


def line_pause(polled: Polled | None) -> float:
    """Seconds until a worker asks again: what the poll said; where another one polled, the usual time."""
    usual = float(settings.VANTHU_LINE_POLL_SECONDS)
    return max(polled.wait.total_seconds() if polled else usual, SHORTEST_PAUSE)


class _Poll:
    """One round over the line."""

    def __init__(self, chosen: LineSettings, token: str, now: Elapsing, lasting: timedelta) -> None:
        self._token, self._now, self._lasting = token, now, lasting
        self._calls = CallBook()
        self._gateway = Gateway(chosen, clock=now, on_call=self._calls)
        self._begins_elsewhere = left_something_behind()
        self.result = Polled(chosen.poll)

    def run(self) -> None:
        """What was left over first: it waits longest, and some of it needs no line."""
        self._settle_leftovers()
        try:
            self._acknowledge_leftovers()
            for kind in PacketKind:
                self._bring_all(kind)
        except LineTrouble as trouble:
            self.result.trouble = str(trouble.diagnosis)
            note_line(actor=system_actor(None), trouble=trouble, now=self._now())
        else:
            note_line(
                actor=system_actor(None), trouble=None, left_behind=self.result.trouble, now=self._now()
            )
        match_parked(now=self._now())

    def _keep_lease(self) -> None:
        if not renew_lease(self._token, until=self._now() + self._lasting):
            raise _Lost

    def _settle_leftovers(self) -> None:
        for inbound_id in _ids(state=InboundState.STORED):
            self._keep_lease()
            self.result.settled += settle(inbound_id=inbound_id, now=self._now())

    def _acknowledge_leftovers(self) -> None:
        rows = Inbound.objects.filter(is_acknowledged=False).exclude(state=InboundState.STORED)
        for inbound in rows.order_by("id")[:AT_ONCE]:
            self._keep_lease()
            self._unless_broken(partial(self._acknowledge, inbound))

    def _bring_all(self, kind: PacketKind) -> None:
        items = [item for item in self._gateway.received(kind) if _is_waiting(item)]
        self._calls.forget()
        if len(items) > AT_ONCE:
            self.result.wait = timedelta(0)
        for item in self._in_turn(items)[:AT_ONCE]:
            self._keep_lease()
            self._unless_broken(partial(self._bring, kind, item))

    def _in_turn(self, items: list[ReceivedItem]) -> list[ReceivedItem]:
        """As the axis lists them; after trouble from another place each time, so that bad ones starve nobody."""
        if not (self._begins_elsewhere and items):
            return items
        first = crc32(self._now().isoformat().encode()) % len(items)
        return [*items[first:], *items[:first]]

    def _unless_broken(self, step: Callable[[], None]) -> None:
        """One packet in trouble must not hold up the others; a line in trouble ends the poll."""
        try:
            step()
        except LineTrouble as trouble:
            self.result.trouble = str(trouble.diagnosis)
            self.result._failures += 1
            self._calls.forget()
            if self.result._failures >= GIVE_UP_LIST:
                raise
        else:
            self.result._failures = 0

    def _bring(self, kind: PacketKind, item: ReceivedItem) -> None:
        inbound = Inbound.objects.filter(axis_id=item.doc_id, kind=kind).first()
        if inbound is None:
            data = self._fetched(item.doc_id)
            inbound = store_packet(kind=kind, item=item, data=data, now=self._now())
            self._calls.link(inbound.pk)
            self.result.fetched += 1
        if inbound.state == InboundState.STORED:
            self.result.settled += settle(inbound_id=inbound.pk, now=self._now())
            inbound.refresh_from_db()
        if inbound.state != InboundState.STORED:
            self._acknowledge(inbound)

    def _fetched(self, doc_id: str) -> bytes:
        """What can't be read is fetched a second time before it is believed."""
        data = self._gateway.fetch(doc_id)
        try:
            glance(data)
        except Unreadable:
            return self._gateway.fetch(doc_id)
        return data

    def _acknowledge(self, inbound: Inbound) -> None:
        is_refused = inbound.state == InboundState.REFUSED
        try:
            self._gateway.acknowledge(
                inbound.axis_id, "fail" if is_refused else "done", inbound.last_error if is_refused else ""
            )
        except LineTrouble as trouble:
            self._calls.link(inbound.pk)
            if trouble.kind is not Kind.PERMANENT:
                raise
        self._calls.link(inbound.pk)
        Inbound.objects.filter(pk=inbound.pk).update(is_acknowledged=True)
        self.result.acknowledged += 1


def _ids(**lookup: object) -> list[int]:
    rows = Inbound.objects.filter(**lookup).order_by("id")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _is_waiting(item: ReceivedItem) -> bool:
    """A list may go on naming what was acknowledged."""
    if len(item.doc_id) > LONGEST_AXIS_ID:
        log.error("line: a packet's id is longer than %s characters: %.80s", LONGEST_AXIS_ID, item.doc_id)
        return False
    return item.status.strip().casefold() not in {"done", "fail"}


@steps("the bytes go into the store first; the row is one act")
def store_packet(*, kind: PacketKind, item: ReceivedItem, data: bytes, now: datetime) -> Inbound:
    """Keep the bytes, then the row, before anybody is told: from here on the packet can't be lost."""
    sha256 = blobs().put(data)
    return _store(actor=system_actor(None), kind=kind, item=item, sha256=sha256, size=len(data), now=now)


@operation("exchange.inbound.store")
def _store(
    *, actor: Actor, kind: PacketKind, item: ReceivedItem, sha256: str, size: int, now: datetime
) -> Inbound:
    row, is_new = Inbound.objects.get_or_create(
        axis_id=item.doc_id,
        kind=kind,
        defaults={
            "receiver_code": item.receiver[:35],
            "sender_code": item.sender[:35],
            "sha256": sha256,
            "size": size,
            "fetched_at": now,
        },
    )
    if not is_new:
        nothing_changed()
        return row
    record(ObjectRef.of(KIND, row.pk), agency_id=None, axis=item.doc_id, kind=kind, sha256=sha256)
    return row


@steps("opens the packet outside a transaction; each receiver's record, and the end, are acts of their own")
def settle(*, inbound_id: int, now: datetime) -> bool:
    """Take a stored packet in; whether it is settled. One that makes trouble stays, is tried again and is shown."""
    with unit_of_work():
        Inbound.objects.filter(pk=inbound_id).update(attempts=F("attempts") + 1)
    inbound = Inbound.objects.get(pk=inbound_id)
    if inbound.state != InboundState.STORED:
        return False
    try:
        taken = _take(inbound, now)
    except Exception as error:  # whatever is wrong with one packet must not stop the others
        log.exception("line: packet %s could not be taken in", inbound.axis_id)
        Inbound.objects.filter(pk=inbound_id).update(
            error_code=type(error).__name__[:60], last_error=str(error)[:400]
        )
        return False
    _end(actor=system_actor(None), inbound=inbound, taken=taken, now=now)
    return True


def _take(inbound: Inbound, now: datetime) -> Taken:
    data = blobs().read(inbound.sha256)
    try:
        opened = open_message(data, limits())
    except Unreadable as trouble:
        return refuse_unreadable(inbound, data, trouble, now=now)
    inbound.warnings = kept_warnings(opened.reading.warnings)
    if opened.reading.status is not None:
        return take_status(inbound, opened.reading.status, now=now)
    return take_package(inbound, opened, now=now)


@operation("exchange.inbound.settle")
def _end(*, actor: Actor, inbound: Inbound, taken: Taken, now: datetime) -> None:
    """Remember how the packet ended; `inbound` carries what was found out about it."""
    row = load_locked(Inbound.objects.all(), pk=inbound.pk)
    if row.state not in {InboundState.STORED, InboundState.PARKED}:
        nothing_changed()
        return
    for name in ("sender_code", "edxml_document_id", "business", "warnings"):
        setattr(row, name, getattr(inbound, name))
    row.state, row.error_code, row.last_error = taken.state, taken.code[:60], taken.text[:400]
    row.settled_at = now
    row.save()
    record(
        ObjectRef.of(KIND, row.pk),
        agency_id=None,
        state=row.state,
        error=row.error_code,
        sender=row.sender_code,
    )


@steps("each parked status is an act of its own")
def match_parked(*, now: datetime) -> int:
    """Look again for the documents of parked statuses; how many were found."""
    found = 0
    for inbound in parked_statuses(now=now):
        report = glance(blobs().read(inbound.sha256)).status
        assert report is not None
        taken = take_status(inbound, report, now=now)
        if taken.state is InboundState.PARKED:
            Inbound.objects.filter(pk=inbound.pk).update(settled_at=now)
            continue
        _end(actor=system_actor(None), inbound=inbound, taken=taken, now=now)
        found += 1
    return found
