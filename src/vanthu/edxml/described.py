"""Taking values out of a description, key by key: every slip is named by its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

INSTANT_FORM = "phải là thời điểm ISO, như 2026-11-22T09:30:00"


class Undescribed(ValueError):
    """The description cannot be taken: `key` names the place, `reason` says in Vietnamese what is wrong."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


class Described:
    """One table of a description; every key must be taken."""

    def __init__(self, values: Any, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise Undescribed(path or "mô tả", "phải là một bảng khóa – giá trị")
        self._values: Mapping[str, Any] = values
        self._path = path
        self._taken: set[str] = set()

    def text(self, key: str, default: str | None = "") -> str:
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            raise Undescribed(self._name(key), "phải là chữ")
        if value is None or value == "":
            if default is None:
                raise Undescribed(self._name(key), "còn thiếu")
            return default
        return str(value)

    def number(self, key: str, default: int | None = None) -> int | None:
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            raise Undescribed(self._name(key), "phải là số nguyên")
        return value

    def truth(self, key: str) -> bool | None:
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            raise Undescribed(self._name(key), "phải là true hoặc false")
        return value

    def day(self, key: str) -> date | None:
        value = self._take(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        parsed: date | None = self._parsed(key, value, date.fromisoformat, "phải là ngày ISO, như 2026-11-22")
        return parsed

    def instant(self, key: str) -> datetime | None:
        value = self._take(key)
        if isinstance(value, datetime):
            return value.replace(tzinfo=None)
        parsed: datetime | None = self._parsed(key, value, _instant, INSTANT_FORM)
        return parsed

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Undescribed(self._name(key), "phải là danh sách chữ")
        return tuple(value)

    def table(self, key: str) -> Described | None:
        value = self._take(key)
        return None if value is None else Described(value, self._name(key))

    def required_table(self, key: str) -> Described:
        table = self.table(key)
        if table is None:
            raise Undescribed(self._name(key), "còn thiếu")
        return table

    def skip(self, *keys: str) -> None:
        """Keys that may stand there and say nothing new."""
        self._taken.update(keys)

    def tables(self, key: str) -> list[Described]:
        value = self._take(key) or []
        if not isinstance(value, list):
            raise Undescribed(self._name(key), "phải là danh sách")
        return [Described(item, f"{self._name(key)}[{place}]") for place, item in enumerate(value)]

    def done(self) -> None:
        """Raises `Undescribed` for a key with a value that nobody took: it is a slip of the pen."""
        for key in sorted(set(self._values) - self._taken):
            if self._values[key] not in (None, "", []):
                raise Undescribed(self._name(key), "khóa lạ")

    def _take(self, key: str) -> Any:
        self._taken.add(key)
        return self._values.get(key)

    def _name(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _parsed(self, key: str, value: Any, parse: Callable[[str], Any], expected: str) -> Any:
        if value is None or value == "":
            return None
        try:
            return parse(value)
        except (TypeError, ValueError) as error:
            raise Undescribed(self._name(key), expected) from error


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)
