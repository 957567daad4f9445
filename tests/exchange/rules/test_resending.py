"""When the identical bytes may fare better, and what is said where they can't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vanthu.exchange.rules.diagnoses import Diagnosis
from vanthu.exchange.rules.resending import (
    TAKEN_FOR_ANOTHER,
    Stuck,
    against,
    unmet_for_operator,
    unmet_for_resending,
)

GIVEN_UP = Stuck(
    is_idle=True, has_failed=True, error_code=Diagnosis.UNREACHABLE, in_force=True, has_line=True
)


def codes_of(packet: Stuck) -> list[str]:
    return [violation.code for violation in unmet_for_resending(packet)]


@pytest.mark.parametrize(
    ("error_code", "said"),
    [
        (Diagnosis.RECEIVER_UNKNOWN, "exchange.resend.receiver"),
        (Diagnosis.RECEIVER_LOCKED, "exchange.resend.receiver"),
        (Diagnosis.FILE_INVALID, "exchange.resend.same-content"),
        (Diagnosis.EDXML_WRONG, "exchange.resend.same-content"),
        (Diagnosis.TOO_LARGE, "exchange.resend.same-content"),
        (TAKEN_FOR_ANOTHER, TAKEN_FOR_ANOTHER),
    ],
)
def test_what_is_refused_for_good_is_not_sent_again(error_code: str, said: str) -> None:
    assert codes_of(replace(GIVEN_UP, error_code=error_code)) == [said]


@pytest.mark.parametrize(
    "error_code",
    [
        "",
        Diagnosis.UNREACHABLE,
        Diagnosis.OUTCOME_UNKNOWN,
        Diagnosis.CLOCK,
        Diagnosis.AXIS_FAULT,
        Diagnosis.SENDER_UNKNOWN,
        Diagnosis.SENDER_MISMATCH,
    ],
)
def test_trouble_of_the_line_and_what_is_mended_on_the_axis_may_be_tried_again(error_code: str) -> None:
    assert against(error_code) is None
    assert codes_of(replace(GIVEN_UP, error_code=error_code)) == []


def test_every_diagnosis_has_an_answer() -> None:
    hopeless = {each for each in Diagnosis if against(each)}
    assert hopeless == {
        Diagnosis.ANSWER_TOO_LARGE,
        Diagnosis.TOO_LARGE,
        Diagnosis.FILE_INVALID,
        Diagnosis.RECEIVER_UNKNOWN,
        Diagnosis.EDXML_WRONG,
        Diagnosis.RECEIVER_LOCKED,
    }


def test_nothing_is_sent_again_that_did_not_fail_or_is_no_longer_in_force() -> None:
    assert codes_of(replace(GIVEN_UP, has_failed=False)) == ["exchange.packet.not-failed"]
    assert codes_of(replace(GIVEN_UP, is_idle=False)) == ["exchange.packet.not-failed"]
    assert codes_of(replace(GIVEN_UP, in_force=False)) == ["exchange.resend.not-in-force"]


def test_all_that_stands_against_it_is_said_at_once() -> None:
    cut_off = replace(GIVEN_UP, has_line=False, error_code=Diagnosis.FILE_INVALID)
    assert codes_of(cut_off) == ["exchange.resend.no-line", "exchange.resend.same-content"]


def test_the_operator_tries_whatever_is_not_at_the_axis() -> None:
    refused_for_good = replace(GIVEN_UP, error_code=Diagnosis.RECEIVER_LOCKED, has_failed=False)
    assert unmet_for_operator(refused_for_good) == ()
    (there,) = unmet_for_operator(replace(GIVEN_UP, is_idle=False))
    assert there.code == "exchange.packet.not-failed"
    (cut_off,) = unmet_for_operator(replace(GIVEN_UP, has_line=False))
    assert cut_off.code == "exchange.resend.no-line"
