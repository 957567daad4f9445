"""What the client writes to the wire, compared with what the vendor's client wrote."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.exchange.vxp.raw_server import ANSWERS, CAPTURES, RawServer, says
from vanthu.edxml.gateway import CALLS, parse_stamp
from vanthu.exchange.channels.vxp.client import Gateway

CAPTURED = {
    row["request_line"].split()[1].rsplit("/", 1)[1]: row
    for row in map(json.loads, (CAPTURES / "capture.jsonl").read_text().splitlines())
}
DOC = "11111111-2222-3333-4444-555555555555"
MESSAGE = "<edXML>Đã đến</edXML>\r\n".encode()
PLAYED: dict[str, Callable[[Gateway], object]] = {
    "getAgenciesList": lambda gateway: gateway.agencies(),
    "getAgenciesListQD20": lambda gateway: gateway.agencies_qd20(1),
    "registerAgency": lambda gateway: gateway.register_agency(
        code="H26.99.1", name="Don vi thu", parent_code="00.26.TEST", mail="a@b.vn"
    ),
    "getReceivedEdocList": lambda gateway: gateway.received("edoc"),
    "sendEdoc": lambda gateway: gateway.send("edoc", MESSAGE, sender="H26.99.1"),
    "getEdoc": lambda gateway: gateway.fetch(DOC),
    "updateStatus": lambda gateway: gateway.acknowledge(DOC, "done"),
    "downloadEdoc": lambda gateway: gateway.download_into(DOC, io.BytesIO()),
}
# Its hash depends on the file, and the captured one is not ours to keep: what surrounds it is compared, the hash in
# tests/edxml/test_gateway.py.
OF_THE_FILE = {"XroadVnpt-hash-file", "XroadVnpt-sign-header", "XroadVnpt-hash-header"}


def signed(headers: list[Any]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in headers
        if name.startswith(("XroadVnpt-", "Content-Type", "User-Agent"))
    ]


@pytest.mark.parametrize("name", CAPTURED)
def test_a_request_is_what_the_vendors_client_writes(name: str, gateway: Callable[..., Gateway]) -> None:
    captured = CAPTURED[name]
    at = parse_stamp(dict(captured["headers"])["XroadVnpt-timestamp"])
    answer = b"<edXML/>" if name == "downloadEdoc" else ANSWERS[name]
    with RawServer(says(answer)) as server:
        PLAYED[name](gateway(server.url, clock=at))
    (request,) = server.requests
    assert request.line == captured["request_line"]
    skipped = OF_THE_FILE if name == "sendEdoc" else set()
    assert [(key, "" if key in skipped else value) for key, value in signed(request.headers)] == [
        (key, "" if key in skipped else value) for key, value in signed(captured["headers"])
    ]
    _demand_body(name, request.body, captured)


def _demand_body(name: str, body: bytes, captured: dict[str, Any]) -> None:
    if name == "sendEdoc":
        assert body == MESSAGE + b"\r\n"
        assert captured["body_tail"].endswith("</edXML>\r\n\r\n")
    else:
        assert body == captured["body_head"].encode()
        assert len(body) == captured["body_len"]


def test_lengths_are_declared_and_nothing_is_sent_in_chunks(gateway: Callable[..., Gateway]) -> None:
    with RawServer(says(ANSWERS["sendEdoc"])) as server:
        gateway(server.url).send("edoc", io.BytesIO(b"x" * 3_000_000), sender="H26.99.1")
        gateway(server.url).agencies()
    sent, asked = server.requests
    assert sent.header("Content-Length") == str(3_000_002)
    assert asked.header("Content-Length") == "0"
    assert "transfer-encoding" not in {name.lower() for name, _ in (*sent.headers, *asked.headers)}


def test_the_connection_is_kept_for_the_next_call(gateway: Callable[..., Gateway]) -> None:
    with RawServer(says(ANSWERS["getReceivedEdocList"])) as server:
        line = gateway(server.url)
        for _ in range(3):
            line.received("edoc")
    assert {request.connection for request in server.requests} == {1}


def test_two_lines_of_one_process_do_not_disturb_each_other(gateway: Callable[..., Gateway]) -> None:
    """An installation's own line, and its axis' line to the axis above."""
    with (
        RawServer(says(ANSWERS["countReceiveEdoc"])) as own,
        RawServer(says(ANSWERS["countReceiveEdoc"])) as above,
    ):
        lines = gateway(own.url), gateway(above.url)
        for _ in range(3):
            assert [line.count("edoc") for line in lines] == [3, 3]
    assert {request.connection for request in (*own.requests, *above.requests)} == {1}


def test_every_call_of_the_table_can_be_made(gateway: Callable[..., Gateway]) -> None:
    with RawServer(
        says({"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": "", "count": "3"})
    ) as server:
        line = gateway(server.url)
        for play in PLAYED.values():
            if play is not PLAYED["downloadEdoc"]:
                play(line)
        line.units()
        line.delete_agency("H26.99.1")
        line.sent("edoc", "68edb8c8c2dcb14db773ce44")
        assert (line.count("edoc"), line.count("status")) == (3, 3)
        line.received("status", receiver="H26.99", status="initial", page_size=100, page_index=2)
        line.acknowledge(DOC, "fail", "Không đọc được: DOCTYPE")
        line.send("status", MESSAGE, sender="H26.99", to="G99")
    called = {request.line.split()[1].rsplit("/", 1)[1] for request in server.requests}
    assert called == set(CALLS) - {"downloadEdoc"}
    by_key = [request.header("XroadVnpt-sign-header-key") for request in server.requests[-3:]]
    assert by_key == [
        "systemid;servicetype;messagetype;pageIndex;pageSize;to;timestamp;Content-Type;status",
        "systemid;docId;description;timestamp;Content-Type;status",
        "systemid;servicetype;messagetype;hash-file;from;to;timestamp;Content-Type",
    ]
    assert server.requests[-2].header("XroadVnpt-description") == "Khong doc duoc: DOCTYPE"


def test_the_secret_and_the_hash_are_in_no_record_and_no_text(
    gateway: Callable[..., Gateway], records: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with RawServer(says(ANSWERS["getEdoc"])) as server:
        line = gateway(server.url, proxy="")
        line.fetch(DOC)
    told = f"{records} {line.line!r} {line!r} {caplog.text}"
    assert "dummy-secret-for-loopback" not in told
    assert server.requests[0].header("XroadVnpt-hash-header") not in f"{records}"
    assert "PGVkWE1MLz4=" not in f"{records}"
    (record,) = records
    assert (record.call, record.http_status, record.diagnosis) == ("getEdoc", 200, "")
    assert record.request["headers"]["XroadVnpt-docId"] == DOC
