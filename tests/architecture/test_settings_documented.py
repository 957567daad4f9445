"""Every VANTHU_* name that the code knows stands in docs/configuration.md, and nothing else does."""

import ast
import re

from tests.architecture.source import ROOT, called_name, demand_none, python_files, tree_of

NAME = re.compile(r"\bVANTHU_[A-Z0-9_]*[A-Z0-9]\b")
READERS = ("src", "scripts", "tests/conftest.py", "Makefile", "bench")


def environment_fields() -> set[str]:
    """The fields of settings.environment.Environment, as the variables they are read from."""
    module = tree_of(ROOT / "src" / "vanthu" / "settings" / "environment.py")
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    return {
        f"VANTHU_{field.target.id.upper()}"
        for declared in classes
        if any(called_name(base) == "BaseSettings" for base in declared.bases)
        for field in declared.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def names_in_code() -> set[str]:
    found = environment_fields()
    for reader in READERS:
        place = ROOT / reader
        if place.is_dir():
            paths = [
                *python_files(place),
                *(path for path in place.iterdir() if path.is_file() and not path.suffix),
            ]
        else:
            paths = [place] if place.exists() else []
        for path in paths:
            found |= set(NAME.findall(path.read_text(encoding="utf-8")))
    return found


def documented_names() -> set[str]:
    """The names in the first column of the tables."""
    rows = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8").splitlines()
    return {name for row in rows if row.startswith("|") for name in NAME.findall(row.split("|")[1])}


def test_every_variable_is_documented() -> None:
    demand_none(sorted(names_in_code() - documented_names()))


def test_the_page_describes_only_variables_that_exist() -> None:
    demand_none(sorted(documented_names() - names_in_code()))


def test_the_fields_of_the_environment_are_seen() -> None:
    assert {"VANTHU_HOME", "VANTHU_DATABASE_URL"} <= environment_fields()
