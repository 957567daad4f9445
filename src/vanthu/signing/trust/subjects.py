"""What a certificate says of its subject, as the register keeps it. Norm: NĐ68/2024 Đ.7 (content of a certificate)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from vanthu.signing.rules.subjects import identifier, kind_of_subject
from vanthu.signing.trust.names import common_name
from vanthu.signing.trust.pins import fingerprint

_EMAIL_IN_NAME: Final = x509.NameOID.EMAIL_ADDRESS


@dataclass(frozen=True, slots=True)
class Subject:
    """Chủ thể chứng thư: who it is, by name, by identifiers, by mail."""

    name: str
    organisation: str
    units: tuple[str, ...]
    title: str
    emails: tuple[str, ...]
    identifiers: tuple[str, ...]
    kind: str
    """`person` or `agency`."""
    serial: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_to: datetime


def subject_of(certificate: x509.Certificate) -> Subject:
    """Read the subject; old certificates carry the mail address in the name, newer ones beside it."""
    name = certificate.subject
    identifiers = tuple(dict.fromkeys(identifier(text) for text in _texts(name, x509.NameOID.USER_ID)))
    own = common_name(name)
    organisation = next(iter(_texts(name, x509.NameOID.ORGANIZATION_NAME)), "")
    return Subject(
        name=own,
        organisation=organisation,
        units=tuple(_texts(name, x509.NameOID.ORGANIZATIONAL_UNIT_NAME)),
        title=next(iter(_texts(name, x509.NameOID.TITLE)), ""),
        emails=tuple(dict.fromkeys([*_texts(name, _EMAIL_IN_NAME), *_emails_beside(certificate)])),
        identifiers=identifiers,
        kind=kind_of_subject(identifiers, name=own, organisation=organisation),
        serial=f"{certificate.serial_number:X}",
        issuer=common_name(certificate.issuer),
        fingerprint=fingerprint(certificate),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
    )


def may_sign(certificate: x509.Certificate) -> bool:
    """Tell whether the key may sign documents; the state's own certificates carry several usages beside it."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _emails_beside(certificate: x509.Certificate) -> list[str]:
    try:
        beside = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return beside.get_values_for_type(x509.RFC822Name)


def _texts(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(part.value) for part in name.get_attributes_for_oid(oid)]
