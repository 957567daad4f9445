"""The screens ask the database as often at 10,000 documents as at 10, on the first page and at depth."""

from __future__ import annotations

from bench._multiply import multiply
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.factories.exchange import an_arrival
from tests.factories.routing import an_assigned_document
from tests.web.conftest import SignIn
from tests.web.pages import queries_of
from vanthu.audit.models import AuditEvent
from vanthu.audit.queries import verify_chains
from vanthu.documents.models import Document, Grant
from vanthu.kernel.actor import Actor
from vanthu.queues.queries import Tab, counters, neighbours, queue_page
from vanthu.queues.rules.catalogue import BY_QUEUE, Queue, QueueKind

FEW, MANY = 10, 10_000
FACES = ("xu-ly", "luong", "thong-tin", "chu-ky", "lich-su")
OFFICE, WORK = BY_QUEUE[Queue.TO_RECEIVE], BY_QUEUE[Queue.MY_WORK]


def screens(clerk: Actor, officer: Actor) -> dict[tuple[str, str], tuple[Actor, str]]:
    """By (who, screen): the person and the address, at half of the queue's depth where there is one."""
    found = {}
    for who, actor, kind in (("clerk", clerk, OFFICE), ("officer", officer, WORK)):
        half = queue_page(actor=actor, kind=kind, limit=counters(actor)[kind.queue] // 2)
        waiting = half.rows[-1].document.id
        found |= {(who, name): (actor, url) for name, url in addresses(kind, waiting, half.next_cursor)}
    return found


def addresses(kind: QueueKind, waiting: int, cursor: str) -> list[tuple[str, str]]:
    queue = reverse("queue", args=[kind.slug])
    document = reverse("document", args=[waiting])
    return [
        *((f"tab {tab}", f"{queue}?pham-vi={tab}") for tab in Tab),
        ("deep", f"{queue}?pham-vi={Tab.TODO}&sau={cursor}"),
        ("quick", reverse("queue-quick", args=[kind.slug, waiting])),
        *((f"face {face}", f"{document}?mat={face}&hang-cho={kind.slug}") for face in FACES),
    ]


def test_every_screen_asks_the_database_as_often_at_10_000_documents_as_at_10(
    cast: Cast, sign_in: SignIn
) -> None:
    clerk, officer = cast.b.clerk, cast.b.officer
    arrived, assigned = an_arrival(cast), an_assigned_document(cast, now=FIXED_NOW)
    browsers = {actor: sign_in(actor) for actor in (clerk, officer)}

    def counts() -> dict[tuple[str, str], int]:
        return {
            name: len(queries_of(browsers[actor], url))
            for name, (actor, url) in screens(clerk, officer).items()
        }

    multiply(arrived, FEW - 1)
    multiply(assigned, FEW - 1)
    few = counts()
    multiply(arrived, MANY - FEW)
    assert counters(clerk)[OFFICE.queue] == MANY
    assert counts() == few
    assert max(few.values()) <= 30


def test_seeded_documents_have_every_row_of_the_one_that_was_played(cast: Cast) -> None:
    original = an_assigned_document(cast, now=FIXED_NOW)
    multiply(original, 3)
    copies = Document.objects.filter(agency_id=cast.b.id).exclude(pk=original)
    assert copies.count() == 3

    def verbs(document_id: int) -> list[str]:
        events = AuditEvent.objects.filter(subject_kind="documents.document", subject_id=str(document_id))
        return list(events.order_by("id").values_list("verb", flat=True))

    def holders(document_id: int) -> list[str]:
        return sorted(Grant.objects.filter(document_id=document_id).values_list("holder", flat=True))

    for copy in copies:
        assert verbs(copy.pk) == verbs(original)
        assert holders(copy.pk) == holders(original)
    assert counters(cast.b.officer)[WORK.queue] == 4
    assert all(report.broken is None for report in verify_chains())


def test_a_queue_is_walked_to_its_end_without_leaving_out_or_repeating_a_row(cast: Cast) -> None:
    arrived = an_arrival(cast)
    multiply(arrived, 59)
    for tab in Tab:
        seen: list[int] = []
        cursor = ""
        while True:
            page = queue_page(actor=cast.b.clerk, kind=OFFICE, tab=tab, cursor=cursor, limit=7)
            seen += [row.document.id for row in page.rows]
            cursor = page.next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == (0 if tab is Tab.DONE else 60)


def test_the_most_urgent_come_first_and_neighbours_follow_the_list(cast: Cast) -> None:
    multiply(an_arrival(cast), 39)
    rows = queue_page(actor=cast.b.clerk, kind=OFFICE).rows
    urgencies = [row.urgency for row in rows]
    assert urgencies == sorted(urgencies, reverse=True)
    ids = [row.document.id for row in rows]
    for place in (0, 5, 39):
        around = neighbours(actor=cast.b.clerk, kind=OFFICE, document_id=ids[place])
        assert around is not None
        assert around.position == place + 1
        assert around.previous_id == (ids[place - 1] if place else None)
        assert around.next_id == (ids[place + 1] if place < 39 else None)


def test_a_cursor_that_nobody_of_ours_wrote_starts_at_the_beginning(cast: Cast) -> None:
    an_arrival(cast)
    for cursor in ("x", "1~", "-1~2", "9" * 40 + "~1", "0~2026-11-20T09:00:00~1"):
        for tab in (Tab.TODO, Tab.ALL):
            assert len(queue_page(actor=cast.b.clerk, kind=OFFICE, tab=tab, cursor=cursor).rows) == 1
