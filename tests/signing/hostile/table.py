"""The table of hostile and untidy files: name, class of signing.md §3, builder, verdict, rule that decides."""

from collections.abc import Callable
from dataclasses import dataclass

from vanthu.signing.rules.verdicts import Verdict

Builder = Callable[[], bytes]


@dataclass(frozen=True)
class Case:
    """One file and what is to be said about it when nobody has given a trust folder."""

    name: str
    group: str
    build: Builder
    verdict: Verdict
    rule: str
    """The switch of `rules.SWITCHES` without which the verdict is another."""


CASES: dict[str, Case] = {}


def case(group: str, verdict: Verdict, rule: str) -> Callable[[Builder], Builder]:
    """Enter a builder into the table under its own name."""

    def enter(build: Builder) -> Builder:
        name = build.__name__.replace("_", "-")
        assert name not in CASES, f"two files are called {name}"
        CASES[name] = Case(name, group, build, verdict, rule)
        return build

    return enter
