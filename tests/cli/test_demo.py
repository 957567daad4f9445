"""`vanthu demo`: a first run from nothing, a second that keeps everything, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import said, vanthu
from vanthu.demo.story import STEPS


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "var"


@pytest.fixture(scope="module")
def first(home: Path) -> dict[str, Any]:
    run = vanthu(home, "demo", "--no-serve", "--json")
    assert run.returncode == 0, run.stderr
    return said(run)


def test_the_first_run_loads_plays_and_shows_a_valid_document(first: dict[str, Any], home: Path) -> None:
    assert (first["loaded"], first["played"], len(first["steps"])) == (True, True, STEPS)
    assert first["document"]["verdict"] == "VALID"
    checked = vanthu(
        home, "verify", first["document"]["path"], "--trust", str(home / "pki" / "trust"), "--json"
    )
    assert (checked.returncode, said(checked)["verdict"]) == (0, "VALID")
    audit = vanthu(home, "audit", "verify", "--json")
    assert (audit.returncode, said(audit)["ok"]) == (0, True)


def test_whoever_is_named_can_sign_in_and_finds_work(first: dict[str, Any]) -> None:
    waiting = {person["username"]: person["waiting"] for person in first["people"]}
    assert len(waiting) > 30
    assert waiting["vanthu.stc"]["Chờ tiếp nhận"] >= 1
    assert len(first["password"]) >= 10


def test_the_second_run_keeps_the_data_and_tells_the_same_story(first: dict[str, Any], home: Path) -> None:
    run = vanthu(home, "demo", "--no-serve")
    assert run.returncode == 0, run.stderr
    assert "Câu chuyện đã diễn ở lần chạy trước" in run.stdout
    assert first["password"] in run.stdout
    again = said(vanthu(home, "demo", "--no-serve", "--json"))
    assert (again["loaded"], again["played"]) == (False, False)
    assert again["steps"] == first["steps"]
    assert again["document"]["sha256"] == first["document"]["sha256"]


def test_another_city_is_refused_and_nothing_is_lost(first: dict[str, Any], home: Path) -> None:
    run = vanthu(home, "demo", "--no-serve", "--city", "hanoi")
    assert (run.returncode, "--city small" in run.stderr) == (2, True)
    assert "Traceback" not in run.stderr


def test_an_installation_that_is_no_demonstration_is_not_touched(tmp_path: Path) -> None:
    assert vanthu(tmp_path, "migrate").returncode == 0
    made = (
        "createadmin",
        "quantri",
        "--name",
        "Nguyễn Văn Quản",
        "--agency",
        "H26",
        "--password",
        "mot-cau-du-dai",
    )
    assert vanthu(tmp_path, *made).returncode == 0
    run = vanthu(tmp_path, "demo", "--no-serve")
    assert (run.returncode, "Không có gì bị thay đổi" in run.stderr) == (2, True)
