"""The glossary speaks of the code: every English term in it is an identifier that exists."""

import re

from tests.architecture.source import ROOT, SRC, demand_none, python_files

IDENTIFIER = re.compile(r"`([A-Za-z_][A-Za-z0-9_.]*)`")


def terms(text: str) -> list[tuple[str, list[str]]]:
    """(identifier, the row's other cells) of each row of the tables."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and (match := IDENTIFIER.match(cells[0])):
            found.append((match[1], cells[1:]))
    return found


def glossary() -> list[tuple[str, list[str]]]:
    return terms((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))


def identifiers() -> set[str]:
    words: set[str] = set()
    for path in python_files():
        words |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", path.read_text(encoding="utf-8")))
        words |= {path.stem, path.parent.name}
    return words


def unknown(identifier: str, known: set[str]) -> bool:
    return any(part not in known for part in identifier.split("."))


def test_every_term_of_the_glossary_exists_in_the_code() -> None:
    known = identifiers()
    demand_none([identifier for identifier, _ in glossary() if unknown(identifier, known)])


def test_every_row_gives_the_vietnamese_term() -> None:
    demand_none([identifier for identifier, cells in glossary() if not cells or not cells[0]])


def test_every_context_is_in_the_glossary() -> None:
    named = {identifier for identifier, _ in glossary()}
    packages = {path.parents[1].name for path in SRC.glob("*/rules/__init__.py")}
    demand_none(sorted(packages - named))


def test_the_rule_notices_a_term_without_code() -> None:
    assert unknown("Assignment.nowhere", {"Assignment"})
    assert not unknown("Assignment", {"Assignment"})
    assert terms("| `Assignment` | việc được giao | Đ22 |\n| words | x |") == [
        ("Assignment", ["việc được giao", "Đ22"])
    ]
