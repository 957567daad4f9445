"""A line that cannot be relied on: an HTTP proxy in front of the axis that spoils calls by a seeded chance.

It imports nothing of the product. Each request is read whole; then chance says what becomes of it.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

HANG = 0.2
"""Seconds added to the caller's patience before a hanging call is let go."""
HOLD = 0.05
"""Seconds that a request is held back so that later ones overtake it."""
LATE = 0.3
LARGEST = 1 << 28

PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def _answer(status: str, body: bytes, media_type: str) -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + body


ERRORS = (
    _answer("502 Bad Gateway", PAGE, "text/html"),
    _answer("200 OK", PAGE, "text/html; charset=utf-8"),
    _answer("503 Service Unavailable", b"", "text/plain"),
    _answer("500 Internal Server Error", b"oops", "text/plain"),
    _answer("401 Unauthorized", b"Unauthorized", "text/plain"),
    _answer("200 OK", b'{"status":"FAIL","ErrorCode":"20","ErrorDesc":"Loi he thong"}', "application/json"),
    _answer("200 OK", b'{"status":"FAIL","ErrorCode":"21","ErrorDesc":"Loi xu ly file"}', "application/json"),
)


class _Gone(OSError):
    """The other side has closed."""


@dataclass(frozen=True)
class Heard:
    """One message of HTTP/1.1 as it came."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def call(self) -> str:
        return self.head.split(b" ", 2)[1].rsplit(b"/", 1)[-1].decode("latin-1")


class FaultyProxy:
    """Listens on a port and forwards to the axis; of the calls it spoils about `share`.

    `counts` says afterwards what it did: `calls`, `faulty`, each fault by name. `patience` is how long callers wait.
    """

    def __init__(self, port: int, axis: tuple[str, int], *, seed: int, share: float, patience: float) -> None:
        self.counts: Counter[str] = Counter()
        self.by_call: Counter[str] = Counter()
        self.share = share
        self._axis, self._patience = axis, patience
        self._chance = random.Random(seed)
        self._noting = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256, reuse_port=False)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._faults: tuple[tuple[str, Callable[[socket.socket, Heard], bool]], ...] = (
            ("drop the request", self._drop_request),
            ("drop the answer", self._drop_answer),
            ("delay", self._delay),
            ("hang", self._hang),
            ("duplicate", self._duplicate),
            ("repeat late", self._repeat_late),
            ("reorder", self._reorder),
            ("truncate the request", self._truncate_request),
            ("truncate the answer", self._truncate_answer),
            ("error instead", self._error_instead),
            ("error afterwards", self._error_afterwards),
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def faulty_share(self) -> float:
        return self.counts["faulty"] / max(self.counts["calls"], 1)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _trouble: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Requests of one connection; it ends with the first that was spoilt, or when the caller has gone."""
        client.settimeout(30)
        with client:
            try:
                while not self._ended.is_set():
                    if not self._choose(client, _heard(client)):
                        return
            except OSError:
                return  # the caller gave up, or the axis is down: either is what the run is about

    def _choose(self, client: socket.socket, request: Heard) -> bool:
        with self._noting:
            self.counts["calls"] += 1
            self.by_call[request.call] += 1
            is_faulty = self._chance.random() < self.share
            name, fault = self._chance.choice(self._faults)
            if is_faulty:
                self.counts["faulty"] += 1
                self.counts[name] += 1
        return fault(client, request) if is_faulty else self._pass(client, request)

    def _chosen(self, options: tuple[bytes, ...]) -> bytes:
        with self._noting:
            return self._chance.choice(options)

    def _drawn(self, low: float, high: float) -> float:
        with self._noting:
            return self._chance.uniform(low, high)

    def _pass(self, client: socket.socket, request: Heard) -> bool:
        client.sendall(self._ask(request).raw)
        return True

    def _ask(self, request: Heard) -> Heard:
        """The axis' own answer. An axis that is down leaves the caller without one."""
        with socket.create_connection(self._axis, timeout=30) as axis:
            axis.sendall(_closing(request))
            return _heard(axis)

    def _drop_request(self, _client: socket.socket, _request: Heard) -> bool:
        return False

    def _drop_answer(self, _client: socket.socket, request: Heard) -> bool:
        self._ask(request)
        return False

    def _delay(self, client: socket.socket, request: Heard) -> bool:
        time.sleep(self._drawn(0, self._patience * 0.5))
        return self._pass(client, request)

    def _hang(self, _client: socket.socket, request: Heard) -> bool:
        """The axis has done it, but nobody hears so in time."""
        self._ask(request)
        self._ended.wait(self._patience + HANG)
        return False

    def _duplicate(self, client: socket.socket, request: Heard) -> bool:
        self._ask(request)
        return self._pass(client, request)

    def _repeat_late(self, client: socket.socket, request: Heard) -> bool:
        """What a router kept comes again, when everybody has gone on."""
        done = self._pass(client, request)
        timer = threading.Timer(self._drawn(0, LATE), self._ask_for_nobody, (request,))
        timer.daemon = True
        timer.start()
        return done

    def _ask_for_nobody(self, request: Heard) -> None:
        if self._ended.is_set():
            return
        try:
            self._ask(request)
        except OSError:
            self.counts["late repeats lost"] += 1

    def _reorder(self, client: socket.socket, request: Heard) -> bool:
        """Others that came later go first."""
        with self._noting:
            before = self.counts["calls"]
        until = time.monotonic() + HOLD
        while self.counts["calls"] < before + 3 and time.monotonic() < until:
            time.sleep(0.005)
        return self._pass(client, request)

    def _truncate_request(self, _client: socket.socket, request: Heard) -> bool:
        """The axis gets a part, and the line breaks."""
        raw = _closing(request)
        with socket.create_connection(self._axis, timeout=30) as axis:
            axis.sendall(raw[: int(self._drawn(1, len(raw) - 1))])
        return False

    def _truncate_answer(self, client: socket.socket, request: Heard) -> bool:
        raw = self._ask(request).raw
        client.sendall(raw[: int(self._drawn(1, len(raw) - 1))])
        return False

    def _error_instead(self, client: socket.socket, _request: Heard) -> bool:
        client.sendall(self._chosen(ERRORS))
        return False

    def _error_afterwards(self, client: socket.socket, request: Heard) -> bool:
        """The axis has done it; somebody in between says something else."""
        self._ask(request)
        # What the axis itself would say is no lie a proxy can tell.
        client.sendall(self._chosen(ERRORS[:4]))
        return False


def _closing(request: Heard) -> bytes:
    """The request as it came, on a connection for itself."""
    rows = request.head.split(b"\r\n")
    kept = [row for row in rows if not row.lower().startswith(b"connection:")]
    return b"\r\n".join([kept[0], b"Connection: close", *kept[1:]]) + request.body


def _heard(source: socket.socket) -> Heard:
    """One message, by Content-Length, in chunks or until the other side closes. Raises OSError."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(source)
    head, _, body = raw.partition(b"\r\n\r\n")
    head += b"\r\n\r\n"
    fields = {
        name.strip().lower(): value.strip().lower()
        for name, _, value in (row.partition(b":") for row in head.split(b"\r\n")[1:])
    }
    if fields.get(b"transfer-encoding") == b"chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(source)
        return Heard(head, body)
    if b"content-length" in fields:
        wanted = min(int(fields[b"content-length"]), LARGEST)
        parts, size = [body], len(body)
        while size < wanted:
            parts.append(_more(source))
            size += len(parts[-1])
        return Heard(head, b"".join(parts))
    if head.startswith(b"HTTP/"):
        while piece := source.recv(65536):
            body += piece
    return Heard(head, body)


def _more(source: socket.socket) -> bytes:
    piece = source.recv(262_144)
    if not piece:
        raise _Gone
    return piece
