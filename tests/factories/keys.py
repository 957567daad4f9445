"""Keys that lie elsewhere: a real device for a person or an agency of the cast, its certificate registered."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.cast import Agency
from vanthu.kernel.actor import Actor
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import demo_authority
from vanthu.signing.rules.kinds import KeyPlace


class Token:
    """A device that holds a key and signs hashes; `pin` is only for those who ask."""

    def __init__(self, certificate: bytes, key: rsa.RSAPrivateKey) -> None:
        self.certificate = certificate
        self.key = key

    def sign_hash(self, digest: bytes) -> bytes:
        return self.key.sign(digest, PKCS1v15(), Prehashed(hashes.SHA256()))


def a_token_of(
    actor: Actor,
    agency: Agency,
    *,
    place: KeyPlace = KeyPlace.BROWSER_TOKEN,
    now: datetime,
    **whereabouts: object,
) -> Token:
    """The person's own token."""
    bundle = demo_authority(now).issue_person(
        code=str(actor.user_id), name=actor.name, agency=agency.row.name, now=now
    )
    return _registered(f"person:{actor.user_id}", bundle.data, bundle.passphrase, place, now, whereabouts)


def a_seal_token_of(
    agency: Agency, *, place: KeyPlace = KeyPlace.BROWSER_TOKEN, now: datetime, **whereabouts: object
) -> Token:
    """The agency's token, kept by its clerk."""
    bundle = demo_authority(now).issue_agency(code=agency.code, name=agency.row.name, now=now)
    return _registered(f"agency:{agency.id}", bundle.data, bundle.passphrase, place, now, whereabouts)


def _registered(
    owner: str,
    data: bytes,
    passphrase: str,
    place: KeyPlace,
    now: datetime,
    whereabouts: dict[str, object],
) -> Token:
    key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase.encode())
    assert isinstance(key, rsa.RSAPrivateKey)
    assert certificate is not None
    der = certificate.public_bytes(serialization.Encoding.DER)
    SigningKey.objects.filter(owner=owner).delete()
    SigningKey.objects.create(
        owner=owner,
        place=place,
        whereabouts=whereabouts,
        subject=str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value),
        serial=f"{certificate.serial_number:X}",
        certificate=der,
        made_at=now,
    )
    return Token(der, key)
