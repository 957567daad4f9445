"""`vanthu edxml` as it is typed: without settings, database or network."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cli.running import said, vanthu
from tests.edxml.messages import COMPOSED, HERE, PDF, composed, variant
from vanthu.cli.edxml import command
from vanthu.edxml.showing import as_json

KEYS = [
    "kind", "from", "to", "document_id", "number", "notation", "issued_on", "type_name", "subject", "signer", "urgency",
    "due_on", "business", "attachments", "trace", "status_code", "description", "response_for", "timestamp", "warnings",
]  # fmt: skip
DESCRIPTION: dict[str, Any] = {
    "from": {"code": "H26.99", "name": "Sở Thử nghiệm"},
    "to": [{"code": "G99", "name": "Bộ Thử nghiệm"}, {"code": "H26.98"}],
    "number": "125",
    "notation": "STN-VP",
    "issued_on": "2026-11-22",
    "type_name": "Công văn",
    "subject": "V/v <thử> & nghiệm",
    "signer": {"name": "Người Ký Thử", "position": "Giám đốc"},
    "urgency": 2,
    "business": {"type": 0, "reason": "Văn bản điện tử mới"},
    "trace": [{"code": "H26.99", "timestamp": "2026-11-22T09:30:00"}],
    "attachments": [{"file": "125.pdf"}, {"file": "so-lieu.csv", "name": "Số liệu.csv"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "125.pdf").write_bytes(PDF)
    (tmp_path / "so-lieu.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / "mo-ta.json").write_text(json.dumps(DESCRIPTION), encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def shown(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("show", "--json", path).stdout)
    return found


def test_show_needs_neither_settings_nor_database(tmp_path: Path) -> None:
    home = tmp_path / "none"
    found = vanthu(home, "edxml", "show", "--json", str(COMPOSED[0]), VANTHU_DATABASE_URL="no such thing")
    assert (found.returncode, found.stderr) == (0, "")
    assert list(said(found)) == KEYS
    assert not home.exists()


def test_every_key_stands_in_documents_and_statuses_alike() -> None:
    for path in COMPOSED:
        assert list(shown(path)) == KEYS


def test_several_files_give_a_line_each_in_their_order() -> None:
    lines = run("show", "--json", *COMPOSED).stdout.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["edoc"] * 4 + ["status"] * 9


@pytest.mark.parametrize("name", ["v03", "v04", "v11", "v16"])
def test_a_refused_file_ends_with_two_and_says_why(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.edxml"
    path.write_bytes(variant(name))
    found = run("show", "--json", path)
    error = json.loads(found.stdout)["error"]
    assert found.exit_code == 2
    assert error["message"].startswith("Không đọc được gói tin: ")
    assert error["message"] in found.stderr
    assert (error["from"] or {}).get("code") == ("H26.99" if name in {"v03", "v04"} else None)
    assert run("show", path).exit_code == run("check", path).exit_code == 2


def test_one_refused_file_does_not_hide_the_others(tmp_path: Path) -> None:
    found = run("show", "--json", HERE / "variants" / "v16_doctype_xxe.edxml", COMPOSED[0])
    assert found.exit_code == 2
    assert [next(iter(json.loads(line))) for line in found.stdout.splitlines()] == ["error", "kind"]


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    found = run("show", "--json", tmp_path / "none.edxml")
    assert found.exit_code == 2
    assert "không có tệp này" in json.loads(found.stdout)["error"]["message"]
    assert "đây là thư mục" in run("check", tmp_path).stderr


def test_check_tells_clean_noticed_and_refused_apart(tmp_path: Path) -> None:
    assert run("check", *COMPOSED).exit_code == 0
    noticed = run("check", HERE / "variants" / "v06_date_ddmmyyyy.edxml")
    assert (noticed.exit_code, "22/11/2026" in noticed.stdout) == (1, True)
    assert run("check", COMPOSED[0], HERE / "variants" / "v11_junk_before_decl.edxml").exit_code == 2


def test_a_file_larger_than_asked_for_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.edxml"
    path.write_bytes(composed() + b" " * 1_100_000)
    assert run("show", path).exit_code == 0
    assert "vượt dung lượng" in run("show", "--max-mb", "1", path).stderr


def test_orders_to_the_terminal_are_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "a.edxml"
    path.write_bytes(composed().replace("Sở Thử".encode(), "Sở \u202eThử\u009b2J".encode()))
    assert not set(run("show", path).stdout) & {"\u202e", "\u009b"}


def test_a_described_document_is_built_and_reads_as_described(folder: Path) -> None:
    built = run("build", folder / "mo-ta.json", "--out", folder / "a.edxml")
    found = shown(folder / "a.edxml")
    assert built.exit_code == 0
    assert hashlib.sha256((folder / "a.edxml").read_bytes()).hexdigest() in built.stdout
    for key in ("from", "number", "notation", "issued_on", "type_name", "subject", "urgency", "trace"):
        expected = DESCRIPTION[key]
        assert found[key] == expected
    assert found["document_id"] == "H26.99,2026/11/22,125/STN-VP"
    assert [(item["name"], item["zipped"]) for item in found["attachments"]] == [
        ("125.pdf", False),
        ("Số liệu.csv", True),
    ]
    assert found["attachments"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert found["warnings"] == []
    assert run("check", folder / "a.edxml").exit_code == 0


def test_the_same_description_gives_the_same_bytes(folder: Path) -> None:
    for name in ("a", "b"):
        run("build", folder / "mo-ta.json", "--out", folder / name)
    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()


@pytest.mark.parametrize("code", ["01", "02", "03", "04", "05", "06", "13", "15", "16"])
def test_a_status_is_built_from_what_show_prints(code: str, tmp_path: Path) -> None:
    wanted = shown(HERE / "composed" / f"status_{code}.edxml")
    (tmp_path / "s.json").write_text(json.dumps(wanted), encoding="utf-8")
    assert run("build", tmp_path / "s.json", "-o", tmp_path / "s.edxml").exit_code == 0
    assert shown(tmp_path / "s.edxml") == wanted


@pytest.mark.parametrize("name", ["edoc_1_revoke", "edoc_2_update", "edoc_3_replace"])
def test_a_document_is_built_from_what_show_prints(name: str, folder: Path) -> None:
    wanted = shown(HERE / "composed" / f"{name}.edxml")
    described = wanted | {"attachments": [{"file": "125.pdf"}]}
    (folder / "d.json").write_text(json.dumps(described), encoding="utf-8")
    assert run("build", folder / "d.json", "-o", folder / "d.edxml").exit_code == 0
    found = shown(folder / "d.edxml")
    assert found | {"attachments": wanted["attachments"]} == wanted


def test_a_description_may_be_toml(tmp_path: Path) -> None:
    text = (
        'status_code = "13"\ndescription = "Gửi nhầm"\ntimestamp = 2026-11-22T11:00:00\n'
        '[from]\ncode = "H26.99"\n[response_for]\ncode = "G99"\nnotation = "1/A"\nissued_on = 2026-11-22\n'
    )
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    assert run("build", tmp_path / "s.toml", "-o", tmp_path / "s.edxml").exit_code == 0
    found = shown(tmp_path / "s.edxml")
    assert (found["status_code"], found["timestamp"]) == ("13", "2026-11-22T11:00:00")
    assert found["response_for"]["issued_on"] == "2026-11-22"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"from": None}, "from còn thiếu"),
        ({"from": {}}, "from.code còn thiếu"),
        ({"to": []}, "To còn thiếu"),
        ({"to": [{"code": "G99"}, {"code": "G99"}]}, "một nơi nhận ghi hai lần"),
        ({"subjet": "x"}, "subjet khóa lạ"),
        ({"issued_on": "22/11/2026"}, "issued_on phải là ngày ISO"),
        ({"issued_on": None}, "document_id còn thiếu"),
        ({"urgency": 7}, "urgency phải từ 0 đến 4"),
        ({"urgency": "khẩn"}, "urgency phải là số nguyên"),
        ({"business": {"type": 9}}, "business.type phải là 0, 1, 2 hoặc 3"),
        ({"subject": "a\u0000b"}, "Subject có ký tự XML không chứa được"),
        ({"attachments": [{"file": "none.pdf"}]}, "không đọc, ghi được"),
        ({"kind": "letter"}, "kind phải là edoc hoặc status"),
        ({"to": "G99"}, "to phải là danh sách"),
    ],
)
def test_a_slip_in_a_description_is_named_and_nothing_is_written(
    folder: Path, change: dict[str, Any], words: str
) -> None:
    (folder / "bad.json").write_text(json.dumps(DESCRIPTION | change), encoding="utf-8")
    before = sorted(folder.iterdir())
    found = run("build", folder / "bad.json", "-o", folder / "x.edxml")
    assert (found.exit_code, words in found.stderr) == (2, True), found.stderr
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize("text", ["{", "[1]", '"x"', "null"])
def test_what_is_no_description_is_refused_in_a_sentence(folder: Path, text: str) -> None:
    (folder / "bad.json").write_text(text, encoding="utf-8")
    found = run("build", folder / "bad.json", "-o", folder / "x.edxml")
    assert found.exit_code == 2
    assert found.stderr.startswith("Chưa tạo gói tin: ")


def test_show_and_the_library_say_the_same() -> None:
    from tests.edxml.messages import read_bytes

    assert shown(COMPOSED[0]) == as_json(read_bytes(COMPOSED[0].read_bytes()))
