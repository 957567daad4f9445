"""Secrets of systems lie sealed: whoever reads the database alone can't sign in their name."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["Unsealable", "seal", "unseal"]


class Unsealable(ValueError):
    """The secret was sealed with another key of the installation; the system must be given a new one."""


def seal(secret: str) -> str:
    return _box(settings.SECRET_KEY).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The secret. Raises `Unsealable`."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unsealable from error


@lru_cache(maxsize=4)
def _box(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"vanthu axis secrets").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
