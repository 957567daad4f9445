"""Clients of the axis as processes of their own: bare sockets, kept open, one request at a time on each.

They know the wire only and import nothing of the product, so that its server is all that is measured.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import pickle
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

PATH = "/XrdAdapter/adapter"
PREFIX = "XroadVnpt-"
CRLF = b"\r\n"
FIRST_PAGE = 1


@dataclass(frozen=True)
class Door:
    """Where the axis is and who calls."""

    port: int
    system: str
    secret: str


def request(
    door: Door, call: str, values: dict[str, str], body: bytes = b"", *, is_file: bool = False
) -> bytes:
    """The bytes of one signed call."""
    kind = "application/octet-stream" if is_file else "application/json"
    stamp = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).strftime("%d%m%YT%H%M%S+0000")
    signed = {"systemid": door.system, **values, "timestamp": stamp, "Content-Type": kind}
    text = json.dumps({PREFIX + name: value for name, value in signed.items()}, separators=(",", ":"))
    headers = [
        ("Content-Type", kind),
        *((PREFIX + name, value) for name, value in signed.items()),
        (f"{PREFIX}sign-header-key", ";".join(signed)),
        (f"{PREFIX}sign-header", text),
        (f"{PREFIX}hash-header", hmac.new(door.secret.encode(), text.encode(), hashlib.sha256).hexdigest()),
        ("Host", f"127.0.0.1:{door.port}"),
        ("Content-Length", str(len(body))),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"POST {PATH}/{call} HTTP/1.1\r\n{head}\r\n".encode() + body


def sending(door: Door, sender: str, data: bytes) -> bytes:
    digest = "".join(f"{byte:x}" for byte in hashlib.sha256(data).digest())
    values = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": digest, "from": sender}
    return request(door, "sendEdoc", values, data + CRLF, is_file=True)


class Connection:
    """One kept connection; answers are read by their Content-Length."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._came = b""

    def write(self, data: bytes) -> None:
        self.socket.sendall(data)

    def take(self) -> bytes | None:
        """The body of the answer once it is whole."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise SystemExit("the axis closed a connection")
        self._came += piece
        head, found, rest = self._came.partition(b"\r\n\r\n")
        if not found:
            return None
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(rest) < length:
            return None
        self._came = rest[length:]
        return rest[:length]

    def ask(self, data: bytes) -> dict[str, Any]:
        self.write(data)
        while (body := self.take()) is None:
            continue
        answer: dict[str, Any] = json.loads(body)
        if answer["ErrorCode"] != "0":
            raise SystemExit(f"the axis refused: {answer}")
        return answer


def send_all(port: int, requests: list[bytes], connections: int) -> float:
    """Send everything over so many connections, each with one request under way; the seconds."""
    waiting: Iterator[bytes] = iter(requests)
    selector = selectors.DefaultSelector()
    lines = [Connection(port) for _ in range(connections)]
    began = time.perf_counter()
    open_lines = 0
    for line in lines:
        data = next(waiting, None)
        if data is not None:
            line.write(data)
            selector.register(line.socket, selectors.EVENT_READ, line)
            open_lines += 1
    while open_lines:
        for key, _ in selector.select():
            line = key.data
            body = line.take()
            if body is None:
                continue
            if b'"ErrorCode":"0"' not in body:
                raise SystemExit(f"the axis refused: {body[:300]!r}")
            data = next(waiting, None)
            if data is None:
                selector.unregister(line.socket)
                open_lines -= 1
            else:
                line.write(data)
    return time.perf_counter() - began


def fetch_all(door: Door, share: int, shares: int) -> tuple[int, float]:
    """List, fetch and settle this share of what waits; how many, and the seconds."""
    line = Connection(door.port)
    began, done = time.perf_counter(), 0
    while mine := next_of(share, shares, line, door):
        for doc_id in mine:
            base64.b64decode(
                line.ask(request(door, "getEdoc", {"docId": doc_id, "filePath": "/x"}, b"{}"))["data"]
            )
            line.ask(request(door, "updateStatus", {"docId": doc_id, "status": "done"}, b"{}"))
            done += 1
    return done, time.perf_counter() - began


def next_of(share: int, shares: int, line: Connection, door: Door) -> list[str]:
    """What waits of this share on the first page that has any of it; empty when there is no such page."""
    wanted = {"servicetype": "eDoc", "messagetype": "edoc", "pageSize": "500"}
    for page in itertools.count(FIRST_PAGE):
        rows = line.ask(request(door, "getReceivedEdocList", wanted | {"pageIndex": str(page)}))["data"]
        mine = [row["docId"] for row in rows if int(row["docId"], 16) % shares == share]
        if mine or not rows:
            return mine
    raise AssertionError("pages never end")


def main() -> None:
    """Take a task from the standard input, say ready, wait for a line, work, print what came of it."""
    task = pickle.load(sys.stdin.buffer)
    tasks: dict[str, Callable[[], object]] = {
        "send": lambda: (
            len(task["requests"]),
            send_all(task["port"], task["requests"], task["connections"]),
        ),
        "fetch": lambda: fetch_all(Door(*task["door"]), task["share"], task["shares"]),
    }
    print("ready", flush=True)
    sys.stdin.buffer.readline()
    print(json.dumps(tasks[task["what"]]()), flush=True)


if __name__ == "__main__":
    main()
