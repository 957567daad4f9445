"""The database repeats every enum: a state column that has no check constraint takes anything."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import SRC, called_name, demand_none, python_files, tree_of

CHECKED = """state = enum_field(State)
    class Meta:
        constraints = [enum_check("state", State, "a")]"""
STATE_LIKE = re.compile(r"(^|_)(state|status)$")


def assigned_calls(body: list[ast.stmt]) -> dict[str, ast.Call]:
    """`name = call(…)` in a class body."""
    return {
        target.id: node.value
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def checked_fields(model: ast.ClassDef) -> set[str]:
    """The fields that an `enum_check("field", …)` in Meta.constraints names."""
    return {
        node.args[0].value
        for node in ast.walk(model)
        if isinstance(node, ast.Call) and called_name(node) == "enum_check"
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def unchecked(tree: ast.Module) -> list[str]:
    found = []
    for model in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        calls = assigned_calls(model.body)
        wants_check = {name for name, call in calls.items() if called_name(call) == "enum_field"}
        wants_check |= {
            name
            for name, call in calls.items()
            if called_name(call) == "CharField" and STATE_LIKE.search(name)
        }
        found += [f"{model.name}.{name}" for name in sorted(wants_check - checked_fields(model))]
    return found


def model_files() -> list[Path]:
    return [path for path in python_files() if path.name == "models.py" or path.parent.name == "models"]


def test_every_enum_column_is_checked_by_the_database() -> None:
    demand_none(
        [f"{path.relative_to(SRC)}: {name}" for path in model_files() for name in unchecked(tree_of(path))]
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("state = enum_field(State)", ["A.state"]),
        ("state = models.CharField(max_length=9)", ["A.state"]),
        ("reply_status: str = models.CharField(max_length=9)", ["A.reply_status"]),
        ("name = models.CharField(max_length=9)", []),
        (CHECKED, []),
    ],
)
def test_the_rule_notices_an_unchecked_column(body: str, expected: list[str]) -> None:
    assert unchecked(ast.parse(f"class A(models.Model):\n    {body}\n")) == expected
