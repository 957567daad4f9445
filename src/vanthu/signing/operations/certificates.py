"""The register of certificates: whose they are, where their keys lie, until when they sign. Norm: TT41/2017 Đ.9 (M30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db.models import Q

from vanthu.foundation.operation import nothing_changed, operation, record
from vanthu.kernel.actor import Actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, NotVisible, Violation, refuse_if
from vanthu.kernel.refs import ObjectRef
from vanthu.organizations.queries import known_people
from vanthu.signing.models import SigningKey
from vanthu.signing.operations.check import trust_store
from vanthu.signing.rules.kinds import CertificateState, KeyPlace
from vanthu.signing.rules.register_policy import may_keep_certificates, may_register
from vanthu.signing.rules.subjects import AGENCY, PERSON, lines_of, same_words
from vanthu.signing.trust.bundle import Unreadable, read_certificates
from vanthu.signing.trust.chains import chain_to_root
from vanthu.signing.trust.store import TrustStoreError, is_authority
from vanthu.signing.trust.subjects import Subject, may_sign, subject_of

NEEDED: Mapping[KeyPlace, tuple[str, ...]] = {
    KeyPlace.PKCS11: ("module", "token", "key"),
    KeyPlace.REMOTE: ("credential", "auth"),
}
SECRETS = (b"PRIVATE KEY-----",)
_PKCS12_VERSION = bytes.fromhex("020103")
SPOKEN = {PERSON: "cá nhân", AGENCY: "cơ quan"}


@dataclass(frozen=True, slots=True)
class CertificateOrder:
    """A certificate to be registered: whose, by which published file, and where its key lies."""

    owner: str
    """`person:ID` or `agency:ID`."""
    owner_name: str
    content: bytes = field(repr=False)
    place: KeyPlace = KeyPlace.BROWSER_TOKEN
    whereabouts: Mapping[str, str] = field(default_factory=dict)
    """PKCS11: `module`, `token`, `key` (label); REMOTE: `credential`, `auth`. Never a PIN."""


@operation("signing.certificate.register")
def register_certificate(*, actor: Actor, order: CertificateOrder, agency_id: int, now: datetime) -> int:
    """Enter a certificate into the register; the owner's former one is kept for its old signatures. Its id.

    Refuses: a private key in the file, no certificate, an authority's, a lapsed one, one that may not sign,
    one that no trusted root has issued, one that is registered for another, a place that is not said fully.
    """
    may_register(actor, order.owner, agency_id).or_refuse()
    _require_of_agency(actor, order.owner, agency_id)
    certificate = _read(order.content)
    subject = subject_of(certificate)
    is_own = order.owner == f"person:{actor.user_id}"
    refuse_if(_objections(certificate, subject, order, now, by_owner=is_own))
    known = SigningKey.objects.filter(fingerprint=subject.fingerprint).first()
    where = {name: order.whereabouts[name] for name in NEEDED.get(order.place, ())}
    if known is not None and known.state == CertificateState.ACTIVE:
        if (known.place, dict(known.whereabouts)) == (order.place, where):
            nothing_changed()
            return known.pk
        known.place, known.whereabouts, known.locator = order.place, where, ""
        known.save(update_fields=["place", "whereabouts", "locator"])
        _tell(order.owner, agency_id, subject, order.place)
        return known.pk
    row = enter_certificate(
        owner=order.owner,
        place=order.place,
        whereabouts=where,
        certificate=certificate,
        by=actor.name,
        now=now,
    )
    _tell(order.owner, agency_id, subject, order.place)
    return row.pk


def _require_of_agency(actor: Actor, owner: str, agency_id: int) -> None:
    """Another agency's certificates do not exist for an administrator, whatever numbers he sends."""
    kind, _, number = owner.partition(":")
    if owner in {f"person:{actor.user_id}", f"agency:{agency_id}"}:
        return
    if kind != PERSON or not any(str(person_id) == number for person_id, _ in known_people(agency_id)):
        raise NotVisible("signing.certificate.not-found")


def enter_certificate(
    *,
    owner: str,
    place: KeyPlace,
    whereabouts: Mapping[str, object],
    certificate: x509.Certificate,
    by: str,
    locator: str = "",
    now: datetime,
) -> SigningKey:
    """Write a certificate as the owner's active one; the former one becomes a replaced one."""
    subject = subject_of(certificate)
    former = SigningKey.objects.filter(owner=owner, state=CertificateState.ACTIVE)
    former.exclude(fingerprint=subject.fingerprint).update(
        state=CertificateState.REPLACED,
        state_reason=f"Thay bằng chứng thư số {subject.serial}"[:300],
        state_at=now,
    )
    row, _ = SigningKey.objects.update_or_create(
        fingerprint=subject.fingerprint,
        defaults={
            "owner": owner,
            "place": place,
            "locator": locator,
            "whereabouts": dict(whereabouts),
            "certificate": certificate.public_bytes(Encoding.DER),
            "state": CertificateState.ACTIVE,
            "state_reason": "",
            "state_at": now,
            "registered_by": by[:200],
            "made_at": now,
        }
        | facts_of(subject),
    )
    return row


def facts_of(subject: Subject) -> dict[str, object]:
    """What the register repeats of a certificate, so that lists need not parse it."""
    return {
        "subject": subject.name[:300],
        "serial": subject.serial,
        "issuer": subject.issuer[:300],
        "identifiers": lines_of(subject.identifiers),
        "fingerprint": subject.fingerprint,
        "valid_from": subject.valid_from,
        "valid_to": subject.valid_to,
    }


def _tell(owner: str, agency_id: int, subject: Subject, place: KeyPlace) -> None:
    record(
        ObjectRef.of("signing.key", owner),
        agency_id=agency_id,
        serial=subject.serial,
        fingerprint=subject.fingerprint,
        place=place,
    )


def _read(content: bytes) -> x509.Certificate:
    if any(mark in content for mark in SECRETS) or content[4:7] == _PKCS12_VERSION:
        raise NotReady([Violation("signing.certificate.private-key")])
    try:
        found = read_certificates(content)
    except Unreadable as error:
        raise NotReady([Violation("signing.certificate.unreadable")]) from error
    signers = [item for item in found if not is_authority(item)]
    if len(found) > 1 and len(signers) == 1:
        return signers[0]  # a file with its whole chain
    if len(found) != 1:
        raise NotReady([Violation("signing.certificate.unreadable")])
    return found[0]


def _objections(
    certificate: x509.Certificate,
    subject: Subject,
    order: CertificateOrder,
    now: datetime,
    *,
    by_owner: bool,
) -> list[Violation]:
    found = [*_about_certificate(certificate, subject, now), *_about_owner(subject, order, by_owner=by_owner)]
    missing = [name for name in NEEDED.get(order.place, ()) if not order.whereabouts.get(name)]
    if missing:
        found.append(Violation("signing.certificate.place-incomplete", (("missing", ", ".join(missing)),)))
    return found


def _about_certificate(certificate: x509.Certificate, subject: Subject, now: datetime) -> list[Violation]:
    if is_authority(certificate):
        return [Violation("signing.certificate.is-authority")]
    found = []
    if subject.valid_to < now:
        found.append(
            Violation("signing.certificate.lapsed", (("until", f"{local(subject.valid_to):%d/%m/%Y}"),))
        )
    if not may_sign(certificate):
        found.append(Violation("signing.certificate.not-for-signing"))
    if not _is_trusted(certificate):
        found.append(Violation("signing.certificate.not-trusted", (("issuer", subject.issuer),)))
    return found


def _is_trusted(certificate: x509.Certificate) -> bool:
    try:
        return bool(chain_to_root(certificate, trust_store()))
    except TrustStoreError:
        return False


def _about_owner(subject: Subject, order: CertificateOrder, *, by_owner: bool) -> list[Violation]:
    wanted = order.owner.partition(":")[0]
    found = []
    if subject.kind != wanted:
        details = (("found", SPOKEN[subject.kind]), ("wanted", SPOKEN[wanted]))
        found.append(Violation("signing.certificate.wrong-kind", details))
    elif by_owner and not same_words(subject.name, order.owner_name):
        details = (("found", subject.name), ("wanted", order.owner_name))
        found.append(Violation("signing.certificate.wrong-name", details))
    other = _other_owner(subject, order.owner)
    if other:
        found.append(Violation("signing.certificate.other-owner", (("owner", other),)))
    return found


def _other_owner(subject: Subject, owner: str) -> str:
    """The name of somebody else for whom the very same certificate, or its identifier, is registered."""
    rows = SigningKey.objects.filter(Q(fingerprint=subject.fingerprint)).exclude(owner=owner)
    return next(iter(rows.values_list("subject", flat=True)), "")


@operation("signing.certificate.end")
def revoke_certificate(*, actor: Actor, key_id: int, reason: str, agency_id: int, now: datetime) -> None:
    """Note that a certificate was revoked: it signs no more, and stays for the signatures that it made.

    Refuses: no reason, one that has ended already, one that is not there (404).
    """
    row = SigningKey.objects.filter(pk=key_id).first()
    if row is None:
        raise NotVisible("signing.certificate.not-found")
    _require_of_agency(actor, row.owner, agency_id)
    if row.owner != f"person:{actor.user_id}":
        may_keep_certificates(actor, agency_id).or_refuse()
    refuse_if([] if reason.strip() else [Violation("signing.certificate.no-reason")])
    if row.state != CertificateState.ACTIVE:
        raise NotReady([Violation("signing.certificate.already-ended")])
    row.state, row.state_reason, row.state_at = CertificateState.REVOKED, reason.strip()[:300], now
    row.save(update_fields=["state", "state_reason", "state_at"])
    record(
        ObjectRef.of("signing.key", row.owner),
        agency_id=agency_id,
        serial=row.serial,
        to=CertificateState.REVOKED,
    )


@operation("signing.certificate.retire")
def retire_lapsed(*, actor: Actor, now: datetime) -> int:
    """Mark certificates whose time is over; how many."""
    lapsed = list(SigningKey.objects.filter(state=CertificateState.ACTIVE, valid_to__lt=now))
    if not lapsed:
        nothing_changed()
        return 0
    SigningKey.objects.filter(pk__in=[row.pk for row in lapsed]).update(
        state=CertificateState.EXPIRED, state_reason="Hết hạn", state_at=now
    )
    for row in lapsed:
        record(
            ObjectRef.of("signing.key", row.owner),
            agency_id=None,
            serial=row.serial,
            to=CertificateState.EXPIRED,
        )
    return len(lapsed)
