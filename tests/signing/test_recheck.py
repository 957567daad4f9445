"""A check that lacks revocation data asks for it and is made again; what a verdict used is kept as evidence (M29, M30)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.signing import a_verdict
from tests.proof import audited
from tests.signing.conftest import build_draft, personal_request
from tests.signing.trust_server import Authority, Market, Stall, market, name
from vanthu.documents.queries import record_of
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotReady
from vanthu.schedule import SWEEPS
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.models import FileCheck, RevocationSource
from vanthu.signing.operations import (
    check_file,
    import_anchors,
    pin_anchor,
    recheck_open,
    record_check,
    refresh_lists,
    seek_revocation,
)
from vanthu.signing.queries import known_verdict, trusted_authorities
from vanthu.signing.registers import LAPSED_LIST, NO_LIST, NOT_FETCHED
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.trust.pins import fingerprint

pytestmark = pytest.mark.django_db
ADMIN = system_actor(None)
HOUR = timedelta(hours=1)


@dataclass
class World:
    """An authority with its server, trusted by this installation, and a letter that one of its people has signed."""

    market: Market
    root: Authority
    ca: Authority
    leaf: Authority
    sha256: str

    def serve_lists(self, now: datetime) -> None:
        self.market.stalls["/root.crl"] = Stall(self.root.crl(now))

    def serve_answer(self, now: datetime, **more: object) -> None:
        answer = self.ca.ocsp(self.leaf.certificate, now, **more)  # type: ignore[arg-type]
        self.market.stalls["/ocsp"] = Stall(answer)


@pytest.fixture
def world(settings: LazySettings, tmp_path: Path, now: datetime) -> Iterator[World]:
    with market() as here:
        settings.VANTHU_DEMO = False
        settings.VANTHU_TRUST = tmp_path / "trust"
        settings.VANTHU_REVOCATION_HOSTS = (here.host,)
        settings.VANTHU_REVOCATION_NETWORKS = ("127.0.0.1/32",)
        settings.VANTHU_REVOCATION_SECONDS = 2.0
        root = Authority.root("Gốc", now - timedelta(days=30))
        ca = root.subordinate("Cấp dưới", now, crl_url=here.url("/root.crl"))
        pin_anchor(
            actor=ADMIN, sha256=fingerprint(root.certificate), name="Gốc", source="Thử nghiệm", now=now
        )
        import_anchors(actor=ADMIN, contents={"root": root.der, "ca": ca.der}, now=now)
        leaf = ca.leaf(
            name("Nguyễn Văn An", uids=("CCCD:001099000001",)),
            now,
            ocsp_url=here.url("/ocsp"),
            crl_url=here.url("/ca.crl"),
            is_rsa=True,
        )
        yield World(here, root, ca, leaf, _signed(ca, leaf, now))


def _signed(ca: Authority, leaf: Authority, now: datetime) -> str:
    stamping = ca.leaf(name("TSA"), now, purposes=(ExtendedKeyUsageOID.TIME_STAMPING,), is_rsa=True)
    assert isinstance(stamping.key, RSAPrivateKey)
    stamps = LocalTimestampAuthority(stamping.der, stamping.key, chain=(ca.der,))
    backend = Pkcs12Backend(leaf.bundle(b"x"), "x", timestamps=stamps)
    return blobs().put(backend.sign(build_draft(), personal_request(signed_at=now)))


def checked(world: World, now: datetime) -> Verdict:
    return check_file(actor=ADMIN, sha256=world.sha256, now=now).verdict


def test_lists_are_fetched_on_the_timetable_and_told_to_the_log(world: World, now: datetime) -> None:
    assert "refresh-revocation-lists" in {sweep.name for sweep in SWEEPS}
    world.serve_lists(now)
    with audited() as log:
        (outcome,) = refresh_lists(now=now)
    assert outcome.is_ok
    assert log.by("signing.revocation.fetch").detail["url"] == world.market.url("/root.crl")
    assert refresh_lists(now=now + HOUR) == ()
    assert [item.url for item in refresh_lists(now=now + 20 * HOUR)] == [world.market.url("/root.crl")]


def test_a_list_that_can_not_be_fetched_is_tried_again_later_and_later(world: World, now: datetime) -> None:
    (outcome,) = refresh_lists(now=now)
    assert (outcome.is_ok, outcome.why) == (False, "status-404")
    assert refresh_lists(now=now + timedelta(minutes=1)) == ()
    assert len(refresh_lists(now=now + timedelta(minutes=6))) == 1
    assert refresh_lists(now=now + timedelta(minutes=12)) == ()
    source = RevocationSource.objects.get()
    assert (source.failures, source.last_error) == (2, "status-404")


def test_the_store_says_what_is_wrong_in_words(world: World, now: datetime) -> None:
    world.serve_lists(now)
    problems = {row.name: row.problems for row in trusted_authorities(now=now)}
    assert problems == {"Gốc": (NO_LIST,), "Cấp dưới": (NO_LIST,)}
    refresh_lists(now=now)
    rows = {row.name: row for row in trusted_authorities(now=now)}
    assert rows["Gốc"].problems == ()
    assert rows["Gốc"].next_update == now + timedelta(days=1)
    world.market.stalls.clear()
    refresh_lists(now=now + 48 * HOUR)
    late = {row.name: row.problems for row in trusted_authorities(now=now + 48 * HOUR)}
    assert late["Gốc"] == (LAPSED_LIST, NOT_FETCHED)


def test_a_check_that_lacks_revocation_data_asks_and_becomes_valid(world: World, now: datetime) -> None:
    assert checked(world, now) is Verdict.INDETERMINATE
    (job,) = Job.objects.filter(kind="signing.seek-revocation")
    assert job.args == {"sha256": world.sha256}
    world.serve_lists(now)
    world.serve_answer(now)
    with audited() as log:
        after = seek_revocation(sha256=world.sha256, now=now)
    assert after is not None
    assert after.verdict is Verdict.VALID
    assert "signing.file.check" in log.verbs
    assert {path for _, path, _ in world.market.asked} == {"/ocsp", "/root.crl"}
    assert FileCheck.objects.get(sha256=world.sha256).verdict == Verdict.VALID


def test_the_very_list_and_answer_of_a_verdict_are_kept(world: World, now: datetime) -> None:
    checked(world, now)
    world.serve_lists(now)
    world.serve_answer(now)
    seek_revocation(sha256=world.sha256, now=now)
    verdict = known_verdict(world.sha256)
    assert verdict is not None
    evidence = set(verdict.signatures[0].evidence)
    served = {world.market.stalls[path].body for path in ("/root.crl", "/ocsp")}
    assert evidence == {sha256(data).hexdigest() for data in served}
    assert {blobs().read(digest) for digest in evidence} == served
    assert "evidence" not in verdict.to_json()["signatures"][0]


def test_where_no_responder_answers_the_list_is_fetched(world: World, now: datetime) -> None:
    checked(world, now)
    world.serve_lists(now)
    world.market.stalls["/ca.crl"] = Stall(world.ca.crl(now))
    after = seek_revocation(sha256=world.sha256, now=now)
    assert after is not None
    assert after.verdict is Verdict.VALID


def test_a_certificate_that_was_revoked_before_is_found_out(world: World, now: datetime) -> None:
    checked(world, now)
    world.serve_lists(now)
    world.serve_answer(now, revoked_at=now - HOUR)
    after = seek_revocation(sha256=world.sha256, now=now)
    assert after is not None
    assert after.verdict is Verdict.REVOKED


def test_a_revocation_after_the_trusted_time_stamp_leaves_the_signature_valid(
    world: World, now: datetime
) -> None:
    checked(world, now)
    world.serve_lists(now + 2 * HOUR)
    world.serve_answer(now + 2 * HOUR, revoked_at=now + HOUR)
    after = seek_revocation(sha256=world.sha256, now=now + 2 * HOUR)
    assert after is not None
    assert after.verdict is Verdict.VALID


def test_an_open_file_is_checked_again_when_data_has_come(world: World, now: datetime) -> None:
    checked(world, now)
    Job.objects.all().delete()
    assert recheck_open(now=now) == 1
    assert recheck_open(now=now + HOUR) == 1
    assert Job.objects.filter(kind="signing.seek-revocation").count() == 1
    world.serve_lists(now)
    world.serve_answer(now)
    seek_revocation(sha256=world.sha256, now=now)
    assert recheck_open(now=now) == 0


def test_who_does_not_answer_is_asked_again(world: World, now: datetime) -> None:
    checked(world, now)
    with pytest.raises(NotReady) as caught:
        seek_revocation(sha256=world.sha256, now=now)
    assert caught.value.code == "signing.revocation.unanswered"


def test_nobody_is_asked_whose_host_is_not_allowed(
    world: World, settings: LazySettings, now: datetime
) -> None:
    settings.VANTHU_REVOCATION_HOSTS = ("ca.gov.vn",)
    checked(world, now)
    after = seek_revocation(sha256=world.sha256, now=now)
    assert after is not None
    assert after.verdict is Verdict.INDETERMINATE
    assert world.market.asked == []


def test_a_purpose_that_an_anchor_lacks_is_no_trust(
    world: World, settings: LazySettings, now: datetime
) -> None:
    settings.VANTHU_TRUST = settings.VANTHU_TRUST.with_name("narrow")
    pin_anchor(actor=ADMIN, sha256=fingerprint(world.root.certificate), name="Gốc", source="x", now=now)
    import_anchors(
        actor=ADMIN,
        contents={"root": world.root.der, "ca": world.ca.der},
        purposes=["agency", "timestamp"],
        now=now,
    )
    verdict = check_file(actor=ADMIN, sha256=world.sha256, now=now)
    assert verdict.verdict is Verdict.INVALID_CHAIN
    assert "chain.purpose" in verdict.reasons


def test_without_any_authority_trust_is_said_to_be_not_judged(
    world: World, settings: LazySettings, now: datetime
) -> None:
    settings.VANTHU_TRUST = settings.VANTHU_TRUST.with_name("empty")
    assert checked(world, now) is Verdict.INTACT


def test_another_answer_reaches_the_clerks_row(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    document = record_of(document_id)
    assert document.verdict == Verdict.INDETERMINATE
    found = a_verdict(Verdict.VALID, sha256=document.main_sha256, checked_at=now)
    with audited() as log:
        record_check(actor=ADMIN, verdict=found, now=now)
    assert record_of(document_id).verdict == Verdict.VALID
    assert "registry.incoming.note-verdict" in log.verbs
