"""What an answer settles and what a recipient's line shows, in any order (law.md b.3; D27)."""

from __future__ import annotations

import itertools

import pytest

from vanthu.exchange.rules.recall import (
    RECALL_LABELS,
    AskedRecipient,
    AskFacts,
    NamedRecipient,
    RecallState,
    may_ask,
    recall_state,
    settled_by,
    unmet_for_adding,
    unmet_for_asking,
    unmet_for_declining,
)
from vanthu.exchange.rules.states import (
    ASK,
    ASK_LABELS,
    DEMAND,
    DEMAND_LABELS,
    KIND_LABELS,
    AskKind,
    AskMove,
    AskState,
    DemandState,
)
from vanthu.exchange.rules.statuses import DeliveryState, StatusCode
from vanthu.kernel.actor import Actor, Role

K, S, R, C = AskKind, AskState, RecallState, StatusCode


def asks(*given: tuple[AskKind, AskState]) -> list[AskFacts]:
    return [AskFacts(number, kind, state) for number, (kind, state) in enumerate(given, start=1)]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((), R.NONE),
        (((K.TAKE_BACK, S.DUE),), R.TAKING_BACK),
        (((K.TAKE_BACK, S.SENT),), R.TAKING_BACK),
        (((K.TAKE_BACK, S.AGREED),), R.TAKEN_BACK),
        (((K.TAKE_BACK, S.DECLINED),), R.NONE),
        (((K.TAKE_BACK, S.UNDELIVERED),), R.NONE),
        (((K.TAKE_BACK, S.DECLINED), (K.TAKE_BACK, S.SENT)), R.TAKING_BACK),
        (((K.TAKE_BACK, S.SENT), (K.REVOKE, S.SENT)), R.REVOKING),
        (((K.TAKE_BACK, S.AGREED), (K.REVOKE, S.SENT)), R.REVOKING),
        (((K.TAKE_BACK, S.AGREED), (K.REVOKE, S.AGREED)), R.REVOKED),
        (((K.REMOVE, S.SENT),), R.REMOVING),
        (((K.REMOVE, S.AGREED),), R.REMOVED),
    ],
)
def test_a_line_shows_the_gravest_thing_that_is_open_or_was_granted(
    given: tuple[tuple[AskKind, AskState], ...], shown: RecallState
) -> None:
    for order in itertools.permutations(given):
        assert recall_state(asks(*order)) is shown


def test_15_settles_everything_that_is_open() -> None:
    given = asks((K.TAKE_BACK, S.SENT), (K.REVOKE, S.DUE), (K.TAKE_BACK, S.DECLINED))
    assert settled_by(given, C.AGREED) == ((1, AskMove.AGREE), (2, AskMove.AGREE))


def test_16_settles_a_request_before_a_revocation_which_is_not_to_be_declined() -> None:
    given = asks((K.REVOKE, S.SENT), (K.TAKE_BACK, S.SENT))
    assert settled_by(given, C.DECLINED) == ((2, AskMove.DECLINE),)
    assert settled_by(asks((K.REVOKE, S.SENT)), C.DECLINED) == ((1, AskMove.DECLINE),)


def test_15_after_16_counts_and_16_after_15_does_not() -> None:
    assert settled_by(asks((K.TAKE_BACK, S.DECLINED)), C.AGREED) == ((1, AskMove.AGREE),)
    assert settled_by(asks((K.REVOKE, S.UNDELIVERED)), C.AGREED) == ((1, AskMove.AGREE),)
    assert settled_by(asks((K.TAKE_BACK, S.AGREED)), C.DECLINED) == ()


@pytest.mark.parametrize("code", [code for code in C if code not in {C.AGREED, C.DECLINED}])
def test_no_other_code_settles_anything(code: StatusCode) -> None:
    assert settled_by(asks((K.TAKE_BACK, S.SENT), (K.REVOKE, S.SENT)), code) == ()


def test_an_answer_that_nobody_asked_for_settles_nothing() -> None:
    assert settled_by([], C.AGREED) == settled_by([], C.DECLINED) == ()


def test_every_state_of_both_machines_is_reached_and_has_words() -> None:
    assert ASK.reachable() == set(AskState) == set(ASK_LABELS)
    assert DEMAND.reachable() == set(DemandState) == set(DEMAND_LABELS)
    assert set(AskKind) == set(KIND_LABELS)
    assert set(RecallState) - {R.NONE} == set(RECALL_LABELS)


def test_only_the_clerk_of_the_agency_asks() -> None:
    clerk = Actor(1, "Văn thư", 7, roles=frozenset({Role.CLERK}))
    leader = Actor(2, "Giám đốc", 7, roles=frozenset({Role.LEADER}))
    assert may_ask(clerk, 7)
    assert may_ask(clerk, 8).code == "exchange.other-agency"
    assert may_ask(leader, 7).code == "registry.not-clerk"


def test_what_stands_against_asking_is_named_at_once() -> None:
    fine = AskedRecipient("B", DeliveryState.ACCEPTED, R.NONE)
    assert unmet_for_asking(chosen=[fine], reason="Nhầm", ordered_by="Giám đốc") == ()
    paper = AskedRecipient("C", DeliveryState.PAPER, R.NONE)
    asked = AskedRecipient("D", DeliveryState.DONE, R.TAKING_BACK)
    found = unmet_for_asking(chosen=[fine, paper, asked], reason="", ordered_by="")
    assert sorted(each.code.rpartition(".")[2] for each in found) == [
        "asked-already",
        "not-electronic",
        "order-missing",
        "reason-missing",
    ]


@pytest.mark.parametrize("kind", [K.REVOKE, K.REMOVE])
def test_a_revocation_is_not_to_be_declined(kind: AskKind) -> None:
    assert [each.code for each in unmet_for_declining(kind, "Không")] == ["exchange.recall.not-to-decline"]


@pytest.mark.parametrize("kind", [K.TAKE_BACK, K.CHANGE])
def test_what_may_be_declined_needs_a_reason(kind: AskKind) -> None:
    assert unmet_for_declining(kind, "Đã giải quyết") == ()
    assert [each.code for each in unmet_for_declining(kind, " ")] == ["exchange.recall.answer-missing"]


def test_whoever_is_added_is_known_works_and_is_new() -> None:
    good = NamedRecipient("G99", "Bộ Thử nghiệm")
    assert unmet_for_adding(named=[good], reason="Cần", ordered_by="Giám đốc") == ()
    bad = [
        NamedRecipient("X", "X", is_known=False),
        NamedRecipient("Y", "Y", is_closed=True),
        NamedRecipient("Z", "Z", is_there=True),
    ]
    found = unmet_for_adding(named=bad, reason="Cần", ordered_by="Giám đốc")
    assert [each.code.rpartition(".")[2] for each in found] == ["unknown", "closed", "there-already"]
