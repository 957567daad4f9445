"""What the writer of the axis stores, on the database as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from vanthu.axis.models import AxisAgency, AxisEvent, AxisSystem, Message, Parcel
from vanthu.axis.operations.directory import delete_agency, import_agencies, register_agency
from vanthu.axis.operations.retention import forget_contents, sweep_blobs
from vanthu.axis.operations.systems import add_system, close_system, set_secret
from vanthu.axis.operations.traffic import write_all
from vanthu.axis.queries import calls
from vanthu.axis.remembered import Remembered
from vanthu.axis.rules.listing import AgencyOrder
from vanthu.axis.rules.orders import (
    Accepted,
    MessageOrder,
    Note,
    Outdated,
    ParcelOrder,
    Reported,
    ReportOrder,
    Seen,
)
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState, Route
from vanthu.foundation.storage import MissingBlob, axis_blobs, sha256_of
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
ACTOR = system_actor(None)


@pytest.fixture
def systems(now: datetime) -> tuple[AxisSystem, AxisSystem]:
    for code in ("SENDER", "RECEIVER"):
        add_system(actor=ACTOR, code=code, name=code, now=now)
    one, other = AxisSystem.objects.order_by("-code")
    for system, code in ((one, "H26.98"), (other, "H26.99")):
        register_agency(actor=ACTOR, system_id=system.pk, order=AgencyOrder(code, code), now=now)
    return one, other


def message(
    systems: tuple[AxisSystem, AxisSystem],
    now: datetime,
    number: int,
    *,
    data: bytes = b"",
    to: str = "H26.99",
) -> MessageOrder:
    content = data or f"content {number}".encode()
    return MessageOrder(
        doc_id=f"{number:024x}",
        kind=MessageKind.EDOC,
        system_id=systems[0].pk,
        system_code=systems[0].code,
        sender_code="H26.98",
        sha256=sha256_of(content),
        size=len(content),
        parcels=(ParcelOrder(f"{number + 0x1000:024x}", to, systems[1].pk, Route.LOCAL),),
        at=now,
        directory=calls.directory_number(),
        content=content,
        urgency=number % 3,
    )


def report(order: MessageOrder, state: ParcelState, words: str = "") -> ReportOrder:
    parcel = order.parcels[0]
    assert parcel.system_id is not None
    return ReportOrder(parcel.doc_id, parcel.system_id, "RECEIVER", state, words, order.at, order.directory)


def test_messages_that_come_together_are_each_taken_in_with_parcel_and_event(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    orders = [message(systems, now, number) for number in range(5)]
    assert write_all(orders) == [Accepted(order.doc_id, False) for order in orders]
    assert Message.objects.count() == Parcel.objects.count() == 5
    assert AxisEvent.objects.filter(kind=EventKind.ACCEPTED).count() == 5
    assert bytes(Message.objects.get(pk=orders[3].doc_id).content) == b"content 3"


def test_the_same_bytes_of_the_same_sender_are_one_message_also_within_one_transaction(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    first = message(systems, now, 1)
    again = replace(first, doc_id="f" * 24, parcels=(replace(first.parcels[0], doc_id="e" * 24),))
    later = replace(first, doc_id="d" * 24, parcels=(replace(first.parcels[0], doc_id="c" * 24),))
    assert write_all([first, again]) == [Accepted(first.doc_id, False), Accepted(first.doc_id, True)]
    assert write_all([later]) == [Accepted(first.doc_id, True)]
    assert Parcel.objects.count() == 1
    assert AxisEvent.objects.filter(kind=EventKind.REPEATED, message_id=first.doc_id).count() == 2


def test_a_message_whose_commit_was_not_heard_of_is_written_again_without_harm(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    """The connection broke at the commit: nobody knows whether it took place, so the same order comes again."""
    order = message(systems, now, 1)
    assert write_all([order]) == write_all([order]) == [Accepted(order.doc_id, False)]
    assert Message.objects.count() == Parcel.objects.count() == 1


def test_five_thousand_receivers_get_a_parcel_each(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    order = message(systems, now, 1)
    parcels = tuple(
        ParcelOrder(f"{number:024x}", f"H26.99.{number}", systems[1].pk, Route.LOCAL)
        for number in range(5000)
    )
    write_all([replace(order, parcels=parcels)])
    assert Parcel.objects.filter(message_id=order.doc_id).count() == 5000


def test_reports_move_a_parcel_and_repeated_ones_leave_no_trace(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    order = message(systems, now, 1)
    write_all([order])
    assert write_all([report(order, ParcelState.FAIL, "hỏng")]) == [Reported(True)]
    assert Parcel.objects.get().description == "hỏng"
    assert (
        write_all([report(order, ParcelState.DONE), report(order, ParcelState.DONE)]) == [Reported(True)] * 2
    )
    write_all([report(order, ParcelState.PROCESSING)])
    row = Parcel.objects.get()
    assert (row.state, row.settled_at) == (ParcelState.DONE, now)
    events = AxisEvent.objects.filter(kind=EventKind.SETTLED).order_by("id").values_list("outcome", "detail")
    assert list(events) == [("FAIL", "hỏng"), ("DONE", ""), ("PROCESSING", "giữ nguyên DONE")]


def test_a_report_on_a_parcel_of_somebody_else_is_as_one_on_none(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    order = message(systems, now, 1)
    write_all([order])
    foreign = replace(report(order, ParcelState.DONE), system_id=systems[0].pk)
    none = replace(foreign, doc_id="0" * 24)
    assert write_all([foreign, none]) == [Reported(False), Reported(False)]
    assert Parcel.objects.get().state == ParcelState.INITIAL


def test_what_was_judged_by_an_older_directory_is_not_stored(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    old, note = message(systems, now, 1), Note(EventKind.REFUSED, now, outcome="18")
    close_system(actor=ACTOR, code="RECEIVER", reason="thử", now=now)
    fresh = message(systems, now, 2)
    assert write_all([old, note, fresh, Seen(systems[0].pk, now)]) == [
        Outdated(), None, Accepted(fresh.doc_id, False), None,
    ]  # fmt: skip
    assert list(Message.objects.values_list("pk", flat=True)) == [fresh.doc_id]
    assert AxisSystem.objects.get(code="SENDER").seen_at == now


def test_the_waiting_list_has_urgent_ones_first_then_the_oldest(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    write_all([message(systems, now, number) for number in range(6)])
    rows = calls.received(systems[1].pk, calls.ListFilter(MessageKind.EDOC))
    numbers = [int(str(row["docId"]), 16) - 0x1000 for row in rows]
    assert numbers == [2, 5, 1, 4, 0, 3]
    page = calls.received(systems[1].pk, calls.ListFilter(MessageKind.EDOC, first=2, count=2))
    assert page == rows[2:4]


def test_old_code_and_code_of_qcvn_mean_the_agency_and_its_own_code_counts_first(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    orders = [
        AgencyOrder("H26.7", "Mới", old_code="000.00.07.H26", code102="H26.7X", system="RECEIVER"),
        AgencyOrder("H26.8", "Khác", old_code="H26.7", system="SENDER"),
    ]
    import_agencies(actor=ACTOR, orders=orders, now=now)
    found = calls.agencies_by_code(["H26.7", "000.00.07.H26", "H26.7X", "H26.8", "H26.9"])
    assert {code: row.code for code, row in found.items()} == {
        "H26.7": "H26.7", "000.00.07.H26": "H26.7", "H26.7X": "H26.7", "H26.8": "H26.8",
    }  # fmt: skip


def test_a_list_imported_again_changes_nothing_and_a_bad_row_stops_all(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    orders = [AgencyOrder(f"H26.1.{number}", f"Đơn vị {number}") for number in range(700)]
    first = import_agencies(actor=ACTOR, orders=orders, now=now)
    again = import_agencies(actor=ACTOR, orders=[*orders[:-1], replace(orders[-1], name="Tên mới")], now=now)
    assert (first.new, again.new, again.changed, again.same) == (700, 0, 1, 699)
    with pytest.raises(DomainError) as refused:
        import_agencies(actor=ACTOR, orders=[AgencyOrder("H26.2", "A"), AgencyOrder("H26 2", "B")], now=now)
    assert refused.value.details["line"] == "2"
    assert not AxisAgency.objects.filter(code="H26.2").exists()


def test_a_system_registers_no_code_of_another_nor_beyond_what_it_may(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    def register(code: str) -> None:
        register_agency(actor=ACTOR, system_id=systems[0].pk, order=AgencyOrder(code, "Tên"), now=now)

    with pytest.raises(DomainError, match=r"axis\.agency\.taken"):
        register("H26.99")
    import_agencies(
        actor=ACTOR, orders=[AgencyOrder("H26.7", "A", old_code="H26.6", system="RECEIVER")], now=now
    )
    with pytest.raises(DomainError, match=r"axis\.agency\.taken"):
        register("H26.6")
    AxisSystem.objects.filter(pk=systems[0].pk).update(allowed_codes=["H26.98.*"])
    register("H26.98.1")
    with pytest.raises(DomainError, match=r"axis\.agency\.not-allowed"):
        register("H26.5")


def test_an_agency_given_up_can_be_taken_up_again_by_its_system(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    for _each in range(2):
        delete_agency(actor=ACTOR, system_id=systems[0].pk, code="H26.98", now=now)
    row = AxisAgency.objects.get(code="H26.98")
    assert (row.is_deleted, row.version) == (True, 2)
    register_agency(actor=ACTOR, system_id=systems[0].pk, order=AgencyOrder("H26.98", "Tên"), now=now)
    assert calls.agencies_by_code(["H26.98"])["H26.98"].is_open


def test_servers_notice_a_changed_secret_and_a_closed_system(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    remembered = Remembered()
    before = remembered.system("SENDER")
    secret = set_secret(actor=ACTOR, code="SENDER", now=now)
    assert before is not None
    assert before.secret != secret
    remembered.look(at_once=True)
    after = remembered.system("SENDER")
    assert after is not None
    assert after.secret == secret
    assert secret not in AxisSystem.objects.get(code="SENDER").sealed_secret


def test_contents_are_forgotten_once_everybody_has_settled_and_time_has_passed(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    settled, waiting = message(systems, now, 1), message(systems, now, 2)
    write_all([settled, waiting, report(settled, ParcelState.DONE)])
    later = now + timedelta(days=31)
    assert forget_contents(actor=ACTOR, before=now, now=later) == 0
    assert forget_contents(actor=ACTOR, before=now + timedelta(days=1), now=later) == 1
    assert forget_contents(actor=ACTOR, before=now + timedelta(days=1), now=later) == 0
    assert Message.objects.get(pk=settled.doc_id).content is None
    assert bytes(Message.objects.get(pk=waiting.doc_id).content) == b"content 2"
    stored = calls.content_of(systems[1].pk, settled.parcels[0].doc_id)
    assert stored is not None
    assert stored.is_forgotten
    assert write_all([settled]) == [Accepted(settled.doc_id, False)], "known by its id for ever"


def test_files_that_no_message_needs_are_removed_and_needed_ones_stay(
    systems: tuple[AxisSystem, AxisSystem], now: datetime
) -> None:
    needed, unneeded = axis_blobs().put(b"large and needed"), axis_blobs().put(b"large and left over")
    write_all([replace(message(systems, now, 1, data=b"large and needed"), content=None)])
    after, gone = "", 0
    while True:
        after, removed = sweep_blobs(after=after, limit=1)
        gone += removed
        if not after:
            break
    assert gone >= 1
    assert axis_blobs().read(needed) == b"large and needed"
    with pytest.raises(MissingBlob):
        axis_blobs().read(unneeded)
