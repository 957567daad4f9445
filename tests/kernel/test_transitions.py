"""The table of transitions: legal moves, refusals, and no arrow twice."""

from __future__ import annotations

from enum import StrEnum

import pytest

from vanthu.kernel.errors import IllegalMove
from vanthu.kernel.transitions import TransitionTable, row


class Light(StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    BROKEN = "BROKEN"
    LOST = "LOST"


class Push(StrEnum):
    SWITCH = "SWITCH"
    WAIT = "WAIT"
    BREAK = "BREAK"


TABLE = TransitionTable(
    subject="test.light",
    initial=Light.RED,
    rows=[
        row(Push.SWITCH, [Light.RED], Light.GREEN),
        row(Push.WAIT, [Light.RED, Light.GREEN]),
        row(Push.BREAK, [Light.RED, Light.GREEN], Light.BROKEN),
    ],
)


def test_a_move_leads_where_the_table_says() -> None:
    assert TABLE.after(Light.RED, Push.SWITCH) is Light.GREEN
    assert TABLE.after(Light.GREEN, Push.BREAK) is Light.BROKEN


def test_a_move_without_a_target_stays_where_it_is() -> None:
    assert TABLE.after(Light.GREEN, Push.WAIT) is Light.GREEN


def test_an_illegal_move_says_from_where_and_what() -> None:
    with pytest.raises(IllegalMove) as refusal:
        TABLE.after(Light.BROKEN, Push.SWITCH)
    assert refusal.value.code == "test.light.illegal-move"
    assert refusal.value.details == {"state": "BROKEN", "move": "SWITCH"}


def test_the_moves_from_a_state_keep_the_order_of_the_table() -> None:
    assert TABLE.moves_from(Light.RED) == (Push.SWITCH, Push.WAIT, Push.BREAK)
    assert TABLE.moves_from(Light.BROKEN) == ()


def test_what_no_arrow_leads_to_is_not_reachable() -> None:
    assert TABLE.reachable() == {Light.RED, Light.GREEN, Light.BROKEN}


def test_every_arrow_is_told() -> None:
    assert (Light.GREEN, Push.WAIT, Light.GREEN) in TABLE.arrows()
    assert len(TABLE.arrows()) == 5


def test_the_same_arrow_twice_is_a_mistake_of_ours() -> None:
    rows = [row(Push.WAIT, [Light.RED]), row(Push.WAIT, [Light.RED], Light.GREEN)]
    with pytest.raises(ValueError, match="duplicate arrow RED --WAIT-->"):
        TransitionTable(subject="x", initial=Light.RED, rows=rows)
