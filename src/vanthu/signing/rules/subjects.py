"""Whose a certificate is: identifiers of its subject held against the register of certificates.

Norm: TT41/2017 Đ.8 (the certificate fits the signer's responsibility); decision D21 (only where a directory is given)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from vanthu.signing.rules.verdicts import FileVerdict, SignatureFinding, Verdict, worst

PERSON_PREFIXES: Final = frozenset({"CCCD", "CMND", "HC", "BHXH", "PID", "PPID", "DEMO"})
AGENCY_PREFIXES: Final = frozenset({"MST", "MNS", "DEMO-CQ"})

WRONG: Final = "subject.wrong"
PERSON, AGENCY = "person", "agency"


def identifier(text: str) -> str:
    """`PREFIX:value` in one spelling; what has no prefix is an identifier of unknown kind."""
    prefix, colon, value = text.partition(":")
    return f"{prefix.strip().upper()}:{value.strip()}" if colon else f"UID:{text.strip()}"


def lines_of(identifiers: Iterable[str]) -> str:
    """Identifiers as a column holds them, so that one of them can be looked for: a line's end before and after each."""
    return "".join(f"\n{item}" for item in identifiers) + "\n"


def from_lines(text: str) -> tuple[str, ...]:
    """The identifiers of such a column."""
    return tuple(line for line in text.split("\n") if line)


def kind_of_subject(identifiers: Iterable[str], *, name: str, organisation: str) -> str:
    """`person` or `agency`: who has no identifier of a person, and bears an organisation's name, is one."""
    prefixes = {item.partition(":")[0] for item in identifiers}
    if prefixes & PERSON_PREFIXES:
        return PERSON
    if prefixes & AGENCY_PREFIXES or not name or same_words(name, organisation):
        return AGENCY
    return PERSON


def same_words(one: str, other: str) -> bool:
    """Compare names as people mean them: older certificates are written without diacritics."""
    return bool(one.strip()) and _plain(one) == _plain(other)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in spread if not unicodedata.combining(letter)).split())


@dataclass(frozen=True, slots=True)
class Directory:
    """What the register knows about one sender: an agency's certificates, and whose the identifiers are."""

    agency: frozenset[str] = frozenset()
    """Identifiers of the certificates registered for the agency; empty: it has registered none."""
    own: frozenset[str] = frozenset()
    """Identifiers of the agency's people."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """Identifier of a signer to the owner (`person:ID`, `agency:ID`) in the register, whoever he is."""


def with_directory(verdict: FileVerdict, directory: Directory) -> FileVerdict:
    """The verdict, with WRONG_SUBJECT where the register says that a certificate is somebody else's.

    An agency's seal must be one that is registered for the sender, if the sender has registered any. A
    person whom the register does not know is not accused: he may have come to his post yesterday.
    """
    findings = tuple(
        _accused(finding) if _is_wrong(finding, directory) else finding for finding in verdict.signatures
    )
    if findings == verdict.signatures:
        return verdict
    return replace(
        verdict,
        signatures=findings,
        verdict=worst([verdict.verdict, *(finding.verdict for finding in findings)]),
        reasons=tuple(dict.fromkeys([*verdict.reasons, WRONG])),
    )


def identifiers_in(finding: SignatureFinding) -> frozenset[str]:
    """The identifiers of a signer, `PREFIX:value`."""
    return frozenset(f"{prefix}:{value}" for prefix, value in finding.signer.ids.items())


def _accused(finding: SignatureFinding) -> SignatureFinding:
    return replace(
        finding,
        verdict=worst([finding.verdict, Verdict.WRONG_SUBJECT]),
        reasons=tuple(dict.fromkeys([*finding.reasons, WRONG])),
    )


def _is_wrong(finding: SignatureFinding, directory: Directory) -> bool:
    mine = identifiers_in(finding)
    if not mine or finding.kind not in {"personal", "agency"}:
        return False
    if finding.kind == "agency" and directory.agency:
        return not mine & directory.agency
    known = {directory.owners[item] for item in mine if item in directory.owners}
    return bool(known) and not mine & (directory.agency | directory.own)
