"""Requests byte by byte: names, order, signing and framing as captured from the client in circulation."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import http.client
import json
import select
import socket
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
PREFIX = "XroadVnpt-"
AGENT = (("User-Agent", "JAVASDKAgent/1.0.0 XRoad/VPCP"), ("XroadVnpt-version", "3.0.201608"))
CONTINUE = b"HTTP/1.1 100"


def stamp(at: datetime | None = None) -> str:
    """`ddMMyyyy'T'HHmmss+SSSS` in local time: after the plus stand milliseconds, not a zone."""
    moment = (at or datetime.now(HERE)).astimezone(HERE)
    return f"{moment:%d%m%YT%H%M%S}+{moment.microsecond // 1000:04d}"


def java_order(names: list[str]) -> list[str]:
    """The order in which a Java HashMap gives back its keys: why the signed headers stand as they do."""
    room = 16
    while len(names) > room * 0.75:
        room *= 2

    def bucket(name: str) -> int:
        code = 0
        for letter in name:
            code = (31 * code + ord(letter)) & 0xFFFFFFFF
        return (code ^ (code >> 16)) & (room - 1)

    return sorted(names, key=bucket)


def hash_file(data: bytes) -> str:
    """SHA-256 as the client writes it: each byte in hex without its leading zero."""
    return "".join(f"{byte:x}" for byte in hashlib.sha256(data).digest())


@dataclass(frozen=True)
class Request:
    """One request as it goes over the wire."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def head(self) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def waits(self) -> bool:
        return any(name.lower() == "expect" for name, _value in self.headers)

    def having(self, name: str, value: str) -> Request:
        """The same request with another value of one header; the signature is not made anew."""
        pairs = [(key, value if key.lower() == name.lower() else old) for key, old in self.headers]
        return replace(self, headers=tuple(pairs))

    def without(self, *names: str) -> Request:
        gone = {name.lower() for name in names}
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() not in gone))


@dataclass(frozen=True)
class Answer:
    """What came back; `content` is the answer's JSON, empty when it is none."""

    http_status: int
    content_type: str
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}

    @property
    def is_ok(self) -> bool:
        return self.content.get("status") == "OK" and self.content.get("ErrorCode") == "0"

    @property
    def code(self) -> str:
        return str(self.content.get("ErrorCode", ""))

    @property
    def words(self) -> str:
        return str(self.content.get("ErrorDesc", ""))

    @property
    def data(self) -> Any:
        return self.content.get("data")

    @property
    def doc_id(self) -> str:
        return str(self.content.get("DocId", ""))


@dataclass(frozen=True)
class Key:
    """Who signs, and the one stamp that a service object keeps for its life."""

    systemid: str
    secret: str
    stamped: str


def signed(key: Key, params: dict[str, str], content_type: str) -> list[tuple[str, str]]:
    """The pairs `(name, value)` that are signed, in Java's order."""
    values = {"systemid": key.systemid, "timestamp": key.stamped, "Content-Type": content_type, **params}
    return [(name, values[name]) for name in java_order(list(values))]


def signature(key: Key, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The three headers that prove the others."""
    text = json.dumps({PREFIX + n: v for n, v in pairs}, separators=(",", ":"), ensure_ascii=False)
    code = hmac.new(key.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return [
        (f"{PREFIX}sign-header-key", ";".join(name for name, _value in pairs)),
        (f"{PREFIX}sign-header", text),
        (f"{PREFIX}hash-header", code),
    ]


def apache_request(key: Key, base: str, call: str, params: dict[str, str], body: bytes | None) -> Request:
    """A call as Apache's HttpClient writes it: `body` None is a GET, empty a POST without content."""
    where = urlsplit(base)
    pairs = signed(key, params, "application/json")
    headers: list[tuple[str, str]] = []
    for name, value in pairs:
        headers += [("Content-Type", value)] if name == "Content-Type" else []
        headers.append((PREFIX + name, value))
    headers += [*signature(key, pairs), *AGENT]
    headers += [] if body is None else [("Content-Length", str(len(body)))]
    headers += [("Host", where.netloc), ("Connection", "Keep-Alive")]
    headers += [("Expect", "100-continue")] if body else []
    headers.append(("Accept-Encoding", "gzip,deflate"))
    return Request("GET" if body is None else "POST", f"{where.path}/{call}", tuple(headers), body or b"")


def upload_request(key: Key, base: str, call: str, params: dict[str, str], data: bytes) -> Request:
    """The sending call as Java's HttpURLConnection writes it: the file, then one more line end."""
    where = urlsplit(base)
    pairs = signed(key, params, "application/octet-stream")
    body = data + b"\r\n"
    headers = [
        ("Content-Type", "application/octet-stream"),
        *((PREFIX + name, value) for name, value in pairs),
        *signature(key, pairs),
        *AGENT,
        ("Cache-Control", "no-cache"),
        ("Pragma", "no-cache"),
        ("Host", where.netloc),
        ("Accept", "text/html, image/gif, image/jpeg, */*; q=0.2"),
        ("Connection", "keep-alive"),
        ("Content-Length", str(len(body))),
    ]
    return Request("POST", f"{where.path}/{call}", tuple(headers), body)


class Line:
    """One kept connection; a request that meets a closed one is written again on a new one, as Java does."""

    def __init__(self, base: str, *, timeout: float = 30.0, patience: float = 3.0, retries: int = 3) -> None:
        where = urlsplit(base)
        self.address = (where.hostname or "127.0.0.1", where.port or 80)
        self.timeout, self.patience, self.retries = timeout, patience, retries
        self.opened = 0
        self._socket: socket.socket | None = None

    def socket(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(self.address, timeout=self.timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.opened += 1
        return self._socket

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def exchange(self, request: Request) -> Answer:
        """The answer; raises OSError or http.client.HTTPException when there is none after all retries."""
        for left in reversed(range(self.retries + 1)):
            try:
                return self._once(request)
            except TimeoutError:
                self.close()
                raise
            except (OSError, http.client.HTTPException):
                self.close()
                if not left:
                    raise
        raise AssertionError("never here: the last round gives back or raises")

    def _once(self, request: Request) -> Answer:
        line = self.socket()
        line.sendall(request.head if request.waits else request.raw)
        if request.waits and self._may_go_on(line):
            line.sendall(request.body)
        answer, is_kept = received(line, request.method)
        if not is_kept:
            self.close()
        return answer

    def _may_go_on(self, line: socket.socket) -> bool:
        """Whether the body is asked for: an interim answer, or silence for as long as one waits."""
        readable, _writable, _odd = select.select([line], [], [], self.patience)
        if not readable:
            return True
        return line.recv(len(CONTINUE), socket.MSG_PEEK).startswith(CONTINUE)


def received(line: socket.socket, method: str) -> tuple[Answer, bool]:
    """The final answer (interim ones are passed over) and whether the connection stays."""
    response = http.client.HTTPResponse(line, method=method)
    response.begin()
    body = response.read()
    coding = response.getheader("Content-Encoding", "")
    if coding == "gzip":
        body = gzip.decompress(body)
    elif coding == "deflate":
        body = zlib.decompress(body)
    return Answer(
        response.status, response.getheader("Content-Type", "") or "", body
    ), not response.will_close
