"""Ask revocation lists and OCSP answers about a chain; never the network.

Norm: TT41/2017 Đ.8 (the state of the certificate at the time of signing: a list published then, or OCSP)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from cryptography import x509

from vanthu.signing.trust.lists import answer_of_list, load_list, speaks_for
from vanthu.signing.trust.ocsp import answer_of_responder

HELD = "certificate_hold"
"""The reason of a certificate that is suspended, not revoked for good (tạm dừng)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one list or one responder says of one certificate."""

    revoked_at: datetime | None
    reason: str
    covers: bool
    """Whether silence means "good" at the moment that was asked about."""
    issued_at: datetime
    digest: str
    """SHA-256 of the list or answer, lower-case."""


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """Whether any certificate of a chain is revoked, since when and why, and by what evidence."""

    state: Literal["good", "revoked", "unknown"]
    revoked_at: datetime | None = None
    reason: str = ""
    used: tuple[str, ...] = ()
    """SHA-256 of each list and answer that the status rests on."""


def chain_status(
    chain: Sequence[bytes],
    crls: Sequence[bytes],
    moment: datetime,
    *,
    ocsps: Sequence[bytes] = (),
    authorities: Sequence[bytes] = (),
) -> ChainStatus:
    """Judge a chain (DER, leaf first, root last); the root itself can't be revoked by a list.

    A list answers for `moment` if it had not lapsed by then; a list published later answers too, because
    it names each revocation with its date. `authorities` are further certificates of issuers: an issuer
    that has changed its key signs lists with either.
    """
    answers = [
        _status(chain, place, crls, ocsps, authorities, moment) for place in range(max(len(chain) - 1, 0))
    ]
    used = tuple(dict.fromkeys(digest for answer in answers for digest in answer.used))
    revoked = [answer for answer in answers if answer.revoked_at is not None]
    if revoked:
        first = min(revoked, key=lambda answer: answer.revoked_at or moment)
        return ChainStatus("revoked", first.revoked_at, first.reason, used)
    if any(answer.state == "unknown" for answer in answers):
        return ChainStatus("unknown", used=used)
    return ChainStatus("good", used=used)


def unanswered(
    chain: Sequence[bytes],
    crls: Sequence[bytes],
    moment: datetime,
    *,
    ocsps: Sequence[bytes] = (),
    authorities: Sequence[bytes] = (),
) -> list[tuple[bytes, bytes]]:
    """The pairs (certificate, issuer) of a chain about which the material says nothing."""
    return [
        (chain[place], chain[place + 1])
        for place in range(max(len(chain) - 1, 0))
        if _status(chain, place, crls, ocsps, authorities, moment).state == "unknown"
    ]


def _status(
    chain: Sequence[bytes],
    place: int,
    crls: Sequence[bytes],
    ocsps: Sequence[bytes],
    authorities: Sequence[bytes],
    moment: datetime,
) -> ChainStatus:
    certificate, issuer = _certificate(chain[place]), _certificate(chain[place + 1])
    issuers = (issuer, *_other_keys(chain, place, authorities))
    found = [
        *_from_lists(certificate, issuers, crls, moment),
        *_from_responders(certificate, issuer, ocsps, moment),
    ]
    return _weigh(found)


def _weigh(answers: Iterable[Answer]) -> ChainStatus:
    """Revoked for good by whoever says so; a suspension counts until a later answer has lifted it."""
    found = sorted(answers, key=lambda answer: answer.issued_at)
    for answer in found:
        lifted = answer.reason == HELD and any(
            later.revoked_at is None and later.covers and later.issued_at > answer.issued_at
            for later in found
        )
        if answer.revoked_at is not None and not lifted:
            return ChainStatus("revoked", answer.revoked_at, answer.reason, (answer.digest,))
    clear = [answer for answer in found if answer.covers and answer.revoked_at is None]
    if clear:
        return ChainStatus("good", used=(clear[-1].digest,))
    return ChainStatus("unknown")


def _from_lists(
    certificate: x509.Certificate,
    issuers: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    moment: datetime,
) -> Iterable[Answer]:
    for data in crls:
        crl = load_list(data)
        if crl is None or not any(speaks_for(data, issuer) for issuer in issuers):
            continue
        answer = answer_of_list(data, certificate, moment)
        if answer is not None:
            yield Answer(*answer, crl.last_update_utc, digest_of(data))


def _from_responders(
    certificate: x509.Certificate, issuer: x509.Certificate, ocsps: Sequence[bytes], moment: datetime
) -> Iterable[Answer]:
    for data in ocsps:
        answer = answer_of_responder(data, certificate, issuer, moment)
        if answer is not None:
            yield Answer(*answer, digest_of(data))


def _other_keys(
    chain: Sequence[bytes], place: int, authorities: Sequence[bytes]
) -> Iterable[x509.Certificate]:
    """Other certificates of the same issuer, vouched for by the same authority above it (key rollover)."""
    if place + 2 >= len(chain):
        return
    issuer, above = _certificate(chain[place + 1]), _certificate(chain[place + 2])
    for data in authorities:
        other = _certificate(data)
        if data != chain[place + 1] and other.subject == issuer.subject and _vouched(other, above):
            yield other


def _vouched(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except Exception:  # a library that raises on odd keys: nothing is vouched for then
        return False
    return True


@lru_cache(maxsize=256)
def _certificate(data: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(data)


@lru_cache(maxsize=256)
def digest_of(data: bytes) -> str:
    """SHA-256 of a list or answer, lower-case; a long list is digested once."""
    return sha256(data).hexdigest()
