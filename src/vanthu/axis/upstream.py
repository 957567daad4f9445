"""Where the axis above is and who we are there: `VANTHU_AXIS_UPSTREAM_*` as one value."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from vanthu.exchange.channels.vxp.settings import MEGABYTE, LineSettings

PREFIX = "VANTHU_AXIS_UPSTREAM_"


def upstream() -> LineSettings | None:
    """The line to the axis above; None where this axis stands alone. Raises ImproperlyConfigured."""
    url = settings.VANTHU_AXIS_UPSTREAM_URL
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise ImproperlyConfigured(f"{PREFIX}URL: chỉ nhận http://… hoặc https://…, không kèm tài khoản")
    return LineSettings(
        url=url.rstrip("/").removesuffix("/XrdAdapter/adapter"),
        system_id=_demanded("SYSTEM", settings.VANTHU_AXIS_UPSTREAM_SYSTEM),
        secret=_demanded("SECRET", settings.VANTHU_AXIS_UPSTREAM_SECRET),
        proxy=settings.VANTHU_AXIS_UPSTREAM_PROXY,
        ca_file=Path(settings.VANTHU_AXIS_UPSTREAM_CA_FILE)
        if settings.VANTHU_AXIS_UPSTREAM_CA_FILE
        else None,
        timeout=timedelta(seconds=settings.VANTHU_AXIS_UPSTREAM_TIMEOUT_SECONDS),
        poll=timedelta(seconds=settings.VANTHU_AXIS_UPSTREAM_POLL_SECONDS),
        backoff=_waits(settings.VANTHU_AXIS_UPSTREAM_BACKOFF),
        limit=settings.VANTHU_AXIS_MESSAGE_MB * MEGABYTE,
    )


def _demanded(name: str, value: str) -> str:
    if not (value and value.isascii() and value.isprintable()):
        raise ImproperlyConfigured(f"{PREFIX}{name}: chưa khai báo, hoặc có ký tự ngoài ASCII")
    return value


def _waits(seconds: str) -> tuple[timedelta, ...]:
    try:
        return tuple(timedelta(seconds=float(each)) for each in seconds.split(","))
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}BACKOFF: các số giây cách nhau bằng dấu phẩy") from error
