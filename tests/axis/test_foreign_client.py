"""The foreign client writes what was captured from the client in circulation, byte by byte."""

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.axis.foreign.letters import PDF, Letter, document, packed, read, status
from tests.axis.foreign.service import Service
from tests.axis.foreign.wire import HERE, Key, Request, apache_request, hash_file, stamp, upload_request

CAPTURES = Path(__file__).parent / "captures"
SECRET = "dummy-secret-for-loopback"
BASE = "http://127.0.0.1:18099/XrdAdapter/adapter"
UNSIGNED = {"systemid", "timestamp", "Content-Type"}


def captured(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CAPTURES / name).read_text(encoding="utf-8").splitlines()]


def rewritten(record: dict[str, Any]) -> Request:
    """The captured request written anew by the foreign client from its parameters and stamp alone."""
    method, path, _version = record["request_line"].split()
    headers = dict(map(tuple, record["headers"]))
    names = headers["XroadVnpt-sign-header-key"].split(";")
    params = {name: headers[f"XroadVnpt-{name}"] for name in names if name not in UNSIGNED}
    key = Key(headers["XroadVnpt-systemid"], SECRET, headers["XroadVnpt-timestamp"])
    call = path.rpartition("/")[2]
    if call == "sendEdoc":
        return upload_request(key, BASE, call, params, b"x" * (record["body_len"] - 2))
    return apache_request(key, BASE, call, params, None if method == "GET" else record["body_head"].encode())


@pytest.mark.parametrize(
    "record", captured("capture.jsonl"), ids=lambda record: record["request_line"].split()[1]
)
def test_every_captured_request_is_written_header_by_header_in_its_order(record: dict[str, Any]) -> None:
    request = rewritten(record)
    assert f"{request.method} {request.path} HTTP/1.1" == record["request_line"]
    assert [list(pair) for pair in request.headers] == record["headers"]
    assert len(request.body) == record["body_len"]


def test_a_stamp_ends_with_milliseconds_in_four_digits() -> None:
    assert stamp(datetime(2026, 11, 22, 15, 23, 22, 752_000, tzinfo=HERE)) == "22112026T152322+0752"


def test_the_hash_of_a_file_lacks_the_leading_zeros_of_its_bytes() -> None:
    lengths = {len(hash_file(bytes([number]))) for number in range(256)}
    assert min(lengths) < 64 <= max(lengths)


class Interim(socketserver.StreamRequestHandler):
    """Reads one head, asks for the body or refuses it, and keeps what it saw."""

    def handle(self) -> None:
        while True:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                piece = self.rfile.readline()
                if not piece:
                    return
                head += piece
            self.server.heads.append(head)  # type: ignore[attr-defined]
            answer = self.server.answer  # type: ignore[attr-defined]
            if answer == b"":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.server.bodies.append(self.rfile.read(length))  # type: ignore[attr-defined]
                answer = b'HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n{"status":"OK","ErrorCode":"0"}\r\n'
            self.wfile.write(answer)


@pytest.fixture
def recorder() -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Interim) as server:
        server.daemon_threads = True
        server.heads, server.bodies, server.answer = [], [], b""  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_body_is_written_when_it_is_asked_for_and_the_connection_is_kept(recorder: Any) -> None:
    service = Service(f"http://127.0.0.1:{recorder.server_address[1]}/XrdAdapter/adapter", "A.1", "s")
    assert service.update("1", "done").is_ok
    assert service.update("2", "fail", "hong").is_ok
    service.close()
    assert recorder.bodies == [b"{}", b"{}"]
    assert service.calls.opened == 1
    stamps = {
        line for head in recorder.heads for line in head.splitlines() if b"XroadVnpt-timestamp" in line[:20]
    }
    assert len(stamps) == 1


def test_a_body_that_is_refused_at_its_head_is_not_written(recorder: Any) -> None:
    recorder.answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    service = Service(f"http://127.0.0.1:{recorder.server_address[1]}/XrdAdapter/adapter", "A.1", "s")
    assert service.update("1", "done").http_status == 413
    service.close()
    assert recorder.bodies == []


def test_a_letter_is_read_as_it_was_written_and_a_sheet_comes_out_of_its_zip() -> None:
    sheet = b"so lieu"
    letter = Letter("H26.99.1", ("H26.98", "G99"), attachments=(("a.pdf", PDF), ("bảng.xlsx", sheet)))
    seen = read(document(letter))
    assert (seen.sender, seen.receivers, seen.number) == ("H26.99.1", ("H26.98", "G99"), letter.code)
    assert seen.attachments == (("a.pdf", PDF), ("bảng.xlsx", sheet))
    assert packed("bảng.xlsx", sheet)[0] == "application/zip"


def test_a_status_is_read_as_it_was_written() -> None:
    seen = read(status("G99", "H26.99", "03", document_id="H26.99,2026/11/20,1/A", number="1/A"))
    assert (seen.sender, seen.status, seen.document_id, seen.number) == (
        "G99",
        "03",
        "H26.99,2026/11/20,1/A",
        "1/A",
    )
