"""Evidence records: gathered by night, stamped once for all, and renewed while clocks run years ahead."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from django.conf import settings

from tests.cast import Cast
from tests.evidence.life import SYSTEM, a_night, an_hour
from tests.evidence.proofs import both, demo_folder
from tests.factories.exchange import an_arrival
from tests.factories.registry import an_issued_document
from tests.factories.signing import the_letter
from vanthu.cli.audit_rehash import rehash
from vanthu.documents.queries import final_digests
from vanthu.evidence import jobs, operations
from vanthu.evidence.models import ArchiveStamp, EvidenceBatch, EvidenceItem
from vanthu.evidence.operations import export_proof
from vanthu.evidence.queries.records import batches_hashed_otherwise, event_text, record_of_document
from vanthu.evidence.queries.tree import log_keys, newest_head
from vanthu.evidence.rules.checking import Means
from vanthu.evidence.rules.records import BadRecord, Stamp, check_record, encode_record, read_record
from vanthu.evidence.rules.tokens import digest
from vanthu.kernel.actor import system_actor
from vanthu.signing import timestamping
from vanthu.signing.backends.timestamps import LocalTimestampAuthority
from vanthu.signing.trust.authority import DemoAuthority

ASKED = "vanthu.evidence.operations.stamps.timestamp_token"


def digests_of(document_id: int, algorithm: str) -> list[bytes]:
    """The data objects of a document, hashed by the test: its file and the text of its event."""
    item = EvidenceItem.objects.filter(document_id=document_id, series=0).get()
    text = event_text(item.event_chain, item.event_seq).encode()
    return [hashlib.new(algorithm, data).digest() for data in (the_letter().issued, text)]


def test_every_document_that_became_final_has_a_record_in_the_morning(cast: Cast, now: datetime) -> None:
    arrivals = [an_arrival(cast) for _ in range(5)]
    a_night(now=now)
    assert EvidenceBatch.objects.get().count == 5
    assert ArchiveStamp.objects.count() == 1
    for document_id in arrivals:
        record = record_of_document(document_id)
        assert record is not None
        covered = check_record(record.der, lambda name, of=document_id: digests_of(of, name))  # type: ignore[misc]
        assert covered.since == now
        assert record.files == (hashlib.sha256(the_letter().issued).hexdigest(),)


def test_an_issued_document_is_gathered_with_its_sealed_file(cast: Cast, now: datetime) -> None:
    document_id = an_issued_document(cast)
    a_night(now=now)
    record = record_of_document(document_id)
    assert record is not None
    assert record.files == final_digests([document_id])[document_id]


def test_a_document_is_gathered_once_and_the_next_night_takes_what_came_since(
    cast: Cast, now: datetime
) -> None:
    an_arrival(cast)
    a_night(now=now)
    a_night(now=now + timedelta(days=1))
    an_arrival(cast)
    a_night(now=now + timedelta(days=2))
    assert [batch.count for batch in EvidenceBatch.objects.order_by("id")] == [1, 1]


def test_many_documents_are_gathered_in_batches_that_fit(cast: Cast, now: datetime) -> None:
    arrivals = [an_arrival(cast) for _ in range(5)]
    an_hour(now=now)
    while operations.gather_batch(actor=SYSTEM, limit=2, now=now):
        continue
    assert [batch.count for batch in EvidenceBatch.objects.order_by("id")] == [2, 2, 1]
    operations.stamp_what_waits(actor=SYSTEM, now=now)
    for document_id in arrivals:
        record = record_of_document(document_id)
        assert record is not None
        check_record(record.der, lambda name, of=document_id: digests_of(of, name))  # type: ignore[misc]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 100])
def test_a_record_proves_its_own_document_and_no_other(size: int, tmp_path: Path, now: datetime) -> None:
    from vanthu.evidence.rules.records import group_hash, siblings, tree_levels

    authority = DemoAuthority.create(tmp_path, now)
    local = LocalTimestampAuthority(*authority.tsa_pair(), chain=authority.chain)
    groups = [[digest("sha256", b"%d/%d" % (n, part)) for part in range(1 + n % 3)] for n in range(size)]
    levels = tree_levels("sha256", [group_hash("sha256", group) for group in groups])
    token = local.token(levels[-1][0], now)
    for position in {0, size // 2, size - 1}:
        group = groups[position]
        tree = (tuple(sorted(group)), *((other,) for other in siblings(levels, position)))
        der = encode_record(((Stamp("sha256", tree, token),),))
        assert check_record(der, lambda _name, of=group: of).since == now.replace(microsecond=0)  # type: ignore[misc]
        for other in ([*group, group[0][::-1]], [group[0][::-1], *group[1:]], []):
            with pytest.raises(BadRecord, match="coverage"):
                check_record(der, lambda _name, of=other: of)  # type: ignore[misc]


def test_an_authority_that_is_away_is_caught_up_the_next_night(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = an_arrival(cast)
    an_hour(now=now)
    # No authority is configured and this is no demonstration: nobody to ask.
    monkeypatch.setattr(settings, "VANTHU_DEMO", False)
    jobs.stamp.function(now=now)
    assert record_of_document(document_id) is None
    assert newest_head_is_stamped() is False
    monkeypatch.undo()
    jobs.stamp.function(now=now + timedelta(days=1))
    record = record_of_document(document_id)
    assert record is not None
    assert newest_head_is_stamped()
    assert EvidenceBatch.objects.count() == 1


def newest_head_is_stamped() -> bool:
    head = newest_head()
    return head is not None and head.token is not None


def test_a_token_over_something_else_is_not_kept(
    cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_arrival(cast)
    an_hour(now=now)
    real = timestamping.timestamp_token
    monkeypatch.setattr(ASKED, lambda _digest, now: real(b"\x00" * 32, now=now))
    with pytest.raises(ValueError, match="imprint"):
        operations.stamp_what_waits(actor=SYSTEM, now=now)
    assert newest_head_is_stamped() is False


def roots_of(*folders: Path) -> tuple[x509.Certificate, ...]:
    """The root of the first years and those of later authorities, as an archive has kept them."""
    files = [folder / "ca" / "root.pem" for folder in (demo_folder(), *folders)]
    return tuple(x509.load_pem_x509_certificate(file.read_bytes()) for file in files)


@pytest.fixture
def later_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """Nine and a half years on: the first authority's certificate is about to lapse, another one stamps."""
    later = now + timedelta(days=int(9.6 * 365))
    authority = DemoAuthority.create(tmp_path / "later", later)
    local = LocalTimestampAuthority(*authority.tsa_pair(), chain=authority.chain)
    monkeypatch.setattr(
        ASKED,
        lambda digest, now: local.token(digest, now),  # noqa: PLW0108 - its caller names the arguments
    )
    return later


def test_a_stamp_is_renewed_before_its_authority_lapses_and_covers_the_former_one(
    cast: Cast, now: datetime, later_authority: datetime
) -> None:
    documents = [an_arrival(cast)]
    an_hour(now=now)
    operations.gather_batch(actor=SYSTEM, now=now)
    documents += [an_arrival(cast), an_arrival(cast)]
    an_hour(now=now)
    operations.gather_batch(actor=SYSTEM, now=now)
    real_stamp(now)
    assert operations.renew_stamps(actor=SYSTEM, now=now + timedelta(days=5 * 365)) == 0
    jobs.stamp.function(now=later_authority)
    jobs.stamp.function(now=later_authority + timedelta(days=1))
    stamps = ArchiveStamp.objects.filter(ordinal=1)
    assert stamps.count() == 2
    assert len({bytes(stamp.token or b"") for stamp in stamps}) == 1, "one token for both batches"
    for document_id in documents:
        record = record_of_document(document_id)
        assert record is not None
        covered = check_record(record.der, lambda name, of=document_id: digests_of(of, name))  # type: ignore[misc]
        assert [token.at for token in covered.tokens] == [now, later_authority]
        chains = read_record(record.der)
        assert [len(chain) for chain in chains] == [2]


def real_stamp(now: datetime) -> None:
    """By the authority of the first years."""
    with pytest.MonkeyPatch.context() as first_years:
        first_years.setattr(ASKED, timestamping.timestamp_token)
        operations.stamp_what_waits(actor=SYSTEM, now=now)


def test_a_renewed_record_holds_for_both_checkers_when_the_first_authority_is_long_gone(
    cast: Cast, now: datetime, later_authority: datetime, tmp_path: Path
) -> None:
    document_id = an_arrival(cast)
    an_hour(now=now)
    operations.gather_batch(actor=SYSTEM, now=now)
    real_stamp(now)
    jobs.stamp.function(now=later_authority)
    at = now + timedelta(days=15 * 365)
    data = export_proof(actor=system_actor(cast.b.id), document_id=document_id, now=at)
    answer = both(data, Means(at=at, roots=roots_of(tmp_path / "later"), pin=log_keys()[0].fingerprint))
    assert len(answer) == 5, answer
    assert answer[3] == now


def test_a_renewal_that_came_too_late_is_no_renewal(
    cast: Cast, now: datetime, later_authority: datetime
) -> None:
    document_id = an_arrival(cast)
    an_hour(now=now)
    operations.gather_batch(actor=SYSTEM, now=now)
    real_stamp(now)
    operations.renew_stamps(actor=SYSTEM, now=later_authority)
    operations.stamp_what_waits(actor=SYSTEM, now=now + timedelta(days=11 * 365))
    record = record_of_document(document_id)
    assert record is not None
    with pytest.raises(BadRecord, match="renewed-late"):
        check_record(record.der, lambda name: digests_of(document_id, name))


def test_a_weak_hash_algorithm_is_left_behind_by_hashing_the_files_anew(
    cast: Cast, now: datetime, later_authority: datetime, tmp_path: Path
) -> None:
    documents = [an_arrival(cast) for _ in range(3)]
    an_hour(now=now)
    operations.gather_batch(actor=SYSTEM, now=now)
    real_stamp(now)
    batch = EvidenceBatch.objects.get()
    assert batches_hashed_otherwise("sha256") == ()
    assert batches_hashed_otherwise("sha512") == (batch.pk,)
    said = CliRunner().invoke(rehash, ["--json"])
    assert (said.exit_code, json.loads(said.output)["done"]) == (0, 1), said.output
    assert batches_hashed_otherwise("sha512") == ()
    operations.renew_hash_tree(actor=SYSTEM, batch_id=batch.pk, algorithm="sha512", now=later_authority)
    operations.stamp_what_waits(actor=SYSTEM, now=later_authority)
    for document_id in documents:
        record = record_of_document(document_id)
        assert record is not None
        chains = read_record(record.der)
        assert [[stamp.algorithm for stamp in chain] for chain in chains] == [["sha256"], ["sha512"]]
        covered = check_record(record.der, lambda name, of=document_id: digests_of(of, name))  # type: ignore[misc]
        assert covered.since == now
        # Another file that SHA-256 could not tell from ours would still be told by SHA-512.
        with pytest.raises(BadRecord, match="coverage"):
            check_record(
                record.der,
                lambda name, of=document_id: digests_of(of, name) if name == "sha256" else [b"\x00" * 64] * 2,  # type: ignore[misc]
            )
        data = export_proof(actor=system_actor(cast.b.id), document_id=document_id, now=later_authority)
        assert (
            len(
                both(
                    data,
                    Means(
                        at=later_authority, roots=roots_of(tmp_path / "later"), pin=log_keys()[0].fingerprint
                    ),
                )
            )
            == 5
        )
