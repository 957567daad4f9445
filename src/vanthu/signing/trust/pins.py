"""Pins: by which fingerprint a known authority's certificate is recognised (ghim vân tay)."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from vanthu.signing.trust.names import common_name

PURPOSES: Final = ("personal", "agency", "timestamp")
"""What an anchor may be believed for. TLS is none of them: nothing here vouches for a web site."""

FULL: Final = 64


@dataclass(frozen=True, slots=True)
class Pin:
    """What is known of one authority's certificate before it is imported."""

    key: str
    name: str
    authority: str
    starts: str
    """First upper-case hexadecimal digits of the SHA-256 of the DER; all 64 of a full pin."""
    ends: str
    source: str
    purposes: tuple[str, ...] = PURPOSES
    key_bits: int | None = None
    valid_years: tuple[int, int] | None = None
    certificate_url: str = ""
    crl_urls: tuple[str, ...] = ()
    ocsp_urls: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        return len(self.starts) == FULL

    @property
    def shown(self) -> str:
        return self.starts if self.is_full else f"{self.starts}…{self.ends}"

    def accepts(self, certificate: x509.Certificate) -> bool:
        """Tell whether the certificate is the one that was pinned."""
        print_ = fingerprint(certificate)
        if self.is_full:
            return print_ == self.starts
        return (
            print_.startswith(self.starts)
            and print_.endswith(self.ends)
            and common_name(certificate.subject) == self.name
            and self.key_bits in {None, _key_bits(certificate)}
            and self.valid_years in {None, _years(certificate)}
        )


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the DER, upper-case hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex().upper()


@lru_cache(maxsize=1)
def packaged_pins() -> tuple[Pin, ...]:
    """The authorities that this version knows (`reference/pins.toml`)."""
    text = (files("vanthu.signing.trust.reference") / "pins.toml").read_text(encoding="utf-8")
    return tuple(pin_from(item) for item in tomllib.loads(text)["pin"])


def pin_from(data: Mapping[str, Any]) -> Pin:
    """A pin as the packaged list or the store's manifest writes it."""
    years = data.get("valid_years")
    return Pin(
        key=data["key"],
        name=data["name"],
        authority=data.get("authority", ""),
        starts=data["starts"],
        ends=data.get("ends", ""),
        source=data["source"],
        purposes=tuple(data.get("purposes", PURPOSES)),
        key_bits=data.get("key_bits"),
        valid_years=(years[0], years[1]) if years else None,
        certificate_url=data.get("certificate_url", ""),
        crl_urls=tuple(data.get("crl_urls", ())),
        ocsp_urls=tuple(data.get("ocsp_urls", ())),
    )


def pin_of(certificate: x509.Certificate, pins: Iterable[Pin]) -> Pin | None:
    """The pin that accepts the certificate; a full one before an abbreviated one."""
    found = [pin for pin in pins if pin.accepts(certificate)]
    return max(found, key=lambda pin: pin.is_full, default=None)


def expected_pin(certificate: x509.Certificate, pins: Iterable[Pin]) -> Pin | None:
    """The pin of the authority whose name the certificate bears, whether or not it matches."""
    name = common_name(certificate.subject)
    return next((pin for pin in pins if pin.name == name), None)


def _key_bits(certificate: x509.Certificate) -> int | None:
    key = certificate.public_key()
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else None


def _years(certificate: x509.Certificate) -> tuple[int, int]:
    return certificate.not_valid_before_utc.year, certificate.not_valid_after_utc.year
