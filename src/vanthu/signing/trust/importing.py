"""Decide which certificates of a file may enter the trust store; every doubt is named, nothing enters half.

Norm: TT41/2017 Đ.8 (a chain leads to the root authority)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vanthu.kernel.errors import Violation
from vanthu.signing.trust.authority import DISCLAIMER
from vanthu.signing.trust.manifest import INTERMEDIATE, ROOT, Anchor
from vanthu.signing.trust.names import common_name, same_name
from vanthu.signing.trust.pins import Pin, expected_pin, fingerprint, pin_of
from vanthu.signing.trust.signed import certificate_signed_by
from vanthu.signing.trust.store import is_authority

PREFIX: Final = "signing.trust."


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certificate with the anchor it would become."""

    certificate: x509.Certificate
    anchor: Anchor

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def is_root(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate ends its chain: it names itself as its issuer."""
    return same_name(certificate.subject, certificate.issuer)


def is_demonstration(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate says of itself that it has no legal value."""
    units = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(part.value == DISCLAIMER for part in units)


def examine(
    certificates: Sequence[x509.Certificate], *, pins: Sequence[Pin], trusted: Sequence[x509.Certificate]
) -> tuple[list[Candidate], list[Violation]]:
    """Judge a whole file: what may enter, and what speaks against the rest.

    `trusted` are the authorities that stand in the store already; an intermediate has to follow from
    one of them, from the file itself, or from a pin of its own.
    """
    candidates: list[Candidate] = []
    violations: list[Violation] = []
    # Roots first: the intermediates of the same file may follow from them.
    for certificate in sorted(certificates, key=lambda item: not is_root(item)):
        believed = [*trusted, *(item.certificate for item in candidates)]
        code = _objection(certificate, pins, believed)
        if code:
            violations.append(_violation(code, certificate, expected_pin(certificate, pins)))
        else:
            candidates.append(Candidate(certificate, _anchor(certificate, pin_of(certificate, pins))))
    return candidates, violations


def _objection(
    certificate: x509.Certificate, pins: Sequence[Pin], believed: Iterable[x509.Certificate]
) -> str:
    if is_demonstration(certificate):
        return "demonstration"
    if not is_authority(certificate):
        return "not-authority"
    if pin_of(certificate, pins) is not None:
        return "" if not is_root(certificate) or issued_by(certificate, certificate) else "forged"
    if expected_pin(certificate, pins) is not None:
        return "pin-mismatch"
    if is_root(certificate):
        return "not-pinned"
    return "" if any(issued_by(certificate, issuer) for issuer in believed) else "no-root"


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Tell whether the issuer's key has signed the certificate, under the issuer's name."""
    if not same_name(certificate.issuer, issuer.subject):
        return False
    # The names were compared by RFC 5280; the library would compare them byte by byte.
    return certificate_signed_by(certificate, issuer)


def _anchor(certificate: x509.Certificate, pin: Pin | None) -> Anchor:
    name = common_name(certificate.subject)
    kind = ROOT if is_root(certificate) else INTERMEDIATE
    if pin is None:
        return Anchor(fingerprint(certificate), kind, name, source="Do tổ chức gốc đã tin cậy cấp")
    return Anchor(
        sha256=fingerprint(certificate),
        kind=kind,
        name=name,
        purposes=pin.purposes,
        pin=pin.shown,
        pin_is_full=pin.is_full,
        source=pin.source,
        crl_urls=pin.crl_urls,
        ocsp_urls=pin.ocsp_urls,
    )


def _violation(code: str, certificate: x509.Certificate, pin: Pin | None) -> Violation:
    details = {"name": common_name(certificate.subject), "came": fingerprint(certificate)}
    if pin is not None:
        details |= {"expected": pin.shown, "where": pin.certificate_url or pin.authority}
    return Violation(f"{PREFIX}{code}", tuple(sorted(details.items())))
