"""Background work as rows: enqueued with the act, leased, retried, parked, and each slot of the timetable once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from vanthu.accounts.models import Person
from vanthu.foundation import jobs, worker
from vanthu.foundation.jobs import LEASE, LeaseLost, claim, claim_slot, forget_done, job, record_done, run
from vanthu.foundation.models import Job, JobState
from vanthu.foundation.operation import unit_of_work
from vanthu.kernel.errors import DomainError
from vanthu.kernel.retry import Backoff

pytestmark = pytest.mark.django_db
ran: list[dict[str, object]] = []
QUICK = Backoff(first=timedelta(seconds=10), attempts=3)


@job("test.note", backoff=QUICK, priority=2)
def note(*, now: datetime, words: str = "", **_ignored: object) -> None:
    ran.append({"words": words, "now": now})
    if words == "make":
        Person.objects.create(username="tu-viec-nen", full_name="x")
    if words in {"fail", "make"}:
        raise RuntimeError("không gọi được")
    if words == "refuse":
        raise DomainError("document.not-found")


@job("test.call", joined=False, backoff=QUICK)
def call(*, now: datetime, **_ignored: object) -> None:
    ran.append({"now": now})


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    ran.clear()
    yield
    ran.clear()


def the_job() -> Job:
    return Job.objects.get()


def test_a_job_runs_once_with_its_arguments_and_the_moment(now: datetime) -> None:
    note.enqueue(now=now, words="xin chào", not_known_any_more=1)
    assert worker.run_all(now=lambda: now) == 1
    assert worker.run_all(now=lambda: now) == 0
    assert ran == [{"words": "xin chào", "now": now}]
    assert (the_job().state, the_job().attempts, the_job().ended_at) == (JobState.DONE, 1, now)


def _enqueue_and_stumble(now: datetime) -> None:
    with unit_of_work():
        note.enqueue(now=now)
        raise RuntimeError("act")


def test_a_job_of_an_act_that_failed_is_not_owed(now: datetime) -> None:
    with pytest.raises(RuntimeError, match="act"):
        _enqueue_and_stumble(now)
    assert not Job.objects.exists()


def test_a_job_waits_for_its_time(now: datetime) -> None:
    note.enqueue(now=now, run_at=now + timedelta(minutes=1))
    assert worker.run_all(now=lambda: now) == 0
    assert worker.run_all(now=lambda: now + timedelta(minutes=1)) == 1


def test_urgent_jobs_come_first_then_the_oldest(now: datetime) -> None:
    for words, minutes, priority in (("late", 2, None), ("early", 1, None), ("urgent", 3, 9)):
        note.enqueue(now=now, run_at=now + timedelta(minutes=minutes), priority=priority, words=words)
    worker.run_all(now=lambda: now + timedelta(minutes=5))
    assert [row["words"] for row in ran] == ["urgent", "early", "late"]


def test_an_equal_key_is_not_enqueued_again(now: datetime) -> None:
    note.enqueue(now=now, key="mot", words="first")
    note.enqueue(now=now, key="mot", words="second")
    note.enqueue(now=now, key="hai")
    assert Job.objects.count() == 2
    assert Job.objects.get(key="mot").args == {"words": "first"}


def test_many_jobs_are_enqueued_with_one_call(now: datetime) -> None:
    note.enqueue_many([{"words": str(place)} for place in range(450)], now=now)
    assert Job.objects.count() == 450
    assert set(Job.objects.values_list("priority", flat=True)) == {2}


def test_a_leased_job_is_nobody_elses_until_its_lease_ends(now: datetime) -> None:
    note.enqueue(now=now)
    (lease,) = claim(now=now)
    assert claim(now=now + LEASE) == []
    (again,) = claim(now=now + LEASE + timedelta(seconds=1))
    assert (lease.attempt, again.attempt) == (1, 2)
    assert lease.token != again.token


def test_a_worker_that_lost_its_lease_takes_no_effect(now: datetime) -> None:
    note.enqueue(now=now)
    (lease,) = claim(now=now)
    later = now + LEASE + timedelta(seconds=1)
    (again,) = claim(now=later)
    assert run(lease, now=later) is False
    with pytest.raises(LeaseLost):
        record_done(lease, now=later)
    assert run(again, now=later) is True
    assert len(ran) == 1


def test_a_joined_job_that_fails_leaves_nothing_of_its_work(now: datetime) -> None:
    note.enqueue(now=now, words="make")
    worker.run_all(now=lambda: now)
    assert not Person.objects.filter(username="tu-viec-nen").exists()
    assert the_job().state == JobState.READY


def test_a_failed_job_is_tried_again_later_and_then_parked(now: datetime) -> None:
    note.enqueue(now=now, words="fail")
    at, waits = now, []
    for _ in range(QUICK.attempts):
        worker.run_all(now=lambda: at)  # noqa: B023 - used at once
        waits.append((the_job().run_at - at).total_seconds())
        at = the_job().run_at
    assert [7.5 <= waits[0] <= 12.5, 15 <= waits[1] <= 25] == [True, True]
    assert (the_job().state, the_job().attempts) == (JobState.DEAD, 3)
    assert the_job().last_error == "RuntimeError: không gọi được"
    assert worker.run_all(now=lambda: at + timedelta(days=1)) == 0


def test_a_refused_job_keeps_the_code_of_the_refusal(now: datetime) -> None:
    note.enqueue(now=now, words="refuse")
    worker.run_all(now=lambda: now)
    assert the_job().last_error.startswith("document.not-found")


def test_an_unknown_kind_is_kept_for_the_operator(now: datetime) -> None:
    Job.objects.create(kind="test.gone", run_at=now, created_at=now)
    worker.run_all(now=lambda: now)
    assert "unknown job kind test.gone" in the_job().last_error
    assert the_job().state == JobState.READY


def test_one_failing_job_does_not_stop_the_others(now: datetime) -> None:
    note.enqueue(now=now, words="fail")
    note.enqueue(now=now, words="fine")
    worker.run_all(now=lambda: now)
    assert [row["words"] for row in ran] == ["fail", "fine"]


def test_a_job_over_the_line_is_called_outside_the_transaction_that_records_it(now: datetime) -> None:
    call.enqueue(now=now)
    assert worker.run_all(now=lambda: now) == 1
    assert the_job().state == JobState.DONE


def test_a_slot_of_the_timetable_is_claimed_by_exactly_one(now: datetime) -> None:
    claims = [claim_slot("reminders", "2026-11-20T09:00", now=now) for _ in range(3)]
    assert claims == [True, False, False]
    assert claim_slot("reminders", "2026-11-20T09:01", now=now)
    assert claim_slot("other", "2026-11-20T09:00", now=now)


def test_slots_are_never_run_as_jobs(now: datetime) -> None:
    claim_slot("reminders", "2026-11-20T09:00", now=now)
    assert claim(now=now + timedelta(days=1)) == []


def test_done_jobs_are_forgotten_after_a_while_dead_ones_stay(now: datetime) -> None:
    note.enqueue(now=now, words="fine")
    worker.run_all(now=lambda: now)
    Job.objects.create(kind="x", state=JobState.DEAD, run_at=now, created_at=now, ended_at=now)
    assert forget_done(before=now) == 0
    assert forget_done(before=now + timedelta(seconds=1)) == 1
    assert the_job().state == JobState.DEAD


def test_two_jobs_of_one_name_are_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"test\.note"):
        job("test.note")(lambda **_: None)
    assert jobs.named("test.note") is note


def test_acts_owe_their_jobs_in_their_own_transaction(cast: Cast, now: datetime) -> None:
    from tests.factories.registry import an_issued_document

    an_issued_document(cast)
    assert sorted(row.kind for row in Job.objects.all()) == ["exchange.deliver", "signing.keep"]
