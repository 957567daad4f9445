"""What the product imports is installed where it runs: in `requirements/base.txt`, or `s3.txt` for its one room."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.architecture.source import ROOT, SRC, demand_none, python_files, tree_of

NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)
OURS = {"vanthu", *sys.stdlib_module_names}
S3_ROOM = SRC / "foundation" / "storage" / "s3.py"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(level: str) -> set[str]:
    text = (ROOT / "requirements" / f"{level}.txt").read_text(encoding="utf-8")
    return {normal(name) for name in NAME.findall(text)}


def imported(tree: ast.Module) -> Iterator[str]:
    """The top names that a file imports when it runs; what only type checkers read does not count."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
        waiting += ast.iter_child_nodes(node)


def test_what_the_product_imports_is_installed_with_it() -> None:
    brings = packages_distributions()
    base, s3 = locked("base"), locked("s3")
    demand_none(
        sorted(
            f"{path.relative_to(SRC)}: {name}"
            for path in python_files()
            for name in set(imported(tree_of(path))) - OURS
            if not {normal(each) for each in brings.get(name, [name])}
            & (base | s3 if path == S3_ROOM else base)
        )
    )


def test_the_rule_sees_imports_inside_functions_and_skips_those_for_type_checkers() -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import mypy\ndef f():\n    import pytest.x\n"
    assert set(imported(ast.parse(source))) == {"typing", "pytest"}
