"""Everything that a stranger needs to check one document, put together; the seal comes last."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vanthu.audit.queries import chain_events, seqs_about
from vanthu.documents.queries import DocumentCard, FileRow, current_files, document_card, files_of
from vanthu.evidence.queries.records import RecordRow, record_of_document
from vanthu.evidence.queries.tree import (
    HeadRow,
    first_stamped_head,
    index_of,
    log_keys,
    log_name,
    newest_head,
    stored_tiles,
)
from vanthu.evidence.rules.bundle import FORMAT
from vanthu.evidence.rules.checking import SUBJECT_KIND
from vanthu.evidence.rules.merkle import consistency_path, inclusion_path
from vanthu.evidence.rules.notes import TIME, to_base64
from vanthu.evidence.rules.records import read_record
from vanthu.evidence.rules.thinning import chosen_sizes, place_of
from vanthu.evidence.rules.tokens import digest, read_token
from vanthu.foundation.storage import blobs
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.organizations.queries import agency
from vanthu.signing.operations import trust_store
from vanthu.signing.queries import known_verdict
from vanthu.signing.validation import TrustStore, TrustStoreError


@dataclass(frozen=True, slots=True)
class _Proved:
    """One event of the document with its place in the tree."""

    seq: int
    index: int
    text: str


def unsealed_proof(*, actor: Actor, document_id: int, embed: bool, now: datetime) -> dict[str, Any]:
    """The proof of one visible document without its seal; with `embed`, the bytes of its files inside.

    Refuses: `NotVisible`; `evidence.proof.no-head` while none of its events is in a head.
    """
    card = document_card(actor=actor, document_id=document_id)
    events, waiting = _events(card)
    newest = newest_head()
    if newest is None or not events:
        raise NotReady([Violation("evidence.proof.no-head")])
    heads = _heads(events, newest)
    record = record_of_document(document_id)
    return {
        "format": FORMAT,
        "made_at": now.astimezone(UTC).strftime(TIME),
        "log": _log(),
        "document": _document(card),
        "files": [_file(row, record, embed=embed) for row in _chosen(document_id, record)],
        "events": _inclusion(events, heads),
        "waiting": waiting,
        "heads": [
            {"note": head.note, "token": to_base64(head.token) if head.token else None} for head in heads
        ],
        "consistency": _consistency(heads),
        "evidence": _evidence(record, events),
        "material": _material(heads, record),
    }


def _events(card: DocumentCard) -> tuple[list[_Proved], int]:
    """The events of the document that are in the tree, and how many are not yet."""
    found, waiting = [], 0
    for seq in seqs_about(SUBJECT_KIND, card.id, chain=card.agency_id):
        index = index_of(card.agency_id, seq)
        if index is None:
            waiting += 1
            continue
        event = next(chain_events(card.agency_id, seq, seq))
        found.append(_Proved(seq, index, event.text))
    return found, waiting


def _heads(events: Sequence[_Proved], newest: HeadRow) -> list[HeadRow]:
    found: list[HeadRow] = []
    for event in events:
        # Events ascend: the first stamped head over one is also that of every other leaf it has.
        if not found or found[-1].size <= event.index:
            head = first_stamped_head(event.index)
            if head is None:
                break
            found.append(head)
    known = {head.size: head for head in (newest, *found)}
    return [known[size] for size in chosen_sizes([head.size for head in found], newest.size)]


def _inclusion(events: Sequence[_Proved], heads: Sequence[HeadRow]) -> list[dict[str, Any]]:
    tiles = stored_tiles()
    sizes = [head.size for head in heads]
    rows = []
    for event in events:
        place = place_of(event.index, sizes)
        path = inclusion_path(tiles.node, event.index, sizes[place])
        rows.append(
            {
                "index": event.index,
                "head": place,
                "leaf": event.text,
                "path": [item.hex() for item in path],
            }
        )
    return rows


def _consistency(heads: Sequence[HeadRow]) -> list[list[str]]:
    tiles = stored_tiles()
    pairs = pairwise(heads)
    return [[item.hex() for item in consistency_path(tiles.node, old.size, new.size)] for old, new in pairs]


def _log() -> dict[str, Any]:
    keys = [
        {
            "fingerprint": key.fingerprint,
            "public": to_base64(key.public.raw),
            "introduction": key.introduction,
        }
        for key in log_keys()
    ]
    return {"origin": log_name(), "keys": keys}


def _document(card: DocumentCard) -> dict[str, Any]:
    owner = agency(card.agency_id)
    return {
        "id": card.id,
        "chain": card.agency_id,
        "agency_code": owner.code,
        "agency_name": owner.name,
        "direction": card.direction,
        "type": card.type_code,
        "number": card.full_number,
        "issued_on": card.issued_on.isoformat() if card.issued_on else "",
        "issuer": card.issuer_name,
        "signer": card.signer_name,
        "subject": card.subject,
    }


def _chosen(document_id: int, record: RecordRow | None) -> list[FileRow]:
    """The current files and those that the record covers, each content once."""
    covered = record.files if record is not None else ()
    rows = [*current_files(document_id), *(row for row in files_of(document_id) if row.sha256 in covered)]
    return list({row.sha256: row for row in rows}.values())


def _file(row: FileRow, record: RecordRow | None, *, embed: bool) -> dict[str, Any]:
    digests = {"sha256": row.sha256}
    algorithms = _algorithms(record) - {"sha256"}
    data = blobs().read(row.sha256) if embed or algorithms else b""
    for algorithm in sorted(algorithms):
        digests[algorithm] = digest(algorithm, data).hex()
    verdict = known_verdict(row.sha256)
    return {
        "name": row.name,
        "role": row.role,
        "size": row.size,
        "digests": digests,
        "verdict": verdict.to_json() if verdict is not None else None,
        "bytes": to_base64(data) if embed else None,
    }


def _algorithms(record: RecordRow | None) -> set[str]:
    """The hash algorithms that the stamps over the document stand on."""
    if record is None:
        return set()
    return {stamp.algorithm for chain in read_record(record.der) for stamp in chain}


def _evidence(record: RecordRow | None, events: Sequence[_Proved]) -> dict[str, Any]:
    place = next(
        (place for place, event in enumerate(events) if record and event.seq == record.event_seq), None
    )
    if record is None or place is None:
        return {"record": None, "files": [], "event": 0}
    return {
        "record": base64.b64encode(record.der).decode(),
        "files": sorted(set(record.files)),
        "event": place,
    }


def _material(heads: Sequence[HeadRow], record: RecordRow | None) -> dict[str, Any]:
    """The authorities above the stamps, and their revocation lists, as far as this installation knows them."""
    tokens = [head.token for head in heads if head.token]
    if record is not None:
        tokens += [stamp.token for chain in read_record(record.der) for stamp in chain]
    wanted = {
        certificate.issuer
        for token in map(read_token, tokens)
        for certificate in (token.certificate, *token.others)
    }
    store = _anchors()
    if store is None:
        return {"certificates": [], "lists": []}
    known = [
        x509.load_der_x509_certificate(item)
        for item in (*store.roots, *store.tsa_roots, *store.intermediates)
    ]
    for _ in known:
        wanted |= {item.issuer for item in known if item.subject in wanted}
    certificates = {item.public_bytes(Encoding.DER): None for item in known if item.subject in wanted}
    lists = [item for item in store.crls if x509.load_der_x509_crl(item).issuer in wanted]
    return {
        "certificates": sorted(to_base64(item) for item in certificates),
        "lists": sorted({to_base64(item) for item in lists}),
    }


def _anchors() -> TrustStore | None:
    """What this installation believes; None where nothing was imported yet."""
    try:
        return trust_store()
    except TrustStoreError:
        return None
