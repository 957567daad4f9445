"""`vanthu audit fixity`: an operator flips a bit, is told which file, and gets it back from the backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import said, vanthu
from tests.evidence.harmed_stores import FolderPlace, flip_a_bit
from vanthu.foundation.storage import FileBlobs


@pytest.fixture
def home(tmp_path: Path) -> Path:
    run = vanthu(tmp_path / "home", "migrate")
    assert run.returncode == 0, run.stderr
    return tmp_path / "home"


def test_a_flipped_bit_is_an_alarm_until_the_backup_brings_it_back(home: Path, tmp_path: Path) -> None:
    store, backup = FileBlobs(home / "blobs"), FileBlobs(tmp_path / "backup")
    digest, sound = store.put(b"%PDF-1.7 quan trong" * 9), store.put(b"%PDF-1.7 khac")
    backup.put(store.read(digest))
    run = vanthu(home, "audit", "fixity")
    assert (run.returncode, run.stdout) == (
        0,
        "Chưa có lượt kiểm tra nào. Chạy `vanthu audit fixity --all`, hoặc để worker chạy với lịch.\n",
    )

    flip_a_bit(FolderPlace(home / "blobs"), digest)
    run = vanthu(home, "audit", "fixity", "--all")
    assert run.returncode == 1
    assert f"{digest}: đã khác với lúc lưu – CHƯA KHẮC PHỤC" in run.stdout
    assert "chưa đặt bản sao lưu" in run.stdout
    assert sound not in run.stdout
    check = vanthu(home, "check")
    assert "VT-CHK-15  cần sửa  Toàn vẹn kho tệp: 1 tệp không còn đúng như khi lưu" in check.stdout

    backed = {"VANTHU_BACKUP_BLOBS": str(tmp_path / "backup")}
    run = vanthu(home, "audit", "fixity", "--all", "--json", **backed)
    answer = said(run)
    assert (run.returncode, answer["ok"], answer["open"], answer["blobs"]) == (0, True, 0, 2)
    (found,) = answer["findings"]
    assert (found["sha256"], found["kind"], found["state"]) == (digest, "ALTERED", "RESTORED")
    assert (home / "blobs" / found["kept_at"]).exists()
    assert store.read(digest) == b"%PDF-1.7 quan trong" * 9
    assert "VT-CHK-15  đạt" in vanthu(home, "check", **backed).stdout
    assert vanthu(home, "audit", "verify").returncode == 0


def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    run = vanthu(tmp_path, "audit", "fixity", "--all")
    assert run.returncode == 2
    assert "vanthu migrate" in run.stderr
