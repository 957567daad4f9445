"""Even parts of the store, in the order of digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vanthu.evidence.rules.fixity import (
    LAST,
    is_behind,
    may_read_fixity,
    read_up_to,
    seems_detached,
    share_covered,
)
from vanthu.kernel.actor import Actor, Role, system_actor

START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(("days", "upto"), [(0, "0"), (9, "1"), (45, "8"), (75, "e"), (81, "f"), (200, "f")])
def test_ninety_days_are_read_in_eighty_one(days: float, upto: str) -> None:
    """The rest is a reserve, so that each file is read within ninety days of its last reading."""
    assert read_up_to(START, START + timedelta(days=days), days=90)[0] == upto


def test_the_end_is_the_last_digest_of_all() -> None:
    assert read_up_to(START, START + timedelta(days=81), days=90) == LAST
    assert share_covered(LAST) == 1
    assert share_covered("") == 0
    assert share_covered("8" + "0" * 63) == pytest.approx(0.5)


def test_a_later_moment_never_asks_for_less() -> None:
    marks = [read_up_to(START, START + timedelta(hours=hour), days=90) for hour in range(0, 2400, 7)]
    assert marks == sorted(marks)
    assert all(len(mark) == 64 for mark in marks)


def test_a_clock_that_goes_back_asks_for_nothing() -> None:
    assert int(read_up_to(START, START - timedelta(days=1), days=90), 16) == 0


def test_a_round_is_behind_when_a_twentieth_is_missing() -> None:
    at = START + timedelta(days=40.5)
    assert not is_behind("7" + "f" * 63, START, at, days=90)
    assert not is_behind("74" + "0" * 62, START, at, days=90)
    assert is_behind("70" + "0" * 62, START, at, days=90)


@pytest.mark.parametrize(
    ("expected", "present", "detached"),
    [(0, 0, False), (19, 0, False), (20, 0, True), (200, 0, True), (200, 1, False)],
)
def test_a_store_with_nothing_of_what_it_should_have_is_not_there(
    expected: int, present: int, detached: bool
) -> None:
    assert seems_detached(expected=expected, present=present) is detached


def test_only_the_citys_administrator_and_the_system_look_after_the_store() -> None:
    def somebody(role: Role) -> Actor:
        return Actor(1, "Trần Thị Ví Dụ", 1, roles=frozenset({role}))

    assert may_read_fixity(system_actor(None))
    allowed = {role for role in Role if may_read_fixity(somebody(role))}
    assert allowed == {Role.CITY_ADMIN, Role.SYSTEM}
