"""migrate, createadmin, tick, worker and audit verify: what they do, say and answer as JSON."""

from pathlib import Path

import pytest

from tests.cli.running import said, vanthu

ADMIN = ("createadmin", "quantri.demo", "--name", "Nguyễn Văn Quản", "--agency", "H26.TD01", "--password")
MAKE_ADMIN = "createadmin a --name b --agency c --password d"
NEEDS_MIGRATION = (
    "tick",
    "worker --once",
    "audit verify",
    "serve --port 18471",
    "createadmin a --name b --agency c --password d",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation") / "var"
    first = vanthu(folder, "migrate", "--json")
    assert first.returncode == 0, first.stderr
    assert said(first)["applied"] > 10
    return folder


def test_migrate_may_be_repeated_and_closes_a_new_home(home: Path) -> None:
    again = vanthu(home, "migrate", "--json")
    assert (again.returncode, said(again)) == (0, {"ok": True, "applied": 0})
    assert home.stat().st_mode & 0o077 == 0


def test_the_first_administrator_is_made_once_and_with_a_strong_password(home: Path) -> None:
    weak = vanthu(home, *ADMIN, "12345678")
    assert (weak.returncode, weak.stdout) == (2, "")
    assert "Chọn mật khẩu khác" in weak.stderr
    made = vanthu(home, *ADMIN, "mot-cau-du-dai-de-nho", "--json")
    assert (made.returncode, said(made)["username"]) == (0, "quantri.demo")
    twice = vanthu(home, *ADMIN, "mot-cau-du-dai-de-nho")
    assert twice.returncode == 2
    assert "quantri.demo" in twice.stderr
    assert "Traceback" not in twice.stderr


def test_the_timetable_runs_each_sweep_once_in_its_slot(home: Path) -> None:
    first, second = vanthu(home, "tick", "--json"), vanthu(home, "tick", "--json")
    assert "forget-done-jobs" in said(first)["ran"]
    assert said(second) == {"ok": True, "ran": []}


def test_the_worker_ends_when_nothing_is_due(home: Path) -> None:
    # The timetable may have asked for something already.
    assert vanthu(home, "worker", "--once").returncode == 0
    run = vanthu(home, "worker", "--once", "--json")
    assert (run.returncode, said(run)) == (0, {"ok": True, "done": 0})


def test_the_log_of_a_new_installation_is_whole(home: Path) -> None:
    run = vanthu(home, "audit", "verify", "--json")
    assert (run.returncode, said(run)["ok"]) == (0, True)


@pytest.mark.parametrize("line", NEEDS_MIGRATION)
def test_without_a_database_a_command_says_what_to_run(line: str, tmp_path: Path) -> None:
    run = vanthu(tmp_path, *line.split())
    assert run.returncode == 2
    assert "Chạy `vanthu migrate`" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("VANTHU_DATABASE_URL", "mysql://somewhere/x", "VANTHU_DATABASE_URL"),
        ("VANTHU_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/none", "không kết nối được cơ sở dữ liệu"),
        ("VANTHU_UPLOAD_LIMIT_MB", "nhiều", "VANTHU_UPLOAD_LIMIT_MB"),
        ("VANTHU_HOME", "/proc/khong-co", "/proc/khong-co"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str, named: str, tmp_path: Path) -> None:
    run = vanthu(tmp_path, "tick", **{variable: value})
    assert run.returncode == 2
    assert named in run.stderr
    assert "Traceback" not in run.stderr
