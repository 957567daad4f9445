"""Proof files to check, tampered copies of them, and both checkers side by side."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.evidence.life import a_night, an_hour
from tests.factories.exchange import an_arrival
from vanthu.documents.operations import record_view
from vanthu.evidence.keyring import private_key
from vanthu.evidence.operations import export_proof
from vanthu.evidence.queries.tree import log_keys
from vanthu.evidence.rules.bundle import SEAL, Wrong, digest_of_parts, encode, parts_of
from vanthu.evidence.rules.checking import Means, Proved, check
from vanthu.evidence.rules.notes import sign_note
from vanthu.kernel.actor import system_actor

TOOL = Path(__file__).parents[2] / "tools" / "check_proof.py"
Answer = tuple[str, str] | tuple[str, int, int, datetime | None, tuple[str, ...]]


def demo_folder() -> Path:
    """Where the demonstration's authority lies: its root, its lists, its keys."""
    return next(Path(settings.VANTHU_PKI).rglob("passphrase")).parent


def _load_tool() -> Any:
    spec = importlib.util.spec_from_file_location("check_proof", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL_MODULE = _load_tool()


def ours(data: bytes, means: Means) -> Answer:
    try:
        found: Proved = check(data, means)
    except Wrong as wrong:
        return wrong.code, wrong.path
    return found.number, found.events, found.size, found.proved_at, found.unjudged


def alone(data: bytes, means: Means) -> Answer:
    """The stand-alone tool's answer, asked in this process."""
    given = {
        "at": means.at,
        "pin": means.pin,
        "roots": list(means.roots) if means.roots is not None else None,
        "lists": list(means.lists),
        "files": dict(means.files),
    }
    try:
        found = TOOL_MODULE.check(data, given)
    except TOOL_MODULE.Wrong as wrong:
        code, path = wrong.args
        return str(code), str(path)
    return (
        found["number"],
        found["events"],
        found["size"],
        found["proved_at"],
        tuple(found["unjudged"]),
    )


def both(data: bytes, means: Means) -> Answer:
    """What both checkers say; they must say the same."""
    answer = ours(data, means)
    assert alone(data, means) == answer
    return answer


@dataclass(frozen=True)
class Case:
    """A sound proof, and the means to check it."""

    data: bytes
    means: Means
    document_id: int

    def bundle(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.data)
        return found

    def changed(self, change: Callable[[dict[str, Any]], object]) -> bytes:
        """A liar who holds the log key changes something and seals it anew."""
        bundle = self.bundle()
        change(bundle)
        return sealed(bundle)

    def with_means(self, **changes: Any) -> Means:
        return replace(self.means, **changes)


def sealed(bundle: dict[str, Any]) -> bytes:
    key = private_key(log_keys()[-1].fingerprint)
    assert key is not None
    parts = parts_of(bundle)
    origin = str(bundle["log"]["origin"])
    note = sign_note(origin, (SEAL, origin, digest_of_parts(parts)), key)
    return encode(bundle | {"seal": {"parts": parts, "note": note}})


def a_case(cast: Cast, *, embed: bool = False, now: datetime = FIXED_NOW) -> Case:
    """A document of B with events under two stamped heads and one that is not stamped, among others'."""
    for _ in range(3):
        an_arrival(cast)
    document_id = an_arrival(cast)
    a_night(now=now)
    for day in (1, 2):
        later = now + timedelta(days=day)
        record_view(actor=system_actor(cast.b.id), document_id=document_id, now=later)
        an_arrival(cast, now=later)
        if day == 1:
            a_night(now=later)
        else:
            an_hour(now=later)
    at = now + timedelta(days=3)
    data = export_proof(actor=system_actor(cast.b.id), document_id=document_id, embed=embed, now=at)
    return Case(data, Means(at=at, pin=log_keys()[0].fingerprint), document_id)
