"""Refusals are types with stable codes; whatever is not one of these is a bug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One unmet precondition: a stable code and the values its sentence needs."""

    code: str
    details: tuple[tuple[str, str], ...] = ()


class DomainError(Exception):
    """A refusal that an edge translates once into words, a status and a remedy."""

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}

    @property
    def violations(self) -> tuple[Violation, ...]:
        return (Violation(self.code, tuple(sorted(self.details.items()))),)


class NotVisible(DomainError):
    """What the actor may not see does not exist for him (404)."""

    def __init__(self, code: str = "document.not-found", /, **details: object) -> None:
        super().__init__(code, **details)


class NotPermitted(DomainError):
    """The actor sees the thing but may not do this with it (403)."""


class IllegalMove(DomainError):
    """The table of transitions has no such arrow from this state (409)."""


class StaleVersion(DomainError):
    """Somebody else changed the row since the form was opened (409)."""


class NotReady(DomainError):
    """Preconditions are unmet; all of them are named at once (422)."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self._violations = tuple(violations)
        first = self._violations[0]
        super().__init__(first.code, **dict(first.details))

    @property
    def violations(self) -> tuple[Violation, ...]:
        return self._violations


def refuse_if(violations: Iterable[Violation]) -> None:
    """Raise `NotReady` with every violation; do nothing when there is none."""
    found = tuple(violations)
    if found:
        raise NotReady(found)
