"""What the axis promises (decision D26): nothing twice, nothing lost, nothing seen by others, whatever comes again."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.axis.conftest import Axis, Join
from tests.axis.foreign import hostile
from tests.axis.foreign.letters import Letter, document, status
from tests.axis.foreign.service import STATUSES
from tests.axis.foreign.wire import Answer

NOTICED_SECONDS = 2.0
"""Within so many seconds at most the servers know what the operator changed."""


def eventually(ask: Callable[[], Answer], is_expected: Callable[[Answer], bool]) -> Answer:
    """The first answer that is as expected, if it comes in time."""
    limit = time.monotonic() + NOTICED_SECONDS
    while True:
        answer = ask()
        if is_expected(answer):
            return answer
        assert time.monotonic() < limit, answer


def test_the_same_file_sent_again_has_the_same_id_and_is_delivered_once(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    ids = {sender.service.send(data, sender=sender.code).doc_id for _each in range(3)}
    ids.add(sender.again().send(data, sender=sender.code).doc_id)
    assert len(ids) == 1
    assert len(receiver.service.waiting()) == 1
    assert len(sender.service.sent(doc_id=ids.pop()).data) == 1


def test_the_same_file_sent_again_after_it_was_taken_does_not_come_again(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    first = sender.service.send(data, sender=sender.code).doc_id
    assert len(list(receiver.service.take_all())) == 1
    assert sender.service.send(data, sender=sender.code).doc_id == first
    assert receiver.service.waiting() == []


def test_the_same_file_sent_by_eight_at_once_has_one_id(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    answers: list[Answer] = []
    start = threading.Barrier(8)

    def send() -> None:
        service = sender.again()
        start.wait()
        answers.append(service.send(data, sender=sender.code))

    threads = [threading.Thread(target=send) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.words for answer in answers if not answer.is_ok] == []
    assert len(answers) == 8
    assert len({answer.doc_id for answer in answers}) == 1
    assert len(receiver.service.waiting()) == 1


@pytest.mark.parametrize("business", [1, 2, 3])
def test_a_document_that_is_revoked_updated_or_replaced_is_a_message_of_its_own(
    join: Join, business: int
) -> None:
    sender, receiver = join(), join()
    letter = Letter(sender.code, (receiver.code,))
    first = sender.send(letter)
    again = Letter(
        sender.code,
        (receiver.code,),
        business=business,
        business_of=letter.document_id,
        reason="Sai nội dung",
    )
    assert sender.send(again) != first
    assert len(receiver.service.waiting()) == 2


def test_the_same_status_reported_again_is_well_and_done_stays_done(join: Join) -> None:
    sender, receiver = join(), join()
    doc_id = sender.send(Letter(sender.code, (receiver.code,)))
    item = receiver.service.waiting()[0]["docId"]
    for _each in range(3):
        assert receiver.service.update(item, "done").is_ok
    assert receiver.service.count() == 0
    assert sender.service.sent(doc_id=doc_id).data[0]["receiveStatus"].lower() == "done"
    receiver.service.update(item, "processing")
    assert receiver.service.waiting() == [], "a late report does not bring it back"
    assert sender.service.sent(doc_id=doc_id).data[0]["receiveStatus"].lower() == "done"


def test_a_captured_sending_played_again_changes_nothing(join: Join) -> None:
    sender, receiver = join(), join()
    request = sender.service.sending(
        "edoc", document(Letter(sender.code, (receiver.code,))), sender=sender.code
    )
    answers = [hostile.raw(sender.service, request.raw) for _each in range(3)]
    assert len({answer.doc_id for answer in answers}) == 1
    assert len(receiver.service.waiting()) == 1


def test_what_is_fetched_but_not_settled_comes_again(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    sender.service.send(data, sender=sender.code)
    for _each in range(3):
        (item,) = receiver.service.received().data
        assert receiver.service.fetched(item["docId"]) == data


def test_reads_are_answered_however_old_the_stamp_and_writes_within_a_day(join: Join) -> None:
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,)))
    old = receiver.again(at=datetime.now(UTC) - timedelta(days=40))
    (item,) = old.received().data
    assert old.agencies().is_ok
    assert old.get(item["docId"]).is_ok
    assert old.download(item["docId"]).http_status == 200
    assert old.sent().is_ok
    assert old.count() == 1
    answer = old.send(document(Letter(receiver.code, (sender.code,))), sender=receiver.code)
    assert not answer.is_ok
    assert answer.words
    assert not old.update(item["docId"], "done").is_ok
    assert not old.delete_agency(receiver.code).is_ok
    assert not old.register_agency(receiver.code, "Cũ").is_ok
    assert sender.service.count() == 0


@pytest.mark.parametrize("hours", [-23, -3, 3])
def test_a_clock_that_is_hours_off_is_no_hindrance(join: Join, hours: int) -> None:
    sender, receiver = join(), join()
    off = sender.again(at=datetime.now(UTC) + timedelta(hours=hours))
    assert off.send(document(Letter(sender.code, (receiver.code,))), sender=sender.code).is_ok
    assert receiver.service.count() == 1


@pytest.mark.parametrize(
    "text", ["", "now", "22112026T152322", "99999999T999999+9999", "22112026T152322+07:00"]
)
def test_a_stamp_that_is_none_is_refused_on_writes_in_the_protocol(join: Join, text: str) -> None:
    sender, receiver = join(), join()
    service = hostile.stamped(sender.service, text)
    answer = service.send(document(Letter(sender.code, (receiver.code,))), sender=sender.code)
    assert answer.content["status"] == "FAIL"
    assert receiver.service.count() == 0


def test_pages_of_the_waiting_list_hold_each_package_once_and_in_the_same_order(join: Join) -> None:
    sender, receiver = join(), join()
    for number in range(25):
        sender.send(Letter(sender.code, (receiver.code,), number=str(number + 1)))
    whole = [item["docId"] for item in receiver.service.received(pageSize="100").data]
    assert len(set(whole)) == 25

    def page(index: int) -> list[str]:
        return [item["docId"] for item in receiver.service.received(pageSize="10", pageIndex=str(index)).data]

    first = 1 if page(2) == whole[10:20] else 0
    assert page(first) == whole[:10]
    assert page(first + 1) == whole[10:20]
    sender.send(Letter(sender.code, (receiver.code,), number="99"))
    assert page(first) == whole[:10], "what comes later stands behind"
    assert page(first + 2)[:5] == whole[20:]
    assert len(page(first + 2)) == 6
    assert page(first + 3) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"pageSize": "-1"},
        {"pageSize": "x"},
        {"pageSize": "1000000000"},
        {"pageIndex": "99999999999999999999"},
        {"fromDate": "31/02/2026"},
        {"status": "lost"},
    ],
    ids=str,
)
def test_filters_that_mean_nothing_are_answered_in_the_protocol(join: Join, filters: dict[str, str]) -> None:
    answer = join().service.received(**filters)
    assert answer.content["status"] in {"OK", "FAIL"}
    assert answer.http_status == 200


def test_a_system_sees_nothing_of_what_others_send_and_receive(join: Join) -> None:
    sender, receiver, stranger = join(), join(), join()
    letter = Letter(sender.code, (receiver.code,))
    doc_id = sender.send(letter)
    (item,) = receiver.service.waiting()
    report = status(receiver.code, sender.code, "01", document_id=letter.document_id, number=letter.code)
    assert receiver.service.send(report, sender=receiver.code, kind=STATUSES).is_ok
    nobody = "0" * 24
    for known in (doc_id, item["docId"]):
        for ask in (stranger.service.get, stranger.service.download):
            mine, none = ask(known), ask(nobody)
            assert mine.http_status == none.http_status
            assert mine.body.replace(known.encode(), b"") == none.body.replace(nobody.encode(), b"")
        refused, absent = stranger.service.update(known, "done"), stranger.service.update(nobody, "done")
        assert not refused.is_ok
        assert refused.body.replace(known.encode(), b"") == absent.body.replace(nobody.encode(), b"")
        assert stranger.service.sent(doc_id=known).data == []
    assert not sender.service.get(item["docId"]).is_ok, "the sender does not read in the receiver's name"
    assert stranger.service.received().data == stranger.service.received(STATUSES).data == []
    assert stranger.service.received(to=receiver.code).data == []
    assert stranger.service.sent().data == []
    assert stranger.service.count() == stranger.service.count(STATUSES) == 0
    assert receiver.service.count() == 1


def test_nobody_sends_in_the_name_of_another(join: Join) -> None:
    sender, receiver, stranger = join(), join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    answer = stranger.service.send(data, sender=sender.code)
    assert answer.code == "19"
    assert "Don vi gui" in answer.words
    answer = stranger.service.send(data, sender=stranger.code)
    assert not answer.is_ok, "From in the file is another than the sender that is announced"
    assert receiver.service.count() == 0


def test_the_id_of_one_sender_is_not_given_to_another_with_the_same_bytes(join: Join) -> None:
    sender, receiver, stranger = join(), join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    doc_id = sender.service.send(data, sender=sender.code).doc_id
    assert stranger.service.send(data, sender=stranger.code).doc_id != doc_id


def test_an_unknown_receiver_is_named_and_nothing_is_half_delivered(join: Join) -> None:
    sender, receiver = join(), join()
    answer = sender.service.send(document(Letter(sender.code, ("H26.khong.co",))), sender=sender.code)
    assert answer.code == "18"
    assert "H26.khong.co" in answer.words
    mixed = document(Letter(sender.code, (receiver.code, "H26.khong.co")))
    answer = sender.service.send(mixed, sender=sender.code)
    rows = (
        {row["toCode"]: row for row in sender.service.sent(doc_id=answer.doc_id).data} if answer.is_ok else {}
    )
    if answer.is_ok:
        assert rows["H26.khong.co"]["receiveStatus"].lower() == "fail"
        assert receiver.service.count() == 1
    else:
        assert receiver.service.count() == 0


def test_a_closed_receiver_is_named_and_its_packages_stay_where_they_are(axis: Axis, join: Join) -> None:
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,), number="1"))
    axis.close(receiver.service.key.systemid, "Thử đóng")
    letters = (Letter(sender.code, (receiver.code,), number=str(number)) for number in itertools.count(2))
    answer = eventually(
        lambda: sender.service.send(document(next(letters)), sender=sender.code), lambda it: not it.is_ok
    )
    assert answer.code == "23"
    assert receiver.code in answer.words
    for refused in (receiver.service.received(), receiver.service.agencies()):
        assert not refused.is_ok
    rows = sender.service.sent().data
    assert {row["receiveStatus"].lower() for row in rows} == {"initial"}


def test_a_deleted_agency_receives_nothing_more(join: Join) -> None:
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,), number="1"))
    assert receiver.service.delete_agency(receiver.code).is_ok
    answer = sender.service.send(
        document(Letter(sender.code, (receiver.code,), number="2")), sender=sender.code
    )
    assert answer.code in {"18", "23"}
    assert receiver.service.count() == 1, "what had been taken is still delivered"


def test_a_new_secret_ends_the_old_one(axis: Axis, join: Join) -> None:
    member = join()
    assert member.service.agencies().is_ok
    secret = axis.renew_secret(member.service.key.systemid)
    eventually(member.again().agencies, lambda it: not it.is_ok)
    assert member.service.another(secret=secret).agencies().is_ok


def test_what_the_axis_took_is_there_after_it_was_ended_and_started_again(axis: Axis, join: Join) -> None:
    sender, receiver = join(), join()
    doc_id = sender.send(Letter(sender.code, (receiver.code,)))
    (before,) = receiver.service.waiting()
    axis.stop()
    axis.start()
    assert receiver.service.waiting() == [before]
    assert sender.service.sent(doc_id=doc_id).data[0]["receiverDocId"] == before["docId"]
