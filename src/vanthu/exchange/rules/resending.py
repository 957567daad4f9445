"""Gửi lại gói tin: who may, when the identical bytes may fare better, and what to do where they can't (b.3: LOI_GUI)."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.exchange.rules.carrying import FOR_ONE_RECEIVER
from vanthu.exchange.rules.diagnoses import Diagnosis, Kind, kind_of
from vanthu.exchange.rules.recall import may_ask
from vanthu.kernel.actor import Actor
from vanthu.kernel.decisions import ALLOWED, Decision
from vanthu.kernel.errors import Violation

MENDED_ON_THE_AXIS = frozenset({Diagnosis.SENDER_UNKNOWN, Diagnosis.SENDER_MISMATCH})
"""Refused for good, yet the same bytes are welcome once the sender has been registered there."""
TAKEN_FOR_ANOTHER = "exchange.packet.taken-for-another"


@dataclass(frozen=True, slots=True)
class Stuck:
    """A packet as these rules see it.

    `is_idle`: it is neither being sent nor at the axis; `has_failed`: a receiver was given up; `error_code`: what was
    said last, a diagnosis or a refusal of ours.
    """

    is_idle: bool
    has_failed: bool
    error_code: str
    in_force: bool
    has_line: bool


def may_resend(actor: Actor, agency_id: int) -> Decision:
    """law.md (a) R1: văn thư sends; the operator of the installation (R15) may try any packet of it again."""
    return ALLOWED if actor.is_system else may_ask(actor, agency_id)


def unmet_for_resending(packet: Stuck) -> tuple[Violation, ...]:
    """What stands against the clerk's sending it again; all of it, each with what to do instead."""
    if not packet.is_idle or not packet.has_failed:
        return (Violation("exchange.packet.not-failed"),)
    if not packet.in_force:
        return (Violation("exchange.resend.not-in-force"),)
    unmet = [] if packet.has_line else [Violation("exchange.resend.no-line")]
    hopeless = against(packet.error_code)
    return tuple([*unmet, hopeless] if hopeless else unmet)


def unmet_for_operator(packet: Stuck) -> tuple[Violation, ...]:
    """The operator has removed the cause, whatever it was: only what can't be sent at all stands against him."""
    if not packet.is_idle:
        return (Violation("exchange.packet.not-failed"),)
    return () if packet.has_line else (Violation("exchange.resend.no-line"),)


def against(error_code: str) -> Violation | None:
    """Why the identical bytes would be refused as before; None where they may fare better."""
    if error_code == TAKEN_FOR_ANOTHER:
        return Violation(TAKEN_FOR_ANOTHER)
    if error_code in FOR_ONE_RECEIVER:
        return Violation("exchange.resend.receiver")
    if error_code not in set(Diagnosis) or error_code in MENDED_ON_THE_AXIS:
        return None
    is_final = kind_of(Diagnosis(error_code)) is Kind.PERMANENT
    return Violation("exchange.resend.same-content") if is_final else None
