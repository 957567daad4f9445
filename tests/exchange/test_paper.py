"""Nơi nhận bản giấy: who gets paper, what is printed, what is written down, and when the desk is clear again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.registry import an_issued_document
from tests.proof import audited, demand_true_counters, queues_with, refused
from vanthu.exchange import operations as exchange
from vanthu.exchange.models import Delivery, PaperPosting
from vanthu.exchange.queries import deliveries_of, paper_receivers, postal_register
from vanthu.exchange.rules.paper import PaperWay
from vanthu.exchange.rules.statuses import DeliveryState
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.organizations.operations import set_receiving_ability
from vanthu.queues.rules.catalogue import Queue

REASON = "Chưa có đường truyền"


@pytest.fixture
def on_paper(cast: Cast, now: datetime) -> int:
    """Issued to B electronically and to the ward on paper."""
    set_receiving_ability(
        actor=cast.city_admin, agency_id=cast.ward.row.id, able=False, reason=REASON, now=now
    )
    return an_issued_document(cast, to=(cast.b.code, cast.ward.row.code), now=now)


def paper_ids(document_id: int) -> list[int]:
    return [row.id for row in deliveries_of(document_id) if row.state is DeliveryState.PAPER]


def order_of(now: datetime, **changes: object) -> exchange.PostingOrder:
    fields: dict[str, object] = {"posted_on": now.date(), "way": PaperWay.REGISTERED_POST, "receipt": "RR123"}
    return exchange.PostingOrder(**(fields | changes))  # type: ignore[arg-type]


def test_what_goes_on_paper_lies_on_the_clerks_desk_until_it_is_written_down(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    assert Queue.TO_POST in queues_with(on_paper)
    with audited() as log:
        count = exchange.post_on_paper(
            actor=cast.a.clerk,
            document_id=on_paper,
            delivery_ids=paper_ids(on_paper),
            order=order_of(now),
            now=now,
        )
    assert count == 1
    assert log.by("exchange.paper.post").detail["receivers"] == 1
    assert Queue.TO_POST not in queues_with(on_paper)
    demand_true_counters()
    (row,) = [row for row in deliveries_of(on_paper) if row.posted]
    assert row.posted is not None
    assert (row.posted.receipt, row.posted.way, row.posted.envelopes) == (
        "RR123",
        PaperWay.REGISTERED_POST,
        1,
    )


def test_a_document_without_paper_lies_on_no_such_desk(cast: Cast, now: datetime) -> None:
    assert Queue.TO_POST not in queues_with(an_issued_document(cast, now=now))


def test_the_print_job_names_sender_number_and_each_receiver(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    with audited() as log:
        printed = exchange.print_mailing(
            actor=cast.a.clerk, document_id=on_paper, delivery_ids=paper_ids(on_paper), now=now
        )
    assert printed.startswith(b"%PDF-")
    assert log.by("exchange.paper.print").detail == {"receivers": 1}
    assert not PaperPosting.objects.exists()


def test_a_receiver_is_written_down_once(cast: Cast, now: datetime, on_paper: int) -> None:
    ids = paper_ids(on_paper)
    exchange.post_on_paper(
        actor=cast.a.clerk, document_id=on_paper, delivery_ids=ids, order=order_of(now), now=now
    )
    with refused("exchange.paper.posted-already", kind=NotReady):
        exchange.post_on_paper(
            actor=cast.a.clerk, document_id=on_paper, delivery_ids=ids, order=order_of(now), now=now
        )
    assert PaperPosting.objects.count() == 1


@pytest.mark.parametrize(
    ("chosen", "days", "code"),
    [
        ("none", 0, "exchange.paper.none-chosen"),
        ("electronic", 0, "exchange.paper.not-on-paper"),
        ("unknown", 0, "exchange.paper.not-on-paper"),
        ("paper", 1, "exchange.paper.not-yet"),
    ],
)
def test_what_cannot_be_written_down_is_refused_with_its_reason(
    cast: Cast, now: datetime, on_paper: int, chosen: str, days: int, code: str
) -> None:
    electronic = [row.id for row in deliveries_of(on_paper) if row.state is not DeliveryState.PAPER]
    ids = {"none": [], "electronic": electronic, "unknown": [10**9], "paper": paper_ids(on_paper)}[chosen]
    order = order_of(now, posted_on=(now + timedelta(days=days)).date())
    with refused(code, kind=NotReady):
        exchange.post_on_paper(
            actor=cast.a.clerk, document_id=on_paper, delivery_ids=ids, order=order, now=now
        )
    assert not PaperPosting.objects.exists()


def test_only_the_clerk_of_the_sender_writes_down_and_prints(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    ids = paper_ids(on_paper)
    with refused("registry.not-clerk", kind=NotPermitted):
        exchange.post_on_paper(
            actor=cast.a.leader, document_id=on_paper, delivery_ids=ids, order=order_of(now), now=now
        )
    with pytest.raises(NotVisible):
        exchange.print_mailing(actor=cast.b.clerk, document_id=on_paper, delivery_ids=ids, now=now)


def test_a_failed_delivery_turns_to_paper_and_stops_being_a_refusal(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    row = Delivery.objects.get(document_id=on_paper, recipient_code=cast.b.code)
    with refused("exchange.paper.not-failed", kind=NotReady):
        exchange.turn_to_paper(actor=cast.a.clerk, document_id=on_paper, delivery_id=row.pk, now=now)
    Delivery.objects.filter(pk=row.pk).update(state=DeliveryState.FAILED, last_error="Đường truyền gián đoạn")
    exchange.turn_to_paper(actor=cast.a.clerk, document_id=on_paper, delivery_id=row.pk, now=now)
    assert len(paper_ids(on_paper)) == 2
    assert Queue.TO_POST in queues_with(on_paper)


def test_the_postal_register_has_the_month_in_its_order_and_nobody_elses_lines(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    exchange.post_on_paper(
        actor=cast.a.clerk,
        document_id=on_paper,
        delivery_ids=paper_ids(on_paper),
        order=order_of(now),
        now=now,
    )
    month = {"since": now.date().replace(day=1), "until": date(now.year + 1, 1, 1)}
    (line,) = postal_register(cast.a.id, **month)
    assert (line.recipient_name, line.because, line.document_id) == (cast.ward.row.name, REASON, on_paper)
    assert postal_register(cast.b.id, **month) == ()
    assert postal_register(cast.a.id, since=date(2000, 1, 1), until=date(2000, 2, 1)) == ()


def test_the_report_counts_who_got_paper_and_what_still_waits(
    cast: Cast, now: datetime, on_paper: int
) -> None:
    period = {"since": now - timedelta(days=1), "until": now + timedelta(days=1)}
    (row,) = paper_receivers(**period)
    assert (row.recipient_code, row.deliveries, row.waiting) == (cast.ward.row.code, 1, 1)
    exchange.post_on_paper(
        actor=cast.a.clerk,
        document_id=on_paper,
        delivery_ids=paper_ids(on_paper),
        order=order_of(now),
        now=now,
    )
    (row,) = paper_receivers(**period)
    assert (row.deliveries, row.waiting) == (1, 0)
    assert paper_receivers(since=now - timedelta(days=9), until=now - timedelta(days=8)) == ()
