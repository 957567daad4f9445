"""Every VANTHU_* variable, typed; docs/configuration.md describes each (a test compares)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """The configuration an operator gives; it chooses among behaviours that exist in code."""

    model_config = SettingsConfigDict(env_prefix="VANTHU_", extra="ignore")

    home: Path = Path("var")
    database_url: str = ""
    blobs: str = ""
    blobs_key: str = ""
    blobs_secret: SecretStr = SecretStr("")
    backup_blobs: str = ""
    backup_blobs_key: str = ""
    backup_blobs_secret: SecretStr = SecretStr("")
    fixity_days: int = 90
    fixity_mb: int = 2048
    secret_key: str = ""
    debug: bool = False
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    trusted_origins: str = ""
    secure_cookies: bool = False
    lang: str = "vi"
    trust: Path | None = None
    upload_limit_mb: int = 50
    hold_seconds: int = 60
    desk_agent: str = "wss://127.0.0.1:8987"
    tsa: str = ""
    tsa_desk_seconds: float = 3.0
    tsa_attempts: int = 3
    tsa_backoff_seconds: float = 2.0
    tsa_at_once: int = 4
    keep_after_minutes: int = 60
    renew_days: int = 180
    renew_portion: int = 200
    signing_minutes: int = 20
    csc_url: str = ""
    csc_user: str = ""
    csc_password: SecretStr = SecretStr("")
    csc_seconds: float = 20.0
    token_helper: str = ""
    pkcs11_modules: str = ""
    revocation_hosts: str = "ca.gov.vn,pub.ca.gov.vn,ocsp.ca.gov.vn,rootca.gov.vn"
    revocation_networks: str = ""
    revocation_seconds: float = 20.0
    revocation_mb: int = 50
    line_url: str = ""
    line_system: str = ""
    line_secret: SecretStr = SecretStr("")
    line_proxy: SecretStr = SecretStr("")
    line_ca_file: str = ""
    line_timeout_seconds: float = 30.0
    line_poll_seconds: float = 60.0
    line_backoff: str = "30,60,120,240,480"
    line_limit_mb: int = 700
    line_file_mb: int = 50
    line_receivers: int = 1000
    line_watch_minutes: int = 0
    axis_blobs: str = ""
    axis_blobs_key: str = ""
    axis_blobs_secret: SecretStr = SecretStr("")
    axis_message_mb: int = 100
    axis_stamp_hours: int = 24
    axis_idle_seconds: float = 30.0
    axis_keep_days: int = 30
    axis_upstream_url: str = ""
    axis_upstream_system: str = ""
    axis_upstream_secret: SecretStr = SecretStr("")
    axis_upstream_proxy: SecretStr = SecretStr("")
    axis_upstream_ca_file: str = ""
    axis_upstream_timeout_seconds: float = 30.0
    axis_upstream_poll_seconds: float = 60.0
    axis_upstream_backoff: str = "30,60,120,240,480"
    demo: bool = False
    log_level: str = "INFO"

    @property
    def database(self) -> dict[str, Any]:
        return parse_database_url(
            self.database_url or f"sqlite:///{(self.home / 'vanthu.sqlite3').resolve()}"
        )


def parse_database_url(url: str) -> dict[str, Any]:
    """`sqlite:///path` or `postgresql://user:password@host:port/name[?host=/socket/folder]` as Django settings."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path if parts.path.startswith("/") else parts.path.lstrip("/"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                # One writer at a time: on a busy machine a writer waits rather than fails.
                "timeout": 60,
                # FULL: what was answered with "done" survives a power cut, too; NORMAL could lose the last acts.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
            },
            # Opening reads the whole schema, and closing the last connection checkpoints to the disk: not per request.
            "CONN_MAX_AGE": 60,
        }
    if parts.scheme in {"postgresql", "postgres"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise ValueError("VANTHU_DATABASE_URL: chỉ nhận sqlite:///… hoặc postgresql://…")
