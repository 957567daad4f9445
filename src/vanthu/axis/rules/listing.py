"""Agencies as an operator imports them: one row of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgencyOrder:
    """Đơn vị cần ghi vào danh bạ trục. `system` is the code of the system that serves it; empty: none here."""

    code: str
    name: str
    parent_code: str = ""
    mail: str = ""
    mobile: str = ""
    fax: str = ""
    old_code: str = ""
    code102: str = ""
    system: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were new, changed, and as they were."""

    new: int
    changed: int
    same: int
