"""The client that plays the rest of the world knows nothing of us."""

import ast
import sys

from tests.architecture.source import ROOT, demand_none, python_files, tree_of

FOREIGN = ROOT / "tests" / "axis" / "foreign"


def imported(tree: ast.AST) -> list[str]:
    named = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    relative = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return named + ["." * node.level + (node.module or "") for node in relative]


def is_foreign(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in sys.stdlib_module_names or name.startswith("tests.axis.foreign")


def test_the_foreign_client_imports_the_standard_library_and_itself_only() -> None:
    files = python_files(FOREIGN)
    assert files
    demand_none(
        [
            f"{path.name} imports {name}"
            for path in files
            for name in imported(tree_of(path))
            if not is_foreign(name)
        ]
    )


def test_the_foreign_client_names_vanthu_nowhere_but_in_words() -> None:
    demand_none([path.name for path in python_files(FOREIGN) if "vanthu" in path.read_text(encoding="utf-8")])
