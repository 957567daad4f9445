"""The ids that the axis gives to messages and parcels: 24 hexadecimal digits, as they are seen in circulation."""

from __future__ import annotations

import itertools
import os
from datetime import datetime

_count = itertools.count(int.from_bytes(os.urandom(2), "big"))


def new_doc_id(now: datetime) -> str:
    """Milliseconds, a counter of this process, chance: in the order of time, and nobody can guess the next one."""
    return f"{int(now.timestamp() * 1000):012x}{next(_count) & 0xFFFF:04x}{os.urandom(4).hex()}"
