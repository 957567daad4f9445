"""Cached lists and answers beside the anchors: proved before they replace what was there, written as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509

from vanthu.signing.trust.lists import is_delta, load_list, speaks_for
from vanthu.signing.trust.manifest import replace_file
from vanthu.signing.trust.ocsp import CLOCK_SLACK, answer_of_responder, nonce_of, validity_of
from vanthu.signing.trust.pins import fingerprint

_STOCK: Final = timedelta(days=7)
"""An answer without an end is believed this long at most after it was made."""


class Refused(Exception):
    """What came can't be used; `code` says why, and what was there before stays.

    `unreadable`, `signature`, `delta`, `early`, `lapsed`, `older`, `nonce`, `other`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def list_path(folder: Path, issuer: str, url: str) -> Path:
    """Where the list from an address is kept."""
    return folder / "crl" / f"{issuer[:16]}-{sha256(url.encode()).hexdigest()[:12]}.crl"


def keep_list(
    path: Path, data: bytes, issuer: x509.Certificate, *, now: datetime
) -> tuple[datetime, datetime]:
    """Put a list in the place of the former one; return when it was made and when it lapses.

    Refuses (`Refused`): what is no list, not signed by the issuer, a delta, one from the future, one that
    has lapsed, one older than what is there.
    """
    crl = load_list(data)
    if crl is None:
        raise Refused("unreadable")
    if not speaks_for(data, issuer):
        raise Refused("signature")
    if is_delta(crl):
        raise Refused("delta")
    if crl.last_update_utc > now + CLOCK_SLACK:
        raise Refused("early")
    if crl.next_update_utc is None or crl.next_update_utc <= now:
        raise Refused("lapsed")
    former = load_list(path.read_bytes()) if path.is_file() else None
    if former is not None and former.last_update_utc > crl.last_update_utc:
        raise Refused("older")
    replace_file(path, data)
    return crl.last_update_utc, crl.next_update_utc


def keep_answer(
    folder: Path,
    data: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    *,
    nonce: bytes,
    now: datetime,
) -> None:
    """Keep a responder's answer by issuer and serial.

    Refuses (`Refused`): what is no answer about this certificate, or not signed by the issuer or its delegate;
    one from the future, one that has lapsed, one that repeats another question's nonce.
    """
    life = validity_of(data)
    if life is None:
        raise Refused("unreadable")
    if answer_of_responder(data, certificate, issuer, now) is None:
        raise Refused("signature")
    made, until = life
    if made > now + CLOCK_SLACK:
        raise Refused("early")
    if (until or made + _STOCK) <= now:
        raise Refused("lapsed")
    if nonce_of(data) not in {None, nonce}:
        raise Refused("nonce")
    name = f"{fingerprint(issuer)[:16]}-{certificate.serial_number:X}.ocsp"
    replace_file(folder / "ocsp" / name, data)


def sweep_answers(folder: Path, *, now: datetime) -> int:
    """Take away answers that have lapsed (what a verdict used is kept as evidence); how many."""
    swept = 0
    for path in (folder / "ocsp").glob("*.ocsp"):
        life = validity_of(path.read_bytes())
        if life is None or (life[1] or life[0] + _STOCK) < now:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
