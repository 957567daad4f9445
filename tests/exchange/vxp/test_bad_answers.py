"""A gateway that answers with anything but what it should: each has its diagnosis, and none takes the caller along."""

from __future__ import annotations

import io
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.exchange.vxp.conftest import AT
from tests.exchange.vxp.raw_server import ANSWERS, RawServer, Request, Script, http, resets, says, writes
from tests.ports import quiet_port
from vanthu.exchange.channels.vxp.client import CallRecord, Gateway, LineTrouble
from vanthu.exchange.rules.diagnoses import Diagnosis, Kind

Make = Callable[..., Gateway]
HTML = ("Content-Type: text/html",)
PAGE = b"<html><head><title>502 Bad Gateway</title></head></html>"
WHOLE = http(b'{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":[]}')


def fails(code: str, text: str = "Loi") -> Script:
    return says({"status": "FAIL", "ErrorCode": code, "ErrorDesc": text})


def trouble(call: Callable[[], object]) -> LineTrouble:
    with pytest.raises(LineTrouble) as caught:
        call()
    return caught.value


BAD: dict[str, tuple[Script, Diagnosis, Diagnosis]] = {
    # what comes back, what it means for a question, and for something that was sent
    "a page with 200": (says(PAGE, headers=HTML), Diagnosis.HTML_PAGE, Diagnosis.OUTCOME_UNKNOWN),
    "a page with 502": (
        says(PAGE, status="502 Bad Gateway", headers=HTML), Diagnosis.HTML_PAGE, Diagnosis.OUTCOME_UNKNOWN,
    ),
    "an empty 500": (says(b"", status="500 x"), Diagnosis.GATEWAY_ERROR, Diagnosis.OUTCOME_UNKNOWN),
    "a plain 401": (says(b"Unauthorized", status="401 x"), Diagnosis.UNAUTHORIZED, Diagnosis.UNAUTHORIZED),
    "Unauthorized with 200": (says(b"Unauthorized"), Diagnosis.UNAUTHORIZED, Diagnosis.UNAUTHORIZED),
    "404": (says(b"no", status="404 x"), Diagnosis.WRONG_ADDRESS, Diagnosis.WRONG_ADDRESS),
    "407": (says(b"no", status="407 x"), Diagnosis.PROXY_REFUSED, Diagnosis.PROXY_REFUSED),
    "413": (says(b"no", status="413 x"), Diagnosis.TOO_LARGE, Diagnosis.TOO_LARGE),
    "429": (says(b"no", status="429 x"), Diagnosis.BUSY, Diagnosis.BUSY),
    "503": (says(b"wait", status="503 x"), Diagnosis.BUSY, Diagnosis.OUTCOME_UNKNOWN),
    "a redirect": (
        says(b"", status="302 x", headers=("Location: http://127.0.0.1:1/",)),
        Diagnosis.TRUNCATED,
        Diagnosis.OUTCOME_UNKNOWN,
    ),
    "half an answer": (writes(WHOLE[:-9]), Diagnosis.BROKEN, Diagnosis.OUTCOME_UNKNOWN),
    "half a JSON": (says(b'{"status":"OK","da'), Diagnosis.TRUNCATED, Diagnosis.OUTCOME_UNKNOWN),
    "half a status line": (writes(b"HTTP/1."), Diagnosis.BROKEN, Diagnosis.OUTCOME_UNKNOWN),
    "no HTTP at all": (writes(b"\x00\x01\x02\x03\r\n\r\n"), Diagnosis.BROKEN, Diagnosis.OUTCOME_UNKNOWN),
    "nothing": (writes(b""), Diagnosis.BROKEN, Diagnosis.OUTCOME_UNKNOWN),
    "a reset": (resets, Diagnosis.BROKEN, Diagnosis.OUTCOME_UNKNOWN),
    "another JSON": (says({"ok": True}), Diagnosis.NOT_AN_ANSWER, Diagnosis.OUTCOME_UNKNOWN),
    "code 10": (fails("10"), Diagnosis.FILE_INVALID, Diagnosis.FILE_INVALID),
    "code 15": (fails("15"), Diagnosis.UNAUTHORIZED, Diagnosis.UNAUTHORIZED),
    "code 18": (fails("18"), Diagnosis.RECEIVER_UNKNOWN, Diagnosis.RECEIVER_UNKNOWN),
    "code 19": (fails("19"), Diagnosis.SENDER_UNKNOWN, Diagnosis.SENDER_UNKNOWN),
    "code 20": (fails("20"), Diagnosis.AXIS_FAULT, Diagnosis.AXIS_FAULT),
    "code 21": (fails("21"), Diagnosis.FILE_PROCESSING, Diagnosis.FILE_PROCESSING),
    "code 22": (fails("22"), Diagnosis.EDXML_WRONG, Diagnosis.EDXML_WRONG),
    "code 23": (fails("23"), Diagnosis.RECEIVER_LOCKED, Diagnosis.RECEIVER_LOCKED),
    "code 99": (fails("99"), Diagnosis.REFUSED_OTHERWISE, Diagnosis.REFUSED_OTHERWISE),
    "code 23 with 400": (
        says(b'{"status":"FAIL","ErrorCode":23}', status="400 x"), Diagnosis.RECEIVER_LOCKED, Diagnosis.RECEIVER_LOCKED,
    ),
    "another sender": (
        fails("99", "Don vi gui A khong dung voi ma da dang ky: B"), Diagnosis.SENDER_MISMATCH, Diagnosis.SENDER_MISMATCH,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_answer_has_its_diagnosis(what: str, gateway: Make, records: list[CallRecord]) -> None:
    script, asked, sent = BAD[what]
    with RawServer(script) as server:
        line = gateway(server.url)
        assert trouble(lambda: line.received("edoc")).diagnosis is asked
        assert trouble(lambda: line.send("edoc", b"<edXML/>", sender="A")).diagnosis is sent
    assert [record.diagnosis for record in records] == [asked, sent]


@pytest.mark.parametrize("text", ["Exist trace on esb 125/STN-VP", "ExistDoc"])
def test_there_already_is_a_success(text: str, gateway: Make, records: list[CallRecord]) -> None:
    with RawServer(fails("9999", text)) as server:
        assert gateway(server.url).send("status", b"<edXML/>", sender="A") == ""
    assert [record.diagnosis for record in records] == [Diagnosis.ALREADY_THERE]


def test_a_gateway_that_hangs_is_given_up_and_what_was_sent_is_unknown(gateway: Make) -> None:
    with RawServer(says(b"")) as server:
        server._scripts = [server.hangs]
        line = gateway(server.url, seconds=0.3)
        assert trouble(lambda: line.received("edoc")).diagnosis is Diagnosis.TIMEOUT
        assert server.gave_up.wait(5)
        lost = trouble(lambda: line.send("edoc", b"<edXML/>", sender="A"))
    assert (lost.diagnosis, lost.kind) == (Diagnosis.OUTCOME_UNKNOWN, Kind.UNKNOWN_OUTCOME)


def test_an_answer_that_trickles_in_is_given_up(gateway: Make) -> None:
    def trickles(connection: socket.socket, _request: Request) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            connection.sendall(b" ")
            connection.settimeout(0.05)
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    with RawServer(trickles) as server:
        assert trouble(lambda: gateway(server.url, seconds=0.4).agencies()).diagnosis is Diagnosis.TIMEOUT


def test_where_nobody_listens_nothing_has_left(gateway: Make, records: list[CallRecord]) -> None:
    line = gateway(f"http://127.0.0.1:{quiet_port()}")
    lost = trouble(lambda: line.send("edoc", b"<edXML/>", sender="A"))
    assert (lost.diagnosis, lost.kind, lost.http_status) == (Diagnosis.UNREACHABLE, Kind.TRANSIENT, None)
    assert records[0].http_status is None


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(gateway: Make, tmp_path: Path) -> None:
    from tests.exchange.vxp.certificates import self_signed

    pem = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    def speaks_tls(server: RawServer) -> None:
        server._listener = context.wrap_socket(server._listener, server_side=True)

    server = RawServer(says(ANSWERS["getReceivedEdocList"]))
    speaks_tls(server)
    with server:
        url = server.url.replace("http:", "https:")
        assert trouble(lambda: gateway(url).send("edoc", b"x", sender="A")).diagnosis is Diagnosis.TLS
    server = RawServer(says(ANSWERS["getReceivedEdocList"]))
    speaks_tls(server)
    with server:
        assert len(gateway(server.url.replace("http:", "https:"), ca_file=pem).received("edoc")) == 1


def test_a_file_of_authorities_that_is_not_there_is_named(gateway: Make, tmp_path: Path) -> None:
    lost = trouble(lambda: gateway("https://127.0.0.1:1", ca_file=tmp_path / "none.pem").count("edoc"))
    assert lost.diagnosis is Diagnosis.TLS
    assert "none.pem" in lost.detail


@pytest.mark.parametrize("hours", [3, -3])
def test_a_clock_that_is_three_hours_off_is_named_instead_of_the_secret(hours: int, gateway: Make) -> None:
    date = f"Date: {AT + timedelta(hours=hours):%a, %d %b %Y %H:%M:%S} GMT"
    refuses = says(b'{"status":"FAIL","ErrorCode":"15"}', headers=(date,))
    with RawServer(refuses) as server:
        line = gateway(server.url)
        assert trouble(lambda: line.count("edoc")).diagnosis is Diagnosis.CLOCK
        assert abs(line.skew + timedelta(hours=hours)) < timedelta(seconds=2)
    with RawServer(says(b"Unauthorized", status="401 x", headers=(date,))) as server:
        assert trouble(lambda: gateway(server.url).count("edoc")).diagnosis is Diagnosis.CLOCK


def test_a_packet_over_the_limit_is_left_where_it_is(gateway: Make) -> None:
    body = b'{"status":"OK","ErrorCode":"0","data":"' + b"QUFB" * 1_000_000 + b'"}'
    with RawServer(says(body)) as server:
        out = io.BytesIO()
        lost = trouble(lambda: gateway(server.url, limit=100_000).fetch_into("1", out))
    assert (lost.diagnosis, lost.kind) == (Diagnosis.ANSWER_TOO_LARGE, Kind.PERMANENT)
    assert len(out.getvalue()) < 1_500_000


def test_a_packet_is_fetched_either_way_and_an_error_in_its_place_is_noticed(gateway: Make) -> None:
    message = b"\xef\xbb\xbf<?xml version='1.0'?><edXML>" + b"x" * 100_000 + b"</edXML>"
    with RawServer(
        says(message, headers=("Content-Type: application/octet-stream",)), fails("20"), says(PAGE)
    ) as server:
        line, out = gateway(server.url), io.BytesIO()
        assert line.download_into("1", out) == len(message)
        assert out.getvalue() == message
        assert trouble(lambda: line.download_into("1", io.BytesIO())).diagnosis is Diagnosis.AXIS_FAULT
        assert trouble(lambda: line.download_into("1", io.BytesIO())).diagnosis is Diagnosis.HTML_PAGE
    with RawServer(says(ANSWERS["getEdoc"]), says(b'{"status":"OK","data":"PGVk'), fails("18")) as server:
        line = gateway(server.url)
        assert line.fetch("1") == b"<edXML/>"
        assert trouble(lambda: line.fetch("1")).diagnosis is Diagnosis.TRUNCATED
        assert trouble(lambda: line.fetch("1")).diagnosis is Diagnosis.RECEIVER_UNKNOWN


def test_no_proxy_of_the_environment_is_used_and_the_own_one_is(
    gateway: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with RawServer(says(ANSWERS["countReceiveEdoc"])) as server:
        assert gateway(server.url).count("edoc") == 3
        assert gateway("http://gateway.invalid", proxy=server.url).count("edoc") == 3
    assert server.requests[-1].line.startswith(
        "POST http://gateway.invalid/XrdAdapter/adapter/countReceiveEdoc"
    )
