"""On a phone a table's head is hidden: a cell that holds nothing but a value says itself what it is."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import SRC

TEMPLATES = SRC / "web" / "templates"
TABLES = sorted(path for path in TEMPLATES.rglob("*.html") if '<table class="list' in path.read_text())
BARE_CELL = re.compile(r"<td(?: class=\"[^\"]*\")?>\{\{ [^}]+ \}\}</td>")


def test_there_are_tables_to_look_at() -> None:
    assert len(TABLES) > 10


@pytest.mark.parametrize("path", TABLES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_cell_with_a_bare_value_has_a_label(path: Path) -> None:
    assert BARE_CELL.findall(path.read_text()) == []
