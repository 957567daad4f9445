"""The small rules of the protocol: states, codes, times, answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.codes import is_code, level_of, may_register, receivers_named
from vanthu.axis.rules.states import ParcelState, after_report
from vanthu.axis.rules.wire import is_within, moment, number, written

NEW, P, D, F = ParcelState.INITIAL, ParcelState.PROCESSING, ParcelState.DONE, ParcelState.FAIL


@pytest.mark.parametrize(
    ("current", "reported", "after"),
    [
        (NEW, P, P), (NEW, D, D), (NEW, F, F), (P, D, D), (P, F, F), (P, P, P),
        (F, P, P), (F, D, D), (F, F, F), (D, P, D), (D, F, D), (D, D, D),
    ],
)  # fmt: skip
def test_a_report_moves_a_parcel_forward_and_never_back(
    current: ParcelState, reported: ParcelState, after: ParcelState
) -> None:
    assert after_report(current, reported) is after


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("H26", True), ("H26.99.1", True), ("000.00.11.H53", True), ("020101234567", True), ("vxp.saas.03", True),
        ("", False), ("H26.", False), ("H26..1", False), ("H26.1.2.3.4", False), ("H26 1", False), ("A" * 36, False),
        ("H26/1", False), ("Hà.1", False),
    ],
)  # fmt: skip
def test_a_code_has_at_most_four_groups_of_letters_and_digits(code: str, good: bool) -> None:
    assert is_code(code) is good


@pytest.mark.parametrize(
    ("code", "level"), [("H26", 1), ("H26.1", 2), ("H26.1.2", 3), ("000.00.00.H26", 1), ("000.00.11.H53", 2)]
)
def test_the_level_counts_the_groups_that_say_something(code: str, level: int) -> None:
    assert level_of(code) == level


def test_a_system_registers_what_it_may() -> None:
    assert may_register("H26.1", [])
    assert may_register("H26.9", ["H26.9"])
    assert may_register("H26.9.4", ["H26.9.*"])
    assert not may_register("H26.9", ["H26.9.*"])
    assert not may_register("H26.91", ["H26.9", "H26.9.*"])


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ()), ("A", ("A",)), ('"A"', ("A",)), ('["A","B"]', ("A", "B")), ("A,B;A", ("A", "B")),
        ("020101234567", ("020101234567",)), ("[]", ()),
    ],
)  # fmt: skip
def test_the_header_to_is_read_as_the_client_in_circulation_writes_it(
    text: str, codes: tuple[str, ...]
) -> None:
    assert receivers_named(text) == codes


def test_times_are_written_in_hanoi() -> None:
    assert written(datetime(2026, 11, 22, 3, 0, tzinfo=UTC)) == "2026-11-22 10:00:00"
    assert written(None) == ""


@pytest.mark.parametrize("text", ["2026/11/22", "2026-11-22", "22/11/2026", "2026-11-22 00:00:00"])
def test_a_day_is_read_in_each_form_that_is_met(text: str) -> None:
    assert moment(text) == datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


def test_a_day_that_ends_a_range_is_meant_whole() -> None:
    assert moment("2026/11/22", is_end=True) == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert moment("31/02/2026") is None


@pytest.mark.parametrize(
    ("text", "found"), [("", 7), ("5", 5), ("0", 1), ("99", 10), ("-1", None), ("x", None), ("9" * 20, None)]
)
def test_a_number_is_kept_within_its_bounds(text: str, found: int | None) -> None:
    assert number(text, default=7, least=1, most=10) == found


def test_the_window_of_stamps_is_open_on_both_sides() -> None:
    now = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert is_within(now - timedelta(hours=24), now, 24)
    assert is_within(now + timedelta(hours=3), now, 24)
    assert not is_within(now - timedelta(hours=25), now, 24)
    assert not is_within(None, now, 24)
    assert is_within(None, now, 0)


def test_answers_have_the_three_keys_in_their_casing() -> None:
    assert json.loads(answers.answer(DocId="1")) == {
        "status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "DocId": "1",
    }  # fmt: skip
    refused = json.loads(answers.refusal(Refused(Code.RECEIVER_CLOSED, "x"), DocId=""))
    assert (refused["status"], refused["ErrorCode"], refused["DocId"]) == ("FAIL", "23", "")


@pytest.mark.parametrize(
    ("found", "code"), [("junk", "10"), ("truncated", "10"), ("doctype", "22"), ("namespace", "22")]
)
def test_what_is_no_edxml_is_told_from_edxml_that_is_wrong(found: str, code: str) -> None:
    assert answers.unreadable(found, "").code == code


def test_long_lists_of_codes_are_counted() -> None:
    assert answers.listed(["A", "B"]) == "A, B"
    assert answers.listed(list("ABCDEFG")) == "A, B, C, D, E va 2 ma khac"
