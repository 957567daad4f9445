"""RFC 3161 time stamps for the PDF library: from an authority outside, or made here with the demonstration's key."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from asn1crypto import cms, core, keys, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.sign import general
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from vanthu.signing.backends.authorities import TimestampUnavailable
from vanthu.signing.backends.rfc3161 import IMPRINTS
from vanthu.signing.waiting import wait_for

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
        self._certificate = x509.Certificate.load(certificate)
        self._key = key
        # The issuer goes along so that a verifier can build the chain; a root it must know already.
        self._embedded = [x509.Certificate.load(item) for item in chain[:1]]

    def stamper_at(self, moment: datetime) -> TimeStamper:
        """Return what stamps at this moment."""
        return _Stamper(self._certificate, self._key, self._embedded, moment)

    def token(self, digest: bytes, moment: datetime) -> bytes:
        """Return a token (DER) over a digest (see `IMPRINTS`)."""
        der: bytes = wait_for(self.stamper_at(moment).async_timestamp(digest, IMPRINTS[len(digest)])).dump()
        return der


class _Stamper(DummyTimeStamper):
    """pyHanko's class builds the token; ours keeps the parsed key and signs under SHA-256 only."""

    def __init__(
        self,
        certificate: x509.Certificate,
        key: RSAPrivateKey,
        embedded: Sequence[x509.Certificate],
        moment: datetime,
    ) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple(embedded)
        super().__init__(
            tsa_cert=certificate,
            tsa_key=keys.PrivateKeyInfo(),
            certs_to_embed=registry,
            fixed_dt=moment.astimezone(UTC).replace(microsecond=0),
            override_md="sha256",
        )
        self._key = key

    def _build_tst_info(self, message_imprint: Any, dt: datetime, req: Any) -> tsp.TSTInfo:
        asked = message_imprint["hash_algorithm"]["algorithm"].native
        if asked not in IMPRINTS.values():
            raise ValueError(f"this time-stamping authority does not accept {asked}")
        info = super()._build_tst_info(message_imprint, dt, req)
        info["policy"] = POLICY
        return info

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        assert md_algorithm == "sha256"  # what is stamped may be longer; the signature stays this one
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute(
                    "signing_certificate_v2", general.as_signing_certificate_v2(self.tsa_cert)
                ),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        return self._key.sign(attributes.dump(), PKCS1v15(), hashes.SHA256()), attributes
