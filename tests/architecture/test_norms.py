"""Each clause that binds us names the module that keeps it and the test that proves it; both exist."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, SRC, demand_none, tree_of

CODE = re.compile(r"`([^`]+)`")


def rows(text: str) -> list[list[str]]:
    """The cells of each row that has a module in its second column."""
    split = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return [cells for cells in split if len(cells) >= 3 and CODE.search(cells[1])]


def missing_module(name: str, source: Path = SRC) -> bool:
    """`registry.rules.numbering` or `registry.rules.numbering.take` — the longest existing file counts."""
    module, _, attribute = name.rpartition(".")
    whole = source / f"{name.replace('.', '/')}.py"
    if whole.exists() or (source / name.replace(".", "/") / "__init__.py").exists():
        return False
    file = source / f"{module.replace('.', '/')}.py"
    return not file.exists() or not re.search(
        rf"\b{re.escape(attribute)}\b", file.read_text(encoding="utf-8")
    )


def missing_test(name: str, root: Path = ROOT) -> bool:
    """`tests/registry/rules/test_numbering.py` or the same with `::test_…`."""
    file, _, function = name.partition("::")
    path = root / file
    if not path.exists():
        return True
    names = {
        node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    return bool(function) and function.split("::")[-1] not in names


def norms() -> list[list[str]]:
    return rows((ROOT / "docs" / "norms.md").read_text(encoding="utf-8"))


def test_each_clause_names_a_module_that_exists() -> None:
    demand_none(
        [
            f"{cells[0]}: {name}"
            for cells in norms()
            for name in CODE.findall(cells[1])
            if missing_module(name)
        ]
    )


def test_each_clause_names_a_test_that_exists() -> None:
    without = [cells[0] for cells in norms() if not CODE.search(cells[2])]
    wrong = [
        f"{cells[0]}: {name}" for cells in norms() for name in CODE.findall(cells[2]) if missing_test(name)
    ]
    demand_none(without + wrong)


@pytest.mark.parametrize(
    "line", ["| Đ1 | `a.rules.b` | `tests/test_b.py::test_gone` |", "| Đ1 | `a.rules.c` | – |"]
)
def test_the_rule_notices_a_broken_row(line: str, tmp_path: Path) -> None:
    (tmp_path / "a" / "rules").mkdir(parents=True)
    (tmp_path / "a" / "rules" / "b.py").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_b.py").write_text("def test_there(): ...\n", encoding="utf-8")
    (cells,) = rows(line)
    module, test = CODE.findall(cells[1])[0], CODE.findall(cells[2])
    assert missing_module(module, tmp_path) or not test or missing_test(test[0], tmp_path)
