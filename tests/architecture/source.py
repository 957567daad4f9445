"""How the architecture tests see the tree: files, contexts and the map, read from where they are written."""

import ast
import configparser
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "vanthu"
# What is made, not written; the same names stand in .gitignore.
MADE = {".git", ".venv", "var", "build", "__pycache__", "node_modules"}
MADE_ENDINGS = ("_cache", ".egg-info", ".hypothesis", ".mo", ".mo.new", ".pyc")
BELOW_THE_MAP = {"settings", "kernel", "edxml", "foundation"}
ABOVE_THE_MAP = {"urls", "wsgi", "asgi", "apps", "cli", "demo", "wiring", "schedule", "web", "api"}


def written_files(root: Path = ROOT) -> Iterator[Path]:
    """Every file that belongs to the repository (a checkout without git knows them, too)."""
    for path in sorted(root.iterdir()):
        if path.name in MADE or path.name.endswith(MADE_ENDINGS) or ".sqlite3" in path.name:
            continue
        if path.is_dir():
            yield from written_files(path)
        elif path.is_file():
            yield path


def python_files(folder: Path = SRC) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def templates(folder: Path = SRC) -> dict[str, Path]:
    """Each HTML template by the name it is loaded with."""
    return {
        str(path.relative_to(home)): path
        for home in sorted(folder.rglob("templates"))
        for path in sorted(home.rglob("*.html"))
    }


@cache
def layers() -> tuple[tuple[str, ...], ...]:
    """The map of .importlinter, top first; strangers stand in one tuple."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    lines = config["importlinter:contract:map"]["layers"].strip().splitlines()
    return tuple(tuple(name.strip(" ()") for name in line.split("|")) for line in lines)


def height(name: str) -> int:
    """0 is the bottom of the map."""
    for index, layer in enumerate(reversed(layers())):
        if name in layer:
            return index
    raise LookupError(f"{name} is not on the map (.importlinter)")


def contexts() -> set[str]:
    """The bounded contexts that exist: the packages between foundation and web."""
    packages = {path.parent.name for path in SRC.glob("*/__init__.py")}
    return packages - BELOW_THE_MAP - ABOVE_THE_MAP


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def called_name(node: ast.expr) -> str:
    """The last name of what a call or a decorator names: `a.b.c(…)` is "c"."""
    target = node.func if isinstance(node, ast.Call) else node
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def demand_none(found: Iterable[str]) -> None:
    """Fails with one line for each thing found (pytest would cut the list short)."""
    listed = list(found)
    assert not listed, "\n" + "\n".join(listed)
