"""State machines are tables: which move leads from which state to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from vanthu.kernel.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row(Generic[S, M]):
    """One arrow of the table; `target` None means the move stays in the state it starts from."""

    move: M
    sources: tuple[S, ...]
    target: S | None


def row(move: M, sources: Sequence[S], target: S | None = None) -> Row[S, M]:
    return Row(move, tuple(sources), target)


class TransitionTable(Generic[S, M]):
    """The legal moves of one thing that has a life; refuses to hold the same arrow twice."""

    def __init__(self, *, subject: str, initial: S, rows: Iterable[Row[S, M]]) -> None:
        self.subject = subject
        self.initial = initial
        self.rows = tuple(rows)
        arrows: dict[tuple[S, M], S] = {}
        for entry in self.rows:
            for source in entry.sources:
                if (source, entry.move) in arrows:
                    raise ValueError(f"duplicate arrow {source} --{entry.move}-->")
                arrows[source, entry.move] = source if entry.target is None else entry.target
        self._arrows: Mapping[tuple[S, M], S] = MappingProxyType(arrows)

    def after(self, state: S, move: M) -> S:
        """The state that `move` leads to. Refuses: `<subject>.illegal-move`."""
        try:
            return self._arrows[state, move]
        except KeyError:
            raise IllegalMove(f"{self.subject}.illegal-move", state=state, move=move) from None

    def moves_from(self, state: S) -> tuple[M, ...]:
        return tuple(move for (source, move) in self._arrows if source == state)

    def reachable(self) -> frozenset[S]:
        seen = {self.initial}
        frontier = [self.initial]
        while frontier:
            state = frontier.pop()
            for (source, _), target in self._arrows.items():
                if source == state and target not in seen:
                    seen.add(target)
                    frontier.append(target)
        return frozenset(seen)

    def arrows(self) -> tuple[tuple[S, M, S], ...]:
        return tuple((source, move, target) for (source, move), target in self._arrows.items())
