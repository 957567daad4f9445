"""Read one revocation list (CRL): for whom it speaks, what it covers, what it says. Norm: RFC 5280 §5, §6.3."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from vanthu.signing.trust.names import same_name
from vanthu.signing.trust.signed import list_signed_by

_UNDERSTOOD: Final = frozenset(
    {ExtensionOID.ISSUING_DISTRIBUTION_POINT, ExtensionOID.DELTA_CRL_INDICATOR, ExtensionOID.CRL_NUMBER}
)
_EXPIRED_ON_LIST: Final = x509.ObjectIdentifier("2.5.29.60")
_GENERALIZED_TIME: Final = 0x18

Said = tuple[datetime | None, str, bool]
"""(revoked at, reason, whether silence means good)."""


@lru_cache(maxsize=64)
def load_list(data: bytes) -> x509.CertificateRevocationList | None:
    """A parsed list; None for what is none."""
    try:
        return x509.load_der_x509_crl(data)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def speaks_for(data: bytes, issuer: x509.Certificate) -> bool:
    """Tell whether the issuer has signed the list; asked once for each pair, for a large list costs much to hash."""
    crl = load_list(data)
    if crl is None or not same_name(crl.issuer, issuer.subject) or not _may_sign_lists(issuer):
        return False
    return list_signed_by(data, crl, issuer)


def is_delta(crl: x509.CertificateRevocationList) -> bool:
    """Tell whether a list only says what has changed since another one."""
    return any(extension.oid == ExtensionOID.DELTA_CRL_INDICATOR for extension in crl.extensions)


def answer_of_list(data: bytes, certificate: x509.Certificate, moment: datetime) -> Said | None:
    """What a list by the right issuer says of a certificate; None when the certificate is out of its scope."""
    crl = load_list(data)
    scope = _scope(crl, certificate) if crl is not None else None
    if crl is None or scope is None:
        return None
    entry = _entry(data, crl, certificate.serial_number)
    if entry is not None:
        reason = _reason(entry)
        if reason != "remove_from_crl":
            return entry.revocation_date_utc, reason, False
        # A delta list that lifts a suspension: from its date on the certificate is good.
        return None, reason, _is_current(crl, moment)
    covers = scope and _is_current(crl, moment) and _still_lists(crl, certificate)
    return None, "", covers


def _entry(data: bytes, crl: x509.CertificateRevocationList, serial: int) -> x509.RevokedCertificate | None:
    # Going through a hundred thousand entries takes long; the bytes of a number that is listed must be there.
    number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
    if number not in data:
        return None
    return crl.get_revoked_certificate_by_serial_number(serial)


def _scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool | None:
    """None: not about this certificate. False: may name it, but silence says nothing. True: covers it wholly."""
    try:
        extensions = {extension.oid: extension for extension in crl.extensions}
    except ValueError:
        return None
    if any(item.critical and oid not in _UNDERSTOOD for oid, item in extensions.items()):
        return None
    whole = ExtensionOID.DELTA_CRL_INDICATOR not in extensions
    point = extensions.get(ExtensionOID.ISSUING_DISTRIBUTION_POINT)
    if point is None:
        return whole
    part = _part(point.value, certificate)
    return part and whole if part is not None else None


def _part(point: object, certificate: x509.Certificate) -> bool | None:
    """Whether one part of an issuer's lists is the one for this certificate."""
    assert isinstance(point, x509.IssuingDistributionPoint)
    is_ca = _is_ca(certificate)
    foreign = (
        # An indirect list names other issuers in its entries, and ours might not be among them.
        point.indirect_crl
        or point.only_contains_attribute_certs
        or (point.only_contains_user_certs and is_ca)
        or (point.only_contains_ca_certs and not is_ca)
        or point.relative_name is not None
        or (point.full_name is not None and not set(point.full_name) & _points_of(certificate))
    )
    return None if foreign else point.only_some_reasons is None


def _points_of(certificate: x509.Certificate) -> set[x509.GeneralName]:
    """The names of the distribution points that the certificate gives."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return set()
    return {name for point in points for name in point.full_name or ()}


def _is_current(crl: x509.CertificateRevocationList, moment: datetime) -> bool:
    return crl.next_update_utc is not None and crl.next_update_utc >= moment


def _still_lists(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """A list may drop a certificate once it has expired: lists made later say nothing by their silence.

    RFC 5280 5.1: an entry stays until one regular list after the end, so one period of lists is still sure.
    """
    assert crl.next_update_utc is not None
    period = crl.next_update_utc - crl.last_update_utc
    if crl.last_update_utc <= certificate.not_valid_after_utc + period:
        return True
    since = _keeps_expired_since(crl)
    return since is not None and since <= certificate.not_valid_after_utc


def _keeps_expired_since(crl: x509.CertificateRevocationList) -> datetime | None:
    """The date of the extension `expiredCertsOnCRL`, if the list has it."""
    for extension in crl.extensions:
        if extension.oid == _EXPIRED_ON_LIST and isinstance(extension.value, x509.UnrecognizedExtension):
            raw = extension.value.value
            if raw[:1] != bytes([_GENERALIZED_TIME]):
                return None
            try:
                return datetime.strptime(raw[2:].decode("ascii"), "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
            except ValueError:
                return None
    return None


def _reason(entry: x509.RevokedCertificate) -> str:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.name
    except (x509.ExtensionNotFound, ValueError):
        return ""


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True  # roots of 2010 carry no key usage


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
