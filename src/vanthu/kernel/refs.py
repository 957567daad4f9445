"""References to things and digests of their facts, as plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """What an act was about: the kind of thing (`documents.document`) and its id."""

    kind: str
    id: str

    @classmethod
    def of(cls, kind: str, identifier: object) -> ObjectRef:
        return cls(kind, str(identifier))


def canonical_json(value: object) -> str:
    """One spelling for equal values: sorted keys, no blanks, real letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(facts: Mapping[str, object] | None) -> str:
    """SHA-256 (hex) of the facts before or after an act; empty when there are none."""
    if facts is None:
        return ""
    return hashlib.sha256(canonical_json(facts).encode()).hexdigest()
