"""What becomes of a packet after each try: taken, tried again, asked about first, or laid before a person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from vanthu.edxml.answers import SentItem
from vanthu.exchange.rules.diagnoses import Diagnosis, Kind


@dataclass(frozen=True, slots=True)
class Next:
    """`wait`: None where only a person can go on; `must_ask`: the axis may have it; `alarms`: a person must know."""

    wait: timedelta | None
    must_ask: bool
    alarms: bool


def after_trouble(kind: Kind, *, attempt: int, must_ask: bool, backoff: Sequence[timedelta]) -> Next:
    """What follows from the `attempt`-th try (from 1) that failed.

    Trouble of the line is never given up: when the waiting times are used up a person is told, and it goes on with the
    longest of them, so that an axis that was down for a day costs nobody a button. What was doubtful stays doubtful
    until the axis was asked; a refusal for good settles it, for the axis would know a packet that it has.
    """
    if kind is Kind.PERMANENT:
        return Next(None, must_ask=False, alarms=True)
    wait = backoff[min(attempt, len(backoff)) - 1] if backoff else timedelta(0)
    doubtful = must_ask or kind is Kind.UNKNOWN_OUTCOME
    return Next(wait, must_ask=doubtful, alarms=attempt > len(backoff))


FOR_ONE_RECEIVER = frozenset({Diagnosis.RECEIVER_UNKNOWN, Diagnosis.RECEIVER_LOCKED})
"""The axis refuses a whole packet for the sake of one of its receivers."""


def apart(codes: Sequence[str], said: str) -> list[tuple[str, ...]]:
    """Receivers of a refused packet in two groups: whom the axis named in what it said, or halves, and the others."""
    words = set(re.split(r"[^0-9A-Za-z.]+", said))
    named = tuple(code for code in codes if code in words)
    if not named or len(named) == len(codes):
        named = tuple(codes[: len(codes) // 2])
    others = tuple(code for code in codes if code not in named)
    return [group for group in (named, others) if group]


@dataclass(frozen=True, slots=True)
class Sought:
    """A packet whose outcome is not known, as the axis' list may show it. `code` is number and notation."""

    sender: str
    receivers: frozenset[str]
    code: str
    subject: str
    known_ids: frozenset[str]
    """What the axis called other packets of ours."""


def find_sent(sought: Sought, items: Iterable[SentItem]) -> str:
    """The axis' id of the packet if its list shows it, else nothing. Norm: edxml.md §7.3 (look before resending).

    The list has no digest: sender, a receiver and number/notation must agree (where it has the notation only, the
    subject too), and the entry must be no other packet's.
    """
    return next((item.doc_id for item in items if _is_it(sought, item)), "")


def _is_it(sought: Sought, item: SentItem) -> bool:
    if not item.doc_id or item.doc_id in sought.known_ids:
        return False
    if item.sender != sought.sender or item.receiver not in sought.receivers:
        return False
    if _plain(item.notation) == _plain(sought.code):
        return True
    notation = sought.code.partition("/")[2]
    return _plain(item.notation) == _plain(notation) and _plain(item.title) == _plain(sought.subject)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
