"""The unit of work: one transaction, nested acts join it, nothing is forgotten and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from django.db import connection

from tests.cast import Cast
from tests.proof import audited, database_state
from vanthu import wiring
from vanthu.accounts.models import Person
from vanthu.audit.models import AuditEvent
from vanthu.foundation.operation import (
    MissingAudit,
    OutsideOperation,
    nothing_changed,
    opening_verb,
    operation,
    publish,
    record,
    unit_of_work,
)
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef, digest_of

THING = ObjectRef.of("test.thing", 1)


@dataclass(frozen=True)
class Said:
    words: str


@dataclass(frozen=True)
class Unknown:
    """A fact that the table does not know."""


heard: list[str] = []


@pytest.fixture
def told() -> Iterator[list[str]]:
    """A fact of these tests in the real table of consequences."""
    heard.clear()
    wiring.FOLLOWERS[Said] = (_first, _second)
    yield heard
    del wiring.FOLLOWERS[Said]


def _first(fact: Said) -> None:
    heard.append(f"first {fact.words}")
    if fact.words == "stumble":
        raise RuntimeError("follower")
    if fact.words == "one":
        publish(Said("two"))


def _second(fact: Said) -> None:
    heard.append(f"second {fact.words}")


@operation("test.person.make")
def make(*, actor: Actor, name: str, now: datetime, say: tuple[str, ...] = ()) -> int:
    person = Person.objects.create(username=name, full_name=name)
    record(THING, agency_id=actor.agency_id, after={"name": name}, name=name)
    for words in say:
        publish(Said(words))
        heard.append(f"published {words}")
    return int(person.pk)


@operation("test.person.make-two")
def make_two(*, actor: Actor, now: datetime, stumble: bool = False) -> str:
    make(actor=actor, name="mot", now=now)
    verb = opening_verb()
    make(actor=actor, name="hai", now=now)
    record(THING, agency_id=None)
    if stumble:
        raise RuntimeError("after everything")
    return verb


@operation("test.person.forget")
def forget(*, actor: Actor, now: datetime) -> None:
    Person.objects.create(username="quen", full_name="quên")


@operation("test.person.repeat")
def repeat(*, actor: Actor, now: datetime) -> None:
    nothing_changed()


def test_an_act_writes_its_rows_and_its_entry_together(cast: Cast, now: datetime) -> None:
    with audited() as log:
        make(actor=cast.a.clerk, name="mot", now=now)
    (event,) = log.events
    assert (event.verb, event.chain, event.actor_id, event.at) == (
        "test.person.make",
        cast.a.id,
        cast.a.clerk.user_id,
        now,
    )
    assert (event.before, event.after, event.detail) == ("", digest_of({"name": "mot"}), {"name": "mot"})


def test_nested_acts_join_the_transaction_and_each_says_what_it_did(cast: Cast, now: datetime) -> None:
    with audited() as log:
        assert make_two(actor=cast.a.clerk, now=now) == "test.person.make-two"
    assert sorted(log.verbs) == ["test.person.make", "test.person.make", "test.person.make-two"]
    assert {event.chain for event in log.events} == {cast.a.id, 0}
    assert opening_verb() == ""


def test_an_act_that_fails_leaves_nothing_of_its_parts(cast: Cast, now: datetime) -> None:
    before = database_state()
    with pytest.raises(RuntimeError, match="after everything"):
        make_two(actor=cast.a.clerk, now=now, stumble=True)
    assert database_state() == before
    make(actor=cast.a.clerk, name="mot", now=now)


def test_an_act_that_does_not_say_what_it_did_is_rolled_back(cast: Cast, now: datetime) -> None:
    before = database_state()
    with pytest.raises(MissingAudit, match=r"test\.person\.forget"):
        forget(actor=cast.a.clerk, now=now)
    assert database_state() == before


def test_an_act_that_repeats_one_already_done_leaves_no_entry(cast: Cast, now: datetime) -> None:
    with audited() as log:
        repeat(actor=cast.a.clerk, now=now)
    assert log.events == []


def test_what_follows_runs_after_the_act_in_the_order_of_the_table(
    cast: Cast, now: datetime, told: list[str]
) -> None:
    make(actor=cast.a.clerk, name="mot", say=("one", "three"), now=now)
    assert told == [
        "published one",
        "published three",
        "first one",
        "second one",
        "first three",
        "second three",
        "first two",
        "second two",
    ]


def test_what_follows_and_fails_takes_the_act_with_it(cast: Cast, now: datetime, told: list[str]) -> None:
    before = database_state()
    with pytest.raises(RuntimeError, match="follower"):
        make(actor=cast.a.clerk, name="mot", say=("stumble",), now=now)
    assert database_state() == before


def _tell_the_unknown(cast: Cast, now: datetime) -> None:
    with unit_of_work():
        make(actor=cast.a.clerk, name="mot", now=now)
        publish(Unknown())


def _make_one_in_each_agency_and_stumble(cast: Cast, now: datetime) -> None:
    with unit_of_work():
        make(actor=cast.a.clerk, name="mot", now=now)
        make(actor=cast.b.clerk, name="hai", now=now)
        raise RuntimeError("unit")


def test_a_fact_that_the_table_does_not_know_is_a_mistake_of_ours(cast: Cast, now: datetime) -> None:
    before = database_state()
    with pytest.raises(KeyError):
        _tell_the_unknown(cast, now)
    assert database_state() == before


def test_several_acts_in_one_unit_are_one_transaction(cast: Cast, now: datetime) -> None:
    before = database_state()
    with pytest.raises(RuntimeError, match="unit"):
        _make_one_in_each_agency_and_stumble(cast, now)
    assert database_state() == before


def test_facts_and_entries_belong_to_an_act() -> None:
    with pytest.raises(OutsideOperation):
        publish(Said("x"))
    with pytest.raises(OutsideOperation):
        record(THING, agency_id=None)


def test_an_entry_needs_an_act_inside_the_unit(db: None) -> None:
    with pytest.raises(OutsideOperation), unit_of_work():
        record(THING, agency_id=None)


@pytest.mark.django_db(transaction=True)
def test_the_outermost_act_commits_for_good(cast: Cast, now: datetime) -> None:
    """Outside a test's own transaction the act's is the outermost, and durable."""
    from django.db import transaction

    assert not connection.in_atomic_block
    make(actor=cast.a.clerk, name="mot", now=now)
    assert AuditEvent.objects.filter(verb="test.person.make").count() == 1
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        make(actor=cast.a.clerk, name="hai", now=now)
