"""What a reader puts up with before it refuses a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Giới hạn: sizes in bytes; everything beyond is refused, never cut off."""

    message_bytes: int = 524_288_000
    file_bytes: int = 50 * 1024 * 1024
    markup_bytes: int = 8 * 1024 * 1024  # everything that is not the content of an attachment
    elements: int = 60_000
    depth: int = 32
    receivers: int = 5_000
    attachments: int = 200
    zip_ratio: int = 200


DEFAULT_LIMITS = Limits()
