"""Turning the text of elements into values: what cannot be read becomes absent, with a notice and the raw text kept."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from vanthu.edxml.markup import Node
from vanthu.edxml.message import Notice, WarningKind

HANOI = timezone(timedelta(hours=7))
LONGEST_RAW = 200
OLDEST_YEAR, NEWEST_YEAR = 1900, 2999
NO_DATE = date(1900, 1, 1)  # how edXML 1.0 writes "none"

_YEAR_FIRST = re.compile(r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]+(\S.*))?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})(?:[T ]+(\S.*))?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?\s*(Z|[+-][0-9]{2}:?[0-9]{2})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_CANONICAL_DATE = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}")
_CANONICAL_INSTANT = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_TRUE, _FALSE = {"true", "1"}, {"false", "0"}


class Fields:
    """Reads values and gathers notices."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    def notice(self, kind: WarningKind, element: str, raw: str = "") -> None:
        self.notices.append(Notice(kind, element, raw[:LONGEST_RAW]))

    def texts(self, node: Node, known: frozenset[str]) -> dict[str, str]:
        """Text by element name, white space around it removed; of a repeated element the first."""
        found: dict[str, str] = {}
        for kid in node.kids:
            if kid.name in found:
                self.notice(WarningKind.ELEMENT_TWICE, kid.name, kid.text)
            else:
                found[kid.name] = kid.text.strip()
        if not found.keys() <= known:
            for name in sorted(found.keys() - known):
                self.notice(WarningKind.UNKNOWN_ELEMENT, name, found[name])
        return found

    def integer(self, text: str, element: str) -> int | None:
        """A whole number; None when absent or unreadable."""
        if not text:
            return None
        if _INTEGER.fullmatch(text):
            return int(text)
        self.notice(WarningKind.NUMBER_UNREADABLE, element, text)
        return None

    def truth(self, text: str, element: str) -> bool | None:
        """`true`, `false`, 1 or 0; None when absent or unreadable."""
        lowered = text.lower()
        if lowered in _TRUE or lowered in _FALSE:
            return lowered in _TRUE
        if text:
            self.notice(WarningKind.NUMBER_UNREADABLE, element, text)
        return None

    def day(self, text: str, element: str) -> date | None:
        """A date in any of the written forms; None when absent or unreadable."""
        found = self._instant(text, element, _CANONICAL_DATE)
        return found.date() if found is not None else None

    def instant(self, text: str, element: str) -> datetime | None:
        """An instant, local time of Hà Nội without a zone; None when absent or unreadable."""
        return self._instant(text, element, _CANONICAL_INSTANT)

    def _instant(self, text: str, element: str, canonical: re.Pattern[str]) -> datetime | None:
        if not text:
            return None
        found = parse_instant(text)
        if found is None:
            self.notice(WarningKind.DATE_UNREADABLE, element, text)
        elif not canonical.fullmatch(text) or found.date() == NO_DATE:
            self.notice(WarningKind.DATE_FORM, element, text)
        return None if found is None or found.date() == NO_DATE else found


def parse_instant(text: str) -> datetime | None:
    """`yyyy/MM/dd`, `dd/MM/yyyy` or ISO, with or without a time; never a year outside 1900–2999."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, _, month, day, time = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, _, month, year, time = found.groups()
    else:
        return None
    clock = _TIME.fullmatch(time.strip()) if time else None
    if (time and clock is None) or not OLDEST_YEAR <= int(year) <= NEWEST_YEAR:
        return None
    hour, minute, second, zone = clock.groups() if clock is not None else (0, 0, 0, None)
    try:
        instant = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
        return _in_hanoi(instant, zone)
    except ValueError:
        return None


def _in_hanoi(instant: datetime, zone: str | None) -> datetime:
    if zone is None:
        return instant
    if zone == "Z":
        away = timedelta()
    else:
        away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * (-1 if zone[0] == "-" else 1)
    return instant.replace(tzinfo=timezone(away)).astimezone(HANOI).replace(tzinfo=None)
