"""A gateway on 127.0.0.1 that plays a script: it takes packets, forgets to answer, breaks off, refuses, fans out."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from xml.etree import ElementTree

NS = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"


def texts(root: ElementTree.Element, path: str) -> list[str]:
    """The texts of all elements at a path of plain names."""
    return [
        found.text or "" for found in root.findall("./" + "/".join(NS + name for name in path.split("/")))
    ]


HEADER = "edXMLEnvelope/edXMLHeader/MessageHeader/"
TRACES = "edXMLEnvelope/edXMLHeader/TraceHeaderList/"


@dataclass
class Taken:
    """A packet that the axis has."""

    doc_id: str
    kind: str
    sender: str
    data: bytes

    @property
    def root(self) -> ElementTree.Element:
        return ElementTree.fromstring(self.data)

    def header(self, path: str) -> list[str]:
        return texts(self.root, HEADER + path)

    def text(self, path: str) -> str:
        return (self.header(path) or [""])[0]


@dataclass
class ScriptedGateway:
    """`script` says what happens to each sendEdoc in turn; when it is used up, packets are taken.

    `ok`; `lost`: taken, but the answer never leaves; `gone`: not taken, no answer; `page`: an HTML error page;
    `fail:CODE:TEXT`; `exist`: "ExistDoc"; `401`.
    """

    script: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    agencies: list[dict[str, str]] = field(default_factory=list)
    registered: list[dict[str, str]] = field(default_factory=list)
    receive_status: dict[str, tuple[str, str]] = field(default_factory=dict)
    lists_nothing: bool = False
    refused_receivers: set[str] = field(default_factory=set)
    names_refused: bool = True
    port: int = 0

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"stage": self}))
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sent(self, kind: str) -> list[Taken]:
        return [row for row in self.taken if row.kind == kind]

    def take(self, kind: str, sender: str, data: bytes) -> str:
        doc_id = hashlib.md5(f"{len(self.taken)}".encode(), usedforsecurity=False).hexdigest()[:24]
        self.taken.append(Taken(doc_id, kind, sender, data))
        return doc_id

    def listed(self, kind: str, doc_id: str) -> list[dict[str, str]]:
        if self.lists_nothing:
            return []
        rows = []
        for packet in self.sent(kind):
            for receiver in packet.header("To/OrganId"):
                code, text = self.receive_status.get(receiver, ("INITIAL", ""))
                rows.append(
                    {
                        "senderDocId": packet.doc_id,
                        "messageType": kind,
                        "fromCode": packet.text("From/OrganId"),
                        "toCode": receiver,
                        "notation": f"{packet.text('Code/CodeNumber')}/{packet.text('Code/CodeNotation')}",
                        "title": packet.text("Subject"),
                        "receiveStatus": code,
                        "receiveStatusDesc": text,
                    }
                )
        return [row for row in rows if not doc_id or row["senderDocId"] == doc_id]


class _Handler(BaseHTTPRequestHandler):
    stage: ScriptedGateway
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """The test says what matters."""

    def do_POST(self) -> None:
        call = self.path.rsplit("/", 1)[1]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.stage.calls.append(call)
        self.stage.headers.append(dict(self.headers.items()))
        getattr(self, f"answer_{call}", self.answer_other)(body)

    def say(self, answer: dict[str, Any]) -> None:
        self.write(200, "application/json", json.dumps(answer).encode())

    def write(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response_only(status)  # no Date: the test has a clock of its own
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def ok(self, **more: Any) -> None:
        self.say({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", **more})

    def named(self, name: str) -> str:
        return self.headers.get(f"XroadVnpt-{name}", "")

    def answer_sendEdoc(self, body: bytes) -> None:
        step = self.stage.script.pop(0) if self.stage.script else "ok"
        kind, sender, data = self.named("messagetype"), self.named("from"), body.removesuffix(b"\r\n")
        refused = self.stage.refused_receivers & set(Taken("", kind, sender, data).header("To/OrganId"))
        if refused:
            named = " ".join(refused) if self.stage.names_refused else ""
            self.say({"status": "FAIL", "ErrorCode": "23", "ErrorDesc": f"Don vi nhan bi khoa {named}"})
            return
        if step in {"ok", "lost"}:
            doc_id = self.stage.take(kind, sender, data)
        if step == "ok":
            self.ok(DocId=doc_id)
        elif step in {"lost", "gone"}:
            self.close_connection = True
        elif step == "page":
            self.write(502, "text/html", b"<html><body>Bad Gateway</body></html>")
        elif step == "401":
            self.write(401, "text/plain", b"Unauthorized")
        elif step == "exist":
            self.say({"status": "FAIL", "ErrorCode": "9999", "ErrorDesc": "ExistDoc"})
        else:
            _, code, text = step.split(":", 2)
            self.say({"status": "FAIL", "ErrorCode": code, "ErrorDesc": text})

    def answer_getSentEdocList(self, _body: bytes) -> None:
        self.ok(data=self.stage.listed(self.named("messagetype"), self.named("docId")))

    def answer_getAgenciesListQD20(self, _body: bytes) -> None:
        self.ok(data=self.stage.agencies if self.named("level") == "1" else [])

    def answer_getAgenciesList(self, _body: bytes) -> None:
        self.ok(data=self.stage.agencies)

    def answer_registerAgency(self, body: bytes) -> None:
        self.stage.registered.append(json.loads(body))
        self.ok()

    def answer_other(self, _body: bytes) -> None:
        self.ok(data=[], count="0")
