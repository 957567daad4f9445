"""RFC 3161 time stamps for the PDF library: from an authority outside, or made here with the demonstration's key."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.timestamps import TimeStamper

from vanthu.signing.backends.authorities import TimestampUnavailable
from vanthu.signing.backends.rfc3161 import IMPRINTS
from vanthu.signing.backends.tokens import make_token

POLICY: Final = "2.25.204136872513460397241570998126483052120"


class TimestampSource(Protocol):
    """Where a backend gets its time stamps; hashable, so that backends may be kept by it."""

    def __hash__(self) -> int: ...

    def stamper_at(self, moment: datetime) -> TimeStamper:
        """Return what stamps at this moment; without a token the signature stays one without stamp."""


class RemoteTimestamps:
    """Tokens from outside: `ask` takes a SHA-256 digest and the time, and refuses with `TimestampUnavailable`.

    `required` says whether a refusal reaches the caller. At a desk it does not: the signature is made without
    a stamp, which is caught up later (decision D20).
    """

    def __init__(self, ask: Callable[[bytes, datetime], bytes], *, required: bool) -> None:
        self._ask = ask
        self._required = required

    def stamper_at(self, moment: datetime) -> TimeStamper:
        """Return what asks for a token when the signature is there."""
        return _Asking(self._ask, moment, required=self._required)


class _Asking(TimeStamper):
    def __init__(self, ask: Callable[[bytes, datetime], bytes], moment: datetime, *, required: bool) -> None:
        super().__init__()
        self._ask = ask
        self._moment = moment
        self._required = required

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo | None:
        if md_algorithm != "sha256":
            raise ValueError(f"time stamps are asked for SHA-256, not for {md_algorithm}")
        try:
            return cms.ContentInfo.load(self._ask(message_digest, self._moment))
        except TimestampUnavailable:
            if self._required:
                raise
            return None


class LocalTimestampAuthority:
    """A time-stamping authority whose key lies here; it stamps at the time that the caller gives."""

    def __init__(self, certificate: bytes, key: RSAPrivateKey, *, chain: Sequence[bytes] = ()) -> None:
        self._certificate = certificate
        self._key = key
        # The issuer goes along so that a verifier can build the chain; a root it must know already.
        self._embedded = tuple(chain[:1])

    def stamper_at(self, moment: datetime) -> TimeStamper:
        """Return what stamps at this moment."""
        return _Stamper(self, moment)

    def token(self, digest: bytes, moment: datetime) -> bytes:
        """Return a token (DER) over a digest (see `IMPRINTS`)."""
        return make_token(
            digest,
            moment,
            policy=POLICY,
            certificate=self._certificate,
            chain=self._embedded,
            sign=lambda data: self._key.sign(data, PKCS1v15(), SHA256()),
        )


class _Stamper(TimeStamper):
    def __init__(self, authority: LocalTimestampAuthority, moment: datetime) -> None:
        super().__init__()
        self._authority = authority
        self._moment = moment

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if IMPRINTS.get(len(message_digest)) != md_algorithm:
            raise ValueError(f"this time-stamping authority does not accept {md_algorithm}")
        return cms.ContentInfo.load(self._authority.token(message_digest, self._moment))
