"""The private halves of the log keys: files that only the installation's own account may read (decision D24)."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from vanthu.evidence.rules.notes import PublicKey, public_of


def make_key() -> PublicKey:
    """Make a key, put its private half into a file (0600) and return the public one."""
    key = Ed25519PrivateKey.generate()
    public = public_of(key)
    file = _file_of(public.fingerprint)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # Readable by its owner from the first byte: a later chmod would leave a moment for others.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return public


def private_key(fingerprint: str) -> Ed25519PrivateKey | None:
    """The private half of a key; None when its file is not here."""
    file = _file_of(fingerprint)
    if not file.exists():
        return None
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def forget_key(fingerprint: str) -> None:
    """Delete the private half of a key that has a successor."""
    _file_of(fingerprint).unlink(missing_ok=True)


def _file_of(fingerprint: str) -> Path:
    return Path(settings.VANTHU_PKI) / "log" / f"{fingerprint[:16]}.pem"
