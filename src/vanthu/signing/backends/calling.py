"""Calls to services outside: certificates are checked, and no server keeps us longer than it may."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from http.client import HTTPConnection, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import urlsplit


def connection_to(url: str, timeout: float) -> HTTPConnection:
    """A connection that is not open yet: no proxy of the environment, no cookies, no redirects."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=_tls())
    return HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@contextmanager
def time_limit(connection: HTTPConnection, seconds: float) -> Iterator[Callable[[], bool]]:
    """Cut the connection after so many seconds: a server that sends a byte now and then never times out by itself."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield over.is_set
    finally:
        timer.cancel()
        connection.close()
