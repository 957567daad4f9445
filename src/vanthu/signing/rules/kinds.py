"""The closed lists of this context."""

from enum import StrEnum


class KeyPlace(StrEnum):
    """Where the private key lives."""

    PKCS12 = "PKCS12"


class SignatureKind(StrEnum):
    """Whose signature it is."""

    PERSONAL = "personal"
    AGENCY = "agency"
