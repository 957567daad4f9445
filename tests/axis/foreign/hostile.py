"""What no client should do, on demand: each function leaves the axis with something it must survive and answer well."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.axis.foreign.service import DOCUMENTS, Service
from tests.axis.foreign.wire import PREFIX, Answer, Key, Line, Request, received, upload_request


def answered(service: Service, request: Request) -> Answer:
    """The answer to one request on a connection of its own; nothing is written twice."""
    line = Line(service.base, timeout=service.calls.timeout, retries=0)
    try:
        return line.exchange(request)
    finally:
        line.close()


def raw(service: Service, data: bytes, *, ends: bool = False, method: str = "POST") -> Answer:
    """The answer to bytes as they are; `ends` closes our half of the connection after them."""
    with socket.create_connection(service.calls.address, timeout=service.calls.timeout) as line:
        line.sendall(data)
        if ends:
            line.shutdown(socket.SHUT_WR)
        return received(line, method)[0]


def with_wrong_signature(request: Request) -> Request:
    """One digit of the signature is another."""
    name = f"{PREFIX}hash-header"
    value = dict(request.headers)[name]
    return request.having(name, ("0" if value[0] != "0" else "1") + value[1:])


def with_unsigned_change(request: Request, name: str, value: str) -> Request:
    """A header says something else than what was signed."""
    return request.having(PREFIX + name, value)


def with_wrong_file_hash(service: Service, data: bytes, *, sender: str) -> Request:
    """Well signed, but the hash is that of another file."""
    return replace(service.sending(DOCUMENTS, b"another file", sender=sender), body=data + b"\r\n").having(
        "Content-Length", str(len(data) + 2)
    )


def with_full_hash(service: Service, data: bytes, *, sender: str, value: str) -> Request:
    """A client of somebody else's that writes the hash of the file in its own way."""
    params = {"servicetype": "eDoc", "messagetype": DOCUMENTS, "hash-file": value, "from": sender}
    return upload_request(service.key, service.base, "sendEdoc", params, data)


def with_secret(service: Service, secret: str) -> Service:
    """The same system with another secret."""
    other = service.another(retries=0)
    other.key = Key(service.key.systemid, secret, other.key.stamped)
    return other


def stamped(service: Service, value: str) -> Service:
    """The same system with any text as its stamp."""
    other = service.another(retries=0)
    other.key = Key(service.key.systemid, service.key.secret, value)
    return other


def cut_short(request: Request, missing: int) -> bytes:
    """Fewer bytes than announced: a line that broke."""
    return request.raw[:-missing]


def longer_than_said(request: Request, more: bytes) -> bytes:
    """More bytes than announced."""
    return request.raw + more


def announcing(request: Request, length: int) -> bytes:
    """The head of a request that announces `length` bytes, and none of them."""
    return request.having("Content-Length", str(length)).head


def chunked(request: Request, size: int = 1000) -> bytes:
    """The same body in pieces without a length, as a proxy may forward it."""
    head = with_header(request.without("Content-Length", "Expect"), "Transfer-Encoding", "chunked").head
    pieces = (request.body[at : at + size] for at in range(0, len(request.body), size))
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def with_header(request: Request, name: str, value: str) -> Request:
    """One header more."""
    return replace(request, headers=(*request.headers, (name, value)))


def duplicated(request: Request, name: str, value: str) -> Request:
    """One header twice, with two values."""
    return with_header(request, PREFIX + name, value)


def full_hash(data: bytes) -> str:
    """The hash with its zeros, in capitals: what a C# client writes."""
    return hashlib.sha256(data).hexdigest().upper()


@contextmanager
def hanging(service: Service, request: Request, *, count: int, written: int) -> Iterator[list[socket.socket]]:
    """`count` connections that write the first `written` bytes of a request and then nothing for as long as it lasts."""
    lines = [socket.create_connection(service.calls.address, timeout=30) for _each in range(count)]
    try:
        for line in lines:
            line.sendall(request.raw[:written])
        yield lines
    finally:
        for line in lines:
            line.close()
