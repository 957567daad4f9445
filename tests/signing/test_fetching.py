"""Fetching from a server that behaves badly: allowed addresses only, one request, limits."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.signing.trust_server import Authority, Market, Stall, market, name
from vanthu.signing.trust.caches import Refused, keep_answer, keep_list, sweep_answers
from vanthu.signing.trust.fetching import Allowance, FetchFailed, fetch
from vanthu.signing.trust.ocsp import request_for

LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"),)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def stalls() -> Iterator[Market]:
    with market() as here:
        yield here


@pytest.fixture
def allowed(stalls: Market) -> Allowance:
    return Allowance(frozenset({stalls.host}), LOOPBACK, seconds=1.0, most_bytes=100_000)


def failure(url: str, allowance: Allowance) -> str:
    with pytest.raises(FetchFailed) as caught:
        fetch(url, allowance)
    return caught.value.code


def test_an_allowed_address_gives_its_bytes(stalls: Market, allowed: Allowance) -> None:
    stalls.stalls["/a.crl"] = Stall(b"list")
    assert fetch(stalls.url("/a.crl"), allowed) == b"list"
    assert (
        fetch(stalls.url("/a.crl"), allowed, body=b"ask", content_type="application/ocsp-request") == b"list"
    )
    assert stalls.asked[-1] == ("POST", "/a.crl", b"ask")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://elsewhere.example/a.crl", "host"),
        ("http://127.0.0.1/a.crl", "host"),
        ("http://127.0.0.1:1@elsewhere.example/", "scheme"),
        ("ftp://127.0.0.1/a.crl", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("http:///a.crl", "host"),
        ("http://[::1/a.crl", "host"),
        ("http://127.0.0.1:99999/a.crl", "host"),
    ],
)
def test_an_address_that_is_not_on_the_list_is_never_called(
    url: str, code: str, stalls: Market, allowed: Allowance
) -> None:
    before = len(stalls.asked)
    assert failure(url, allowed) == code
    assert not allowed.may_ask(url)
    assert len(stalls.asked) == before


def test_a_name_that_leads_inside_is_refused_unless_the_network_is_allowed(
    stalls: Market, allowed: Allowance
) -> None:
    assert failure(stalls.url("/a.crl"), replace(allowed, networks=())) == "address"


def test_a_redirect_is_not_followed(stalls: Market, allowed: Allowance) -> None:
    stalls.stalls["/moved"] = Stall(status=302, location=stalls.url("/a.crl"))
    before = len(stalls.asked)
    assert failure(stalls.url("/moved"), allowed) == "status-302"
    assert len(stalls.asked) == before + 1


def test_what_is_too_large_or_cut_short_is_refused(stalls: Market, allowed: Allowance) -> None:
    stalls.stalls["/endless"] = Stall(endless=True)
    stalls.stalls["/short"] = Stall(b"half", promised=5000)
    assert failure(stalls.url("/endless"), allowed) == "size"
    assert failure(stalls.url("/short"), allowed) in {"connection", "timeout"}


def test_a_server_that_drips_byte_by_byte_is_cut_off(stalls: Market, allowed: Allowance) -> None:
    stalls.stalls["/drip"] = Stall(drip=True)
    started = time.monotonic()
    assert failure(stalls.url("/drip"), allowed) in {"timeout", "connection"}
    assert time.monotonic() - started < 5


def test_nobody_there_is_a_connection_that_failed(allowed: Allowance) -> None:
    nowhere = replace(allowed, hosts=frozenset({"127.0.0.1:9"}))
    assert failure("http://127.0.0.1:9/a.crl", nowhere) == "connection"


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.root("Gốc", datetime.fromisoformat("2026-01-01T00:00:00+07:00"))


def test_a_list_replaces_the_former_only_when_it_is_proved(
    root: Authority, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "crl" / "a.crl"
    good = root.crl(now)
    keep_list(path, good, root.certificate, now=now)
    bad = {
        "unreadable": b"junk",
        "signature": Authority.root("Gốc", now).crl(now),
        "early": root.crl(now + DAY),
        "lapsed": root.crl(now - 3 * DAY),
        "older": root.crl(now - timedelta(hours=1)),
    }
    for code, data in bad.items():
        with pytest.raises(Refused) as caught:
            keep_list(path, data, root.certificate, now=now)
        assert caught.value.code == code
        assert path.read_bytes() == good
    newer = root.crl(now + timedelta(minutes=1))
    keep_list(path, newer, root.certificate, now=now)
    assert path.read_bytes() == newer


def test_an_answer_is_kept_only_when_it_is_proved(root: Authority, now: datetime, tmp_path: Path) -> None:
    leaf = root.leaf(name("Nguyễn Văn An"), now).certificate
    other = root.leaf(name("Người khác"), now).certificate
    _, nonce = request_for(leaf, root.certificate)
    bad = {
        "unreadable": b"junk",
        "signature": Authority.root("Gốc", now).ocsp(leaf, now),
        "early": root.ocsp(leaf, now + DAY),
        "lapsed": root.ocsp(leaf, now - 3 * DAY),
        "nonce": root.ocsp(leaf, now, nonce=b"another question"),
    }
    for code, data in bad.items():
        with pytest.raises(Refused) as caught:
            keep_answer(tmp_path, data, leaf, root.certificate, nonce=nonce, now=now)
        assert caught.value.code == code
    with pytest.raises(Refused):
        keep_answer(tmp_path, root.ocsp(other, now), leaf, root.certificate, nonce=nonce, now=now)
    assert not list(tmp_path.rglob("*.ocsp"))
    for data in (root.ocsp(leaf, now), root.ocsp(leaf, now, nonce=nonce)):
        keep_answer(tmp_path, data, leaf, root.certificate, nonce=nonce, now=now)
    assert len(list(tmp_path.rglob("*.ocsp"))) == 1
    assert sweep_answers(tmp_path, now=now) == 0
    assert sweep_answers(tmp_path, now=now + 2 * DAY) == 1
