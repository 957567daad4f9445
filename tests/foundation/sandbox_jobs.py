"""What the child processes of the sandbox tests are asked to do."""

from __future__ import annotations

import os
import sys
import time

from vanthu.kernel.errors import DomainError, NotReady, Violation

_prepared: list[str] = []


def warm_up(word: str = "", letters: tuple[str, ...] = ()) -> None:
    """What a branch makes of its values before it forks; `die` is a value that it can't live with."""
    if word == "die":
        os._exit(1)
    _prepared.extend((word, *letters))


def tell_prepared(word: str, mark: str) -> tuple[str, list[str], int, int]:
    """The value that was held, what was made of it beforehand, and who tells."""
    told = list(_prepared)
    _prepared.append(mark)
    return word, told, os.getppid(), os.getpid()


def add(a: int, b: int) -> int:
    return a + b


def echo(data: bytes) -> bytes:
    return data


def hang() -> None:
    while True:
        time.sleep(60)


def spin() -> None:
    while True:
        pass


def hang_on(word: str) -> None:
    hang()


def eat(word: str) -> int:
    return eat_memory()


def abort() -> None:
    os.abort()


def vanish() -> None:
    os._exit(0)


def eat_memory() -> int:
    return len(bytearray(2 * 1024 * 1024 * 1024))


def refuse() -> None:
    raise DomainError("documents.file.unreadable", name="a.pdf")


def refuse_for_two_reasons() -> None:
    raise NotReady([Violation("a.b.c"), Violation("d.e.f", (("size", "3"),))])


def fail() -> None:
    raise ValueError("not a page")


def process_id() -> int:
    return os.getpid()


def environment() -> dict[str, str]:
    return dict(os.environ)


def imported_django() -> bool:
    return "django" in sys.modules


class Weapon:
    """What a child in foreign hands would answer."""

    def __reduce__(self) -> tuple[object, ...]:
        return (os.system, ("true",))


def answer_with_a_weapon() -> Weapon:
    return Weapon()


def write_a_file(path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write("x")
