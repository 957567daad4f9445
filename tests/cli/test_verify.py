"""`vanthu verify`: exit codes, one JSON object a line, and Vietnamese sentences."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.signing.conftest import CHECKED_AT, Letter, Pki, letter, personal_request, pki
from tests.signing.hostile.material import field, signed_letter
from tests.signing.tampering import overlay_page, updated
from vanthu.cli.verify import command
from vanthu.signing.rules.verdicts import FileVerdict, Verdict

__all__ = ["letter", "pki"]  # fixtures shared with the engine's own tests

AT = CHECKED_AT.isoformat()


@pytest.fixture
def files(tmp_path: Path, letter: Letter, pki: Pki) -> Path:
    unstamped = pki.backend(pki.person).sign(letter.draft, personal_request(with_timestamp=False))
    (tmp_path / "good.pdf").write_bytes(letter.issued)
    (tmp_path / "unstamped.pdf").write_bytes(unstamped)
    (tmp_path / "draft.pdf").write_bytes(letter.draft)
    (tmp_path / "bad.pdf").write_bytes(letter.issued + b"rac")
    return tmp_path


def verify(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_a_valid_file_ends_with_zero_and_speaks_vietnamese(files: Path, pki: Pki) -> None:
    result = verify(files / "good.pdf", "--trust", pki.authority.directory, "--at", AT)
    assert result.exit_code == 0, result.output
    assert "VALID – Chữ ký số hợp lệ" in result.output
    assert "Nguyễn Văn An" in result.output
    assert "Chữ ký bao trùm toàn bộ tệp." in result.output


def test_without_a_trust_folder_a_good_file_is_intact(files: Path) -> None:
    result = verify(files / "good.pdf", "--json")
    assert result.exit_code == 0
    assert json.loads(result.output)["verdict"] == "INTACT"


def test_a_missing_time_stamp_ends_with_zero(files: Path, pki: Pki) -> None:
    result = verify(files / "unstamped.pdf", "--trust", pki.authority.directory, "--at", AT, "--json")
    assert (result.exit_code, json.loads(result.output)["verdict"]) == (0, "VALID_NO_TSA")


@pytest.mark.parametrize(("name", "verdict"), [("draft.pdf", "UNSIGNED"), ("bad.pdf", "MODIFIED_AFTER")])
def test_another_verdict_ends_with_one(files: Path, name: str, verdict: str) -> None:
    result = verify(files / name, "--json")
    assert (result.exit_code, json.loads(result.output)["verdict"]) == (1, verdict)


def test_several_files_give_a_line_each_and_the_worst_code(files: Path) -> None:
    result = verify(files / "good.pdf", files / "draft.pdf", "--json")
    assert result.exit_code == 1
    lines = [FileVerdict.from_json(json.loads(line)) for line in result.output.splitlines()]
    assert [line.verdict for line in lines] == [Verdict.INTACT, Verdict.UNSIGNED]
    assert [Path(line.file).name for line in lines] == ["good.pdf", "draft.pdf"]


def test_a_file_that_is_not_there_ends_with_two_but_the_others_are_checked(files: Path) -> None:
    result = verify(files / "khong-co.pdf", files / "good.pdf")
    assert result.exit_code == 2
    assert "không có tệp này" in result.output
    assert "INTACT" in result.output


@pytest.mark.parametrize(
    "arguments",
    [["--trust", "khong-co"], ["--at", "hom-qua"], ["--at", "2026-03-02T09:00:00"]],
    ids=["no-folder", "no-time", "no-zone"],
)
def test_wrong_options_end_with_two(files: Path, arguments: list[str]) -> None:
    result = verify(files / "good.pdf", *arguments)
    assert result.exit_code == 2
    assert "Chưa kiểm tra" in result.output


def test_a_folder_without_roots_is_refused(files: Path) -> None:
    result = verify(files / "good.pdf", "--trust", files)
    assert result.exit_code == 2
    assert "không có chứng thư gốc" in result.output


def test_the_command_runs_without_settings_or_django(files: Path) -> None:
    program = (
        "import sys\n"
        "from vanthu.cli.verify import command\n"
        "command(sys.argv[1:], standalone_mode=False)\n"
        "assert 'django' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(files / "good.pdf")],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "src", "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    assert "INTACT" in done.stdout


def test_both_versions_of_a_changed_file_are_drawn(files: Path, letter: Letter) -> None:
    (files / "changed.pdf").write_bytes(updated(letter.issued, overlay_page))
    result = verify(files / "changed.pdf", "--json", "--compare", files / "hinh")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["verdict"] == "MODIFIED_AFTER"
    assert "trang có thay đổi: 1." in result.stderr
    drawn = sorted(file.name for file in (files / "hinh").iterdir())
    assert drawn == ["changed-trang-001-da-ky.webp", "changed-trang-001-hien-co.webp"]
    signed, present = ((files / "hinh" / name).read_bytes() for name in drawn)
    assert signed[8:12] == present[8:12] == b"WEBP"
    assert signed != present


def test_a_file_without_changes_is_not_drawn(files: Path) -> None:
    result = verify(files / "good.pdf", "--compare", files / "hinh")
    assert result.exit_code == 0
    assert "không có thay đổi nào sau chữ ký" in result.stderr
    assert not (files / "hinh").exists()


def test_a_folder_means_the_pdf_files_in_it(files: Path) -> None:
    (files / "rong").mkdir()
    (files / "khac.txt").write_text("không phải PDF")
    result = verify(files, "--json")
    assert [Path(json.loads(line)["file"]).name for line in result.stdout.splitlines()] == [
        "bad.pdf",
        "draft.pdf",
        "good.pdf",
        "unstamped.pdf",
    ]
    assert verify(files / "rong").exit_code == 2


def test_names_in_a_file_give_no_orders_to_the_terminal(files: Path) -> None:
    named = signed_letter(o6=field("\x1b[2J\x07ten"))
    (files / "ten.pdf").write_bytes(named)
    result = verify(files / "ten.pdf")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert "[2J" in result.output
