"""`vanthu signatures radar`: what ends soon, for people and for programs."""

from pathlib import Path

import pytest

from tests.cli.running import said, vanthu


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("radar") / "var"
    assert vanthu(folder, "migrate", "--json").returncode == 0
    return folder


def test_an_installation_where_nothing_ends_answers_well(home: Path) -> None:
    plain = vanthu(home, "signatures", "radar")
    assert plain.returncode == 0, plain.stderr
    assert "Không có chứng thư nào hết hạn trong 60 ngày tới." in plain.stdout
    answer = said(vanthu(home, "signatures", "radar", "--json", "--at", "2030-01-01"))
    assert answer["certificates"] == []
    assert (answer["renditions"]["kept"], answer["renditions"]["failing"]) == (0, 0)
    assert answer["at"].startswith("2030-01-01")
