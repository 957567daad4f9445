"""Read certificates as authorities publish them: PEM, DER, and PKCS#7 bundles (.p7b) of either."""

import re
import warnings
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import pkcs7

_PEM: Final = re.compile(rb"-----BEGIN (CERTIFICATE|PKCS7|CMS)-----.+?-----END \1-----", re.DOTALL)
_MOST: Final = 200
"""A bundle with more certificates than this is no bundle of authorities."""


class Unreadable(ValueError):
    """The bytes hold no certificate that can be read."""


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return every certificate of a file, each once, in the order of the file.

    Refuses: `Unreadable`.
    """
    try:
        with warnings.catch_warnings():
            # Old authorities wrote BER where DER is due; the library says so and reads them.
            warnings.simplefilter("ignore")
            found = _from_pem(data) if b"-----BEGIN" in data else _from_der(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unreadable(str(error)) from error
    if not found or len(found) > _MOST:
        raise Unreadable(f"{len(found)} certificates")
    return tuple(dict.fromkeys(found))


def _from_pem(data: bytes) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for block in _PEM.finditer(data):
        if block[1] == b"CERTIFICATE":
            found.append(x509.load_pem_x509_certificate(block.group()))
        else:
            text = block.group().replace(b" CMS-----", b" PKCS7-----")
            found += pkcs7.load_pem_pkcs7_certificates(text)
    return found


def _from_der(data: bytes) -> list[x509.Certificate]:
    try:
        return [x509.load_der_x509_certificate(data)]
    except ValueError:
        return list(pkcs7.load_der_pkcs7_certificates(data))
