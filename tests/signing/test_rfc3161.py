"""The client of time-stamping authorities against a real server that behaves badly on demand."""

import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import LazySettings

from tests.signing.tsa_server import POLICY, StampKey, StampRoot, TsaServer, running
from vanthu.kernel.retry import Backoff
from vanthu.signing import timestamping
from vanthu.signing.backends.authorities import Authorities, TimestampUnavailable
from vanthu.signing.backends.rfc3161 import AuthorityAddress, AuthorityFailed, checked_token, request_token
from vanthu.signing.trust.store import TrustStore, TrustStoreError
from vanthu.signing.waiting import wait_for

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
DIGEST = hashlib.sha256(b"chu ky").digest()
YEAR = timedelta(days=365)
IMPRINT = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": DIGEST}


@pytest.fixture(scope="module")
def root() -> StampRoot:
    return StampRoot(NOW - YEAR)


@pytest.fixture(scope="module")
def key(root: StampRoot) -> StampKey:
    return root.authority(NOW - YEAR, NOW + YEAR)


@pytest.fixture(scope="module")
def trust(root: StampRoot) -> TrustStore:
    return TrustStore((root.der,), (), (root.crl(NOW),), (root.der,))


@pytest.fixture
def server(key: StampKey) -> Iterator[TsaServer]:
    with running(TsaServer(key, lambda: NOW)) as started:
        yield started


@pytest.fixture
def second(key: StampKey) -> Iterator[TsaServer]:
    with running(TsaServer(key, lambda: NOW)) as started:
        yield started


def address(server: TsaServer, **changes: object) -> AuthorityAddress:
    return replace(AuthorityAddress(server.url), **changes)  # type: ignore[arg-type]


def ask(server: TsaServer, trust: TrustStore, within: float = 5, **changes: object) -> bytes:
    return request_token(address(server, **changes), DIGEST, trust=trust, now=NOW, within=within)


def group(
    trust: TrustStore,
    places: Path,
    *servers: TsaServer,
    clock: Callable[[], float] = time.monotonic,
    **fields: object,
) -> Authorities:
    addresses = tuple(address(server, total_seconds=5) for server in servers)
    return Authorities(addresses, trust=lambda: trust, places=places, clock=clock, **fields)  # type: ignore[arg-type]


def genuine(token: bytes) -> bool:
    info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    return bool(info["message_imprint"]["hashed_message"].native == DIGEST and info["gen_time"].native == NOW)


@pytest.mark.parametrize("behaviour", ["good", "granted-with-mods", "slow good"])
def test_a_token_is_fetched_and_checked(server: TsaServer, trust: TrustStore, behaviour: str) -> None:
    server.behaviour = behaviour
    assert genuine(ask(server, trust))
    assert server.served == 1
    assert "Cookie" not in server.headers


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("html", "malformed"),
        ("empty", "malformed"),
        ("truncated", "malformed"),
        ("appended", "malformed"),
        ("huge", "too-large"),
        ("rejection", "rejected"),
        ("wrong-nonce", "wrong-nonce"),
        ("no-nonce", "wrong-nonce"),
        ("wrong-imprint", "wrong-imprint"),
        ("other-hash", "wrong-imprint"),
        ("old-time", "wrong-time"),
        ("bad-signature", "bad-signature"),
        ("no-certificate", "untrusted"),
        ("500", "http-500"),
        ("302", "redirect"),
        ("401", "http-401"),
        ("reset", "unreachable"),
    ],
)
def test_an_answer_that_does_not_hold_is_never_used(
    server: TsaServer, trust: TrustStore, behaviour: str, reason: str
) -> None:
    server.behaviour = behaviour
    with pytest.raises(AuthorityFailed) as failure:
        ask(server, trust)
    assert failure.value.reason == reason
    assert server.served == 1


@pytest.mark.parametrize("behaviour", ["hang", "drip"])
def test_the_whole_exchange_ends_in_time(server: TsaServer, trust: TrustStore, behaviour: str) -> None:
    server.behaviour = behaviour
    begun = time.monotonic()
    with pytest.raises(AuthorityFailed, match="slow"):
        ask(server, trust, within=0.3)
    assert time.monotonic() - begun < 1.5


def test_a_policy_that_was_asked_for_must_stand_in_the_token(server: TsaServer, trust: TrustStore) -> None:
    assert genuine(ask(server, trust, policy=POLICY))
    server.behaviour = "other-policy"
    with pytest.raises(AuthorityFailed, match="wrong-policy"):
        ask(server, trust, policy=POLICY)


def test_an_authority_must_be_trusted_valid_and_made_for_stamping(
    server: TsaServer, root: StampRoot, trust: TrustStore
) -> None:
    stranger = StampRoot(NOW - YEAR).authority(NOW - YEAR, NOW + YEAR)
    expired = root.authority(NOW - 2 * YEAR, NOW - timedelta(days=1))
    twofold = root.authority(
        NOW - YEAR, NOW + YEAR, purposes=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH)
    )
    casual = root.authority(NOW - YEAR, NOW + YEAR, critical=False)
    for bad in (stranger, expired, twofold, casual):
        server.key = bad
        with pytest.raises(AuthorityFailed, match="untrusted"):
            ask(server, trust)


def test_a_revoked_authority_is_not_believed(server: TsaServer, root: StampRoot) -> None:
    thief = root.authority(NOW - YEAR, NOW + YEAR)
    server.key = thief
    root.revoked[thief.certificate.serial_number] = NOW - timedelta(days=1)
    told = TrustStore((root.der,), (), (root.crl(NOW),), (root.der,))
    root.revoked.clear()
    with pytest.raises(AuthorityFailed, match="revoked"):
        ask(server, told)


def test_nobody_listens(server: TsaServer, trust: TrustStore) -> None:
    closed = replace(address(server), url="http://127.0.0.1:9/")
    with pytest.raises(AuthorityFailed, match="unreachable"):
        request_token(closed, DIGEST, trust=trust, now=NOW, within=1)


def test_the_next_authority_answers_when_the_first_is_bad(
    server: TsaServer, second: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    server.behaviour = "500"
    assert genuine(group(trust, tmp_path, server, second).token(DIGEST, now=NOW))
    assert (server.served, second.served) == (1, 1)


def test_who_failed_is_left_alone_for_a_while_and_longer_each_time(
    server: TsaServer, second: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    server.behaviour, clock = "500", [0.0]
    both = group(trust, tmp_path, server, second, clock=lambda: clock[0])
    for moment, asked in ((0, 1), (10, 1), (45, 2), (80, 2), (150, 3)):
        clock[0] = moment
        both.token(DIGEST, now=NOW)
        assert server.served == asked
    assert [(item.is_away, item.reason) for item in both.standings()] == [(True, "http-500"), (False, "")]
    server.behaviour, clock[0] = "good", 400
    both.token(DIGEST, now=NOW)
    assert server.served == 4
    assert not both.standings()[0].failures


def test_a_desk_waits_once_and_then_not_at_all(server: TsaServer, trust: TrustStore, tmp_path: Path) -> None:
    server.behaviour = "hang"
    desk = group(trust, tmp_path, server)
    begun = time.monotonic()
    for _ in range(20):
        with pytest.raises(TimestampUnavailable):
            desk.token(DIGEST, now=NOW, within=0.3)
    assert 0.3 <= time.monotonic() - begun < 1.5
    assert server.served == 1


def test_several_hanging_authorities_share_one_limit(
    server: TsaServer, second: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    server.behaviour = second.behaviour = "hang"
    begun = time.monotonic()
    with pytest.raises(TimestampUnavailable) as refusal:
        group(trust, tmp_path, server, second).token(DIGEST, now=NOW, within=0.3)
    assert time.monotonic() - begun < 1.0
    assert "slow" in refusal.value.details["why"]


def test_no_more_than_four_requests_stand_before_an_authority(
    server: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    server.behaviour = "slow good"
    desk = group(trust, tmp_path, server)
    tokens: list[bytes] = []
    threads = [threading.Thread(target=lambda: tokens.append(desk.token(DIGEST, now=NOW))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 12
    assert server.together == 4


def test_patience_asks_again_with_growing_pauses_until_an_answer_comes(
    server: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    server.behaviour, pauses = "500", list[float]()

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            server.behaviour = "good"

    backoff = Backoff(first=timedelta(seconds=2), attempts=3)
    token = group(trust, tmp_path, server).token_patiently(DIGEST, now=NOW, backoff=backoff, wait=wait)
    assert genuine(token)
    assert 1.5 <= pauses[0] <= 2.5 < pauses[1] <= 5


def test_patience_ends(server: TsaServer, trust: TrustStore, tmp_path: Path) -> None:
    server.behaviour, pauses = "html", list[float]()
    with pytest.raises(TimestampUnavailable):
        group(trust, tmp_path, server).token_patiently(
            DIGEST, now=NOW, backoff=Backoff(attempts=3), wait=pauses.append
        )
    assert (server.served, len(pauses)) == (3, 2)


def test_without_any_authority_the_refusal_says_so(trust: TrustStore, tmp_path: Path) -> None:
    with pytest.raises(TimestampUnavailable, match="not-configured"):
        group(trust, tmp_path).token(DIGEST, now=NOW)


def test_an_address_carries_its_own_limits() -> None:
    parsed = AuthorityAddress.parse(" http://tsa.example/a?b=c#total=180&read=170&policy=1.2.3 ")
    assert parsed == AuthorityAddress(
        "http://tsa.example/a?b=c", read_seconds=170, total_seconds=180, policy="1.2.3"
    )


@pytest.mark.parametrize(
    "text", ["ftp://a.example", "tsa.example", "http://u:p@a.example/", "http://a.example/#wait=3", "http://"]
)
def test_an_address_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="VANTHU_TSA"):
        AuthorityAddress.parse(text)


def test_an_answer_with_changed_bytes_is_refused_or_is_still_the_same_stamp(
    server: TsaServer, trust: TrustStore
) -> None:
    asked = tsp.TimeStampReq({"version": 1, "message_imprint": IMPRINT, "nonce": 7, "cert_req": True})
    answer, chance, accepted = server.token(asked), random.Random(20261102), 0
    for _ in range(400):
        changed = bytearray(answer)
        for _ in range(chance.choice((1, 1, 1, 4, 40))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if chance.random() < 0.2:
            del changed[chance.randrange(len(changed)) :]
        try:
            token = checked_token(bytes(changed), digest=DIGEST, nonce=7, policy="", trust=trust, now=NOW)
        except AuthorityFailed:
            continue
        accepted += 1
        assert genuine(token)
    assert accepted < 40  # what is not signed around the token may be anything


def test_who_waited_long_may_still_use_the_stamp_of_this_minute(
    server: TsaServer, trust: TrustStore, tmp_path: Path
) -> None:
    late = NOW + timedelta(minutes=25)
    server.clock, clock = (lambda: late), [0.0]
    desk = group(trust, tmp_path, server, clock=lambda: clock[0])
    with pytest.raises(TimestampUnavailable, match="unavailable"):
        desk.token(DIGEST, now=NOW)

    def wait(seconds: float) -> None:
        clock[0] += 25 * 60

    assert desk.token_patiently(DIGEST, now=NOW, backoff=Backoff(attempts=2), wait=wait)


def test_without_anything_to_believe_in_the_desk_goes_on(server: TsaServer, tmp_path: Path) -> None:
    def nothing() -> TrustStore:
        raise TrustStoreError("nothing imported yet")

    desk = Authorities((address(server),), trust=nothing, places=tmp_path)
    with pytest.raises(TimestampUnavailable) as refusal:
        desk.token(DIGEST, now=NOW)
    assert refusal.value.details["why"] == "unready"
    assert server.served == 0


@pytest.mark.parametrize("configured", [(), ("tsa.example",)], ids=["none", "not understood"])
def test_outside_the_demonstration_nothing_is_stamped_without_an_authority(
    settings: LazySettings, configured: tuple[str, ...]
) -> None:
    settings.VANTHU_DEMO, settings.VANTHU_TSA = False, configured
    with pytest.raises(TimestampUnavailable, match="not-configured"):
        timestamping.timestamp_token(DIGEST, now=NOW)
    at_the_desk = timestamping.desk_timestamps(NOW).stamper_at(NOW)
    assert wait_for(at_the_desk.async_timestamp(DIGEST, "sha256")) is None
    in_the_background = timestamping.worker_timestamps(NOW).stamper_at(NOW)
    with pytest.raises(TimestampUnavailable):
        wait_for(in_the_background.async_timestamp(DIGEST, "sha256"))


def test_the_demonstration_stamps_by_itself(settings: LazySettings, tmp_path: Path) -> None:
    settings.VANTHU_DEMO, settings.VANTHU_TSA, settings.VANTHU_PKI = True, (), tmp_path
    assert genuine(timestamping.timestamp_token(DIGEST, now=NOW))
    assert timestamping.standings() == ()
