"""What an answer settles, what a recipient's line shows, who may ask and decide (law.md §1.8, b.3; D27)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vanthu.exchange.rules.states import ASK, AskKind, AskMove, AskState
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.kernel.actor import Actor, Role
from vanthu.kernel.decisions import Decision, allowed_if, denied
from vanthu.kernel.errors import Violation


class RecallState(StrEnum):
    """Trạng thái thu hồi, lấy lại ở một nơi nhận; empty: nothing was asked, or all of it was declined."""

    NONE = ""
    TAKING_BACK = "TAKING_BACK"  # YEU_CAU_LAY_LAI (13)
    REVOKING = "REVOKING"  # đang thu hồi
    REMOVING = "REMOVING"  # đang bớt nơi nhận
    TAKEN_BACK = "TAKEN_BACK"  # DONG_Y: đã lấy lại
    REVOKED = "REVOKED"  # đã thu hồi
    REMOVED = "REMOVED"  # đã bớt nơi nhận


RECALL_LABELS = {
    RecallState.TAKING_BACK: "Đang yêu cầu lấy lại",
    RecallState.REVOKING: "Đang thu hồi",
    RecallState.REMOVING: "Đang bớt nơi nhận",
    RecallState.TAKEN_BACK: "Đã lấy lại",
    RecallState.REVOKED: "Đã thu hồi",
    RecallState.REMOVED: "Đã bớt nơi nhận",
}

PENDING = frozenset({RecallState.TAKING_BACK, RecallState.REVOKING, RecallState.REMOVING})
OPEN = frozenset({AskState.DUE, AskState.SENT})
UNGRANTED = (AskState.DECLINED, AskState.UNDELIVERED)
"""The recipient keeps what was asked back, or could not be asked."""


@dataclass(frozen=True, slots=True)
class AskFacts:
    """One thing that was asked of one recipient; `id` grows with time."""

    id: int
    kind: AskKind
    state: AskState


_ASKED = {
    AskKind.REVOKE: RecallState.REVOKING,
    AskKind.TAKE_BACK: RecallState.TAKING_BACK,
    AskKind.REMOVE: RecallState.REMOVING,
}
_GRANTED = {
    AskKind.REVOKE: RecallState.REVOKED,
    AskKind.TAKE_BACK: RecallState.TAKEN_BACK,
    AskKind.REMOVE: RecallState.REMOVED,
}


def recall_state(asks: Sequence[AskFacts]) -> RecallState:
    """What a recipient's line shows: the gravest thing still open, else the gravest that was agreed to.

    Declined ones leave nothing behind: the line goes back to how far the receiver has come, late statuses included.
    """
    for open_only, words in ((True, _ASKED), (False, _GRANTED)):
        for kind, word in words.items():
            if any(
                a.kind is kind and (a.state in OPEN if open_only else a.state is AskState.AGREED)
                for a in asks
            ):
                return word
    return RecallState.NONE


def settled_by(asks: Sequence[AskFacts], code: StatusCode) -> tuple[tuple[int, AskMove], ...]:
    """Which asks an answer settles. 15 settles all that is open: the document is withdrawn there, whatever asked it.

    16 settles one: a lấy lại before anything else, for a thu hồi is not to be declined (D27). 15 after 16 counts.
    Anything else, and answers that nobody asked for, settle nothing.
    """
    opened = [ask for ask in asks if ask.state in OPEN]
    if code is StatusCode.AGREED:
        chosen = opened or [ask for ask in asks if ask.state in UNGRANTED][-1:]
        return tuple((ask.id, AskMove.AGREE) for ask in chosen)
    if code is StatusCode.DECLINED and opened:
        first = min(opened, key=lambda ask: (ask.kind is not AskKind.TAKE_BACK, ask.id))
        return ((first.id, AskMove.DECLINE),)
    return ()


def after_answer(state: AskState, move: AskMove) -> AskState:
    return ASK.after(state, move)


NEVER_CAME = frozenset({DeliveryState.FAILED, DeliveryState.PAPER})
"""Nothing electronic lies there: nothing can be asked back over a wire."""


def may_ask(actor: Actor, agency_id: int) -> Decision:
    """law.md (a) R1: văn thư recalls what left, at the word of whoever leads."""
    if actor.agency_id != agency_id:
        return denied("exchange.other-agency")
    return allowed_if(actor.has(Role.CLERK), "registry.not-clerk")


def may_decide(actor: Actor, agency_id: int) -> Decision:
    """law.md b.1: the records office cancels what its sender takes back, and answers."""
    return may_ask(actor, agency_id)


@dataclass(frozen=True, slots=True)
class AskedRecipient:
    """A recipient as the rules of asking back see it."""

    name: str
    state: DeliveryState
    recall: RecallState


def unmet_for_asking(
    *, chosen: Sequence[AskedRecipient], reason: str, ordered_by: str
) -> tuple[Violation, ...]:
    """Who ordered it, why, and at least one recipient that has it and is not being asked already."""
    found = [] if chosen else [Violation("exchange.recall.nobody")]
    found += _unmet_for_order(reason, ordered_by)
    for one in chosen:
        if one.state in NEVER_CAME:
            found.append(Violation("exchange.recall.not-electronic", (("name", one.name),)))
        elif one.recall is not RecallState.NONE:
            found.append(Violation("exchange.recall.asked-already", (("name", one.name),)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class NamedRecipient:
    """Somebody to whom an issued document shall go as well."""

    code: str
    name: str
    is_known: bool = True
    is_closed: bool = False
    is_there: bool = False


def unmet_for_adding(
    *, named: Sequence[NamedRecipient], reason: str, ordered_by: str
) -> tuple[Violation, ...]:
    """Each of them exists, works, and is not among the recipients already."""
    found = [] if named else [Violation("exchange.recipients.nobody")]
    for one in named:
        if not one.is_known:
            found.append(Violation("exchange.recipients.unknown", (("code", one.code),)))
        elif one.is_closed:
            found.append(Violation("exchange.recipients.closed", (("name", one.name),)))
        elif one.is_there:
            found.append(Violation("exchange.recipients.there-already", (("name", one.name),)))
    return (*found, *_unmet_for_order(reason, ordered_by))


def _unmet_for_order(reason: str, ordered_by: str) -> tuple[Violation, ...]:
    found = []
    if not reason.strip():
        found.append(Violation("exchange.recall.reason-missing"))
    if not ordered_by.strip():
        found.append(Violation("exchange.recall.order-missing"))
    return tuple(found)


def unmet_for_declining(kind: AskKind, reason: str) -> tuple[Violation, ...]:
    """D27: only a lấy lại or a changed content may be declined, and with a reason. Norm: NĐ30 Đ.18.4b, QĐ28 Đ.9."""
    found = []
    if kind in {AskKind.REVOKE, AskKind.REMOVE}:
        found.append(Violation("exchange.recall.not-to-decline"))
    if not reason.strip():
        found.append(Violation("exchange.recall.answer-missing"))
    return tuple(found)
