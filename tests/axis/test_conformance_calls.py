"""Each call of the gateway, made by a client that knows the wire only, against `vanthu axis serve` as it runs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.axis.conftest import Axis, Join
from tests.axis.foreign import hostile
from tests.axis.foreign.letters import Letter, document, read, status
from tests.axis.foreign.service import DOCUMENTS, STATUSES
from tests.axis.foreign.wire import Request
from tests.axis.test_foreign_client import captured

ENVELOPE = {"status", "ErrorCode", "ErrorDesc"}
LISTED = {
    "docId", "serviceType", "messageType", "created_time", "updated_time", "from", "to", "status", "status_desc",
}  # fmt: skip
SENT = {
    "serviceType", "receiverDocId", "toCode", "receiveStatus", "receiveStatusDesc", "title", "messageType", "notation",
    "receivedTime", "sentTime", "sendStatus", "sendStatusDesc", "senderDocId", "fromCode",
}  # fmt: skip
DOC_ID = re.compile(r"[0-9a-f]{24}")


@pytest.mark.parametrize(
    "record", captured("capture.jsonl"), ids=lambda record: record["request_line"].split()[1]
)
def test_every_captured_request_gets_a_well_formed_answer(axis: Axis, record: dict[str, Any]) -> None:
    """The bytes of the wire; what they ask about is not here, and the body of the captured file is not at hand."""
    member = axis.captured_system()
    method, path, _version = record["request_line"].split()
    body = b"\r\n" * (record["body_len"] // 2) if path.endswith("sendEdoc") else record["body_head"].encode()
    body += b"\n" * (record["body_len"] - len(body))
    request = Request(method, path, tuple(map(tuple, record["headers"])), body)
    answer = hostile.answered(member, request)
    if path.endswith("downloadEdoc"):
        assert (answer.http_status, answer.body) == (404, b""), "the client stores whatever comes as the file"
        return
    assert answer.content_type.startswith("application/json")
    assert set(answer.content) >= ENVELOPE
    assert answer.content["status"] == ("OK" if answer.code == "0" else "FAIL")
    assert isinstance(answer.content["ErrorCode"], str)
    assert answer.http_status == 200
    if path.endswith(("getAgenciesList", "getAgenciesListQD20", "getReceivedEdocList")):
        assert answer.is_ok
        assert isinstance(answer.data, list)


@pytest.mark.parametrize("sample", captured("answers.jsonl"), ids=lambda sample: sample["call"])
def test_answers_have_the_keys_that_the_client_in_circulation_reads(
    join: Join, sample: dict[str, Any]
) -> None:
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,)))
    waiting = receiver.service.waiting()[0]["docId"]
    calls = {
        "getAgenciesList": sender.service.agencies,
        "getAgenciesListQD20": sender.service.agencies_qd20,
        "getReceivedEdocList": receiver.service.received,
        "getSentEdocList": sender.service.sent,
        "sendEdoc": lambda: sender.service.send(
            document(Letter(sender.code, (receiver.code,), number="2")), sender=sender.code
        ),
        "getEdoc": lambda: receiver.service.get(waiting),
        "updateStatus": lambda: receiver.service.update(waiting, "done"),
        "registerAgency": lambda: sender.service.register_agency(f"{sender.code}X", "Đơn vị thử"),
        "deleteAgency": lambda: sender.service.delete_agency(sender.code),
        "countReceiveEdoc": lambda: receiver.service.call("countReceiveEdoc", body=b"{}"),
        "countReceiveStatus": lambda: receiver.service.call("countReceiveStatus", body=b"{}"),
    }
    answer = calls[sample["call"]]()
    assert answer.is_ok, answer.words
    assert answer.http_status == sample["http"]
    assert set(sample["body"]) <= set(answer.content)
    for key, value in sample["body"].items():
        assert type(answer.content[key]) is type(value), key


def test_a_document_goes_from_one_system_to_another_byte_for_byte(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,), attachments=(("bảng.xlsx", b"\x00\xff" * 900),)))
    answer = sender.service.send(data, sender=sender.code)
    assert answer.is_ok, answer.words
    assert DOC_ID.fullmatch(answer.doc_id)
    (item,) = receiver.service.received().data
    assert set(item) >= LISTED
    assert (item["from"], item["to"], item["status"]) == (sender.code, receiver.code, "initial")
    assert (item["messageType"], item["serviceType"]) == ("edoc", "eDoc")
    assert receiver.service.fetched(item["docId"]) == data
    assert receiver.service.download(item["docId"]).body == data


def test_a_file_that_ends_with_a_line_end_of_its_own_keeps_it(join: Join) -> None:
    sender, receiver = join(), join()
    for ending in (b"", b"\n", b"\r\n", b"\r\n\r\n"):
        data = document(Letter(sender.code, (receiver.code,), number=str(len(ending) + 1))).rstrip() + ending
        assert sender.service.send(data, sender=sender.code).is_ok
        (item,) = receiver.service.waiting()
        assert receiver.service.fetched(item["docId"]) == data
        assert receiver.service.update(item["docId"], "done").is_ok


def test_states_of_a_package_are_told_to_its_sender(join: Join) -> None:
    sender, receiver = join(), join()
    doc_id = sender.send(Letter(sender.code, (receiver.code,)))
    (item,) = receiver.service.waiting()

    def told() -> tuple[str, str]:
        (row,) = sender.service.sent(doc_id=doc_id).data
        assert set(row) >= SENT
        assert (row["senderDocId"], row["receiverDocId"]) == (doc_id, item["docId"])
        assert (row["fromCode"], row["toCode"], row["notation"]) == (sender.code, receiver.code, "125/STN-VP")
        return row["receiveStatus"].lower(), row["receiveStatusDesc"]

    assert told()[0] == "initial"
    for state, words in (("processing", ""), ("fail", "Khong mo duoc tep"), ("done", "")):
        assert receiver.service.update(item["docId"], state, words).is_ok
        assert told()[0] == state
        if words:
            assert words in told()[1]


def test_a_status_goes_to_whom_it_answers_and_stands_in_the_other_list(join: Join) -> None:
    sender, receiver = join(), join()
    letter = Letter(sender.code, (receiver.code,))
    sender.send(letter)
    data = status(receiver.code, sender.code, "03", document_id=letter.document_id, number=letter.code)
    assert receiver.service.send(data, sender=receiver.code, kind=STATUSES).is_ok
    assert sender.service.waiting() == []
    (item,) = sender.service.waiting(STATUSES)
    assert item["messageType"] == STATUSES
    assert read(sender.service.fetched(item["docId"])).status == "03"
    assert (sender.service.count(), sender.service.count(STATUSES)) == (0, 1)
    assert (receiver.service.count(), receiver.service.count(STATUSES)) == (1, 0)
    assert sender.service.update(item["docId"], "done").is_ok
    assert sender.service.count(STATUSES) == 0


def test_the_kind_that_is_announced_is_the_kind_that_is_in_the_file(join: Join) -> None:
    sender, receiver = join(), join()
    letter = Letter(sender.code, (receiver.code,))
    report = status(sender.code, receiver.code, "03", document_id=letter.document_id, number=letter.code)
    assert sender.service.send(report, sender=sender.code, kind=DOCUMENTS).code == "22"
    assert sender.service.send(document(letter), sender=sender.code, kind=STATUSES).code == "22"
    assert receiver.service.count() + receiver.service.count(STATUSES) == 0


def test_one_file_reaches_each_receiver_once_and_each_has_a_state_of_its_own(join: Join) -> None:
    sender, receivers = join(), [join() for _each in range(4)]
    doc_id = sender.send(Letter(sender.code, tuple(each.code for each in receivers)))
    ids = [receiver.service.waiting()[0]["docId"] for receiver in receivers]
    assert len(set(ids)) == 4
    for receiver, id_, state in zip(receivers, ids, ("done", "fail", "processing"), strict=False):
        assert receiver.service.update(id_, state).is_ok
    rows = {row["toCode"]: row["receiveStatus"].lower() for row in sender.service.sent(doc_id=doc_id).data}
    assert rows == dict(
        zip([each.code for each in receivers], ("done", "fail", "processing", "initial"), strict=True)
    )


def test_two_codes_of_one_system_are_two_packages_with_one_content(join: Join) -> None:
    sender, receiver = join(), join()
    second = receiver.register()
    sender.send(Letter(sender.code, (receiver.code, second)))
    items = receiver.service.waiting()
    assert {item["to"] for item in items} == {receiver.code, second}
    assert len({receiver.service.fetched(item["docId"]) for item in items}) == 1


def test_the_waiting_list_is_narrowed_by_receiver_state_and_day(join: Join) -> None:
    sender, receiver = join(), join()
    second = receiver.register()
    for number, code in enumerate((receiver.code, second, second)):
        sender.send(Letter(sender.code, (code,), number=str(number + 1)))
    service = receiver.service
    assert len(service.received(to=second).data) == 2
    settled = service.waiting(to=receiver.code)[0]["docId"]
    assert service.update(settled, "done").is_ok
    assert settled not in {item["docId"] for item in service.received().data if item["status"] == "initial"}
    assert [item["docId"] for item in service.received(status="done").data] == [settled]
    day = service.waiting()[0]["created_time"][:10].replace("-", "/")
    assert len(service.received(fromDate=day, toDate=day, status="initial").data) == 2
    assert service.received(fromDate="2000/01/01", toDate="2000/01/02").data == []


def test_an_agency_is_registered_listed_renamed_and_deleted_by_its_own_system(join: Join) -> None:
    member, other = join(), join()

    def listed(code: str) -> list[dict[str, Any]]:
        return [row for row in other.service.agencies().data if row["code"] == code]

    code = member.register("Sở Thử nghiệm")
    assert listed(code)[0]["name"] == "Sở Thử nghiệm"
    assert set(listed(code)[0]) >= {"id", "pid", "code", "name", "mail", "oldCode"}
    assert member.service.register_agency(code, "Sở Thử nghiệm và Đối chiếu").is_ok
    assert [row["name"] for row in listed(code)] == ["Sở Thử nghiệm và Đối chiếu"]
    assert not other.service.register_agency(code, "Kẻ khác").is_ok
    assert not other.service.delete_agency(code).is_ok
    assert member.service.delete_agency(code).is_ok
    assert listed(code) == []
    units = {row["code"]: row for row in other.service.units().data}
    assert set(units[member.code]) >= {
        "id", "pid", "code", "name", "mail", "version", "centerCode", "deleted", "modifyDate", "isAgency",
    }  # fmt: skip
    assert member.service.delete_agency("H26.nobody").code != "0"


def test_the_directory_of_decision_20_shows_the_new_codes(join: Join) -> None:
    member = join()
    rows = [row for row in member.service.agencies_qd20().data if row["code"] == member.code]
    assert [set(row) >= {"id", "pid", "code", "name", "mail", "oldCode", "code102"} for row in rows] == [True]


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"{", b'{"code":1}', b'{"code":"a b","name":"x"}', b"\xff"]
)
def test_an_agency_that_is_badly_described_is_refused_in_the_protocol(join: Join, body: bytes) -> None:
    answer = join().service.call("registerAgency", body=body)
    assert answer.content["status"] == "FAIL"
    assert answer.code != "0"


def test_vietnamese_names_come_back_as_they_were_written(join: Join) -> None:
    member = join()
    code = member.register("Ủy ban nhân dân phường Thử Nghiệm – “Đối chiếu” \\ /")
    names = [row["name"] for row in member.service.agencies().data if row["code"] == code]
    assert names == ["Ủy ban nhân dân phường Thử Nghiệm – “Đối chiếu” \\ /"]


def test_large_attachments_pass(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(
        Letter(sender.code, (receiver.code,), attachments=(("lon.pdf", bytes(range(256)) * 40_000),))
    )
    assert sender.service.send(data, sender=sender.code).is_ok
    assert receiver.service.fetched(receiver.service.waiting()[0]["docId"]) == data


def test_answers_are_read_by_a_plain_json_reader_and_say_how_long_they_are(join: Join) -> None:
    member = join()
    answer = member.service.agencies()
    assert json.loads(answer.body.decode("utf-8"))["status"] == "OK"
    assert member.service.agencies().is_ok
    assert member.service.calls.opened == 1, "the connection is kept between calls"
