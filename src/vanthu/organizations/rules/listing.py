"""The axis' list of agencies against what is known here: who is new, renamed, gone, and which codes mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

AGENCY_CODE = re.compile(r"[0-9A-Za-z]+(\.[0-9A-Za-z]+){0,3}")
LONGEST_CODE = 35
LONGEST_NAME = 300
LONGEST_MAIL = 100
FEWEST = 0.5
"""A list with less than this share of those that are active here is taken for a broken one: nobody is closed by it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency as the axis lists it: `old_code` and `code102` are its other codes."""

    code: str
    name: str
    parent_code: str = ""
    mail: str = ""
    old_code: str = ""
    code102: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """An agency as it stands here: what a listing may change."""

    name: str
    parent_code: str
    mail: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What a listing changes: rows to write, codes to close."""

    fresh: tuple[Listed, ...]
    altered: tuple[Listed, ...]
    gone: tuple[str, ...]


def is_readable_code(code: str) -> bool:
    """Whether a code read from others can be one. Norm: edxml.md §8, D13."""
    return len(code) <= LONGEST_CODE and AGENCY_CODE.fullmatch(code) is not None


def tidy(rows: Iterable[Listed]) -> dict[str, Listed]:
    """Each code once (the last entry counts), names in one line and within the columns; unfit codes are left out."""
    found: dict[str, Listed] = {}
    for row in rows:
        if is_readable_code(row.code):
            name = " ".join(row.name.split())[:LONGEST_NAME] or row.code
            parent = row.parent_code if is_readable_code(row.parent_code) else ""
            mail = row.mail.strip()[:LONGEST_MAIL]
            found[row.code] = Listed(row.code, name, parent, mail, row.old_code.strip(), row.code102.strip())
    return found


def changes_of(listed: Mapping[str, Listed], known: Mapping[str, Known], *, ours: frozenset[str]) -> Changes:
    """What follows from a listing. Ours never become outside; who is no longer listed is closed, never deleted."""
    fresh, altered = [], []
    for code, row in listed.items():
        if code in ours:
            continue
        before = known.get(code)
        if before is None:
            fresh.append(row)
        elif before != Known(row.name, row.parent_code, row.mail, is_active=True):
            altered.append(row)
    gone = tuple(
        code for code, row in known.items() if row.is_active and (code not in listed or code in ours)
    )
    return Changes(tuple(fresh), tuple(altered), gone)


def is_too_short(listed: int, active: int) -> bool:
    """Whether the list must be a broken one."""
    return listed < active * FEWEST


def aliases_in(rows: Iterable[Listed], taken: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """(alias, code, source) of each other code. A code that is somebody's own (`taken`) is nobody's alias."""
    for row in rows:
        for alias, source in ((row.old_code, "OLD"), (row.code102, "CODE102")):
            if alias and alias != row.code and alias not in taken and is_readable_code(alias):
                yield alias, row.code, source
