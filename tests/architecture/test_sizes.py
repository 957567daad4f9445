"""Files and views stay short enough to be read in one go."""

import ast
from pathlib import Path

from tests.architecture.source import ROOT, SRC, demand_none, python_files, templates, tree_of

SOURCE_LINES, TEST_LINES, VIEW_LINES, TEMPLATE_LINES, SCRIPT_LINES = 400, 600, 15, 150, 1500


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def too_long(paths: list[Path], limit: int) -> list[str]:
    return [f"{path.name}: {lines(path)} lines in {path.parent}" for path in paths if lines(path) > limit]


def body_lines(function: ast.FunctionDef) -> int:
    """The lines of a function without its decorators and docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def long_views(path: Path) -> list[str]:
    return [
        f"{path.relative_to(path.parents[1])}:{node.name} has {body_lines(node)} lines"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and body_lines(node) > VIEW_LINES
    ]


def test_source_files_stay_under_four_hundred_lines() -> None:
    written = [path for path in python_files() if "migrations" not in path.parts]
    demand_none(too_long(written, SOURCE_LINES))


def test_test_files_stay_under_six_hundred_lines() -> None:
    demand_none(too_long(python_files(ROOT / "tests"), TEST_LINES))


def test_views_have_at_most_fifteen_lines() -> None:
    views = [
        *(SRC / "web").glob("**/views.py"),
        *(SRC / "web").glob("**/views/*.py"),
        *(SRC / "api").glob("v1/*.py"),
    ]
    demand_none([found for path in sorted(views) for found in long_views(path)])


def test_templates_have_at_most_a_hundred_and_fifty_lines() -> None:
    demand_none(too_long(list(templates().values()), TEMPLATE_LINES))


def test_our_own_scripts_stay_within_their_budget() -> None:
    scripts = sorted((SRC / "web" / "static").rglob("*.js"))
    assert sum(lines(path) for path in scripts) <= SCRIPT_LINES


def test_the_rule_measures_a_view(tmp_path: Path) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    view = folder / "views.py"
    view.write_text('def a(request):\n    """One.\n\n    Two."""\n' + "    b = 1\n" * 14, encoding="utf-8")
    assert long_views(view) == []
    view.write_text("def a(request):\n" + "    b = 1\n" * 15, encoding="utf-8")
    assert long_views(view) == ["incoming/views.py:a has 16 lines"]
