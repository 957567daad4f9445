"""Each night: gather the documents that became final, and give them one root to be stamped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vanthu.audit.queries import events_saying
from vanthu.documents.queries import final_digests
from vanthu.evidence.models import ArchiveStamp, EvidenceBatch, EvidenceItem, Tree, TreeExtent
from vanthu.evidence.rules.batches import AT_ONCE, FINAL_VERBS, hashes_of_group
from vanthu.evidence.rules.records import group_hash, tree_levels
from vanthu.foundation.db import load_locked
from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.refs import ObjectRef

ALGORITHM = "sha256"


@dataclass(frozen=True, slots=True)
class _Final:
    """An act that made a document final, and its place in the tree."""

    index: int
    document_id: int
    chain: int
    seq: int
    digest: str


@operation("evidence.batch.gather")
def gather_batch(*, actor: Actor, limit: int = AT_ONCE, now: datetime) -> int:
    """Put what became final since the last batch under one root; the number of documents.

    Only events that stand in the tree are gathered, in its order: nothing is missed, though commits come out of
    order. The stamp follows outside the transaction. Norm: RFC 4998; D20.
    """
    tree = load_locked(Tree.objects.all(), code="evidence.log.unopened", pk=Tree.ONLY)
    last = EvidenceBatch.objects.order_by("-end_index").first()
    first = last.end_index if last else 0
    finals = [found for found, _ in zip(_finals(first, tree.size), range(limit), strict=False)]
    if not finals:
        nothing_changed()
        return 0
    files = final_digests([found.document_id for found in finals])
    end = tree.size if len(finals) < limit else finals[-1].index + 1
    batch = EvidenceBatch.objects.create(made_at=now, first_index=first, end_index=end, count=len(finals))
    _write_items(batch, finals, files)
    record(ObjectRef.of("evidence.batch", batch.pk), agency_id=None, documents=len(finals))
    return len(finals)


def _finals(first: int, end: int) -> Iterator[_Final]:
    for extent in TreeExtent.objects.filter(first_index__lt=end).order_by("first_index").iterator():
        if extent.first_index + extent.last_seq - extent.first_seq < first:
            continue
        begin = extent.first_seq + max(0, first - extent.first_index)
        for seq, subject, digest in events_saying(extent.chain, begin, extent.last_seq, FINAL_VERBS):
            index = extent.first_index + seq - extent.first_seq
            yield _Final(index, int(subject), extent.chain, seq, digest)


def _write_items(batch: EvidenceBatch, finals: list[_Final], files: dict[int, tuple[str, ...]]) -> None:
    items = []
    for position, found in enumerate(finals):
        digests = files.get(found.document_id, ())
        hashes = hashes_of_group(digests, found.digest)
        items.append(
            EvidenceItem(
                batch=batch,
                position=position,
                document_id=found.document_id,
                event_chain=found.chain,
                event_seq=found.seq,
                files=list(digests),
                hashes=b"".join(hashes),
                leaf=group_hash(ALGORITHM, hashes),
            )
        )
    EvidenceItem.objects.bulk_create(items, batch_size=200)
    root = tree_levels(ALGORITHM, [bytes(item.leaf) for item in items])[-1][0]
    ArchiveStamp.objects.create(batch=batch, algorithm=ALGORITHM, imprint=root)
