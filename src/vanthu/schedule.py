"""What runs when: the whole table on one screen. Each slot runs once, however many hosts keep the timetable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from vanthu.axis.queries.desk import has_upstream
from vanthu.exchange.operations import has_line, remind_of_asks, remind_of_packets
from vanthu.foundation.jobs import claim_slot, forget_done, named
from vanthu.kernel.actor import system_actor
from vanthu.kernel.due import local
from vanthu.signing.operations import expire_waiting, remind_of_renditions


@dataclass(frozen=True, slots=True)
class Sweep:
    """One recurring call: `slot` names the period it belongs to."""

    name: str
    slot: str
    run: Callable[[datetime], object]


def _forget_jobs(now: datetime) -> object:
    return forget_done(before=now - timedelta(days=14))


def _expire_signatures(now: datetime) -> object:
    return expire_waiting(now=now)


def _remind_of_renditions(now: datetime) -> object:
    return remind_of_renditions(now=now)


def _remind_of_asks(now: datetime) -> object:
    return remind_of_asks(actor=system_actor(None), now=now)


def _ask_for(name: str) -> Callable[[datetime], object]:
    """What leaves the house or may take long is left to a worker."""
    return lambda now: named(name).enqueue(now=now)


def _poll_line(now: datetime) -> object:
    """Each worker asks the line by itself (`keep_line`); this asks where none runs for long, and costs nothing else."""
    return named("exchange.poll").enqueue(now=now) if has_line() else None


def _sync_agencies(now: datetime) -> object:
    """The axis' list of agencies, once a night."""
    if has_line():
        named("exchange.sync-agencies").enqueue(now=now)
    return None


def _merge_axis_directories(now: datetime) -> object:
    """With the axis above, where this one is not the last."""
    if has_upstream():
        named("axis.merge-directories").enqueue(now=now)
    return None


def _remind_of_packets(now: datetime) -> object:
    return remind_of_packets(actor=system_actor(None), now=now)


SWEEPS = (
    Sweep("forget-done-jobs", "%Y-%m-%d", _forget_jobs),
    Sweep("grow-tree", "%Y-%m-%d %H", _ask_for("evidence.grow")),
    Sweep("stamp-evidence", "%Y-%m-%d", _ask_for("evidence.stamp")),
    Sweep("read-stored-bytes", "%Y-%m-%d %H", _ask_for("evidence.fixity")),
    Sweep("sweep-leftovers", "%Y-%m-%d", _ask_for("evidence.leftovers")),
    Sweep("refresh-revocation-lists", "%Y-%m-%d %H", _ask_for("signing.refresh-lists")),
    Sweep("renew-renditions", "%Y-%m-%d %H", _remind_of_renditions),
    Sweep("remind-of-asks", "%Y-%m-%d %H", _remind_of_asks),
    Sweep("remind-of-packets", "%Y-%m-%d %H", _remind_of_packets),
    Sweep("sync-agencies", "%Y-%m-%d", _sync_agencies),
    Sweep("poll-line", "%Y-%m-%d %H:%M", _poll_line),
    Sweep("forget-line-calls", "%Y-%m-%d", _ask_for("exchange.forget-calls")),
    Sweep("forget-axis-contents", "%Y-%m-%d", _ask_for("axis.forget")),
    Sweep("merge-axis-directories", "%Y-%m-%d", _merge_axis_directories),
    Sweep("expire-signatures", "%Y-%m-%d %H:%M", _expire_signatures),
)


def tick(*, now: datetime) -> list[str]:
    """Run what is due and nobody has run yet in its slot; the names of what ran."""
    ran = []
    for sweep in SWEEPS:
        if claim_slot(sweep.name, local(now).strftime(sweep.slot), now=now):
            sweep.run(now)
            ran.append(sweep.name)
    return ran
