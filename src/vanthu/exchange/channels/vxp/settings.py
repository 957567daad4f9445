"""Where the gateway is and who we are there: `VANTHU_LINE_*` as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LineSettings:
    """Đường liên thông: `url` is the gateway's address without `/XrdAdapter/…`; secrets stay out of `repr`."""

    url: str
    system_id: str
    secret: str = field(repr=False)
    proxy: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=30)
    poll: timedelta = timedelta(seconds=60)
    backoff: tuple[timedelta, ...] = tuple(timedelta(seconds=each) for each in (30, 60, 120, 240, 480))
    limit: int = 700 * MEGABYTE
    file_path: str = "/var/edoc/store"
    """What the vendor's client says about its own disk when it fetches; the gateway makes nothing of it."""

    def wait_after(self, attempt: int) -> timedelta | None:
        """The wait after the `attempt`-th failure (from 1); None where waiting ends and a person is told."""
        return self.backoff[attempt - 1] if attempt <= len(self.backoff) else None


def line() -> LineSettings | None:
    """The line of this installation; None where it has none. Raises ImproperlyConfigured."""
    if not settings.VANTHU_LINE_URL:
        return None
    return LineSettings(
        url=_address(settings.VANTHU_LINE_URL),
        system_id=_demanded("VANTHU_LINE_SYSTEM", settings.VANTHU_LINE_SYSTEM),
        secret=_demanded("VANTHU_LINE_SECRET", settings.VANTHU_LINE_SECRET),
        proxy=settings.VANTHU_LINE_PROXY,
        ca_file=Path(settings.VANTHU_LINE_CA_FILE) if settings.VANTHU_LINE_CA_FILE else None,
        timeout=timedelta(seconds=settings.VANTHU_LINE_TIMEOUT_SECONDS),
        poll=timedelta(seconds=settings.VANTHU_LINE_POLL_SECONDS),
        backoff=_waits(settings.VANTHU_LINE_BACKOFF),
        limit=int(settings.VANTHU_LINE_LIMIT_MB * MEGABYTE),
    )


def _demanded(name: str, value: str) -> str:
    if not value:
        raise ImproperlyConfigured(f"{name}: chưa khai báo, trong khi VANTHU_LINE_URL đã có")
    if not (value.isascii() and value.isprintable()):
        raise ImproperlyConfigured(f"{name}: chỉ nhận chữ không dấu, chữ số và ký hiệu ASCII")
    return value


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured("VANTHU_LINE_URL: chỉ nhận http://… hoặc https://…")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ImproperlyConfigured("VANTHU_LINE_URL: không ghi tài khoản, mật khẩu hay tham số trong địa chỉ")
    return url.rstrip("/").removesuffix("/XrdAdapter/adapter")


def _waits(seconds: Sequence[float] | str) -> tuple[timedelta, ...]:
    given = seconds.split(",") if isinstance(seconds, str) else seconds
    try:
        return tuple(timedelta(seconds=float(each)) for each in given)
    except ValueError as error:
        raise ImproperlyConfigured(
            "VANTHU_LINE_BACKOFF: các số giây cách nhau bằng dấu phẩy, ví dụ 30,60,120"
        ) from error
