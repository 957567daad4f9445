"""Renew archive time stamps before their authority's certificate lapses, or before their hash algorithm weakens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vanthu.evidence.models import ArchiveStamp, EvidenceItem
from vanthu.evidence.queries.records import DueBatch, batches_lapsing, chains_of, event_text, group_of
from vanthu.evidence.rules.records import group_hash, siblings, tree_levels
from vanthu.evidence.rules.tokens import digest
from vanthu.foundation.operation import nothing_changed, operation, record, steps
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef

MARGIN = timedelta(days=180)
"""How long before its certificate lapses a stamp gets its successor; half a year of failed runs is room enough."""


@operation("evidence.stamps.renew")
def renew_stamps(*, actor: Actor, now: datetime) -> int:
    """Put every batch that lapses within `MARGIN` under one new root; the number of batches. Norm: RFC 4998 5.2.

    The documents are not read: the new stamp covers the former one.
    """
    due = batches_lapsing(now + MARGIN)
    if not due:
        nothing_changed()
        return 0
    for algorithm in sorted({item.algorithm for item in due}):
        _renew([item for item in due if item.algorithm == algorithm], algorithm)
    record(ObjectRef.of("evidence.stamp", "renewal"), agency_id=None, batches=len(due))
    return len(due)


def _renew(due: list[DueBatch], algorithm: str) -> None:
    levels = tree_levels(algorithm, [digest(algorithm, item.token) for item in due])
    ArchiveStamp.objects.bulk_create(
        ArchiveStamp(
            batch_id=item.batch_id,
            series=item.series,
            ordinal=item.ordinal + 1,
            algorithm=algorithm,
            siblings=b"".join(siblings(levels, position)),
            imprint=levels[-1][0],
        )
        for position, item in enumerate(due)
    )


@dataclass(frozen=True, slots=True)
class _Rehashed:
    position: int
    hashes: tuple[bytes, ...]
    leaf: bytes


@steps("the files are read and hashed before the transaction opens; `_keep_rehashed` records the new tree")
def renew_hash_tree(*, actor: Actor, batch_id: int, algorithm: str, now: datetime) -> None:
    """Hash the files of a batch anew under another algorithm, together with their former stamps.

    Norm: RFC 4998 5.2. Refuses: `MissingBlob`, `DamagedBlob` when a file is not there any more.
    """
    rehashed = []
    for item in EvidenceItem.objects.filter(batch_id=batch_id, series=0).order_by("position"):
        text = event_text(item.event_chain, item.event_seq).encode()
        objects = [text, *(blobs().read(sha256) for sha256 in item.files)]
        hashes = tuple(sorted({digest(algorithm, data) for data in objects}))
        leaf = group_hash(algorithm, group_of(algorithm, hashes, chains_of(item)))
        rehashed.append(_Rehashed(item.position, hashes, leaf))
    _keep_rehashed(actor=actor, batch_id=batch_id, algorithm=algorithm, rehashed=rehashed, now=now)


@operation("evidence.batch.rehash")
def _keep_rehashed(
    *, actor: Actor, batch_id: int, algorithm: str, rehashed: list[_Rehashed], now: datetime
) -> None:
    last = ArchiveStamp.objects.filter(batch_id=batch_id).order_by("-series", "-ordinal")[0]
    if last.token is None or last.algorithm == algorithm:
        nothing_changed()
        return
    series = last.series + 1
    former = EvidenceItem.objects.filter(batch_id=batch_id, series=0).order_by("position")
    EvidenceItem.objects.bulk_create(
        [
            EvidenceItem(
                batch_id=batch_id,
                series=series,
                position=new.position,
                document_id=item.document_id,
                event_chain=item.event_chain,
                event_seq=item.event_seq,
                files=item.files,
                hashes=b"".join(new.hashes),
                leaf=new.leaf,
            )
            for item, new in zip(former, rehashed, strict=True)
        ],
        batch_size=200,
    )
    root = tree_levels(algorithm, [new.leaf for new in rehashed])[-1][0]
    ArchiveStamp.objects.create(batch_id=batch_id, series=series, algorithm=algorithm, imprint=root)
    record(ObjectRef.of("evidence.batch", batch_id), agency_id=None, algorithm=algorithm)
