"""The proof file: one canonical JSON object; reading it re-encodes it and demands the same bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from vanthu.kernel.refs import canonical_json

FORMAT = "vanthu-proof-1"
SEAL = "vanthu proof"
LARGEST = 256 * 1024 * 1024
_HEX = re.compile(r"[0-9a-f]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Wrong(Exception):
    """The first thing that is wrong with a proof: a stable code, and the place in the file that it hit."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(code, path)
        self.code = code
        self.path = path


def encode(bundle: dict[str, Any]) -> bytes:
    """The one spelling: sorted keys, no blanks, UTF-8, and a line break at the end."""
    return canonical_json(bundle).encode() + b"\n"


def decode(data: bytes) -> dict[str, Any]:
    """Refuses (`Wrong`): other spellings, other fields, values of another kind."""
    if len(data) > LARGEST:
        raise Wrong("proof.too-large", "")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Wrong("proof.not-utf8", f"byte {error.start}") from error
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Wrong("proof.not-json", f"byte {len(text[: error.pos].encode())}") from error
    except (ValueError, RecursionError) as error:
        raise Wrong("proof.not-json", "byte 0") from error
    _require_same(value, data)
    _require_shape(value, SHAPE, "")
    return dict(value)


def _require_same(value: Any, data: bytes) -> None:
    try:
        again = encode(value)
    except (UnicodeEncodeError, ValueError, RecursionError) as error:
        raise Wrong("proof.not-canonical", "byte 0") from error
    if again != data:
        _require_shape(
            value, SHAPE, ""
        )  # a misspelled field is named better than the byte where the order breaks
        place = next((i for i, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), None)
        raise Wrong("proof.not-canonical", f"byte {min(len(again), len(data)) if place is None else place}")


Spec = Any
"""A dict of specs (exactly these keys), a list of one spec (any number of them), or a predicate."""


def _require_shape(value: Any, spec: Spec, path: str) -> None:
    if isinstance(spec, dict):
        _require_fields(value, spec, path)
    elif isinstance(spec, list):
        if not isinstance(value, list):
            raise Wrong("proof.shape", path)
        for place, item in enumerate(value):
            _require_shape(item, spec[0], f"{path}[{place}]")
    elif not spec(value):
        raise Wrong("proof.shape", path)


def _require_fields(value: Any, spec: dict[str, Spec], path: str) -> None:
    if not isinstance(value, dict):
        raise Wrong("proof.shape", path)
    odd = sorted(spec.keys() - value.keys()) or sorted(value.keys() - spec.keys())
    if odd:
        raise Wrong("proof.shape", _below(path, odd[0]))
    for name in sorted(spec):
        _require_shape(value[name], spec[name], _below(path, name))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _natural(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _hash(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 64 and _HEX.fullmatch(value) is not None


def _instant(value: Any) -> bool:
    return isinstance(value, str) and _INSTANT.fullmatch(value) is not None


def _base64(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return base64.b64encode(base64.b64decode(value, validate=True)).decode() == value
    except (binascii.Error, ValueError):
        return False


def _digests(value: Any) -> bool:
    """Digests by the name of their algorithm; SHA-256 is always among them."""
    widths = {"sha256": 64, "sha384": 96, "sha512": 128}
    return (
        isinstance(value, dict)
        and "sha256" in value
        and all(
            name in widths
            and isinstance(item, str)
            and len(item) == widths[name]
            and _HEX.fullmatch(item) is not None
            for name, item in value.items()
        )
    )


def _plain(value: Any) -> bool:
    """JSON without fractions: those have more than one spelling."""
    if isinstance(value, dict):
        return all(_plain(item) for item in value.values())
    if isinstance(value, list):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | bool | int)


def _part(value: Any) -> bool:
    """A place, a blank and the digest of what stands there."""
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9_.#\[\]]+ [0-9a-f]{64}", value) is not None


def _maybe(spec: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or spec(value)


def _format(value: Any) -> bool:
    return bool(value == FORMAT)


SHAPE: Spec = {
    "format": _format,
    "made_at": _instant,
    "log": {
        "origin": _text,
        "keys": [{"fingerprint": _hash, "public": _base64, "introduction": _text}],
    },
    "document": {
        "id": _natural,
        "chain": _natural,
        "agency_code": _text,
        "agency_name": _text,
        "direction": _text,
        "type": _text,
        "number": _text,
        "issued_on": _text,
        "issuer": _text,
        "signer": _text,
        "subject": _text,
    },
    "files": [
        {
            "name": _text,
            "role": _text,
            "size": _natural,
            "digests": _digests,
            "verdict": _plain,
            "bytes": _maybe(_base64),
        }
    ],
    "events": [{"index": _natural, "head": _natural, "leaf": _text, "path": [_hash]}],
    "waiting": _natural,
    "heads": [{"note": _text, "token": _maybe(_base64)}],
    "consistency": [[_hash]],
    "evidence": {"record": _maybe(_base64), "files": [_hash], "event": _natural},
    "material": {"certificates": [_base64], "lists": [_base64]},
    "seal": {"parts": [_part], "note": _text},
}
"""Each field of a proof. `waiting`: events of the document that are in no head yet; `evidence.event`: its place in
`events`; `head`: the place in `heads` of the head that an event is proved under."""


def parts_of(bundle: dict[str, Any]) -> list[str]:
    """Place and digest of each part: what the seal covers, so that a change is named and not only noticed."""
    return sorted(
        f"{path} {hashlib.sha256(canonical_json(value).encode()).hexdigest()}"
        for path, value in _parts(bundle)
    )


def _parts(bundle: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in bundle.items():
        if name == "seal":
            continue
        inner = value.items() if isinstance(value, dict) else [("", value)]
        for below, item in inner:
            path = f"{name}.{below}" if below else name
            if isinstance(item, list):
                yield f"{path}#", len(item)
                yield from ((f"{path}[{place}]", each) for place, each in enumerate(item))
            else:
                yield path, item


def digest_of_parts(parts: list[str]) -> str:
    """What the seal's note says."""
    return hashlib.sha256(canonical_json(parts).encode()).hexdigest()


def first_difference(found: list[str], sealed: list[str]) -> str | None:
    """The first place, by name, whose part is not the sealed one; None when all are."""
    ours, theirs = (dict(item.split(" ") for item in parts) for parts in (found, sealed))
    odd = (path for path in sorted(ours.keys() | theirs.keys()) if ours.get(path) != theirs.get(path))
    return next(odd, "").removesuffix("#") or None
