"""Which field of a canonical JSON file a byte belongs to."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """From `start` on (up to the next place) the bytes belong to `path`."""

    start: int
    path: str

    @property
    def top(self) -> str:
        return self.path.split(".", maxsplit=1)[0].split("[")[0]


def places_of(data: bytes) -> list[Place]:
    """The leaves of the file in the order of their bytes; a key's bytes belong to what it names."""
    found: list[Place] = []
    end = _walk(json.loads(data), 0, "", found)
    assert end == len(data) - 1
    return found


def place_of_byte(places: list[Place], position: int) -> Place:
    return places[max(0, bisect_right([place.start for place in places], position) - 1)]


def _spelled(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _walk(value: Any, at: int, path: str, found: list[Place]) -> int:
    if isinstance(value, dict) and value:
        for name in sorted(value):
            below = f"{path}.{name}" if path else name
            found.append(Place(at, below))
            at = _walk(value[name], at + 1 + len(_spelled(name)) + 1, below, found)
        return at + 1
    if isinstance(value, list) and value:
        for place, item in enumerate(value):
            found.append(Place(at, f"{path}[{place}]"))
            at = _walk(item, at + 1, f"{path}[{place}]", found)
        return at + 1
    return at + len(_spelled(value))
