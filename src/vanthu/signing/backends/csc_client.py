"""The Cloud Signature Consortium's API v1.0.4 as a client: signs in, asks, and believes nothing that was not checked.

Reading calls are tried again when a service stumbles. `authorize` and `signHash` never are: the one uses up what the
person typed, the other what it gave. Whatever a service says of an error is mapped to a code; its own words may quote
what was typed, so they are dropped.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.calling import connection_to, time_limit

LARGEST_ANSWER: Final = 1024 * 1024
TRIES: Final = 3
"""How often a call that only reads is tried."""
SHA256: Final = "2.16.840.1.101.3.4.2.1"
SIGN_ALGORITHMS: Final = {"rsa": "1.2.840.113549.1.1.11", "ec": "1.2.840.10045.4.3.2"}
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
USABLE: Final = {"key": frozenset({"enabled"}), "cert": frozenset({"valid", ""})}

AWAY: Final = "signing.csc.away"
CONFUSED: Final = "signing.csc.bad-answer"
PENDING: Final = "signing.csc.pending"
_CODES: Final = {
    "invalid_pin": "signing.csc.pin-refused",
    "invalid_otp": "signing.csc.otp-refused",
    "access_denied": "signing.csc.cancelled",
    "user_cancelled": "signing.csc.cancelled",
    "authorization_pending": PENDING,
    "expired_token": "signing.csc.sad-expired",
    "invalid_sad": "signing.csc.sad-expired",
    "credential_disabled": "signing.csc.credential-disabled",
    "pin_locked": "signing.csc.pin-locked",
}
_HINTS: Final = (
    (("pin", "lock"), "signing.csc.pin-locked"),
    (("pin",), "signing.csc.pin-refused"),
    (("otp",), "signing.csc.otp-refused"),
    (("sad",), "signing.csc.sad-expired"),
    (("credential",), "signing.csc.credential-disabled"),
)
"""v1.0.4 says most of this as `invalid_request` with a sentence: words of it, the most telling first."""


@dataclass(frozen=True, slots=True)
class CscService:
    """A remote signing service (dịch vụ ký số từ xa) and how this installation signs in to it."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    seconds: float = 20.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not (is_here or parts.scheme == "https") or not parts.hostname:
            raise SigningFailed("signing.csc.not-configured")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a service says of one key: its certificate, chain, and how its use is confirmed."""

    identifier: str
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    auth_mode: str
    """`explicit`: PIN or OTP go through here; `implicit`: its owner confirms at the service."""
    asks: tuple[str, ...]
    """`pin`, `otp`: what `authorize` needs."""
    most_hashes: int


class CscClient:
    """Speaks to one service; signs in when it must."""

    def __init__(self, service: CscService) -> None:
        self._service = service
        self._token = ""

    def info(self) -> Mapping[str, Any]:
        """What the service says of itself (`specs`, `methods`); the one call without signing in."""
        return self._call("info", {}, tries=TRIES, signed_in=False)

    def credentials(self) -> tuple[str, ...]:
        """The identifiers of the keys that this sign-in may use."""
        answer = self._call("credentials/list", {"maxResults": 100}, tries=TRIES)
        found = answer.get("credentialIDs")
        if not isinstance(found, list):
            raise SigningFailed(CONFUSED)
        return tuple(str(item) for item in found)

    def credential(self, identifier: str) -> Credential:
        """One key. Refuses: `signing.csc.credential-disabled`, `signing.csc.bad-answer`."""
        body = {"credentialID": identifier, "certificates": "chain", "certInfo": True, "authInfo": True}
        answer = self._call("credentials/info", body, tries=TRIES)
        for part, usable in USABLE.items():
            if str(_part(answer, part).get("status", "")) not in usable:
                raise SigningFailed("signing.csc.credential-disabled")
        chain = [_decoded(item) for item in _items(_part(answer, "cert").get("certificates"))]
        if not chain:
            raise SigningFailed(CONFUSED)
        asks = [name for name in ("pin", "otp") if _is_asked(answer.get(name.upper()))]
        most = answer.get("multisign", 1)
        mode = str(answer.get("authMode", "explicit"))
        return Credential(
            identifier, chain[0], tuple(chain[1:]), mode, tuple(asks), most if isinstance(most, int) else 1
        )

    def send_otp(self, identifier: str) -> None:
        """Let the service send its owner a code."""
        self._call("credentials/sendOTP", {"credentialID": identifier})

    def authorize(self, identifier: str, digests: Sequence[bytes], *, pin: str = "", otp: str = "") -> str:
        """The right to sign exactly these hashes (SAD). Never repeated: a wrong PIN counts.

        Refuses: `signing.csc.pin-refused`, `.otp-refused`, `.pin-locked`, `.cancelled`, `.pending`, `.away`.
        """
        body: dict[str, object] = {
            "credentialID": identifier,
            "numSignatures": len(digests),
            "hash": [_encoded(item) for item in digests],
        }
        body |= {name: value for name, value in (("PIN", pin), ("OTP", otp)) if value}
        sad = self._call("credentials/authorize", body).get("SAD")
        if not isinstance(sad, str) or not sad:
            raise SigningFailed(CONFUSED)
        return sad

    def sign_hashes(
        self, identifier: str, sad: str, digests: Sequence[bytes], *, algorithm: str
    ) -> list[bytes]:
        """One bare signature a hash, in order; the caller verifies each. Never repeated: the right is used up."""
        body = {
            "credentialID": identifier,
            "SAD": sad,
            "hash": [_encoded(item) for item in digests],
            "hashAlgo": SHA256,
            "signAlgo": SIGN_ALGORITHMS[algorithm],
        }
        found = _items(self._call("signatures/signHash", body).get("signatures"))
        if len(found) != len(digests):
            raise SigningFailed(CONFUSED)
        return [_decoded(item) for item in found]

    def _call(
        self, method: str, body: Mapping[str, object], *, tries: int = 1, signed_in: bool = True
    ) -> Mapping[str, Any]:
        for left in range(tries - 1, -1, -1):
            try:
                return self._once(method, body, signed_in=signed_in)
            except SigningFailed as refusal:
                if refusal.code != AWAY or not left:
                    raise
        raise AssertionError("unreachable")

    def _once(self, method: str, body: Mapping[str, object], *, signed_in: bool) -> Mapping[str, Any]:
        if signed_in and not self._token:
            self._sign_in()
        status, answer = self._post(method, body, f"Bearer {self._token}" if signed_in else "")
        if status == 401 and signed_in:
            # The sign-in has lapsed and nothing was done: with a new one the call may be made again, once.
            self._sign_in()
            status, answer = self._post(method, body, f"Bearer {self._token}")
        return _read(status, answer)

    def _sign_in(self) -> None:
        pair = f"{self._service.user}:{self._service.password}".encode()
        status, answer = self._post("auth/login", {"rememberMe": False}, f"Basic {_encoded(pair)}")
        token = _read(status, answer).get("access_token")
        if not isinstance(token, str) or not token:
            raise SigningFailed(CONFUSED)
        self._token = token

    def _post(self, method: str, body: Mapping[str, object], authorization: str) -> tuple[int, bytes]:
        """Status and bytes of one exchange. Refuses: `signing.csc.away`, `signing.csc.bad-answer`."""
        service = self._service
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Authorization": authorization} if authorization else {}
        address = urlsplit(service.url).path.rstrip("/") + "/" + method
        connection = connection_to(service.url, service.seconds)
        with time_limit(connection, service.seconds) as is_over:
            try:
                connection.request("POST", address, json.dumps(body).encode(), headers)
                response = connection.getresponse()
                answer = response.read(LARGEST_ANSWER + 1)
            except (OSError, HTTPException):
                raise SigningFailed(AWAY) from None
            if is_over():
                raise SigningFailed(AWAY)
        if len(answer) > LARGEST_ANSWER:
            raise SigningFailed(CONFUSED)
        return response.status, answer


def _read(status: int, answer: bytes) -> Mapping[str, Any]:
    if status == 401:
        raise SigningFailed("signing.csc.not-signed-in")
    if status >= 500 or status == 429:
        raise SigningFailed(AWAY)
    try:
        content = json.loads(answer) if answer else {}
    except ValueError:
        raise SigningFailed(CONFUSED) from None
    if not isinstance(content, dict):
        raise SigningFailed(CONFUSED)
    if status != 200:
        raise SigningFailed(_code_of(content))
    return content


def _code_of(content: Mapping[str, Any]) -> str:
    error = str(content.get("error", ""))
    if error in _CODES:
        return _CODES[error]
    said = str(content.get("error_description", "")).lower()
    return next((code for words, code in _HINTS if all(word in said for word in words)), CONFUSED)


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = answer.get(name)
    if not isinstance(part, dict):
        raise SigningFailed(CONFUSED)
    return part


def _items(found: object) -> list[object]:
    if not isinstance(found, list):
        raise SigningFailed(CONFUSED)
    return found


def _is_asked(part: object) -> bool:
    return isinstance(part, dict) and part.get("presence") in {"true", True}


def _encoded(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _decoded(text: object) -> bytes:
    try:
        return b64decode(str(text), validate=True)
    except (NotBase64, ValueError):
        raise SigningFailed(CONFUSED) from None
