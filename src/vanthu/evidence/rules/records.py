"""RFC 4998 evidence records: one time stamp for many documents, a small proof for each, renewed before it weakens."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# asn1crypto has no types.
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core

from vanthu.evidence.rules.tokens import BadToken, Token, digest, read_token, require_imprint


class BadRecord(ValueError):
    """The record does not prove its document; the message is the last part of a code."""


class _Hashes(core.SequenceOf):
    _child_spec = core.OctetString


class _Tree(core.SequenceOf):
    _child_spec = _Hashes


class _Attributes(core.SetOf):
    _child_spec = cms.CMSAttribute


class _Stamp(core.Sequence):
    _fields = [
        ("digest_algorithm", algos.DigestAlgorithm, {"implicit": 0, "optional": True}),
        ("attributes", _Attributes, {"implicit": 1, "optional": True}),
        ("reduced_hashtree", _Tree, {"implicit": 2, "optional": True}),
        ("time_stamp", cms.ContentInfo),
    ]


class _Chain(core.SequenceOf):
    _child_spec = _Stamp


class _Chains(core.SequenceOf):
    _child_spec = _Chain


class _Algorithms(core.SequenceOf):
    _child_spec = algos.DigestAlgorithm


class _Record(core.Sequence):
    _fields = [
        ("version", core.Integer),
        ("digest_algorithms", _Algorithms),
        ("archive_time_stamp_sequence", _Chains),
    ]


@dataclass(frozen=True, slots=True)
class Stamp:
    """One ArchiveTimeStamp: the reduced tree from the covered hashes up to the stamped root, and the token (DER)."""

    algorithm: str
    tree: tuple[tuple[bytes, ...], ...]
    token: bytes


Chains = tuple[tuple[Stamp, ...], ...]


def group_hash(algorithm: str, hashes: Sequence[bytes]) -> bytes:
    """RFC 4998 4.2: sorted in binary order, one after another, hashed; a single one stands for itself."""
    return hashes[0] if len(hashes) == 1 else digest(algorithm, b"".join(sorted(hashes)))


def tree_levels(algorithm: str, leaves: Sequence[bytes]) -> list[list[bytes]]:
    """The tree from the leaves up to the root; what has no neighbour rises as it is."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([group_hash(algorithm, below[i : i + 2]) for i in range(0, len(below), 2)])
    return levels


def siblings(levels: Sequence[Sequence[bytes]], position: int) -> tuple[bytes, ...]:
    """The neighbours on the way from a leaf to the root."""
    found = []
    for level in levels[:-1]:
        neighbour = position ^ 1
        if neighbour < len(level):
            found.append(level[neighbour])
        position >>= 1
    return tuple(found)


def climb(algorithm: str, tree: Sequence[Sequence[bytes]]) -> bytes:
    """The root that a reduced tree leads to. Refuses: `BadRecord` for an empty group."""
    if not tree or not all(tree):
        raise BadRecord("hashtree")
    current = group_hash(algorithm, tree[0])
    for group in tree[1:]:
        current = group_hash(algorithm, [*group, current])
    return current


def encode_chains(chains: Chains) -> bytes:
    """DER of the ArchiveTimeStampSequence: what a renewal of the hash algorithm hashes with each document."""
    der: bytes = _chains(chains).dump()
    return der


def encode_record(chains: Chains) -> bytes:
    """DER of the EvidenceRecord."""
    names = sorted({stamp.algorithm for chain in chains for stamp in chain})
    record = _Record(
        {
            "version": 1,
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": name}) for name in names],
            "archive_time_stamp_sequence": _chains(chains),
        }
    )
    der: bytes = record.dump()
    return der


def _chains(chains: Chains) -> _Chains:
    return _Chains([_Chain([_stamp(stamp) for stamp in chain]) for chain in chains])


def _stamp(stamp: Stamp) -> _Stamp:
    fields: dict[str, Any] = {
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": stamp.algorithm}),
        "time_stamp": cms.ContentInfo.load(stamp.token),
    }
    if stamp.tree:
        fields["reduced_hashtree"] = _Tree([_Hashes(list(group)) for group in stamp.tree])
    return _Stamp(fields)


def read_record(der: bytes) -> Chains:
    """Parse a record; refuses (`BadRecord`) whatever `encode_record` would spell differently."""
    try:
        record = _Record.load(der, strict=True)
        chains = tuple(
            tuple(_read_stamp(stamp) for stamp in chain) for chain in record["archive_time_stamp_sequence"]
        )
        spelled = encode_record(chains)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRecord("malformed") from error
    if spelled != der or not chains or not all(chains):
        raise BadRecord("malformed")
    return chains


def _read_stamp(stamp: Any) -> Stamp:
    tree = stamp["reduced_hashtree"]
    groups = tuple(tuple(item.native for item in group) for group in tree) if tree.native else ()
    return Stamp(stamp["digest_algorithm"]["algorithm"].native, groups, stamp["time_stamp"].dump())


@dataclass(frozen=True, slots=True)
class Covered:
    """What a record proves: the time it reaches back to, and the tokens in their order."""

    since: datetime
    tokens: tuple[Token, ...]


def check_record(der: bytes, digests: Callable[[str], Sequence[bytes]]) -> Covered:
    """Follow a record from the data to its last token.

    `digests(algorithm)` gives the digest of each data object of the document, under that algorithm.
    Refuses: `BadRecord`, `BadToken`.
    """
    chains = read_record(der)
    tokens: list[Token] = []
    for number, chain in enumerate(chains):
        algorithm = chain[0].algorithm
        expected = list(digests(algorithm))
        if number:
            before = digest(algorithm, encode_chains(chains[:number]))
            expected = [digest(algorithm, item + before) for item in expected]
        for place, stamp in enumerate(chain):
            if stamp.algorithm != algorithm:
                raise BadRecord("algorithm")
            if place:
                expected = [digest(algorithm, chain[place - 1].token)]
            tokens.append(_follow(stamp, expected, tokens[-1] if tokens else None))
    return Covered(tokens[0].at, tuple(tokens))


def _follow(stamp: Stamp, expected: list[bytes], former: Token | None) -> Token:
    """One stamp covers exactly what it should, and came while the one before it was still good."""
    tree = stamp.tree or (tuple(expected),)
    if sorted(tree[0]) != sorted(expected):
        raise BadRecord("coverage")
    token = read_token(stamp.token)
    require_imprint(token, stamp.algorithm, climb(stamp.algorithm, tree))
    if former is not None and not former.at <= token.at <= former.lapses_at:
        raise BadRecord("renewed-late")
    return token


__all__ = [
    "BadRecord",
    "BadToken",
    "Chains",
    "Covered",
    "Stamp",
    "check_record",
    "climb",
    "encode_chains",
    "encode_record",
    "group_hash",
    "read_record",
    "siblings",
    "tree_levels",
]
