"""Proof that outlives certificates: what a file brings along, and document time stamps one after the other.

A time stamp proves something as long as its own chain and algorithms hold; before they end, a newer stamp over the
whole file takes over. The chain is read from its newest link backwards: each link must hold until the next one took
over, the newest until the moment of the check. Norm: ETSI EN 319 142-1 (B-LTA), EN 319 102-1 (proof of existence);
decision D20.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import x509
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from vanthu.signing.rules.lifetimes import believed_until, holds_until
from vanthu.signing.rules.verdicts import SignatureFinding
from vanthu.signing.trust.revocation import ChainStatus, chain_status
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.validation.readings import key_of, leaf_first

_MOST_ITEMS: Final = 500
"""A file that brings more than this many certificates, lists or answers is not read for them."""
CLOCK_TOLERANCE: Final = timedelta(hours=8)
"""Some Vietnamese tools write local time (+7 h) as if it were UTC (signing.md §4)."""
_WHOLE: Final = frozenset({"ENTIRE_FILE", "ENTIRE_REVISION"})
# RFC 3161 4: only a revocation that says the key was never in wrong hands leaves earlier stamps standing.
_HARMLESS: Final = frozenset({"affiliation_changed", "superseded", "cessation_of_operation"})


@dataclass(frozen=True, slots=True)
class Proof:
    """A document time stamp that is believed: every byte before `end` existed at `at`."""

    end: int
    at: datetime


def with_material(trust: TrustStore, reader: PdfFileReader) -> TrustStore:
    """Return the store with the certificates, lists and answers that the file carries in its /DSS.

    They are believed no more than those that came over the network: each is checked against its issuer.
    """
    try:
        store = reader.root["/DSS"]
        parts = {key: list(_streams(store, key)) for key in ("/Certs", "/CRLs", "/OCSPs")}
    except Exception:  # a broken store of a foreign file says nothing, and must not take the signatures down
        return trust
    certificates = tuple(item for item in parts["/Certs"] if _is_certificate(item))
    return trust.joined(
        TrustStore((), certificates, tuple(parts["/CRLs"]), ocsps=tuple(parts["/OCSPs"])),
    )


def _is_certificate(data: bytes) -> bool:
    try:
        load_der_x509_certificate(data)
    except ValueError:
        return False
    return True


def _streams(store: Any, key: str) -> Iterator[bytes]:
    items = store.get(key, ())
    if len(items) > _MOST_ITEMS:
        raise ValueError(key)
    for item in items:
        yield item.get_object().data


def stamps_first(fields: Iterable[tuple[str, Any]]) -> list[tuple[str, Any, bool]]:
    """Sort filled signature fields for judging: (name, field, whether it holds a document time stamp).

    Stamps come first, those over more bytes before those over fewer.
    """
    found = [(name, field, _stamped_bytes(field)) for name, field in fields]
    found.sort(key=lambda item: -item[2])
    return [(name, field, size > 0) for name, field, size in found]


def _stamped_bytes(field: Any) -> int:
    """How far a document time stamp reaches; 0 for anything else, and for one that can't be read."""
    try:
        content = field["/V"]
        if content["/SubFilter"] != "/ETSI.RFC3161":
            return 0
        return int(content["/ByteRange"][2]) + int(content["/ByteRange"][3])
    except Exception:  # whatever a broken dictionary raises; the field is judged all the same
        return 0


def proof_by(finding: SignatureFinding, end: int) -> Iterable[Proof]:
    """The proof that a judged document time stamp gives; none when it is not believed in every respect."""
    sound = (
        finding.integrity and finding.coverage in _WHOLE and finding.modification in {"none", "lta", "form"}
    )
    if finding.kind == "timestamp" and sound and finding.timestamp_at is not None:
        yield Proof(end, finding.timestamp_at)


def proved_at(proofs: Sequence[Proof], end: int) -> datetime | None:
    """Return the earliest instant at which what ends at this byte is proved to have existed."""
    return min((proof.at for proof in proofs if proof.end > end), default=None)


def needed_until(proofs: Sequence[Proof], end: int, at: datetime) -> datetime:
    """Return until when a stamp in this place must hold by itself: until a later one took over, or until now."""
    return proved_at(proofs, end) or at


def stamp_holds_until(chain: Sequence[x509.Certificate], digest: str) -> datetime:
    """Return the last instant of a stamp's own power; `chain` is leaf first, root last."""
    key, bits = key_of(chain[0])
    return holds_until(
        certificates_end=[item.not_valid_after for item in chain[:-1]] or [chain[0].not_valid_after],
        digest=digest,
        key=key,
        bits=bits,
    )


def stamp_is_believed(
    chain: Sequence[x509.Certificate], digest: str, *, made_at: datetime, until: datetime, trust: TrustStore
) -> bool:
    """Tell whether a sound, trusted stamp still proves its time at `until`."""
    if stamp_holds_until(chain, digest) < until:
        return False
    state = status_of_chain(chain, trust, made_at)
    if state.revoked_at is None:
        return True
    return made_at < state.revoked_at and (until < state.revoked_at or state.reason in _HARMLESS)


def flaw_of_stamp(
    stamp: Any, end: int, *, trust: TrustStore | None, proofs: Sequence[Proof], at: datetime
) -> str:
    """Why a stamp on what ends at this byte proves nothing; empty when it does (`stamp`: the library's status)."""
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted) or trust is None:
        return "time.timestamp-untrusted"
    if stamp.timestamp > at + CLOCK_TOLERANCE:
        return "time.timestamp-untrusted"
    believed = stamp_is_believed(
        leaf_first(stamp.validation_path),
        stamp.md_algorithm,
        made_at=stamp.timestamp,
        until=max(needed_until(proofs, end, at), stamp.timestamp),
        trust=trust,
    )
    return "" if believed else "time.timestamp-lapsed"


def stands_at(status: Any, moment: datetime, trust: TrustStore | None) -> bool:
    """Whether a certificate was good when a later stamp was put over the file; a stamp that came late must not harm."""
    if not status.trusted or trust is None:
        return False
    revoked_at = status_of_chain(leaf_first(status.validation_path), trust, moment).revoked_at
    return revoked_at is None or revoked_at > moment


def status_of_chain(chain: Sequence[x509.Certificate], trust: TrustStore, moment: datetime) -> ChainStatus:
    """What lists and answers of the store say of a chain, leaf first."""
    return chain_status(
        [item.dump() for item in chain],
        trust.crls,
        moment,
        ocsps=trust.ocsps,
        authorities=trust.intermediates,
    )


def has_lapsed(certificate: x509.Certificate, digest: str, moment: datetime) -> bool:
    """Tell whether a signature's algorithms were no longer believed when it is first proved to have existed."""
    return min(believed_until(digest), believed_until(*key_of(certificate))) < moment
