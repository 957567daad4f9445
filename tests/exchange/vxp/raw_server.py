"""A server that writes bytes, not HTTP: it answers as the test says, however wrong, and keeps what it was asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

CAPTURES = Path(__file__).parents[2] / "axis" / "captures"
ANSWERS = {
    row["call"]: row["body"] for row in map(json.loads, (CAPTURES / "answers.jsonl").read_text().splitlines())
}


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire, and on which connection."""

    raw: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.raw.split(b"\r\n", 1)[0].decode()

    @property
    def headers(self) -> list[tuple[str, str]]:
        head = self.raw.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n")[1:]
        return [(name, value.strip()) for name, _, value in (row.partition(":") for row in head)]

    @property
    def body(self) -> bytes:
        return self.raw.split(b"\r\n\r\n", 1)[1]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


Script = Callable[[socket.socket, Request], bool | None]
"""Writes an answer to the socket; True keeps the connection open for the next request."""


def http(
    body: bytes, *, status: str = "200 OK", headers: Iterable[str] = ("Content-Type: application/json",)
) -> bytes:
    head = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def says(body: object, **kwargs: object) -> Script:
    """An honest answer: JSON, or the bytes given, after which the connection stays open."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(connection: socket.socket, _request: Request) -> bool:
        connection.sendall(http(raw, **kwargs))  # type: ignore[arg-type]
        return True

    return answer


def writes(raw: bytes) -> Script:
    """Exactly these bytes, after which the connection is closed."""

    def answer(connection: socket.socket, _request: Request) -> None:
        connection.sendall(raw)

    return answer


def resets(connection: socket.socket, _request: Request) -> None:
    """Nothing, and the connection is torn down."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


class RawServer:
    """Listens on 127.0.0.1; the scripts are played in turn, the last one for ever."""

    def __init__(self, *scripts: Script) -> None:
        self.requests: list[Request] = []
        self.gave_up = threading.Event()
        self._scripts = list(scripts)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            connection.close()
        self._thread.join(5)

    def hangs(self, _connection: socket.socket, _request: Request) -> None:
        """No answer until the other side gives up."""
        _connection.recv(1)
        self.gave_up.set()

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            number = len(self._connections)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            while raw := _request_from(connection):
                request = Request(raw, number)
                self.requests.append(request)
                script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
                if not script(connection, request):
                    break
        except OSError:
            pass  # The client has gone, or the test is over: what came is kept.
        finally:
            connection.close()


def _request_from(connection: socket.socket) -> bytes:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(65536)
        if not piece:
            return b""
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [row for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")]
    wanted = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < wanted:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
