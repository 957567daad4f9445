"""The closed lists of this context."""

from enum import StrEnum


class KeyPlace(StrEnum):
    """Where the private key lives (nơi giữ khóa)."""

    PKCS12 = "PKCS12"  # tệp khóa trên máy chủ
    PKCS11 = "PKCS11"  # thiết bị hoặc HSM nối với máy chủ
    REMOTE = "REMOTE"  # dịch vụ ký số từ xa
    BROWSER_TOKEN = "BROWSER_TOKEN"  # noqa: S105 - thiết bị cắm ở máy của người ký, not a secret
    DESK_AGENT = "DESK_AGENT"  # phần mềm ký số trên máy của người ký


CONFIRMED_ELSEWHERE = "implicit"
"""CSC's word for a credential whose owner confirms at the service (on his telephone), not here."""

ASKED_BY_SERVICE = {
    "explicit": ("pin",),
    "explicit-otp": ("otp",),
    "explicit-pin-otp": ("pin", "otp"),
    CONFIRMED_ELSEWHERE: (),
}
"""How the use of a remote key is confirmed (`whereabouts.auth`), and what its owner types here for it."""


class SigningOutcome(StrEnum):
    """What a request to sign has led to."""

    SIGNED = "SIGNED"
    WAITING = "WAITING"  # chờ chữ ký từ thiết bị hoặc dịch vụ


class SignatureKind(StrEnum):
    """Whose signature it is."""

    PERSONAL = "personal"
    AGENCY = "agency"
    ANNEX = "annex"  # cơ quan ký văn bản kèm theo là tệp riêng
    COPY = "copy"  # cơ quan ký bản sao


def field_name(kind: SignatureKind, sha256_before: str) -> str:
    """The signature's field; annexes and copies may be signed by others already, so theirs is made for the file."""
    match kind:
        case SignatureKind.PERSONAL:
            return "NguoiKy_1"
        case SignatureKind.AGENCY:
            return "CoQuan_1"
        case SignatureKind.ANNEX:
            return f"PhuLuc_{sha256_before[:8]}"
        case SignatureKind.COPY:
            return f"BanSao_{sha256_before[:8]}"


class CertificateState(StrEnum):
    """Tình trạng chứng thư số trong sổ: only an active one signs; the others stay for old signatures."""

    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    REPLACED = "REPLACED"
