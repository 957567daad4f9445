"""Where keys lie, and opening their places for one signature. No secret is ever kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from vanthu.kernel.errors import NotReady, Violation
from vanthu.signing.backends import SigningBackend
from vanthu.signing.backends.pkcs11 import Pkcs11Backend, TokenKey
from vanthu.signing.models import SigningKey
from vanthu.signing.operations.check import judging_store
from vanthu.signing.queries import asked_of
from vanthu.signing.rules.kinds import KeyPlace
from vanthu.signing.timestamping import desk_timestamps
from vanthu.signing.trust.store import TrustStore

WAITING_PLACES = frozenset({KeyPlace.BROWSER_TOKEN, KeyPlace.DESK_AGENT})
CONFIRMED_ELSEWHERE = "implicit"
"""CSC's word for a credential whose owner confirms at the service (on his telephone), not here."""


@dataclass(frozen=True, slots=True)
class KeySecrets:
    """What a person types for one signature (mã PIN, mã OTP); passed through, never stored, never logged."""

    pin: str = field(default="", repr=False)
    otp: str = field(default="", repr=False)


NO_SECRETS = KeySecrets()


def waits(key: SigningKey) -> bool:
    """Tell whether a signature with this key comes later, from somewhere else."""
    is_confirmed = key.whereabouts.get("auth") == CONFIRMED_ELSEWHERE
    return key.place in WAITING_PLACES or (key.place == KeyPlace.REMOTE and is_confirmed)


def require_secrets(key: SigningKey, secrets: KeySecrets) -> None:
    """Refuses: `signing.pin.missing`, `signing.otp.missing`, before anything is done with the file."""
    missing = [name for name in asked_of(key) if not getattr(secrets, name)]
    if missing:
        raise NotReady([Violation(f"signing.{name}.missing") for name in missing])


def opened(key: SigningKey, secrets: KeySecrets, now: datetime) -> SigningBackend:
    """The place of a key outside our own files, opened for one signature with what was typed."""
    where = key.whereabouts
    place = TokenKey(where["module"], where["token"], where["key"], secrets.pin)
    return Pkcs11Backend(place, chain=chain_of(bytes(key.certificate)), timestamps=desk_timestamps(now))


def chain_of(certificate: bytes) -> tuple[bytes, ...]:
    """The authorities between a certificate and its root, as far as the trust store knows them (DER)."""
    known = {
        x509.load_der_x509_certificate(item).subject: item
        for item in (judging_store() or TrustStore(())).intermediates
    }
    chain: list[bytes] = []
    issuer = x509.load_der_x509_certificate(certificate).issuer
    while issuer in known and known[issuer] not in chain:
        chain.append(known[issuer])
        issuer = x509.load_der_x509_certificate(known[issuer]).issuer
    return tuple(chain)
