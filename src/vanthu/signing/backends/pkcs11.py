"""A key in a token or an HSM, through PKCS#11: the agency's key device at headquarters (NĐ30 Đ.32)."""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pkcs11
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from vanthu.signing.backends import SignatureRequest, SigningFailed
from vanthu.signing.backends.pades import UsableKey, sign_pdf
from vanthu.signing.backends.timestamps import TimestampSource
from vanthu.signing.waiting import wait_for

_REFUSALS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange), "signing.token.pin-refused"),
    ((pkcs11.PinLocked,), "signing.token.pin-locked"),
    ((pkcs11.TokenNotPresent, pkcs11.DeviceRemoved, pkcs11.NoSuchToken), "signing.token.not-found"),
)


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Where a key is: the driver, the token and the label of key and certificate."""

    library: str
    token_label: str
    key_label: str
    pin: str = field(repr=False)


class Pkcs11Backend:
    """Signs inside a token; a session lasts for one signature, so that a pulled token leaves nothing open."""

    def __init__(
        self, key: TokenKey, *, chain: Iterable[bytes] = (), timestamps: TimestampSource | None = None
    ) -> None:
        self._key = key
        self._chain = tuple(chain)
        self._timestamps = timestamps

    def certificate(self) -> bytes:
        """Return the signer's certificate (DER), read from the token."""
        with self._signer() as signer:
            der: bytes = signer.signing_cert.dump()
            return der

    def sign(self, pdf: bytes, request: SignatureRequest) -> bytes:
        """Append one signature to the file."""
        with self._signer() as signer:
            key = UsableKey(
                signer.signing_cert.dump(),
                self._chain,
                lambda data: wait_for(signer.async_sign_raw(data, "sha256")),
            )
            return sign_pdf(pdf, request, key=key, timestamps=self._timestamps)

    @contextmanager
    def _signer(self) -> Iterator[PKCS11Signer]:
        with _translated(otherwise="signing.token.not-found"):
            session = open_pkcs11_session(
                self._key.library,
                token_criteria=TokenCriteria(label=self._key.token_label),
                user_pin=self._key.pin,
            )
        with _translated(otherwise="signing.token.failed"), session:
            label = self._key.key_label
            signer = PKCS11Signer(session, cert_label=label, key_label=label)
            signer._load_objects()  # the certificate must be known before the PDF is prepared
            yield signer


@contextmanager
def _translated(*, otherwise: str) -> Iterator[None]:
    """Turn the token's refusals into ours; its own message may quote what was typed, so it is dropped."""
    try:
        yield
    except pkcs11.PKCS11Error as error:
        codes = (code for kinds, code in _REFUSALS if isinstance(error, kinds))
        raise SigningFailed(next(codes, otherwise), kind=type(error).__name__) from None
