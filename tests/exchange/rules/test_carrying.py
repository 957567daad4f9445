"""What becomes of a packet after a try that failed, and when the axis' list shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vanthu.edxml.answers import SentItem
from vanthu.exchange.rules.carrying import Sought, after_trouble, apart, find_sent
from vanthu.exchange.rules.diagnoses import Kind

WAITS = tuple(timedelta(seconds=each) for each in (30, 60, 120))
SOUGHT = Sought("H26.99", frozenset({"G99", "H99"}), "125/STN-VP", "Thử nghiệm", frozenset({"known"}))


def listed(**changes: str) -> SentItem:
    facts = {
        "doc_id": "new",
        "kind": "edoc",
        "sender": "H26.99",
        "receiver": "G99",
        "receiver_doc_id": "",
        "notation": "125/STN-VP",
        "title": "Thử nghiệm",
        "send_status": "",
        "send_text": "",
        "receive_status": "",
        "receive_text": "",
        "sent_at": "",
        "received_at": "",
    }
    return SentItem(**(facts | changes))


@pytest.mark.parametrize(
    ("attempt", "seconds", "alarms"), [(1, 30, False), (3, 120, False), (4, 120, True), (9, 120, True)]
)
def test_trouble_of_the_line_waits_longer_then_alarms_and_goes_on(
    attempt: int, seconds: int, alarms: bool
) -> None:
    found = after_trouble(Kind.TRANSIENT, attempt=attempt, must_ask=False, backoff=WAITS)
    assert (found.wait, found.alarms, found.must_ask) == (timedelta(seconds=seconds), alarms, False)


def test_a_refusal_for_good_is_not_tried_again() -> None:
    found = after_trouble(Kind.PERMANENT, attempt=1, must_ask=False, backoff=WAITS)
    assert (found.wait, found.alarms) == (None, True)


@pytest.mark.parametrize("kind", [Kind.TRANSIENT, Kind.UNKNOWN_OUTCOME])
def test_what_was_doubtful_stays_doubtful(kind: Kind) -> None:
    assert after_trouble(kind, attempt=2, must_ask=True, backoff=WAITS).must_ask


def test_a_refusal_for_good_settles_what_was_doubtful() -> None:
    """The axis would know a packet that it has."""
    assert after_trouble(Kind.PERMANENT, attempt=2, must_ask=True, backoff=WAITS).wait is None


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ("FAIL 23 Don vi nhan B bi khoa", [("B",), ("A", "C", "D.1")]),
        ("FAIL 18 khong co: D.1, C", [("C", "D.1"), ("A", "B")]),
        ("FAIL 23", [("A", "B"), ("C", "D.1")]),
        ("A B C D.1", [("A", "B"), ("C", "D.1")]),
    ],
)
def test_a_packet_refused_for_one_receiver_is_taken_apart(said: str, groups: list[tuple[str, ...]]) -> None:
    assert apart(["A", "B", "C", "D.1"], said) == groups


def test_the_list_shows_a_packet_by_sender_receiver_and_number() -> None:
    assert find_sent(SOUGHT, [listed()]) == "new"
    assert find_sent(SOUGHT, [listed(notation=" 125 / stn-vp ")]) == "new"
    assert find_sent(SOUGHT, [listed(notation="STN-VP")]) == "new"


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": "H26.98"},
        {"receiver": "G98"},
        {"notation": "126/STN-VP"},
        {"notation": "STN-VP", "title": "Văn bản khác"},
        {"doc_id": "known"},
        {"doc_id": ""},
    ],
)
def test_another_entry_is_not_taken_for_it(changes: dict[str, str]) -> None:
    assert find_sent(SOUGHT, [listed(**changes)]) == ""
