"""Hand out the proof of one document, sealed by the log key and noted in the log."""

from __future__ import annotations

import hashlib
from datetime import datetime

from vanthu.evidence.keyring import private_key
from vanthu.evidence.queries.proof import unsealed_proof
from vanthu.evidence.queries.tree import log_keys
from vanthu.evidence.rules.bundle import SEAL, digest_of_parts, encode, parts_of
from vanthu.evidence.rules.checking import SUBJECT_KIND
from vanthu.evidence.rules.notes import sign_note
from vanthu.foundation.operation import operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef


@operation("evidence.proof.export")
def export_proof(*, actor: Actor, document_id: int, embed: bool = False, now: datetime) -> bytes:
    """The proof file of one visible document; with `embed`, its files inside.

    The seal is the log key's signature over the digest of each part: a change anywhere is named by its place.
    Refuses: `NotVisible`; `evidence.proof.no-head`; `evidence.key.missing`.
    """
    bundle = unsealed_proof(actor=actor, document_id=document_id, embed=embed, now=now)
    signer = private_key(log_keys()[-1].fingerprint)
    if signer is None:
        raise NotReady([Violation("evidence.key.missing")])
    parts = parts_of(bundle)
    origin = bundle["log"]["origin"]
    note = sign_note(origin, (SEAL, origin, digest_of_parts(parts)), signer)
    data = encode(bundle | {"seal": {"parts": parts, "note": note}})
    record(
        ObjectRef.of(SUBJECT_KIND, document_id),
        agency_id=bundle["document"]["chain"],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )
    return data
