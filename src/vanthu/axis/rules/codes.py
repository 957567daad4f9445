"""Agency codes: their form, their level, and which a system may register by itself. Norm: edxml.md §8."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_CODE = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+){0,3}")
_NOTHING = re.compile(r"0+")
LONGEST = 35


def is_code(code: str) -> bool:
    """At most four groups and 35 characters; codes compare by case."""
    return len(code) <= LONGEST and _CODE.fullmatch(code) is not None


def level_of(code: str) -> int:
    """Cấp: how many groups say something (`H26` 1, `H26.1.2` 3, the old `000.00.11.H53` 2)."""
    return sum(1 for group in code.split(".") if not _NOTHING.fullmatch(group))


def may_register(code: str, allowed: Iterable[str]) -> bool:
    """Whether a code is among those a system may register: `H26.9`, `H26.9.*`; nothing listed: any."""
    patterns = list(allowed)
    return not patterns or any(_fits(code, pattern) for pattern in patterns)


def _fits(code: str, pattern: str) -> bool:
    return code.startswith(pattern[:-1]) if pattern.endswith(".*") else code == pattern


def receivers_named(text: str) -> tuple[str, ...]:
    """The codes of the header `to`: a JSON text or list, as the vendor's client writes it, or codes with commas."""
    try:
        found = json.loads(text)
    except ValueError:
        found = re.split(r"[,;\s]+", text)
    named = found if isinstance(found, list) else [found]
    return tuple(dict.fromkeys(str(code).strip() for code in named if str(code).strip()))
