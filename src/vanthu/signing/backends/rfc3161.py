"""Ask a time-stamping authority for a token over HTTP, and believe nothing of the answer that was not checked.

RFC 3161. One request goes to one configured address: no redirect is followed, no cookie kept, no proxy of the
environment used; the answer has a largest size and the whole exchange a longest time.
"""

# mypy: disallow-untyped-calls=False
# pyHanko is typed only in part.

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from asn1crypto import algos, cms, core, tsp, x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from vanthu.signing.backends.calling import connection_to, time_limit
from vanthu.signing.trust.revocation import chain_status
from vanthu.signing.trust.store import TrustStore
from vanthu.signing.waiting import wait_for

LARGEST_ANSWER: Final = 64 * 1024
CLOCK_SLACK: Final = timedelta(minutes=10)
"""How far an authority's clock and ours may differ before its stamp is refused."""
_TYPE: Final = "application/timestamp-query"
IMPRINTS: Final = {32: "sha256", 48: "sha384", 64: "sha512"}
"""The hash algorithm of a digest, by its length in bytes: archives outlive SHA-256 (RFC 4998 5.2)."""
_GRANTED: Final = frozenset({"granted", "granted_with_mods"})


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp: the library's own class takes a token for granted, which a rejection does not carry."""

    _fields = [  # the library reads it so
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class AuthorityFailed(Exception):
    """An authority gave no token that can be believed; `reason` is one word for the log and the radar.

    Words: `unreachable`, `slow`, `busy`, `unready`, `away`, `redirect`, `http-NNN`, `too-large`, `malformed`, `rejected`,
    `wrong-imprint`, `wrong-nonce`, `wrong-policy`, `wrong-time`, `bad-signature`, `untrusted`, `revoked`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class AuthorityAddress:
    """Where one authority answers (tổ chức cấp dấu thời gian) and how long each part may take, in seconds."""

    url: str
    connect_seconds: float = 3.0
    read_seconds: float = 15.0
    total_seconds: float = 30.0
    policy: str = ""
    """OID that the token must carry; empty: any."""

    @staticmethod
    def parse(text: str) -> AuthorityAddress:
        """Read `http://host/path#total=180&read=170&connect=3&policy=1.2.3`; what follows # never leaves here.

        Raises ValueError for anything but http and https, and for a name or password in the address.
        """
        parts = urlsplit(text.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
            raise ValueError("VANTHU_TSA: chỉ nhận http://… hoặc https://…, không kèm tên đăng nhập")
        options = dict(parse_qsl(parts.fragment, strict_parsing=bool(parts.fragment)))
        seconds = {
            f"{name}_seconds": float(options.pop(name))
            for name in ("connect", "read", "total")
            if name in options
        }
        policy = options.pop("policy", "")
        if options:
            raise ValueError(f"VANTHU_TSA: không rõ {', '.join(sorted(options))}")
        return AuthorityAddress(urlunsplit(parts._replace(fragment="")), policy=policy, **seconds)


def request_token(
    address: AuthorityAddress, digest: bytes, *, trust: TrustStore, now: datetime, within: float
) -> bytes:
    """Return a checked TimeStampToken (DER) over a digest (see `IMPRINTS`); `within` is the longest time, in seconds.

    Raises `AuthorityFailed`.
    """
    nonce = secrets.randbits(63) | 1 << 62
    answer = _post(address, _question(digest, nonce, address.policy), within=within)
    return checked_token(answer, digest=digest, nonce=nonce, policy=address.policy, trust=trust, now=now)


def _question(digest: bytes, nonce: int, policy: str) -> bytes:
    request = {
        "version": 1,
        "message_imprint": {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": IMPRINTS[len(digest)]}),
            "hashed_message": digest,
        },
        "nonce": nonce,
        "cert_req": True,
    }
    if policy:
        request["req_policy"] = policy
    body: bytes = tsp.TimeStampReq(request).dump()
    return body


def _post(address: AuthorityAddress, body: bytes, *, within: float) -> bytes:
    parts = urlsplit(address.url)
    total = min(address.total_seconds, within)
    connection = connection_to(address.url, min(address.connect_seconds, total))
    with time_limit(connection, total) as is_over:
        try:
            connection.connect()
            connection.sock.settimeout(min(address.read_seconds, total))
            headers = {"Content-Type": _TYPE, "Accept": "application/timestamp-reply"}
            connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, headers)
            response = connection.getresponse()
            answer = response.read(LARGEST_ANSWER + 1)
        except TimeoutError:
            raise AuthorityFailed("slow") from None
        except (OSError, HTTPException):
            raise AuthorityFailed("slow" if is_over() else "unreachable") from None
        if is_over():
            raise AuthorityFailed("slow")
    if response.status != 200:
        redirected = response.status in range(300, 400)
        raise AuthorityFailed("redirect" if redirected else f"http-{response.status}")
    if len(answer) > LARGEST_ANSWER:
        raise AuthorityFailed("too-large")
    return answer


def checked_token(
    answer: bytes, *, digest: bytes, nonce: int, policy: str, trust: TrustStore, now: datetime
) -> bytes:
    """Return the token out of a TimeStampResp (DER) when everything about it holds. Raises `AuthorityFailed`."""
    try:
        token = _granted(answer)
        info = token["content"]["encap_content_info"]["content"].parsed
        _check_info(info, digest=digest, nonce=nonce, policy=policy, now=now)
        certificate = _check_signature(token["content"], digest, trust, info["gen_time"].native)
    except AuthorityFailed:
        raise
    except Exception:  # the parsers raise anything on an answer that is made to hurt
        raise AuthorityFailed("malformed") from None
    _check_purpose(certificate)
    der: bytes = token.dump()
    return der


def _granted(answer: bytes) -> cms.ContentInfo:
    response = _Response.load(answer, strict=True)
    if response["status"]["status"].native not in _GRANTED:
        raise AuthorityFailed("rejected")
    token = response["time_stamp_token"]
    if token["content_type"].native != "signed_data":
        raise AuthorityFailed("malformed")
    return token


def _check_info(info: Any, *, digest: bytes, nonce: int, policy: str, now: datetime) -> None:
    imprint = info["message_imprint"]
    if (
        imprint["hash_algorithm"]["algorithm"].native != IMPRINTS[len(digest)]
        or imprint["hashed_message"].native != digest
    ):
        raise AuthorityFailed("wrong-imprint")
    if info["nonce"].native != nonce:
        raise AuthorityFailed("wrong-nonce")
    if policy and info["policy"].dotted != policy:
        raise AuthorityFailed("wrong-policy")
    if abs(info["gen_time"].native - now) > CLOCK_SLACK:
        raise AuthorityFailed("wrong-time")


def _check_signature(
    signed_data: cms.SignedData, digest: bytes, trust: TrustStore, moment: datetime
) -> x509.Certificate:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(item) for item in trust.tsa_roots],
        other_certs=[x509.Certificate.load(item) for item in trust.intermediates],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    try:
        found = wait_for(validate_tst_signed_data(signed_data, context, lambda _: digest))
    except SignatureValidationError:
        raise AuthorityFailed("untrusted") from None
    if not (found["intact"] and found["valid"]):
        raise AuthorityFailed("bad-signature")
    path = found.get("validation_path")
    if path is None or found.get("trust_problem_indic") is not None:
        raise AuthorityFailed("untrusted")
    certificates = list(reversed(list(path.iter_certs(include_root=True))))
    state = chain_status([item.dump() for item in certificates], trust.crls, moment)
    if state.revoked_at is not None and state.revoked_at <= moment:
        raise AuthorityFailed("revoked")
    return certificates[0]


def _check_purpose(certificate: x509.Certificate) -> None:
    """RFC 3161 2.3: the certificate serves time stamps alone and says so critically."""
    usage = certificate.extended_key_usage_value
    if usage is None or usage.native != ["time_stamping"]:
        raise AuthorityFailed("untrusted")
    if "extended_key_usage" not in certificate.critical_extensions:
        raise AuthorityFailed("untrusted")
