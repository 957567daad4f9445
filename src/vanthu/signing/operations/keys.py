"""Where keys lie, and opening their places for one signature. No secret is ever kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from django.conf import settings

from vanthu.kernel.errors import NotReady, Violation
from vanthu.signing.backends import SigningBackend, SigningFailed
from vanthu.signing.backends.csc import CscBackend, RemoteKey
from vanthu.signing.backends.csc_client import CscClient, CscService
from vanthu.signing.backends.pkcs11 import Pkcs11Backend, TokenKey
from vanthu.signing.models import SigningKey
from vanthu.signing.operations.check import judging_store
from vanthu.signing.queries import asked_of
from vanthu.signing.rules.kinds import CONFIRMED_ELSEWHERE, KeyPlace
from vanthu.signing.timestamping import desk_timestamps
from vanthu.signing.trust.store import TrustStore

WAITING_PLACES = frozenset({KeyPlace.BROWSER_TOKEN, KeyPlace.DESK_AGENT})


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
    """The place of a key outside our own files, opened for one signature with what was typed.

    Refuses: `signing.token.module-not-allowed` (a driver runs inside this process: only the operator names one),
    `signing.csc.not-configured`.
    """
    where, certificate = key.whereabouts, bytes(key.certificate)
    chain, timestamps = chain_of(certificate), desk_timestamps(now)
    if key.place == KeyPlace.REMOTE:
        remote = RemoteKey(where["credential"], certificate, secrets.pin, secrets.otp)
        return CscBackend(remote_service(), remote, chain=chain, timestamps=timestamps)
    if where["module"] not in settings.VANTHU_PKCS11_MODULES:
        raise SigningFailed("signing.token.module-not-allowed")
    place = TokenKey(where["module"], where["token"], where["key"], secrets.pin)
    return Pkcs11Backend(place, chain=chain, timestamps=timestamps)


def remote_service() -> CscClient:
    """The configured remote signing service. Refuses: `signing.csc.not-configured`."""
    return CscClient(
        CscService(
            settings.VANTHU_CSC_URL,
            settings.VANTHU_CSC_USER,
            settings.VANTHU_CSC_PASSWORD,
            settings.VANTHU_CSC_SECONDS,
        )
    )


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
