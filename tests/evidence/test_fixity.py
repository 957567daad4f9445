"""Stored bytes are read again; a flipped bit is found, named, and restored from the backup when there is one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.evidence.harmed_stores import Place, back_up, flip_a_bit, path_of, place
from tests.proof import audited
from vanthu.documents import operations as documents
from vanthu.documents.operations import RecordOrder
from vanthu.documents.rules.kinds import Direction
from vanthu.evidence import operations as evidence
from vanthu.evidence.models import FixityFinding, FixityRound
from vanthu.evidence.operations import fixity
from vanthu.evidence.queries.fixity import findings, fixity_status
from vanthu.evidence.rules.fixity import LAST, FindingKind, FindingState, WhyOpen
from vanthu.foundation.storage import StoreUnavailable, backup_blobs, blobs, sha256_of
from vanthu.kernel.actor import system_actor
from vanthu.kernel.errors import NotPermitted, NotVisible
from vanthu.signing.models import KeptRendition
from vanthu.signing.rules.levels import Level

__all__ = ["place"]

LATER = timedelta(days=200)


def a_document(
    cast: Cast, now: datetime, *contents: bytes, number: str = "12/BC-SNV"
) -> tuple[int, list[str]]:
    """A record with stored files; its id and their digests."""
    files = [documents.store_file(data, name=f"tệp {n}.pdf") for n, data in enumerate(contents)]
    document_id = documents.create_document(
        actor=system_actor(cast.a.id),
        agency_id=cast.a.id,
        order=RecordOrder(
            direction=Direction.OUTGOING,
            type_code="cong_van",
            subject="Về việc thử",
            issuer_code=cast.a.code,
            issuer_name="Sở Nội vụ",
            full_number=number,
        ),
        files=files,
        now=now,
    )
    return document_id, [file.sha256 for file in files]


def some_documents(cast: Cast, now: datetime, count: int) -> list[str]:
    return [
        digest
        for n in range(count)
        for digest in a_document(cast, now, f"văn bản thứ {n} ".encode() * 90, number=f"{n}/X")[1]
    ]


def test_a_sound_store_is_read_to_its_end_and_nothing_is_found(
    cast: Cast, now: datetime, place: Place
) -> None:
    digests = some_documents(cast, now, 12)
    orphan = blobs().put(b"stored, but its act never came")
    report = evidence.check_all_stored_bytes(now=now)
    assert (report.blobs, report.found, report.ended_round) == (13, 0, True)
    assert report.size == sum(len(place.raw(path_of(each))) for each in [*digests, orphan])
    status = fixity_status(now=now)
    assert (status.share, status.last_ended_at, status.open_findings) == (1.0, now, 0)


def test_a_flipped_bit_is_found_named_and_restored_from_the_backup(
    cast: Cast, now: datetime, place: Place
) -> None:
    document_id, (digest, other) = a_document(cast, now, b"%PDF-1.7 the signed text" * 50, b"an annex")
    back_up(digest, other)
    altered = flip_a_bit(place, digest)

    with audited() as log:
        report = evidence.check_all_stored_bytes(now=now)

    assert report.found == 1
    assert sha256_of(place.raw(path_of(digest))) == digest
    (finding,) = findings(only_open=False)
    assert (finding.sha256, finding.kind, finding.state) == (
        digest,
        FindingKind.ALTERED,
        FindingState.RESTORED,
    )
    assert finding.size == 24 * 50
    assert [(held.document_id, held.full_number) for held in finding.holdings] == [(document_id, "12/BC-SNV")]
    assert place.raw(finding.kept_at) == altered, "the altered bytes are kept for inquiry"
    found = log.by("evidence.fixity.find")
    assert (found.subject_id, found.detail["documents"], found.detail["size"]) == (
        digest,
        [document_id],
        1200,
    )
    assert log.by("evidence.fixity.end").detail["outcome"] == FindingState.RESTORED
    assert findings(only_open=True) == ()


def test_without_a_backup_the_alarm_stays_until_the_bytes_are_right(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    settings.VANTHU_BACKUP_BLOBS = ""
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 the only copy" * 9)
    right = place.raw(path_of(digest))
    altered = flip_a_bit(place, digest)
    for days in range(3):
        evidence.check_all_stored_bytes(now=now + timedelta(days=days))
        assert place.raw(path_of(digest)) == altered, "nothing is deleted"
        (finding,) = findings(only_open=True)
        assert (finding.found_at, finding.why_open) == (now, WhyOpen.NO_BACKUP)

    place.write(path_of(digest), right)  # brought back by hand
    evidence.check_stored_bytes(now=now + timedelta(days=4))
    assert findings(only_open=True) == ()
    assert FixityFinding.objects.get().state == FindingState.SOUND_AGAIN


def test_what_a_record_names_and_the_store_has_not_is_missing_and_brought_back(
    cast: Cast, now: datetime, place: Place
) -> None:
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 lost")
    back_up(digest)
    place.remove(path_of(digest))
    evidence.check_all_stored_bytes(now=now)
    assert blobs().read(digest) == b"%PDF-1.7 lost"
    (finding,) = findings(only_open=False)
    assert (finding.kind, finding.state, finding.kept_at) == (FindingKind.MISSING, FindingState.RESTORED, "")


@pytest.mark.parametrize("harm", ["empty", "lost", "flipped"])
def test_a_backup_that_cannot_help_says_why(cast: Cast, now: datetime, place: Place, harm: str) -> None:
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 twice unlucky" * 4)
    if harm != "empty":
        back_up(digest)
    if harm == "flipped":
        backup = backup_blobs()
        assert backup is not None
        place.write(path_of(digest), b"x")
        wrong_backup(place, digest)
    else:
        flip_a_bit(place, digest)
        if harm == "lost":
            remove_from_backup(place, digest)
    before = place.raw(path_of(digest))
    evidence.check_all_stored_bytes(now=now)
    (finding,) = findings(only_open=True)
    assert finding.why_open == (WhyOpen.BACKUP_ALTERED if harm == "flipped" else WhyOpen.NOT_IN_BACKUP)
    assert place.raw(path_of(digest)) == before


def test_the_second_rendition_of_an_issued_file_is_looked_after_like_the_first(
    cast: Cast, now: datetime, place: Place
) -> None:
    document_id, (issued,) = a_document(cast, now, b"%PDF-1.7 issued")
    kept = blobs().put(b"%PDF-1.7 issued, with more proof")
    KeptRendition.objects.create(
        document_id=document_id,
        agency_id=cast.a.id,
        issued_sha256=issued,
        level=Level.B_LT,
        reached=Level.B_LT,
        sha256=kept,
    )
    back_up(kept)
    place.remove(path_of(kept))
    evidence.check_all_stored_bytes(now=now)
    (finding,) = findings(only_open=False)
    assert (finding.sha256, finding.kind, finding.state) == (
        kept,
        FindingKind.MISSING,
        FindingState.RESTORED,
    )
    assert [(held.document_id, held.file_name) for held in finding.holdings] == [
        (document_id, "bản lưu trữ dài hạn")
    ]


def backup_place(place: Place) -> Place:
    from dataclasses import replace

    from tests.evidence.harmed_stores import BucketPlace, FolderPlace

    if isinstance(place, FolderPlace):
        return FolderPlace(place.root.parent / "backup")
    assert isinstance(place, BucketPlace)
    return BucketPlace(place.client, replace(place.address, prefix=f"{place.address.prefix}-backup"))


def wrong_backup(place: Place, digest: str) -> None:
    backup_place(place).write(path_of(digest), b"wrong too")


def remove_from_backup(place: Place, digest: str) -> None:
    backup_place(place).remove(path_of(digest))


def test_a_backup_that_comes_later_mends_what_is_open(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 patience" * 7)
    back_up(digest)
    chosen, settings.VANTHU_BACKUP_BLOBS = settings.VANTHU_BACKUP_BLOBS, ""
    flip_a_bit(place, digest)
    evidence.check_all_stored_bytes(now=now)
    assert len(findings(only_open=True)) == 1
    settings.VANTHU_BACKUP_BLOBS = chosen
    evidence.mend_findings(actor=system_actor(None), now=now)
    assert findings(only_open=True) == ()
    assert sha256_of(blobs().read(digest)) == digest


def test_a_finding_is_told_to_the_log_once_however_often_it_is_met(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    settings.VANTHU_BACKUP_BLOBS = ""
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 once" * 7)
    flip_a_bit(place, digest)
    with audited() as log:
        for _ in range(3):
            evidence.check_all_stored_bytes(now=now)
    assert log.verbs.count("evidence.fixity.find") == 1
    assert log.verbs.count("evidence.fixity.note") == 1


def test_altered_bytes_that_nobody_uses_are_named_and_end_when_they_are_removed(
    cast: Cast, now: datetime, place: Place
) -> None:
    digest = blobs().put(b"an orphan of a broken act" * 5)
    flip_a_bit(place, digest)
    evidence.check_all_stored_bytes(now=now)
    (finding,) = findings(only_open=True)
    assert (finding.holdings, finding.size) == ((), None)
    place.remove(path_of(digest))
    evidence.mend_findings(actor=system_actor(None), now=now)
    assert FixityFinding.objects.get().state == FindingState.GONE


def test_every_file_is_read_within_the_period_in_even_parts(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    settings.VANTHU_FIXITY_DAYS = 10
    digests = some_documents(cast, now, 40)
    read = [evidence.check_stored_bytes(now=now + timedelta(hours=12 * step)).blobs for step in range(20)]
    assert sum(read) >= len(digests)
    assert max(read) < len(digests) / 3, read
    row = FixityRound.objects.order_by("number").first()
    assert row is not None
    assert row.blobs == len(digests)
    assert row.ended_at is not None
    assert row.ended_at - row.started_at <= timedelta(days=10)


def test_a_store_that_was_off_for_months_is_caught_up_within_the_limit_of_a_slot(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    digests = some_documents(cast, now, 30)
    evidence.check_stored_bytes(now=now)
    settings.VANTHU_FIXITY_MB = 10_000 / 1024 / 1024
    reports = []
    while not reports or not reports[-1].ended_round:
        reports.append(evidence.check_stored_bytes(now=now + LATER))
    sizes = [len(place.raw(path_of(each))) for each in digests]
    assert all(report.size <= 10_000 + max(sizes) for report in reports)
    assert sum(report.blobs for report in reports) == len(digests)
    assert len(reports) >= sum(sizes) / (10_000 + max(sizes))


def test_a_round_that_cannot_keep_its_plan_says_so(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    some_documents(cast, now, 30)
    evidence.check_stored_bytes(now=now)
    assert not fixity_status(now=now).is_behind
    settings.VANTHU_FIXITY_MB = 2_000 / 1024 / 1024
    evidence.check_stored_bytes(now=now + timedelta(days=60))
    assert fixity_status(now=now + timedelta(days=60)).is_behind


def test_portions_that_meet_other_portions_do_not_count_twice(
    cast: Cast, now: datetime, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers in one slot: the one whose cursor was moved meanwhile stops."""
    monkeypatch.setattr(fixity, "PORTION", 5)
    digests = some_documents(cast, now, 20)
    evidence.check_stored_bytes(now=now)
    looking, taken = fixity._look_at, []

    def overtaken(*args: object) -> int:
        if not taken:
            taken.append(1)
            FixityRound.objects.update(cursor="7" * 64)
        return looking(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(fixity, "_look_at", overtaken)
    evidence.check_stored_bytes(now=now + LATER)
    assert FixityRound.objects.get().cursor == "7" * 64
    evidence.check_stored_bytes(now=now + LATER)
    assert FixityRound.objects.get().cursor == LAST
    assert FixityRound.objects.get().blobs == len([each for each in digests if each > "7" * 64])


def test_a_store_that_is_not_mounted_is_no_heap_of_losses(cast: Cast, now: datetime, place: Place) -> None:
    digests = some_documents(cast, now, 25)
    for digest in digests:
        place.remove(path_of(digest))
    with pytest.raises(StoreUnavailable, match="ổ đĩa đã gắn"):
        evidence.check_all_stored_bytes(now=now)
    assert not FixityFinding.objects.exists()


def test_the_administrator_looks_again_and_nobody_else(
    cast: Cast, now: datetime, place: Place, settings: LazySettings
) -> None:
    settings.VANTHU_BACKUP_BLOBS = ""
    _, (digest,) = a_document(cast, now, b"%PDF-1.7 by hand" * 7)
    right = place.raw(path_of(digest))
    flip_a_bit(place, digest)
    evidence.check_all_stored_bytes(now=now)
    (finding,) = findings(only_open=True)
    with pytest.raises(NotPermitted):
        evidence.look_again(actor=cast.a.clerk, finding_id=finding.id, now=now)
    actor = system_actor(None)
    assert evidence.look_again(actor=actor, finding_id=finding.id, now=now) is FindingState.OPEN
    place.write(path_of(digest), right)
    assert evidence.look_again(actor=actor, finding_id=finding.id, now=now) is FindingState.SOUND_AGAIN
    with pytest.raises(NotVisible):
        evidence.look_again(actor=actor, finding_id=finding.id + 1, now=now)
