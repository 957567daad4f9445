"""The line of the fault run itself: it spoils what it says, and passes the rest on unchanged."""

from __future__ import annotations

import socket

import pytest

from tests.axis.faulty_proxy import FaultyProxy
from tests.exchange.vxp.raw_server import RawServer, says
from tests.ports import quiet_port

REQUEST = (
    b"POST /XrdAdapter/adapter/sendEdoc HTTP/1.1\r\nHost: a\r\nX-Kept: 1\r\nContent-Length: 5\r\n\r\nhello"
)
CALLS = 240


def ask(port: int, *, patience: float) -> bytes:
    """What comes back for one request; empty where the line was cut."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        line.sendall(REQUEST)
        line.shutdown(socket.SHUT_WR)
        heard = b""
        try:
            while piece := line.recv(65536):
                heard += piece
        except OSError:
            return b""
        return heard


def test_an_honest_line_passes_everything_on_unchanged() -> None:
    with RawServer(says({"status": "OK"})) as axis:
        port = quiet_port()
        with FaultyProxy(port, ("127.0.0.1", axis.port), seed=1, share=0, patience=0.2) as proxy:
            assert ask(port, patience=5).endswith(b'{"status": "OK"}')
        assert proxy.counts == {"calls": 1}
    (request,) = axis.requests
    assert request.body == b"hello"
    assert request.header("X-Kept") == "1"


@pytest.mark.timeout(60)
def test_a_faulty_line_spoils_its_share_in_every_way() -> None:
    with RawServer(says({"status": "OK"})) as axis:
        port = quiet_port()
        with FaultyProxy(port, ("127.0.0.1", axis.port), seed=7, share=0.5, patience=0.02) as proxy:
            whole = sum(ask(port, patience=5).endswith(b'{"status": "OK"}') for _ in range(CALLS))
        counts = proxy.counts
    assert counts["calls"] == CALLS
    assert 0.4 < proxy.faulty_share < 0.6
    assert {name for name, _ in proxy._faults} <= set(counts)
    assert whole >= CALLS - counts["faulty"]
    assert len(axis.requests) > whole - counts["faulty"]
