"""Every state can be reached, and the page of state machines says what the tables say."""

import importlib.util
from enum import StrEnum
from types import ModuleType

import pytest

from tests.architecture.source import ROOT, demand_none
from vanthu.kernel.transitions import TransitionTable, row


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "scripts" / "generate_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unreachable(table: TransitionTable) -> list[str]:
    return [f"{table.subject}: {state}" for state in type(table.initial) if state not in table.reachable()]


def test_every_state_can_be_reached(generator: ModuleType) -> None:
    demand_none(state for _, _, table, _ in generator.tables() for state in unreachable(table))


def test_the_page_of_state_machines_is_what_make_docs_writes(generator: ModuleType) -> None:
    written = ROOT / "docs" / "generated" / "states.md"
    assert written.read_text(encoding="utf-8") == generator.states_page(), "run `make docs`"


def test_the_rule_notices_a_state_that_nothing_leads_to() -> None:
    class State(StrEnum):
        OPEN = "OPEN"
        LOST = "LOST"

    class Move(StrEnum):
        STAY = "STAY"

    table = TransitionTable(subject="sample", initial=State.OPEN, rows=[row(Move.STAY, [State.OPEN])])
    assert unreachable(table) == ["sample: LOST"]
