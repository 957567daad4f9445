"""One exchange over HTTP: a request as it was captured, an answer within time and size, and how it broke otherwise."""

from __future__ import annotations

import atexit
import os
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

from vanthu.edxml.gateway import PATH, Call
from vanthu.exchange.channels.vxp.settings import LineSettings
from vanthu.exchange.rules.diagnoses import Break

LONGEST_CONNECT = 10.0
SLOWEST = 16 * 1024
"""Bytes a second below which an answer that trickles in is given up."""
IDLE = 30.0
AT_ONCE = 10
"""The vendor's client opens at most so many connections."""


class LineBroken(Exception):
    """There is no answer: `how` says at which point it ended."""

    def __init__(self, how: Break, detail: str) -> None:
        super().__init__(f"{how}: {detail}")
        self.how = how
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: how long it is, and its pieces."""

    size: int
    pieces: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Head:
    """How an answer begins."""

    status: int
    content_type: str
    date: datetime | None


Sink = Callable[[Head, bytes], None]


def exchange(
    line: LineSettings,
    call: Call,
    headers: Sequence[tuple[str, str]],
    body: Body | None,
    sink: Sink,
    limit: int,
) -> Head:
    """Send a request and hand the answer to `sink` piece by piece (once with nothing, when it has no body).

    Raises `LineBroken`. No redirect is followed, no proxy of the environment is used, nothing is compressed.
    """
    try:
        request = _request(line, call, headers, body)
        response = _pool(line).send(request, stream=True)
        with closing(response):
            head = _head(response)
            _read(response, head, sink, limit, line.timeout.total_seconds())
    except httpx.HTTPError as error:
        raise LineBroken(_how(error), _told(error)) from error
    except (httpx.InvalidURL, ssl.SSLError, OSError) as error:
        how = Break.TLS if isinstance(error, ssl.SSLError) else Break.UNREACHABLE
        raise LineBroken(how, _told(error)) from error
    return head


def _request(
    line: LineSettings, call: Call, headers: Sequence[tuple[str, str]], body: Body | None
) -> httpx.Request:
    """The request itself, not made by the client: that would add headers of its own."""
    url = httpx.URL(f"{line.url}{PATH}/{call.name}")
    transport = [
        ("Host", url.netloc.decode("ascii")),
        ("Connection", "Keep-Alive"),
        ("Accept-Encoding", "identity"),
    ]
    if body is not None:
        transport.insert(0, ("Content-Length", str(body.size)))
    seconds = line.timeout.total_seconds()
    timeout = httpx.Timeout(seconds, connect=min(seconds, LONGEST_CONNECT))
    return httpx.Request(
        call.method,
        url,
        headers=[*headers, *transport],
        content=body.pieces() if body is not None and body.size else None,
        extensions={"timeout": timeout.as_dict()},
    )


_POOLS: dict[LineSettings, httpx.Client] = {}
_CHANGING = threading.Lock()


def _pool(line: LineSettings) -> httpx.Client:
    """Connections that are kept open between calls. A process may have two lines: its own, and its axis' to the next."""
    with _CHANGING:
        if line not in _POOLS:
            _POOLS[line] = _client(line)
        return _POOLS[line]


def close_connections() -> None:
    """Let go of what is kept open, once nobody calls any more."""
    while _POOLS:
        _POOLS.popitem()[1].close()


atexit.register(close_connections)
# A child must not speak on its parent's connections; it makes its own.
os.register_at_fork(after_in_child=_POOLS.clear)


def _client(line: LineSettings) -> httpx.Client:
    try:
        trusted = ssl.create_default_context(cafile=str(line.ca_file) if line.ca_file else None)
    except OSError as error:
        raise LineBroken(Break.TLS, f"{line.ca_file}: {_told(error)}") from error
    return httpx.Client(
        verify=trusted,
        proxy=line.proxy or None,
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(
            max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE, keepalive_expiry=IDLE
        ),
    )


def _head(response: httpx.Response) -> Head:
    return Head(response.status_code, response.headers.get("Content-Type", ""), _date(response.headers))


def _date(headers: Mapping[str, str]) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _read(response: httpx.Response, head: Head, sink: Sink, limit: int, patience: float) -> None:
    started, size = time.monotonic(), 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > limit:
            raise LineBroken(Break.TOO_LARGE, f"over {limit} bytes")
        if time.monotonic() - started > patience + size / SLOWEST:
            raise LineBroken(Break.TIMEOUT, f"{size} bytes in {time.monotonic() - started:.0f} s")
        sink(head, piece)
    if not size:
        sink(head, b"")


def _how(error: httpx.HTTPError) -> Break:
    match error:
        case httpx.ConnectError():
            return Break.TLS if _is_about_trust(error) else Break.UNREACHABLE
        case httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.ProxyError() | httpx.UnsupportedProtocol():
            return Break.UNREACHABLE
        case httpx.TimeoutException():
            return Break.TIMEOUT
        case _:
            return Break.BROKEN


def _is_about_trust(error: BaseException) -> bool:
    step: BaseException | None = error
    while step is not None:
        if isinstance(step, ssl.SSLError):
            return True
        step = step.__cause__ or step.__context__
    return False


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
