"""Ask the revocation lists of the trust store about a chain; never the network.

Norm: TT41/2017 Đ.8 (the state of the certificate at the time of signing)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import ExtensionOID

# A list with a scope (delta, partitioned, indirect) answers only for a part: without understanding it we
# must not read "absent" as "good".
_SCOPED: Final = (ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR)


@dataclass(frozen=True, slots=True)
class ChainStatus:
    """Whether any certificate of a chain is revoked, and since when."""

    state: Literal["good", "revoked", "unknown"]
    revoked_at: datetime | None = None


def chain_status(chain: Sequence[bytes], crls: Sequence[bytes], moment: datetime) -> ChainStatus:
    """Judge a chain (DER, leaf first, root last) by the lists; the root itself can't be revoked by one.

    A list answers for `moment` if it had not lapsed by then; a list published later answers too, because
    it names each revocation with its date.
    """
    certificates = [x509.load_der_x509_certificate(item) for item in chain]
    lists = [x509.load_der_x509_crl(item) for item in crls]
    answers = [_status(certificate, issuer, lists, moment) for certificate, issuer in pairwise(certificates)]
    revoked = [answer for answer in answers if answer.revoked_at is not None]
    if revoked:
        return min(revoked, key=lambda answer: answer.revoked_at or moment)
    if any(answer.state == "unknown" for answer in answers):
        return ChainStatus("unknown")
    return ChainStatus("good")


def _status(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    moment: datetime,
) -> ChainStatus:
    usable = [crl for crl in lists if _speaks_for(crl, issuer)]
    for crl in usable:
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None:
            return ChainStatus("revoked", entry.revocation_date_utc)
    fresh = any(crl.next_update_utc is not None and crl.next_update_utc >= moment for crl in usable)
    return ChainStatus("good" if fresh else "unknown")


def _speaks_for(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    if crl.issuer != issuer.subject or any(extension.oid in _SCOPED for extension in crl.extensions):
        return False
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, UnsupportedAlgorithm):
        return False
