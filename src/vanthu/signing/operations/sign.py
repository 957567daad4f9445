"""Signing for people and agencies. The key works outside any transaction; records are short acts."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from django.conf import settings

from vanthu.foundation.operation import operation, record
from vanthu.foundation.storage import sha256_of
from vanthu.kernel.actor import Actor
from vanthu.kernel.due import local
from vanthu.kernel.errors import NotReady, Violation
from vanthu.kernel.refs import ObjectRef
from vanthu.signing.backends import SignatureRequest, SigningBackend
from vanthu.signing.backends.increment import fill_text_fields
from vanthu.signing.backends.pkcs12 import Pkcs12Backend
from vanthu.signing.backends.timestamps import TimestampSource
from vanthu.signing.models import SignatureMade, SigningKey
from vanthu.signing.operations.certificates import facts_of
from vanthu.signing.operations.keys import NO_SECRETS, KeySecrets, opened, require_secrets, waits
from vanthu.signing.rules.kinds import CertificateState, KeyPlace, SignatureKind, field_name
from vanthu.signing.timestamping import desk_timestamps
from vanthu.signing.trust.authority import DemoAuthority
from vanthu.signing.trust.demonstration import demo_authority_in
from vanthu.signing.trust.subjects import subject_of

_issuing = threading.Lock()
REGISTERED_BY_DEMO = "Chế độ trình diễn"


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose key signs: `owner` is `person:ID` or `agency:ID`; `code` stands in a demonstration certificate."""

    owner: str
    code: str
    name: str
    agency_name: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed file and whose certificate stands in it."""

    pdf: bytes
    serial: str
    subject: str


def sign(
    *,
    signer: Signer,
    pdf: bytes,
    request: SignatureRequest,
    typed: KeySecrets = NO_SECRETS,
    now: datetime,
) -> Signed:
    """Sign bytes with the signer's key here and now; nothing is written but a first demonstration key.

    Refuses: `signing.key.missing`, `signing.key.elsewhere` (ask for a signature instead), a PIN or OTP that is
    missing, and what the key's place refuses (`SigningFailed`). Norm: TT41/2017 Đ.6 (M31).
    """
    key = key_of(signer, now=now)
    if waits(key):
        raise NotReady([Violation("signing.key.elsewhere")])
    require_secrets(key, typed)
    return Signed(_backend(key, typed, now).sign(pdf, request), key.serial, key.subject)


def fill_number_and_date(pdf: bytes, *, number: str, dated: str) -> bytes:
    """Fill the two fields that the personal signature permits (law.md §6.6 mode A, decision D22)."""
    return fill_text_fields(pdf, {"so_ky_hieu": number, "ngay_ban_hanh": dated})


def key_of(signer: Signer, *, now: datetime) -> SigningKey:
    """The registered key; in a demonstration, one made at the first use.

    Refuses: `signing.key.missing`, `signing.key.lapsed`. Norm: TT41/2017 Đ.8 (in force when it signs)
    """
    key = SigningKey.objects.filter(owner=signer.owner, state=CertificateState.ACTIVE).first()
    if key is not None and key.valid_to is not None and key.valid_to < now:
        until = f"{local(key.valid_to):%d/%m/%Y}"
        raise NotReady([Violation("signing.key.lapsed", (("owner", signer.name), ("until", until)))])
    if key is not None:
        return key
    if not settings.VANTHU_DEMO:
        raise NotReady([Violation("signing.key.missing", (("owner", signer.name),))])
    return _issue_demo_key(signer, now=now)


def _issue_demo_key(signer: Signer, *, now: datetime) -> SigningKey:
    """Make a demonstration key at the first signature; two hosts at once end with one of them."""
    authority = demo_authority(now)
    with _issuing:
        if signer.owner.startswith("agency:"):
            bundle = authority.issue_agency(code=signer.code, name=signer.name, now=now)
        else:
            bundle = authority.issue_person(
                code=signer.code, name=signer.name, agency=signer.agency_name, now=now
            )
    locator = f"keys/{bundle.serial:x}.p12"
    file = Path(settings.VANTHU_PKI) / locator
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(bundle.data)
    row, _ = SigningKey.objects.get_or_create(
        owner=signer.owner,
        state=CertificateState.ACTIVE,
        defaults={"locator": locator, "certificate": bundle.certificate, "made_at": now}
        | facts_of(subject_of(x509.load_der_x509_certificate(bundle.certificate)))
        | {"subject": signer.name, "registered_by": REGISTERED_BY_DEMO},
    )
    return row


def demo_authority(now: datetime) -> DemoAuthority:
    """The demonstration authority of this installation, made at first use, its revocation lists kept fresh."""
    authority = demo_authority_in(Path(settings.VANTHU_PKI) / "trust", now)
    with _issuing:
        authority.refresh_crls(now)
    return authority


@lru_cache(maxsize=256)
def _backend_at(pki: str, locator: str, passphrase: str, timestamps: TimestampSource) -> SigningBackend:
    return Pkcs12Backend((Path(pki) / locator).read_bytes(), passphrase, timestamps=timestamps)


def _backend(key: SigningKey, typed: KeySecrets, now: datetime) -> SigningBackend:
    if key.place != KeyPlace.PKCS12:
        return opened(key, typed, now)
    pki = Path(settings.VANTHU_PKI)
    authority = demo_authority_in(pki / "trust", now)
    return _backend_at(str(pki), key.locator, authority.passphrase, desk_timestamps(now))


@operation("signing.signature.record")
def record_signature(
    *,
    actor: Actor,
    document_id: int,
    agency_id: int,
    kind: SignatureKind,
    signed: Signed,
    responsibility: str,
    before: bytes,
    now: datetime,
) -> None:
    """Keep who signed, as what, with which certificate and when, beside the document. Norm: TT41/2017 Đ.9 (M30)."""
    after = sha256_of(signed.pdf)
    SignatureMade.objects.create(
        document_id=document_id,
        kind=kind,
        field=field_name(kind, sha256_of(before)),
        signer_name=signed.subject,
        responsibility=responsibility,
        serial=signed.serial,
        sha256_before=sha256_of(before),
        sha256_after=after,
        signed_at=now,
    )
    record(ObjectRef.of("documents.document", document_id), agency_id=agency_id, kind=kind, sha256=after)
