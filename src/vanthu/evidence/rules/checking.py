"""Check a proof file with nothing but itself: no network, no database; the first thing that is wrong is named."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography import x509

from vanthu.evidence.rules.bundle import SEAL, Wrong, decode, digest_of_parts, first_difference, parts_of
from vanthu.evidence.rules.merkle import is_consistent, leaf_hash, root_from_inclusion
from vanthu.evidence.rules.notes import BadNote, Head, Note, PublicKey, is_introduced, read_head, read_note
from vanthu.evidence.rules.records import BadRecord, check_record
from vanthu.evidence.rules.tokens import (
    Anchors,
    BadToken,
    Token,
    read_certificate,
    read_list,
    read_token,
    require_imprint,
    require_trusted,
)
from vanthu.kernel.refs import canonical_json

SUBJECT_KIND = "documents.document"


@dataclass(frozen=True, slots=True)
class Means:
    """What a checker brings along: the pinned key (SHA-256, hex), roots it believes, files in hand (name → bytes)."""

    at: datetime
    pin: str = ""
    roots: tuple[x509.Certificate, ...] | None = None
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proved:
    """What a sound proof shows. `unjudged` lists what could not be judged with the means at hand."""

    number: str
    events: int
    size: int
    proved_at: datetime | None
    """The earliest time stamp over the document's files, else over one of its heads."""
    unjudged: tuple[str, ...]


def check(data: bytes, means: Means) -> Proved:
    """Check a proof file. Refuses: `Wrong`, which names code and place."""
    bundle = decode(data)
    seal = _seal(bundle)
    keys = _trusted_keys(bundle["log"], means.pin)
    _require_seal(bundle, seal, keys)
    anchors = _anchors(bundle["material"], means)
    heads = _heads(bundle, keys)
    stamps = _head_tokens(bundle["heads"], anchors)
    _require_consistency(bundle["consistency"], heads)
    leaves = _events(bundle, heads)
    _require_files(bundle["files"], means.files)
    since = _record(bundle, leaves, anchors, means.at)
    return Proved(
        bundle["document"]["number"],
        len(leaves),
        heads[-1].size,
        since or min((token.at for token in stamps), default=None),
        tuple(_unjudged(bundle, means)),
    )


def _trusted_keys(log: Mapping[str, Any], pin: str) -> list[PublicKey]:
    """The keys whose word counts: the pinned one and each that its predecessor introduced."""
    rows = log["keys"]
    keys = []
    for place, row in enumerate(rows):
        key = PublicKey(base64.b64decode(row["public"]))
        if len(key.raw) != 32 or key.fingerprint != row["fingerprint"]:
            raise Wrong("proof.key", f"log.keys[{place}]")
        keys.append(key)
    first = next((place for place, key in enumerate(keys) if key.fingerprint == pin), None) if pin else 0
    if first is None or not keys:
        raise Wrong("proof.pin", "log.keys")
    trusted = [keys[first]]
    for place in range(first + 1, len(keys)):
        word = rows[place]["introduction"]
        if word and not is_introduced(word, log["origin"], keys[place], keys[place - 1]):
            raise Wrong("proof.key", f"log.keys[{place}]")
        if not word and pin:
            break
        trusted.append(keys[place])
    return trusted


def _seal(bundle: Mapping[str, Any]) -> Note:
    """The seal's note, and the log's name as it says it: a wrong name elsewhere is named there."""
    try:
        note = read_note(bundle["seal"]["note"])
    except BadNote as error:
        raise Wrong("proof.seal", "seal.note") from error
    if len(note.lines) != 3 or note.lines[:2] != (SEAL, note.name):
        raise Wrong("proof.seal", "seal.note")
    if note.name != bundle["log"]["origin"]:
        raise Wrong("proof.part", "log.origin")
    return note


def _require_seal(bundle: Mapping[str, Any], note: Note, keys: Sequence[PublicKey]) -> None:
    seal = bundle["seal"]
    if not _is_signed(note, keys):
        raise Wrong("proof.seal", "seal.note")
    if note.lines[2] != digest_of_parts(seal["parts"]):
        raise Wrong("proof.seal", "seal.parts")
    odd = first_difference(parts_of(dict(bundle)), seal["parts"])
    if odd is not None:
        raise Wrong("proof.part", odd)


def _is_signed(note: Note, keys: Sequence[PublicKey]) -> bool:
    return any(note.is_signed_by(key) for key in keys)


def _anchors(material: Mapping[str, Any], means: Means) -> Anchors:
    others, lists = [], []
    for place, item in enumerate(material["certificates"]):
        try:
            others.append(read_certificate(base64.b64decode(item)))
        except ValueError as error:
            raise Wrong("proof.material", f"material.certificates[{place}]") from error
    for place, item in enumerate(material["lists"]):
        try:
            lists.append(read_list(base64.b64decode(item)))
        except ValueError as error:
            raise Wrong("proof.material", f"material.lists[{place}]") from error
    roots = means.roots if means.roots is not None else ()
    judged = means.roots is not None
    return Anchors(roots if judged else _self_issued(others), tuple(others), (*lists, *means.lists))


def _self_issued(certificates: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Without roots of its own a checker follows the path to the end that the proof brings along."""
    return tuple(item for item in certificates if item.subject == item.issuer)


def _heads(bundle: Mapping[str, Any], keys: Sequence[PublicKey]) -> list[Head]:
    heads: list[Head] = []
    for place, row in enumerate(bundle["heads"]):
        try:
            note = read_note(row["note"])
            head = read_head(note)
        except BadNote as error:
            raise Wrong("proof.head", f"heads[{place}].note") from error
        grows = not heads or heads[-1].size < head.size
        if not grows or head.origin != bundle["log"]["origin"] or not _is_signed(note, keys):
            raise Wrong("proof.head", f"heads[{place}].note")
        heads.append(head)
    if not heads:
        raise Wrong("proof.head", "heads")
    return heads


def _head_tokens(rows: Sequence[Mapping[str, Any]], anchors: Anchors) -> list[Token]:
    tokens = []
    for place, row in enumerate(rows):
        if row["token"] is None:
            continue
        try:
            token = read_token(base64.b64decode(row["token"]))
            require_imprint(token, "sha256", hashlib.sha256(row["note"].encode()).digest())
            require_trusted(token, anchors)
        except BadToken as error:
            raise Wrong(f"proof.token.{error}", f"heads[{place}].token") from error
        tokens.append(token)
    return tokens


def _require_consistency(paths: Sequence[Sequence[str]], heads: Sequence[Head]) -> None:
    if len(paths) != len(heads) - 1:
        raise Wrong("proof.consistency", "consistency")
    for place, path in enumerate(paths):
        old, new = heads[place], heads[place + 1]
        hashes = [bytes.fromhex(item) for item in path]
        if not is_consistent(old.size, new.size, old.root, new.root, hashes):
            raise Wrong("proof.consistency", f"consistency[{place}]")


def _events(bundle: Mapping[str, Any], heads: Sequence[Head]) -> list[bytes]:
    """Each event is in its head, speaks of this document, and those of one chain follow one another."""
    leaves: list[bytes] = []
    former: tuple[int, int, str] = (-1, 0, "")
    for place, row in enumerate(bundle["events"]):
        leaf = row["leaf"].encode()
        previous, event = _spelled(row["leaf"], f"events[{place}].leaf")
        _require_subject(event, bundle["document"], f"events[{place}].leaf")
        index, seq, digest = former
        follows = event["seq"] > seq and (event["seq"] != seq + 1 or not digest or previous == digest)
        if row["index"] <= index or not follows:
            raise Wrong("proof.event.order", f"events[{place}].leaf")
        if row["head"] >= len(heads):
            raise Wrong("proof.inclusion", f"events[{place}].head")
        head = heads[row["head"]]
        path = [bytes.fromhex(item) for item in row["path"]]
        if root_from_inclusion(leaf_hash(leaf), row["index"], head.size, path) != head.root:
            raise Wrong("proof.inclusion", f"events[{place}].path")
        former = (row["index"], event["seq"], hashlib.sha256(leaf).hexdigest())
        leaves.append(leaf)
    return leaves


def _spelled(leaf: str, path: str) -> tuple[str, dict[str, Any]]:
    """The digest before and the event; refuses another spelling than the log's own."""
    previous, _, text = leaf.partition("\n")
    try:
        event = json.loads(text)
        same = isinstance(event, dict) and canonical_json(event) == text
    except (ValueError, RecursionError):
        same = False
    if not same or len(previous) != 64 or type(event.get("seq")) is not int:
        raise Wrong("proof.event", path)
    return previous, event


def _require_subject(event: Mapping[str, Any], document: Mapping[str, Any], path: str) -> None:
    said = (event.get("subject_kind"), event.get("subject_id"), event.get("chain"))
    if said != (SUBJECT_KIND, str(document["id"]), document["chain"]):
        raise Wrong("proof.event", path)


def _require_files(rows: Sequence[Mapping[str, Any]], given: Mapping[str, bytes]) -> None:
    for place, row in enumerate(rows):
        if row["bytes"] is not None:
            data = base64.b64decode(row["bytes"])
            if len(data) != row["size"] or not _has_digests(data, row["digests"]):
                raise Wrong("proof.file", f"files[{place}].bytes")
    for name, data in given.items():
        digest = hashlib.sha256(data).hexdigest()
        if not any(row["digests"]["sha256"] == digest and _has_digests(data, row["digests"]) for row in rows):
            raise Wrong("proof.file.foreign", name)


def _has_digests(data: bytes, digests: Mapping[str, str]) -> bool:
    return all(hashlib.new(name, data).hexdigest() == value for name, value in digests.items())


def _record(
    bundle: Mapping[str, Any], leaves: Sequence[bytes], anchors: Anchors, at: datetime
) -> datetime | None:
    """The time that the evidence record reaches back to; None without a record."""
    if bundle["evidence"]["record"] is None:
        return None
    digests_under = _digests(bundle, leaves)
    try:
        covered = check_record(base64.b64decode(bundle["evidence"]["record"]), digests_under)
        for token in covered.tokens:
            require_trusted(token, anchors)
    except BadRecord as error:
        raise Wrong(f"proof.record.{error}", "evidence.record") from error
    except BadToken as error:
        raise Wrong(f"proof.token.{error}", "evidence.record") from error
    if covered.tokens[-1].lapses_at < at:
        raise Wrong("proof.record.lapsed", "evidence.record")
    return covered.since


def _digests(bundle: Mapping[str, Any], leaves: Sequence[bytes]) -> Callable[[str], list[bytes]]:
    """What the record should cover: the files it names and the event that made them final."""
    evidence = bundle["evidence"]
    known = {row["digests"]["sha256"]: row["digests"] for row in bundle["files"]}
    if evidence["event"] >= len(leaves) or not known.keys() >= set(evidence["files"]):
        raise Wrong("proof.record.coverage", "evidence")
    leaf = leaves[evidence["event"]]

    def under(algorithm: str) -> list[bytes]:
        named = [known[name].get(algorithm, "") for name in evidence["files"]]
        if algorithm not in {"sha256", "sha384", "sha512"} or not all(named):
            raise BadRecord("coverage")
        return sorted({hashlib.new(algorithm, leaf).digest(), *(bytes.fromhex(item) for item in named)})

    return under


def _unjudged(bundle: Mapping[str, Any], means: Means) -> list[str]:
    found = []
    if not means.pin:
        found.append("proof.unjudged.key")
    if means.roots is None:
        found.append("proof.unjudged.trust")
    if bundle["evidence"]["record"] is None:
        found.append("proof.unjudged.record")
    if all(row["token"] is None for row in bundle["heads"]):
        found.append("proof.unjudged.time")
    if not means.files and all(row["bytes"] is None for row in bundle["files"]):
        found.append("proof.unjudged.files")
    if bundle["waiting"]:
        found.append("proof.unjudged.waiting")
    return found
