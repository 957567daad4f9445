"""A gateway as a script plays it, over real HTTP on 127.0.0.1: what waits in it, what it was told, how it misbehaves."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.conftest import FIXED_NOW

Answer = tuple[int, str, bytes]
JSON = "application/json"


@dataclass
class Waiting:
    """A packet that the gateway holds for us."""

    doc_id: str
    kind: str
    data: bytes
    sender: str
    receiver: str
    status: str = "initial"


@dataclass
class ScriptedGateway:
    """`lists` and `told` are what was asked; `instead` may answer a call in place of the honest answer, once each."""

    url: str = ""
    packets: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    instead: dict[str, list[Answer]] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _call: None
    clock: datetime = FIXED_NOW
    forgets: bool = False
    """Goes on listing what was acknowledged as if nobody had."""

    def hold(
        self, data: bytes, *, doc_id: str, kind: str = "edoc", sender: str = "G99", receiver: str = "H26.2"
    ) -> None:
        self.packets[kind, doc_id] = Waiting(doc_id, kind, data, sender, receiver)

    def acknowledgements_of(self, doc_id: str) -> list[str]:
        return [state for told_id, state, _ in self.told if told_id == doc_id]

    def answer(self, call: str, headers: dict[str, str]) -> Answer:
        self.calls.append(call)
        self.before(call)
        if self.instead.get(call):
            return self.instead[call].pop(0)
        honest: dict[str, Callable[[dict[str, str]], dict[str, Any]]] = {
            "getReceivedEdocList": self._list,
            "getEdoc": self._fetch,
            "updateStatus": self._update,
        }
        return 200, JSON, json.dumps(honest[call](headers)).encode()

    def _list(self, headers: dict[str, str]) -> dict[str, Any]:
        kind = headers["xroadvnpt-messagetype"]
        rows = [
            {
                "docId": each.doc_id,
                "serviceType": "eDoc",
                "messageType": kind,
                "from": each.sender,
                "to": each.receiver,
                "status": each.status,
                "status_desc": "",
                "created_time": "2026/11/20 08:00:00",
                "updated_time": "2026/11/20 08:00:00",
            }
            for each in self.packets.values()
            if each.kind == kind and (self.forgets or each.status == "initial")
        ]
        return {"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": rows}

    def _fetch(self, headers: dict[str, str]) -> dict[str, Any]:
        wanted = headers["xroadvnpt-docid"]
        found = next((each for each in self.packets.values() if each.doc_id == wanted), None)
        if found is None:
            return {"status": "FAIL", "ErrorCode": "21", "ErrorDesc": "no such document"}
        data = base64.b64encode(found.data).decode()
        return {"status": "OK", "ErrorCode": "0", "ErrorDesc": "", "data": data}

    def _update(self, headers: dict[str, str]) -> dict[str, Any]:
        wanted, state = headers["xroadvnpt-docid"], headers["xroadvnpt-status"]
        self.told.append((wanted, state, headers.get("xroadvnpt-description", "")))
        for each in self.packets.values():
            if each.doc_id == wanted and not self.forgets:
                each.status = state
        return {"status": "OK", "ErrorCode": "0", "ErrorDesc": ""}


@contextmanager
def playing() -> Iterator[ScriptedGateway]:
    """The gateway at a free port of 127.0.0.1."""
    gateway = ScriptedGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content_type, body = gateway.answer(self.path.rpartition("/")[2], headers)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # who asked may have given up
                self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(gateway.clock.astimezone(UTC), usegmt=True)

        def log_message(self, *_: object) -> None:
            """A test's own output is enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    gateway.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
