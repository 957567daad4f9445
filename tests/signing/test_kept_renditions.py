"""Issued documents are kept with more proof in them: by their class, in the background, renewed in time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.registry import a_filled_document, an_issued_document
from tests.proof import audited
from tests.signing.tsa_server import StampKey, StampRoot, TsaServer, running
from vanthu.documents.queries import main_bytes, record_of
from vanthu.foundation.models import Job
from vanthu.foundation.storage import blobs
from vanthu.foundation.worker import run_all
from vanthu.kernel.actor import system_actor
from vanthu.registry import operations as registry
from vanthu.signing import operations, timestamping
from vanthu.signing.backends.levels import Raised
from vanthu.signing.models import KeptRendition, SigningKey
from vanthu.signing.operations import demo_authority, trust_store
from vanthu.signing.operations.keep import _record_kept
from vanthu.signing.rules.levels import Level
from vanthu.signing.rules.verdicts import FileVerdict, Verdict
from vanthu.signing.validation import verify_isolated
from vanthu.signing.waiting import wait_for

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


@dataclass
class Outside:
    """A time-stamping authority outside, whose certificates last four years, trusted by an installation of its own."""

    pki: Path
    server: TsaServer
    root: StampRoot
    moment: list[datetime]
    made: dict[int, StampKey] = field(default_factory=dict)

    def move_to(self, moment: datetime) -> None:
        """Another hour of history: the authority's certificate of that time, its fresh list."""
        self.moment[0] = moment
        turn = (moment - self.root.born) // (3 * YEAR)
        if turn not in self.made:
            since = self.root.born + turn * 3 * YEAR
            self.made[turn] = self.root.authority(since, since + 4 * YEAR)
        self.server.key = self.made[turn]
        (self.pki / "trust" / "tsa" / "stamps.crl").write_bytes(self.root.crl(moment))


@pytest.fixture
def outside(cast: Cast, now: datetime, settings: LazySettings, tmp_path: Path) -> Iterator[Outside]:
    settings.VANTHU_PKI = tmp_path / "pki"
    SigningKey.objects.all().delete()
    demo_authority(now)
    root, moment = StampRoot(now - DAY), [now]
    folder = settings.VANTHU_PKI / "trust" / "tsa"
    folder.mkdir()
    (folder / "root.pem").write_bytes(root.certificate.public_bytes(Encoding.PEM))
    with running(TsaServer(root.authority(now - DAY, now + DAY), lambda: moment[0])) as server:
        settings.VANTHU_TSA = (f"{server.url}#total=5",)
        settings.VANTHU_TSA_DESK_SECONDS, settings.VANTHU_TSA_ATTEMPTS = 0.3, 1
        found = Outside(settings.VANTHU_PKI, server, root, moment)
        found.move_to(now)
        yield found


def issued(cast: Cast, type_code: str = "cong_van") -> int:
    return an_issued_document(cast, type_code=type_code, subject="Văn bản có bản lưu trữ dài hạn")


def rendition_of(document_id: int) -> KeptRendition:
    return KeptRendition.objects.get(document_id=document_id)


def keep(document_id: int, now: datetime) -> bool:
    return operations.keep_rendition(rendition_id=rendition_of(document_id).pk, now=now)


def verdict_on(sha256: str, now: datetime) -> FileVerdict:
    return verify_isolated(blobs().read(sha256), trust=trust_store(), at=now)


@pytest.mark.parametrize(("type_code", "level"), [("cong_van", Level.B_LT), ("quyet_dinh", Level.B_LTA)])
def test_what_is_issued_is_kept_by_its_class_an_hour_later(
    cast: Cast, now: datetime, type_code: str, level: Level
) -> None:
    document_id = issued(cast, type_code)
    before = main_bytes(document_id)
    assert rendition_of(document_id).level == level
    run_all(now=lambda: now)
    assert not rendition_of(document_id).sha256
    with audited() as log:
        run_all(now=lambda: now + HOUR)

    row = rendition_of(document_id)
    kept = blobs().read(row.sha256)
    assert (row.reached, row.attempts, row.last_error) == (level, 0, "")
    assert kept.startswith(before)
    assert len(kept) > len(before)
    assert main_bytes(document_id) == before
    assert record_of(document_id).main_sha256 == row.issued_sha256
    assert verdict_on(row.sha256, now + HOUR).verdict is Verdict.VALID
    assert log.by("signing.rendition.keep").detail["level"] == level
    assert (row.due_at is not None) == (level is Level.B_LTA)


def test_a_document_kept_for_good_is_renewed_before_its_protection_ends(
    cast: Cast, now: datetime, settings: LazySettings
) -> None:
    document_id = issued(cast, "quyet_dinh")
    assert keep(document_id, now + HOUR)
    row = rendition_of(document_id)
    assert row.keep_until is None
    # The demonstration stamps with RSA-2048, which is believed to the end of 2030, before its certificate ends.
    assert row.protected_until == datetime(2030, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert row.due_at == row.protected_until - timedelta(days=settings.VANTHU_RENEW_DAYS)
    assert not keep(document_id, row.due_at - DAY)


def test_a_desk_does_not_wait_for_an_authority_that_hangs_and_the_stamp_is_caught_up(
    cast: Cast, now: datetime, outside: Outside
) -> None:
    outside.server.behaviour = "hang"
    begun = time.monotonic()
    document_id = a_filled_document(cast, subject="Ký khi dịch vụ dấu thời gian treo")
    first = time.monotonic() - begun
    registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    assert outside.server.served == 1  # the second signature did not ask again
    registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    assert first < 0.3 + 12  # waiting, and two certificates made for the demonstration
    before = main_bytes(document_id)
    checked = verdict_on(record_of(document_id).main_sha256, now)
    assert checked.verdict is Verdict.VALID_NO_TSA
    assert [finding.timestamp_at for finding in checked.signatures] == [None, None]

    outside.move_to(now + HOUR)
    assert not keep(document_id, now + HOUR)
    row = rendition_of(document_id)
    assert (row.sha256, row.attempts) == ("", 1)
    assert row.last_error.startswith("signing.timestamp.unavailable")
    assert row.due_at is not None
    assert row.due_at > now + HOUR

    outside.server.release.set()
    outside.server.behaviour = "good"
    outside.move_to(row.due_at)
    assert keep(document_id, row.due_at)
    row = rendition_of(document_id)
    verdict = verdict_on(row.sha256, outside.moment[0])
    assert verdict.verdict is Verdict.VALID, verdict.reasons
    assert {finding.timestamp_at for finding in verdict.signatures} == {
        outside.moment[0].replace(microsecond=0)
    }
    assert blobs().read(row.sha256).startswith(before)
    assert main_bytes(document_id) == before


def test_one_signature_waits_no_longer_than_the_desks_limit(
    cast: Cast, now: datetime, outside: Outside
) -> None:
    outside.server.behaviour = "drip"
    source = timestamping.desk_timestamps(now)
    begun = time.monotonic()
    assert timestamping.standings()[0].is_away is False
    token = wait_for(source.stamper_at(now).async_timestamp(bytes(32), "sha256"))
    assert token is None
    assert 0.3 <= time.monotonic() - begun < 1.0
    assert timestamping.standings()[0].is_away is True


def test_a_stamp_within_the_limit_stands_in_the_issued_file(
    cast: Cast, now: datetime, outside: Outside
) -> None:
    verdict = verdict_on(record_of(issued(cast)).main_sha256, now)
    assert verdict.verdict is Verdict.VALID
    assert outside.server.served == 2


def test_years_of_renewals_keep_a_rendition_valid_and_each_contains_the_one_before(
    cast: Cast, now: datetime, outside: Outside
) -> None:
    document_id = issued(cast, "quyet_dinh")
    stages = [main_bytes(document_id)]
    for renewals in range(3):
        row = rendition_of(document_id)
        assert row.due_at is not None
        outside.move_to(row.due_at)
        assert operations.remind_of_renditions(now=row.due_at) == 1
        assert keep(document_id, row.due_at), rendition_of(document_id).last_error
        row = rendition_of(document_id)
        stages.append(blobs().read(row.sha256))
        assert stages[-1].startswith(stages[-2])
        assert row.renewals == renewals
        assert row.protected_until is not None
        assert verdict_on(row.sha256, row.protected_until - DAY).verdict is Verdict.VALID
    assert row.made_at is not None
    assert row.made_at > now + 6 * YEAR
    late = verdict_on(row.sha256, row.protected_until + DAY)
    assert late.verdict is Verdict.INDETERMINATE
    assert "time.timestamp-lapsed" in late.reasons


def test_a_renewal_with_the_same_old_certificate_is_not_made_and_says_so(
    cast: Cast, now: datetime, outside: Outside
) -> None:
    document_id = issued(cast, "quyet_dinh")
    outside.move_to(now + HOUR)
    assert keep(document_id, now + HOUR)
    row = rendition_of(document_id)
    assert row.due_at is not None
    old = outside.server.key
    outside.move_to(row.due_at)
    outside.server.key = old
    assert not keep(document_id, row.due_at)
    again = rendition_of(document_id)
    assert again.last_error == "signing.rendition.not-extended"
    assert (again.sha256, again.protected_until) == (row.sha256, row.protected_until)


def test_reminders_come_in_bounded_portions_the_most_urgent_first(
    cast: Cast, now: datetime, settings: LazySettings
) -> None:
    settings.VANTHU_RENEW_PORTION = 2
    rows = [rendition_of(issued(cast)) for _ in range(3)]
    for hours, row in enumerate(reversed(rows)):
        row.due_at = now + hours * HOUR
        row.save()
    Job.objects.filter(kind="signing.keep").delete()
    assert operations.remind_of_renditions(now=now + 5 * HOUR) == 2
    asked = Job.objects.filter(kind="signing.keep").order_by("pk")
    assert [job.args["rendition_id"] for job in asked] == [rows[2].pk, rows[1].pk]
    assert operations.remind_of_renditions(now=now - HOUR) == 0


def test_of_two_workers_on_one_rendition_the_quicker_ones_stands(cast: Cast, now: datetime) -> None:
    document_id = issued(cast)
    assert keep(document_id, now + HOUR)
    row = rendition_of(document_id)
    slow = Raised(b"%PDF of the slower one", Level.B_LT, now + YEAR)
    with audited() as log:
        _record_kept(
            actor=system_actor(row.agency_id),
            rendition_id=row.pk,
            before=row.issued_sha256,
            made=slow,
            now=now + HOUR,
        )
    assert rendition_of(document_id).sha256 == row.sha256
    assert "superseded" in log.by("signing.rendition.keep").detail
    assert not keep(document_id, now + 2 * HOUR)
