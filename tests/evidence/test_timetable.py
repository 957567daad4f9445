"""Hours and nights as the timetable and the workers of an installation bring them."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from vanthu import schedule
from vanthu.evidence.models import EvidenceBatch, TreeHead
from vanthu.evidence.queries.records import record_of_document
from vanthu.foundation import jobs
from vanthu.foundation.models import Job, JobState


def play(now: datetime) -> None:
    """One tick, and then whatever it asked of evidence."""
    schedule.tick(now=now)
    ours = Job.objects.filter(kind__in=["evidence.grow", "evidence.stamp"], state=JobState.READY)
    for lease in jobs.claim(now=now, limit=100):
        if lease.kind in {"evidence.grow", "evidence.stamp"}:
            assert jobs.run(lease, now=now)
    assert not ours.exists()


def test_an_arrival_has_its_record_after_the_first_night(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    play(now)
    assert record_of_document(document_id) is not None
    assert TreeHead.objects.get().token is not None


def test_each_hour_asks_once_however_often_the_timetable_is_kept(cast: Cast, now: datetime) -> None:
    for minute in range(0, 60, 7):
        schedule.tick(now=now + timedelta(minutes=minute))
    assert Job.objects.filter(kind="evidence.grow").count() == 1
    schedule.tick(now=now + timedelta(hours=1))
    assert Job.objects.filter(kind="evidence.grow").count() == 2
    assert Job.objects.filter(kind="evidence.stamp").count() == 1


def test_a_night_played_twice_changes_nothing(cast: Cast, now: datetime) -> None:
    an_arrival(cast)
    play(now)
    before = (TreeHead.objects.count(), EvidenceBatch.objects.count())
    jobs.named("evidence.stamp").function(now=now)
    jobs.named("evidence.stamp").function(now=now)
    assert (TreeHead.objects.count(), EvidenceBatch.objects.count()) == before
