"""The state of a delivery follows the receiver's codes: the highest rank counts (law.md b.3; D25)."""

from __future__ import annotations

import itertools

import pytest

from vanthu.exchange.rules.statuses import (
    CODE_LABELS,
    STATE_LABELS,
    DeliveryState,
    StatusCode,
    after_status,
)

D, C = DeliveryState, StatusCode
FORWARD = [C.ARRIVED, C.ACCEPTED, C.ASSIGNED, C.IN_PROGRESS, C.DONE]
REACHES = dict(zip(FORWARD, [D.ARRIVED, D.ACCEPTED, D.ASSIGNED, D.IN_PROGRESS, D.DONE], strict=True))


def after(*codes: StatusCode, start: DeliveryState = D.SENT) -> DeliveryState:
    state = start
    for code in codes:
        state = after_status(state, code)
    return state


@pytest.mark.parametrize("order", [*itertools.permutations(FORWARD)], ids="".join)
def test_the_highest_code_counts_in_whatever_order_they_come(order: tuple[StatusCode, ...]) -> None:
    assert after(*order) is D.DONE


@pytest.mark.parametrize("code", FORWARD)
def test_each_code_reaches_its_state_also_when_others_were_left_out(code: StatusCode) -> None:
    assert after(code) is REACHES[code]
    assert after(code, code) is REACHES[code]


@pytest.mark.parametrize("state", [D.TO_SEND, D.SENDING, D.SENT, D.ARRIVED, D.FAILED])
def test_a_refusal_before_acceptance_is_a_refusal(state: DeliveryState) -> None:
    assert after_status(state, C.REFUSED) is D.REFUSED


@pytest.mark.parametrize("state", [D.ACCEPTED, D.ASSIGNED, D.IN_PROGRESS])
def test_a_refusal_after_acceptance_is_a_late_return(state: DeliveryState) -> None:
    """D25: TRA_LAI_SAU_TIEP_NHAN."""
    assert after_status(state, C.REFUSED) is D.RETURNED_LATE


@pytest.mark.parametrize("state", [D.DONE, D.REFUSED, D.RETURNED_LATE, D.PAPER])
def test_a_refusal_of_what_is_over_changes_nothing(state: DeliveryState) -> None:
    assert after_status(state, C.REFUSED) is state


@pytest.mark.parametrize("state", [D.REFUSED, D.RETURNED_LATE, D.PAPER])
@pytest.mark.parametrize("code", FORWARD)
def test_a_late_code_does_not_undo_a_refusal(state: DeliveryState, code: StatusCode) -> None:
    assert after_status(state, code) is state


def test_every_code_and_state_has_words() -> None:
    assert set(CODE_LABELS) == set(StatusCode)
    assert set(STATE_LABELS) == set(DeliveryState)
