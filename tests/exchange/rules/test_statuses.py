"""The state of a delivery follows the receiver's codes: the highest rank counts (law.md b.3; D25)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from vanthu.exchange.rules.statuses import (
    CODE_LABELS,
    STATE_LABELS,
    DeliveryState,
    StatusCode,
    after_status,
    state_after,
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


LIVES = [
    (),
    (C.ARRIVED,),
    (C.ARRIVED, C.ACCEPTED, C.ASSIGNED, C.IN_PROGRESS, C.DONE),
    (C.ARRIVED, C.REFUSED),
    (C.ARRIVED, C.ACCEPTED, C.REFUSED),
    (C.ARRIVED, C.ACCEPTED, C.IN_PROGRESS, C.IN_PROGRESS, C.REFUSED),
    (C.ACCEPTED, C.TAKE_BACK, C.AGREED),
]


@pytest.mark.parametrize("life", LIVES, ids="-".join)
@pytest.mark.parametrize("start", [D.TO_SEND, D.SENDING, D.SENT, D.FAILED])
def test_what_was_told_ends_the_same_in_whatever_order_it_came(
    life: tuple[StatusCode, ...], start: DeliveryState
) -> None:
    """The line reorders; the receiver's clock says what happened first."""
    told = [(datetime(2026, 11, 20, 9, second, tzinfo=UTC), code) for second, code in enumerate(life)]
    ends = {after(*life)} if any(code in FORWARD or code is C.REFUSED for code in life) else {start}
    for order in itertools.permutations(told):
        state = start
        for count in range(len(order) + 1):
            state = state_after(state, order[:count])
        assert {state} == ends


def test_in_one_second_the_refusal_is_the_later() -> None:
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert state_after(D.SENT, [(at, C.REFUSED), (at, C.ACCEPTED)]) is D.RETURNED_LATE


def test_what_went_on_paper_stays_on_paper() -> None:
    assert state_after(D.PAPER, [(datetime(2026, 11, 20, tzinfo=UTC), C.ACCEPTED)]) is D.PAPER


def test_every_code_and_state_has_words() -> None:
    assert set(CODE_LABELS) == set(StatusCode)
    assert set(STATE_LABELS) == set(DeliveryState)
