"""Time stamps of RFC 3161 for everybody who needs one: signatures at a desk, renditions, heads of the evidence log.

Which authorities are asked is configuration (`VANTHU_TSA`); a demonstration has one of its own, in this process.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from vanthu.kernel.retry import Backoff
from vanthu.signing.backends.authorities import Authorities, AuthorityStanding, TimestampUnavailable
from vanthu.signing.backends.rfc3161 import AuthorityAddress
from vanthu.signing.backends.timestamps import LocalTimestampAuthority, RemoteTimestamps, TimestampSource
from vanthu.signing.trust.authority import DemoAuthority
from vanthu.signing.trust.demonstration import demo_authority_in
from vanthu.signing.trust.loading import installation_store

__all__ = [
    "TimestampUnavailable",
    "addresses",
    "desk_timestamps",
    "standings",
    "timestamp_token",
    "worker_timestamps",
]


def timestamp_token(digest: bytes, *, now: datetime) -> bytes:
    """Return a checked TimeStampToken (DER ContentInfo) over a digest of SHA-256, 384 or 512; for work that may wait.

    Asks all authorities in order, several times with growing pauses, outside any transaction.
    Refuses: `TimestampUnavailable`.
    """
    local = _local(now)
    if local is not None:
        return local.token(digest, now)
    pause = timedelta(seconds=settings.VANTHU_TSA_BACKOFF_SECONDS)
    backoff = Backoff(first=pause, attempts=settings.VANTHU_TSA_ATTEMPTS)
    return _authorities().token_patiently(digest, now=now, backoff=backoff)


def desk_timestamps(now: datetime) -> TimestampSource:
    """What stamps while somebody waits: within `VANTHU_TSA_DESK_SECONDS`, or not at all."""
    return _local(now) or _AT_THE_DESK


def worker_timestamps(now: datetime) -> TimestampSource:
    """What stamps in background work. Refuses, when used: `TimestampUnavailable`."""
    return _local(now) or _IN_THE_BACKGROUND


def standings() -> tuple[AuthorityStanding, ...]:
    """How the configured authorities stand, as this process has seen them; none in a demonstration."""
    return _authorities().standings() if settings.VANTHU_TSA else ()


def addresses() -> tuple[AuthorityAddress, ...]:
    """The configured authorities in order. Raises ValueError for an address that is not understood."""
    return tuple(AuthorityAddress.parse(url) for url in settings.VANTHU_TSA)


def _ask_patiently(digest: bytes, now: datetime) -> bytes:
    return timestamp_token(digest, now=now)


def _ask_quickly(digest: bytes, now: datetime) -> bytes:
    return _authorities().token(digest, now=now, within=settings.VANTHU_TSA_DESK_SECONDS)


def _local(now: datetime) -> LocalTimestampAuthority | None:
    """The demonstration's own authority, unless others are configured."""
    if settings.VANTHU_TSA or not settings.VANTHU_DEMO:
        return None
    return _stamps_of(demo_authority_in(Path(settings.VANTHU_PKI) / "trust", now))


@lru_cache(maxsize=4)
def _stamps_of(authority: DemoAuthority) -> LocalTimestampAuthority:
    return LocalTimestampAuthority(*authority.tsa_pair(), chain=authority.chain)


def _authorities() -> Authorities:
    return _authorities_of(
        settings.VANTHU_TSA,
        settings.VANTHU_TSA_AT_ONCE,
        str(settings.VANTHU_CACHE),
        Path(settings.VANTHU_TRUST),
        Path(settings.VANTHU_PKI),
        settings.VANTHU_DEMO,
    )


@lru_cache(maxsize=4)
def _authorities_of(
    urls: tuple[str, ...], at_once: int, cache: str, trust: Path, pki: Path, is_demo: bool
) -> Authorities:
    try:
        addresses = tuple(AuthorityAddress.parse(url) for url in urls)
    except ValueError as error:
        # `vanthu check` names it; at a desk a wrong address is no more than an authority that is away.
        raise TimestampUnavailable("signing.timestamp.not-configured") from error
    return Authorities(
        addresses,
        trust=lambda: installation_store(trust=trust, pki=pki, is_demo=is_demo),
        places=Path(cache) / "tsa",
        at_once=at_once,
    )


# One object each, so that backends may be kept by it.
_AT_THE_DESK = RemoteTimestamps(_ask_quickly, required=False)
_IN_THE_BACKGROUND = RemoteTimestamps(_ask_patiently, required=True)
