"""The answer of a policy: allowed, or denied for a reason that a screen can say."""

from __future__ import annotations

from dataclasses import dataclass

from vanthu.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed when `code` is None; otherwise the stable code of the reason."""

    code: str | None = None
    details: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self.code is None

    def or_refuse(self) -> None:
        """Raise `NotPermitted` unless allowed."""
        if self.code is not None:
            raise NotPermitted(self.code, **dict(self.details))


ALLOWED = Decision()


def denied(code: str, /, **details: object) -> Decision:
    return Decision(code, tuple(sorted((name, str(value)) for name, value in details.items())))


def allowed_if(condition: bool, code: str, /, **details: object) -> Decision:
    return ALLOWED if condition else denied(code, **details)
