"""The conductor of `make test` counts honestly: nothing that broke may look like a pass."""

import importlib.util
import os
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def conductor(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    spec = importlib.util.spec_from_file_location("run_tests", ROOT / "scripts" / "run_tests.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "run_tests", module)
    spec.loader.exec_module(module)
    return module


JUNIT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><skipped/></testcase>
<testcase name="c"><failure/></testcase><testcase name="d"><error/></testcase>
</testsuite></testsuites>"""


def test_errors_count_as_failures_and_skips_are_counted_apart(conductor: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(JUNIT, encoding="utf-8")
    assert conductor.summary(conductor.read_junit(report)) == "1 passed, 2 failed, 1 skipped"


def test_a_missing_report_is_a_failure(conductor: ModuleType, tmp_path: Path) -> None:
    assert conductor.read_junit(tmp_path / "none.xml") == Counter({"failed": 1})


@pytest.mark.parametrize(
    ("failed", "skipped", "in_ci", "code"),
    [(0, 0, True, 0), (0, 1, False, 0), (0, 1, True, 1), (1, 0, False, 1), (1, 0, True, 1)],
)
def test_in_ci_a_skip_fails_the_run(
    conductor: ModuleType, failed: int, skipped: int, in_ci: bool, code: int
) -> None:
    counts = Counter(passed=5, failed=failed, skipped=skipped)
    assert conductor.exit_code(counts, in_ci=in_ci) == code


@pytest.mark.parametrize(
    "name", ["VANTHU_DATABASE_URL", "VANTHU_BLOBS", "VANTHU_BLOBS_KEY", "VANTHU_BLOBS_SECRET"]
)
def test_an_office_is_taken_whatever_installation_the_shell_names(
    conductor: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "somewhere else")
    assert name not in conductor.environment()
    assert conductor.environment({name: "here"})[name] == "here"


def test_every_strict_room_is_among_the_checked_paths(conductor: ModuleType) -> None:
    rooms = conductor.strict_rooms()
    assert "src/vanthu/kernel" in rooms
    assert all((ROOT / room).exists() for room in rooms)


def test_the_soak_plays_the_long_runs_alone_in_full_on_both_installations(
    conductor: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[tuple[str, list[str], str]] = []

    def run(name: str, _installation: object, _seed: int, arguments: list[str]) -> Counter[str]:
        played.append((name, arguments, os.environ["VANTHU_TEST_SOAK"]))
        return Counter(passed=5)

    monkeypatch.setenv("VANTHU_TEST_SOAK", "")
    monkeypatch.setattr(conductor, "run_tests_on", run)
    monkeypatch.setattr(sys, "argv", ["run_tests.py", "--soak"])
    assert conductor.main() == 0
    assert played == [
        ("SQLite and files", ["-m", "soak"], "full"),
        ("PostgreSQL and S3", ["-m", "soak"], "full"),
    ]
    assert capsys.readouterr().out.splitlines()[-1] == "10 passed, 0 failed, 0 skipped"
