"""What clients do that they should not: each gets a well-formed answer or a closed line, and nobody else is stopped."""

from __future__ import annotations

import hashlib
import http.client
import io
import socket
import time
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest

from tests.axis.conftest import Axis, Join, Member
from tests.axis.foreign import hostile
from tests.axis.foreign.letters import PDF, Letter, document
from tests.axis.foreign.wire import PREFIX, Answer, Request

GIGABYTE = 1_000_000_000
QUICK_SECONDS = 10.0


def refused(answer: Answer) -> bool:
    """Said in the protocol: JSON with a code and words; never a page of a web server."""
    return (
        answer.content_type.startswith("application/json")
        and answer.content.get("status") == "FAIL"
        and answer.code not in {"", "0"}
        and bool(answer.words)
    )


def upload(member: Member, receiver: Member, number: str = "1") -> Request:
    data = document(Letter(member.code, (receiver.code,), number=number))
    return member.service.sending("edoc", data, sender=member.code)


def test_a_wrong_secret_is_refused(join: Join) -> None:
    member = join()
    for secret in ("", "wrong", member.service.key.secret + "x"):
        answer = hostile.with_secret(member.service, secret).agencies()
        assert refused(answer) or answer.http_status == 401
        assert "data" not in answer.content


def test_an_unknown_system_hears_the_same_as_one_with_a_wrong_secret(join: Join) -> None:
    member = join()
    wrong = hostile.with_secret(member.service, "wrong")
    unknown = hostile.with_secret(member.service, "wrong")
    unknown.key = replace(unknown.key, systemid="H26.KHONG.CO")
    one, other = wrong.received(), unknown.received()
    assert (one.http_status, one.body) == (other.http_status, other.body)


def test_a_wrong_signature_is_refused(join: Join) -> None:
    member = join()
    answer = hostile.answered(
        member.service, hostile.with_wrong_signature(member.service.request("getAgenciesList"))
    )
    assert refused(answer) or answer.http_status == 401


@pytest.mark.parametrize("name", ["systemid", "docId", "timestamp"])
def test_a_header_that_is_not_what_was_signed_is_refused(join: Join, name: str) -> None:
    sender, receiver, other = join(), join(), join()
    for each in (receiver, other):
        sender.send(Letter(sender.code, (each.code,)))
    (mine,), (theirs,) = receiver.service.waiting(), other.service.waiting()
    value = {
        "systemid": other.service.key.systemid,
        "docId": theirs["docId"],
        "timestamp": "01012030T000000+0000",
    }
    signed = receiver.service.request("getEdoc", {"docId": mine["docId"], "filePath": "/x"}, b"{}")
    for changed in (
        hostile.with_unsigned_change(signed, name, value[name]),
        hostile.duplicated(signed, name, value[name]),
    ):
        answer = hostile.answered(receiver.service, changed)
        assert refused(answer) or answer.http_status in {400, 401}
        assert theirs["docId"] not in answer.body.decode()


def test_a_signature_that_leaves_out_what_counts_is_refused(join: Join) -> None:
    """Signed is only who and when; which package is added unsigned."""
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,)))
    (item,) = receiver.service.waiting()
    bare = receiver.service.request("getEdoc", {}, b"{}")
    answer = hostile.answered(receiver.service, hostile.with_header(bare, f"{PREFIX}docId", item["docId"]))
    assert refused(answer)


def test_calls_without_any_signature_are_refused(join: Join) -> None:
    member = join()
    whole = member.service.request("getReceivedEdocList", {"servicetype": "eDoc", "messagetype": "edoc"})
    for names in (
        ("XroadVnpt-hash-header",),
        ("XroadVnpt-sign-header", "XroadVnpt-sign-header-key"),
        ("XroadVnpt-systemid",),
        tuple(name for name, _value in whole.headers if name.startswith(PREFIX)),
    ):
        answer = hostile.answered(member.service, whole.without(*names))
        assert refused(answer) or answer.http_status == 401


def test_a_file_that_is_not_the_one_announced_is_refused(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    answer = hostile.answered(
        sender.service, hostile.with_wrong_file_hash(sender.service, data, sender=sender.code)
    )
    assert refused(answer)
    assert receiver.service.count() == 0


def test_a_hash_with_all_its_zeros_is_taken_too(join: Join) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    for value in (hashlib.sha256(data).hexdigest(), hostile.full_hash(data)):
        request = hostile.with_full_hash(sender.service, data, sender=sender.code, value=value)
        assert hostile.answered(sender.service, request).is_ok
    assert receiver.service.count() == 1


def test_a_body_that_breaks_off_is_not_taken(join: Join) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver)
    for missing in (1, 2, 3, 200, len(request.body)):
        try:
            answer = hostile.raw(sender.service, hostile.cut_short(request, missing), ends=True)
        except (OSError, http.client.HTTPException):
            continue
        assert refused(answer) or answer.http_status >= 400
    assert receiver.service.count() == 0
    assert hostile.answered(sender.service, request).is_ok


def test_what_is_longer_than_announced_is_not_a_part_of_it(join: Join) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver)
    assert hostile.raw(sender.service, hostile.longer_than_said(request, b"<x>" * 50_000)).is_ok
    (item,) = receiver.service.waiting()
    assert receiver.service.fetched(item["docId"]) + b"\r\n" == request.body


def test_a_body_in_pieces_is_taken_or_refused_whole(join: Join) -> None:
    sender, receiver = join(), join()
    answer = hostile.raw(sender.service, hostile.chunked(upload(sender, receiver)))
    assert answer.is_ok or answer.http_status == 411
    assert receiver.service.count() == (1 if answer.is_ok else 0)


def test_a_body_beyond_the_limit_is_refused_before_it_is_written(join: Join) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver)
    for length in (2 * GIGABYTE, 10**18):
        began = time.monotonic()
        answer = hostile.raw(sender.service, hostile.announcing(request, length))
        assert refused(answer) or answer.http_status == 413
        assert time.monotonic() - began < QUICK_SECONDS
    assert receiver.service.count() == 0


@pytest.mark.parametrize("length", ["-1", "abc", "1e3", "0x10"])
def test_a_length_that_is_none_is_refused(join: Join, length: str) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver).having("Content-Length", length)
    try:
        answer = hostile.raw(sender.service, request.raw)
    except (OSError, http.client.HTTPException):
        answer = None
    assert answer is None or refused(answer) or answer.http_status >= 400
    assert receiver.service.count() == 0


@pytest.mark.parametrize("size", [20_000, 2_000_000])
def test_a_huge_header_is_refused(join: Join, size: int) -> None:
    member = join()
    request = hostile.with_header(member.service.request("getAgenciesList"), "X-Much", "a" * size)
    try:
        answer = hostile.answered(member.service, request)
    except (OSError, http.client.HTTPException):
        answer = None
    assert answer is None or answer.http_status in {200, 400, 413, 414, 431}
    assert member.service.agencies().is_ok


@pytest.mark.parametrize("call", ["noSuchCall", "../adapter/getEdoc", "", "getEdoc/%00", "a" * 3000])
def test_an_unknown_call_is_refused_in_the_protocol(join: Join, call: str) -> None:
    answer = hostile.answered(join().service, join().service.request(call))
    assert refused(answer) or answer.http_status in {400, 404, 414}
    assert b"<" not in answer.body, "no page of a web server"


def test_the_wrong_method_is_refused(join: Join) -> None:
    member = join()
    answer = member.service.call("getAgenciesList", body=None)
    assert refused(answer) or answer.http_status == 405


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("a page", b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"),
        ("nothing", b""),
        ("words", b"xin chao"),
        ("bytes", bytes(range(256)) * 40),
        ("broken", document(Letter("A", ("B",)))[:400]),
        ("a foreign namespace", b'<edXML xmlns="http://www.go.vn/eDoc"><a/></edXML>'),
        ("an entity", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML>&x;</edXML>'),
        ("deep", b"<a>" * 100_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_message_is_refused(join: Join, what: str, data: bytes) -> None:
    member = join()
    answer = member.service.send(data, sender=member.code)
    assert refused(answer), what
    assert answer.code in {"10", "22"}
    assert "root:" not in answer.words


def test_a_hundred_thousand_receivers_are_refused_quickly(join: Join) -> None:
    sender, receiver = join(), join()
    codes = tuple(f"H{number // 1000}.{number}" for number in range(100_000))
    data = document(Letter(sender.code, (receiver.code, *codes)))
    began = time.monotonic()
    answer = sender.service.send(data, sender=sender.code)
    assert refused(answer)
    assert time.monotonic() - began < QUICK_SECONDS
    assert receiver.service.count() == 0


def test_the_same_receiver_twice_is_one_package_or_refused(join: Join) -> None:
    sender, receiver = join(), join()
    answer = sender.service.send(
        document(Letter(sender.code, (receiver.code, receiver.code))), sender=sender.code
    )
    assert receiver.service.count() == (1 if answer.is_ok else 0)


def test_what_an_attachment_hides_is_carried_and_not_opened(axis: Axis, join: Join) -> None:
    sender, receiver = join(), join()
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr("../../../../tmp/vanthu-slipped", b"x")
    names = ("../../../../tmp/vanthu-slipped.zip", "a\x01.pdf".replace("\x01", ""), "C:\\autoexec.zip")
    letter = Letter(
        sender.code, (receiver.code,), attachments=tuple((name, box.getvalue()) for name in names)
    )
    data = document(letter)
    assert sender.service.send(data, sender=sender.code).is_ok
    assert receiver.service.fetched(receiver.service.waiting()[0]["docId"]) == data
    assert not [path for path in axis.home.rglob("*") if "slipped" in path.name]


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../etc/passwd", "\\\\server\\share"])
def test_the_path_that_a_client_names_is_its_own_affair(join: Join, path: str) -> None:
    sender, receiver = join(), join()
    data = document(Letter(sender.code, (receiver.code,)))
    sender.service.send(data, sender=sender.code)
    (item,) = receiver.service.waiting()
    answer = receiver.service.call("downloadEdoc", {"docId": item["docId"], "filePath": path}, None)
    assert answer.body == data


@pytest.mark.parametrize("doc_id", ["", "0", "x" * 500, "' OR 1=1 --", "../../etc/passwd", "0" * 24])
def test_a_package_that_is_not_there_is_said_not_to_be_there(join: Join, doc_id: str) -> None:
    service = join().service
    assert refused(service.get(doc_id))
    assert refused(service.update(doc_id, "done"))
    answer = service.download(doc_id)
    assert refused(answer) or answer.http_status == 404
    assert service.sent(doc_id=doc_id).is_ok


@pytest.mark.parametrize("state", ["", "lost", "DONE'", "initial"])
def test_a_state_that_is_none_changes_nothing(join: Join, state: str) -> None:
    sender, receiver = join(), join()
    sender.send(Letter(sender.code, (receiver.code,)))
    (item,) = receiver.service.waiting()
    assert refused(receiver.service.update(item["docId"], state))
    assert len(receiver.service.waiting()) == 1


def test_clients_that_hang_do_not_stop_the_others(join: Join) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver)
    whole = len(request.head)
    with (
        hostile.hanging(sender.service, request, count=40, written=0),
        hostile.hanging(sender.service, request, count=40, written=whole // 2),
        hostile.hanging(sender.service, request, count=40, written=whole + 200),
    ):
        began = time.monotonic()
        for number in range(5):
            sender.send(Letter(sender.code, (receiver.code,), number=str(number + 10)))
            assert receiver.service.received().is_ok
        assert time.monotonic() - began < QUICK_SECONDS
    assert receiver.service.count() == 5


def test_a_client_that_leaves_before_the_answer_does_no_harm(join: Join) -> None:
    sender, receiver = join(), join()
    request = upload(sender, receiver)
    for _each in range(10):
        with socket.create_connection(sender.service.calls.address, timeout=10) as line:
            line.sendall(request.raw)
    answer = hostile.answered(sender.service, request)
    assert answer.is_ok
    assert receiver.service.count() == 1


def test_noise_instead_of_a_request_is_answered_or_closed(join: Join) -> None:
    member = join()
    for noise in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        b"\r\n" * 50,
        b"GET\r\n\r\n",
        PDF,
    ):
        with socket.create_connection(member.service.calls.address, timeout=30) as line, suppress(OSError):
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                pass
    assert member.service.agencies().is_ok
