"""Fetch revocation data from allowed addresses: one request, no redirect, with limits; the bytes are proved later.

Plain http is good enough: lists and answers carry their authority's signature, which is checked before use.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_CHUNK: Final = 64 * 1024
_OK: Final = 200

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class FetchFailed(Exception):
    """Nothing was fetched; `code` says why.

    `host`, `address`, `scheme` (not allowed), `name` (not resolved), `connection`, `timeout`, `status-NNN`, `size`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where one may ask, for how long, for how much."""

    hosts: frozenset[str]
    """`host` (usual ports) or `host:port`."""
    networks: tuple[Network, ...] = ()
    """Networks that are not public and are allowed all the same."""
    seconds: float = 20.0
    most_bytes: int = 50 * 1024 * 1024

    def may_ask(self, url: str) -> bool:
        """Tell whether an address is on the list; says nothing about what its name resolves to."""
        try:
            _place(urlsplit(url), self)
        except (FetchFailed, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int


def fetch(
    url: str,
    allowance: Allowance,
    *,
    body: bytes | None = None,
    content_type: str = "",
) -> bytes:
    """GET, or POST a body; return the whole answer. Refuses: `FetchFailed`."""
    try:
        parts = urlsplit(url)
        place = _place(parts, allowance)
    except ValueError:
        raise FetchFailed("host") from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _connected(place, allowance) as connection:
        try:
            connection.request(
                "POST" if body is not None else "GET",
                path,
                body,
                {"Content-Type": content_type} if content_type else {},
            )
            with connection.getresponse() as response:
                if response.status != _OK:
                    raise FetchFailed(f"status-{response.status}")
                return _read(response, allowance.most_bytes)
        except TimeoutError:
            raise FetchFailed("timeout") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise FetchFailed("connection") from None


def _place(parts: SplitResult, allowance: Allowance) -> _Place:
    if parts.scheme not in _PORTS or parts.username or parts.password:
        raise FetchFailed("scheme")
    host, usual = (parts.hostname or "").lower(), _PORTS[parts.scheme]
    port = parts.port or usual
    is_named = f"{host}:{port}" in allowance.hosts or (port == usual and host in allowance.hosts)
    if not host or not is_named:
        raise FetchFailed("host")
    return _Place(parts.scheme, host, port)


@contextmanager
def _connected(place: _Place, allowance: Allowance) -> Iterator[http.client.HTTPConnection]:
    address = _address(place, allowance)
    try:
        raw = socket.create_connection((address, place.port), timeout=allowance.seconds)
    except TimeoutError:
        raise FetchFailed("timeout") from None
    except OSError:
        raise FetchFailed("connection") from None
    # A server that drips byte by byte never meets a socket's own limit: the whole call has one, too.
    ended = threading.Event()
    watch = threading.Timer(allowance.seconds, _cut, (raw, ended))
    watch.daemon = True
    watch.start()
    try:
        connection = http.client.HTTPConnection(place.host, place.port, timeout=allowance.seconds)
        connection.sock = _secured(raw, place)
        yield connection
    except FetchFailed:
        if ended.is_set():
            raise FetchFailed("timeout") from None
        raise
    else:
        if ended.is_set():
            raise FetchFailed("timeout")  # an answer without a length, cut off, looks like a whole one
    finally:
        watch.cancel()
        raw.close()


def _cut(raw: socket.socket, ended: threading.Event) -> None:
    ended.set()
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already


def _secured(raw: socket.socket, place: _Place) -> socket.socket:
    if place.scheme != "https":
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=place.host)
    except OSError:
        raise FetchFailed("connection") from None


def _address(place: _Place, allowance: Allowance) -> str:
    """One allowed address of a host; what was looked at is what is connected to."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except OSError:
        raise FetchFailed("name") from None
    for *_, where in found:
        address = ipaddress.ip_address(str(where[0]).partition("%")[0])
        if address.is_global or any(address in network for network in allowance.networks):
            return str(where[0])
    raise FetchFailed("address")


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise FetchFailed("size")
        chunks.append(chunk)
    if response.length:
        raise FetchFailed("connection")  # it promised more
    return b"".join(chunks)
