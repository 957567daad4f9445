"""Lists of the queues: urgent first, page by page, walked without going back, unread until opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.proof import demand_true_counters
from vanthu.documents.operations import record_view
from vanthu.kernel.actor import Urgency
from vanthu.queues.queries import Tab, counters, neighbours, places_of, queue_page
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue
from vanthu.registry.operations import accept_arrival

KIND = BY_QUEUE[Queue.TO_RECEIVE]


def three(cast: Cast, now: datetime) -> list[int]:
    """An ordinary one, a later ordinary one, and an express one that came last."""
    first = an_arrival(cast, now=now)
    second = an_arrival(cast, now=now + timedelta(days=4))
    express = an_arrival(cast, urgency=Urgency.EXPRESS, now=now + timedelta(days=4))
    return [express, first, second]


def ids(cast: Cast, tab: Tab = Tab.TODO) -> list[int]:
    return [row.document.id for row in queue_page(actor=cast.b.clerk, kind=KIND, tab=tab).rows]


def test_what_is_urgent_stands_first_then_what_is_due_first(cast: Cast, now: datetime) -> None:
    expected = three(cast, now)
    assert ids(cast) == expected
    assert counters(cast.b.clerk)[Queue.TO_RECEIVE] == 3
    demand_true_counters()


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, now: datetime) -> None:
    expected, found, cursor = three(cast, now), [], ""
    while True:
        page = queue_page(actor=cast.b.clerk, kind=KIND, cursor=cursor, limit=1)
        found += [row.document.id for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert found == expected


def test_a_cursor_that_nobody_of_ours_wrote_begins_at_the_start(cast: Cast, now: datetime) -> None:
    expected = three(cast, now)
    page = queue_page(actor=cast.b.clerk, kind=KIND, cursor="'; drop table")
    assert [row.document.id for row in page.rows] == expected


def test_a_queue_is_walked_from_document_to_document(cast: Cast, now: datetime) -> None:
    express, first, second = three(cast, now)
    at = neighbours(actor=cast.b.clerk, kind=KIND, document_id=first)
    assert at is not None
    assert (at.position, at.previous_id, at.next_id) == (2, express, second)
    assert neighbours(actor=cast.b.clerk, kind=KIND, document_id=0) is None


def test_what_was_done_moves_to_the_other_tab(cast: Cast, now: datetime) -> None:
    express, first, second = three(cast, now)
    accept_arrival(actor=cast.b.clerk, document_id=first, now=now + timedelta(days=5))
    assert ids(cast) == [express, second]
    assert ids(cast, Tab.DONE) == [first]
    assert set(ids(cast, Tab.ALL)) == {express, first, second}
    assert [kind.queue for kind in places_of(actor=cast.b.clerk, document_id=first)] == [Queue.TO_REGISTER]
    demand_true_counters()


def test_a_document_is_unread_until_somebody_of_the_desk_opened_it(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    assert queue_page(actor=cast.b.clerk, kind=KIND).rows[0].is_unread
    record_view(actor=cast.b.clerk, document_id=document_id, now=now)
    assert not queue_page(actor=cast.b.clerk, kind=KIND).rows[0].is_unread


def test_nobody_sees_a_queue_that_is_not_on_his_desk(cast: Cast, now: datetime) -> None:
    three(cast, now)
    for actor in (cast.a.clerk, cast.b.leader, cast.b.officer, cast.outsider, cast.city_admin):
        assert queue_page(actor=actor, kind=KIND).rows == ()
        assert not counters(actor).get(Queue.TO_RECEIVE)
