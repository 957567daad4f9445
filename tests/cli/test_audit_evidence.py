"""`vanthu audit …`: heads, keys, proofs and a witness at the console of a real installation."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import said, vanthu
from tests.evidence.proofs import TOOL, TOOL_MODULE
from vanthu.evidence.rules.proof_words import PROOF_WORDS


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which a few things have happened, and an hour has passed."""
    home = tmp_path_factory.mktemp("home")
    run = vanthu(home, "demo", "--no-serve", VANTHU_DEMO="1")
    assert run.returncode == 0, run.stderr
    return home


@pytest.fixture
def home(lived_in: Path, tmp_path: Path) -> Path:
    """A copy of it: some tests rewrite its history."""
    return Path(shutil.copytree(lived_in, tmp_path / "home"))


def test_a_document_is_proved_and_checked_at_the_console_and_by_the_tool_alone(
    home: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "chung-cu.json"
    run = vanthu(home, "audit", "prove", "1", "-o", str(proof), "--embed", VANTHU_DEMO="1")
    assert run.returncode == 0, run.stderr
    pin = vanthu(home, "audit", "log-key").stdout.split("(SHA-256): ")[1].split()[0]
    trust = str(home / "pki" / "trust")
    arguments = [str(proof), "--key", pin, "--trust", trust, "--json"]
    checked = vanthu(tmp_path / "nowhere", "audit", "check-proof", *arguments)
    alone = subprocess.run(
        [sys.executable, "-I", str(TOOL), *arguments], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, alone.returncode) == (0, 0), checked.stderr + alone.stderr
    assert said(checked) == said(alone)
    assert said(checked)["events"] > 5
    proof.write_bytes(proof.read_bytes().replace(b'"made_at":"2', b'"made_at":"1', 1))
    checked = vanthu(tmp_path / "nowhere", "audit", "check-proof", *arguments)
    alone = subprocess.run(
        [sys.executable, "-I", str(TOOL), *arguments], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, alone.returncode) == (1, 1)
    assert said(checked) == said(alone) == {"ok": False, "code": "proof.part", "path": "made_at"}


def test_what_cannot_be_read_ends_with_two_and_a_sentence(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "audit", "check-proof", str(tmp_path / "khong-co.json"))
    assert run.returncode == 2
    assert run.stderr.startswith("Chưa kiểm tra: không đọc được")


def test_heads_are_listed_compared_and_verified(home: Path) -> None:
    assert vanthu(home, "audit", "prove", "2", "-o", str(home / "2.json"), VANTHU_DEMO="1").returncode == 0
    assert vanthu(home, "audit", "prove", "3", "-o", str(home / "3.json"), VANTHU_DEMO="1").returncode == 0
    sizes = [line.split()[0] for line in vanthu(home, "audit", "heads").stdout.splitlines()]
    assert len(sizes) >= 2
    run = vanthu(home, "audit", "consistency", sizes[-1], sizes[0])
    assert (run.returncode, said(run)["ok"]) == (0, True)
    unknown = vanthu(home, "audit", "consistency", "1", sizes[0])
    assert unknown.returncode == 2
    assert "Không có đầu cây nào kích thước 1." in unknown.stderr
    verified = said(vanthu(home, "audit", "verify", "--json"))
    assert verified["ok"]
    assert verified["tree"]["heads"] == len(sizes)


def test_the_witness_notices_a_rewritten_history(home: Path, tmp_path: Path) -> None:
    witness = tmp_path / "nhan-chung.txt"
    for document in ("1", "2"):  # each proof lets the tree grow
        proof = str(home / f"{document}.json")
        assert vanthu(home, "audit", "prove", document, "-o", proof, VANTHU_DEMO="1").returncode == 0
    assert vanthu(home, "audit", "witness", str(witness)).returncode == 0
    before = witness.read_bytes()
    with sqlite3.connect(home / "vanthu.sqlite3") as database:
        database.execute("UPDATE evidence_treetile SET hashes = zeroblob(length(hashes)) WHERE level = 0")
    assert vanthu(home, "audit", "verify").returncode == 1
    with sqlite3.connect(home / "vanthu.sqlite3") as database:
        database.execute(
            "DELETE FROM evidence_treeextent WHERE head_id = (SELECT max(id) FROM evidence_treehead)"
        )
        database.execute("DELETE FROM evidence_treehead WHERE id = (SELECT max(id) FROM evidence_treehead)")
    _witness_cries_out(home, witness)
    assert witness.read_bytes() == before


def test_the_witness_notices_a_log_that_has_lost_all_its_heads(home: Path, tmp_path: Path) -> None:
    witness = tmp_path / "nhan-chung.txt"
    assert vanthu(home, "audit", "prove", "1", "-o", str(home / "1.json"), VANTHU_DEMO="1").returncode == 0
    assert vanthu(home, "audit", "witness", str(witness)).returncode == 0
    with sqlite3.connect(home / "vanthu.sqlite3") as database:
        database.execute("DELETE FROM evidence_treeextent")
        database.execute("DELETE FROM evidence_treehead")
    _witness_cries_out(home, witness)


def _witness_cries_out(home: Path, witness: Path) -> None:
    run = vanthu(home, "audit", "witness", str(witness))
    assert run.returncode == 1
    assert "NHẬT KÝ BỊ VIẾT LẠI" in run.stderr


def test_both_checkers_have_words_for_the_same_codes() -> None:
    assert TOOL_MODULE.WORDS == PROOF_WORDS


def test_evidence_that_needs_no_other_hash_is_left_as_it_is(home: Path) -> None:
    run = vanthu(home, "audit", "rehash", "--json", VANTHU_DEMO="1")
    assert (run.returncode, said(run)) == (
        0,
        {"ok": True, "algorithm": "sha512", "done": 0, "left": 0, "failed": {}},
    ), run.stderr
    again = vanthu(home, "audit", "rehash", "--algorithm", "sha384", VANTHU_DEMO="1")
    assert again.stdout == "Đã băm lại 0 lô bằng sha384; còn 0 lô.\n"
