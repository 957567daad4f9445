"""Every refusal that the source can raise has its words: three sentences and a reference nobody else has."""

from __future__ import annotations

import ast
import re
from collections import Counter
from importlib import import_module

import pytest
from django.utils import translation

from tests.architecture.source import SRC, called_name, python_files, tree_of
from vanthu.apps import WORDS, _catalogues
from vanthu.foundation import refusals
from vanthu.kernel.errors import NotVisible, Violation
from vanthu.kernel.refusals import UNKNOWN, Refusal
from vanthu.kernel.transitions import TransitionTable

RAISING = {"Violation", "denied", "DomainError", "NotVisible", "NotPermitted", "NotReady", "CannotReceive"}
RAISING |= {"IllegalMove", "StaleVersion", "SigningFailed", "_about", "allowed_if", "load_locked", "_refuse"}
CODE = re.compile(r"^[a-z]+(\.[a-z0-9-]+){1,2}$")
REFERENCE = re.compile(r"^VT-[A-Z]{3}-\d{3}$")
TABLES = [
    "drafting.rules.states.DRAFT",
    "registry.rules.states.OUTGOING",
    "registry.rules.states.INCOMING",
    "routing.rules.states.HANDLING",
    "routing.rules.states.ASSIGNMENT",
]


def raised_codes() -> dict[str, str]:
    """Each code that stands in a call which refuses, with the file it stands in."""
    found = {}
    for path in python_files(SRC):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and called_name(node) in RAISING:
                arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
                for argument in arguments:
                    if isinstance(argument, ast.Constant) and CODE.match(str(argument.value)):
                        found[str(argument.value)] = str(path.relative_to(SRC))
    return found


def entries() -> list[tuple[str, Refusal]]:
    catalogues = [catalogue for name in WORDS for catalogue in _catalogues(import_module(name))]
    return [pair for catalogue in catalogues for pair in catalogue.items()]


def test_every_code_that_the_source_raises_has_words() -> None:
    raised = raised_codes()
    assert len(raised) > 70, "the search no longer sees how refusals are raised"
    missing = {code: where for code, where in raised.items() if code not in refusals.known_codes()}
    assert missing == {}


@pytest.mark.parametrize("name", TABLES)
def test_the_illegal_move_of_every_table_has_words(name: str) -> None:
    module, _, attribute = f"vanthu.{name}".rpartition(".")
    table = getattr(import_module(module), attribute)
    assert isinstance(table, TransitionTable)
    assert f"{table.subject}.illegal-move" in refusals.known_codes()


def test_the_default_of_what_is_not_seen_has_words() -> None:
    assert NotVisible().code in refusals.known_codes()


def test_every_refusal_says_what_why_and_what_to_do() -> None:
    for code, refusal in entries():
        assert CODE.match(code), code
        assert all(text.strip() for text in (refusal.what, refusal.why, refusal.remedy)), code
        assert refusal.what.endswith("."), code


def test_every_refusal_has_a_reference_of_its_own() -> None:
    references = Counter(refusal.reference for _, refusal in entries())
    assert [reference for reference, count in references.items() if count > 1] == []
    assert all(REFERENCE.match(reference) for reference in references)


def test_the_values_of_a_violation_fill_its_sentences() -> None:
    words = refusals.spoken(Violation("registry.incoming.duplicate", (("number", "27"),)))
    assert words.why == "Văn bản này đã đăng ký với số đến 27."
    assert str(words) == f"{words.what} {words.why} {words.remedy} ({words.reference})"


def test_a_missing_value_leaves_a_gap_not_an_error() -> None:
    assert "…" in refusals.spoken(Violation("registry.incoming.duplicate")).why


def test_an_unknown_code_is_still_answered_with_words() -> None:
    words = refusals.spoken(Violation("nothing.of.ours"))
    assert (words.reference, words.what) == (UNKNOWN.reference, UNKNOWN.what)


def test_two_different_refusals_for_one_code_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"document\.not-found"):
        refusals.install({"document.not-found": Refusal("VT-XXX-001", "a.", "b.", "c.")})


def test_refusals_are_spoken_in_vietnamese_where_no_language_is_chosen() -> None:
    with translation.override("vi"):
        assert "Không" in refusals.spoken(Violation("document.not-found")).what
