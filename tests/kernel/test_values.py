"""Decisions, refusals, back-off, references and actors as plain values."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vanthu.kernel.actor import Actor, Role, system_actor
from vanthu.kernel.decisions import ALLOWED, allowed_if, denied
from vanthu.kernel.errors import (
    DomainError,
    NotPermitted,
    NotReady,
    NotVisible,
    StaleVersion,
    Violation,
    refuse_if,
)
from vanthu.kernel.refs import ObjectRef, canonical_json, digest_of
from vanthu.kernel.retry import Backoff


def test_what_is_allowed_is_true_and_raises_nothing() -> None:
    assert ALLOWED
    assert allowed_if(True, "a.b.c") is ALLOWED
    ALLOWED.or_refuse()


def test_what_is_denied_is_false_and_refused_with_its_code_and_values() -> None:
    decision = denied("a.b.c", name="Sở", count=3)
    assert not decision
    assert decision == allowed_if(False, "a.b.c", count=3, name="Sở")
    with pytest.raises(NotPermitted) as refusal:
        decision.or_refuse()
    assert (refusal.value.code, refusal.value.details) == ("a.b.c", {"count": "3", "name": "Sở"})


def test_a_refusal_is_one_violation_with_its_values_in_order() -> None:
    refusal = StaleVersion("document.stale", expected=2, current=3)
    assert refusal.violations == (Violation("document.stale", (("current", "3"), ("expected", "2"))),)
    assert str(refusal) == "document.stale"


def test_not_ready_names_everything_that_is_missing() -> None:
    found = (Violation("a.b", (("x", "1"),)), Violation("c.d"))
    with pytest.raises(NotReady) as refusal:
        refuse_if(iter(found))
    assert refusal.value.violations == found
    assert (refusal.value.code, refusal.value.details) == ("a.b", {"x": "1"})


def test_nothing_missing_refuses_nothing() -> None:
    refuse_if(())


def test_what_is_not_seen_is_not_found_by_default() -> None:
    assert NotVisible().code == "document.not-found"
    assert isinstance(NotVisible(), DomainError)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 2), (2, 4), (5, 32), (11, 2048), (13, 3600), (500, 3600)]
)
def test_waits_double_up_to_the_longest_within_a_quarter(attempt: int, seconds: int) -> None:
    wait = Backoff().wait(attempt, key="7").total_seconds()
    assert 0.75 * seconds <= wait <= 1.25 * seconds


def test_waits_of_one_job_are_the_same_on_every_host_and_differ_between_jobs() -> None:
    backoff = Backoff(first=timedelta(seconds=10))
    assert backoff.wait(3, key="7") == backoff.wait(3, key="7")
    assert len({backoff.wait(3, key=str(key)) for key in range(50)}) > 30


def test_attempts_are_exhausted_at_their_number() -> None:
    backoff = Backoff(attempts=3)
    assert [backoff.is_exhausted(attempt) for attempt in (1, 2, 3, 4)] == [False, False, True, True]


def test_equal_facts_have_one_spelling_and_one_digest() -> None:
    one, other = {"b": [1, 2], "a": "Sở"}, {"a": "Sở", "b": [1, 2]}
    assert canonical_json(one) == canonical_json(other) == '{"a":"Sở","b":[1,2]}'
    assert digest_of(one) == digest_of(other) != digest_of({"a": "so"})
    assert len(digest_of({})) == 64
    assert digest_of(None) == ""


def test_a_reference_is_a_kind_and_an_id() -> None:
    assert ObjectRef.of("documents.document", 5) == ObjectRef("documents.document", "5")


@pytest.mark.parametrize("role", Role)
def test_only_the_clerk_holds_the_key_of_the_office(role: Role) -> None:
    """D7."""
    actor = Actor(user_id=1, name="x", agency_id=2, post_id=3, unit_id=4, roles=frozenset({role}))
    assert set(actor.holders) >= {"post:3", "person:1", "unit:4"}
    assert ("office:2" in actor.holders) == (role is Role.CLERK)


def test_the_system_account_holds_no_keys() -> None:
    account = system_actor(5)
    assert account.is_system
    assert account.holders == ()
    assert account.has(Role.SYSTEM, Role.CLERK)
    assert not account.has(Role.CLERK)
