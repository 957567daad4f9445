"""Reads of evidence records: the chains of stamps over one document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from vanthu.audit.queries import chain_events
from vanthu.evidence.models import ArchiveStamp, EvidenceItem
from vanthu.evidence.rules.batches import WIDTHS, split_hashes
from vanthu.evidence.rules.records import Chains, Stamp, encode_chains, encode_record, siblings, tree_levels
from vanthu.evidence.rules.tokens import digest


@dataclass(frozen=True, slots=True)
class RecordRow:
    """The evidence record of one document: DER, the files it covers, and the event with its text."""

    der: bytes
    files: tuple[str, ...]
    event_chain: int
    event_seq: int


def record_of_document(document_id: int) -> RecordRow | None:
    """The newest record of a document; None while its batch has no stamp."""
    for item in EvidenceItem.objects.filter(document_id=document_id, series=0).order_by("-batch_id"):
        chains = chains_of(item)
        if chains:
            return RecordRow(encode_record(chains), tuple(item.files), item.event_chain, item.event_seq)
    return None


def chains_of(item: EvidenceItem) -> Chains:
    """The stamps over one item, series by series; only those that have their token."""
    stamps = ArchiveStamp.objects.filter(batch_id=item.batch_id, token__isnull=False)
    chains: list[tuple[Stamp, ...]] = []
    for series in sorted(set(stamps.values_list("series", flat=True))):
        rows = list(stamps.filter(series=series).order_by("ordinal"))
        chains.append(_chain(item, rows, tuple(chains)))
    return tuple(chains)


def _chain(item: EvidenceItem, rows: list[ArchiveStamp], before: Chains) -> tuple[Stamp, ...]:
    algorithm = rows[0].algorithm
    chain = [Stamp(algorithm, _first_tree(item, rows[0], before), bytes(rows[0].token or b""))]
    for row in rows[1:]:
        others = split_hashes(bytes(row.siblings), WIDTHS[algorithm])
        former = digest(algorithm, chain[-1].token)
        tree = ((former,), *((other,) for other in others)) if others else ()
        chain.append(Stamp(algorithm, tree, bytes(row.token or b"")))
    return tuple(chain)


def _first_tree(item: EvidenceItem, row: ArchiveStamp, before: Chains) -> tuple[tuple[bytes, ...], ...]:
    rows = EvidenceItem.objects.filter(batch_id=item.batch_id, series=row.series).order_by("position")
    leaves = [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]
    hashes = split_hashes(bytes(rows.get(position=item.position).hashes), WIDTHS[row.algorithm])
    group = group_of(row.algorithm, hashes, before)
    levels = tree_levels(row.algorithm, leaves)
    return (group, *((other,) for other in siblings(levels, item.position)))


def group_of(algorithm: str, hashes: tuple[bytes, ...], before: Chains) -> tuple[bytes, ...]:
    """The first group of a reduced tree; after a renewal of the algorithm each hash carries the former chains.

    Norm: RFC 4998 5.2: H(h(d) + h(former sequence)).
    """
    if not before:
        return tuple(sorted(hashes))
    former = digest(algorithm, encode_chains(before))
    return tuple(sorted(digest(algorithm, item + former) for item in hashes))


def event_text(chain: int, seq: int) -> str:
    """The text of one event as it was hashed; empty when it is gone."""
    return next((event.text for event in chain_events(chain, seq, seq)), "")


@dataclass(frozen=True, slots=True)
class DueBatch:
    """A batch whose last stamp lapses soon, and the place of that stamp."""

    batch_id: int
    series: int
    ordinal: int
    algorithm: str
    token: bytes


def batches_hashed_otherwise(algorithm: str) -> tuple[int, ...]:
    """Ids of the batches whose last stamp, got already, covers digests of another algorithm; oldest first."""
    rows = _last_stamps().filter(token__isnull=False).exclude(algorithm=algorithm)
    return tuple(rows.order_by("batch_id").values_list("batch_id", flat=True))


def _last_stamps() -> QuerySet[ArchiveStamp]:
    same = ArchiveStamp.objects.filter(batch=OuterRef("batch"))
    later = same.filter(
        Q(series__gt=OuterRef("series")) | Q(series=OuterRef("series"), ordinal__gt=OuterRef("ordinal"))
    )
    return ArchiveStamp.objects.filter(~Exists(later))


def batches_lapsing(before: datetime) -> tuple[DueBatch, ...]:
    """Batches whose last stamp's authority has a certificate that lapses before the instant; none that waits."""
    rows = _last_stamps().filter(expires_at__lte=before).order_by("batch_id")
    return tuple(
        DueBatch(row.batch_id, row.series, row.ordinal, row.algorithm, bytes(row.token or b""))
        for row in rows
    )
