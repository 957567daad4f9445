"""A reading of the store is killed at each of its steps; the next slot ends what it began."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.evidence.harmed_stores import ROOT, FolderPlace, flip_a_bit
from vanthu.foundation.storage import FileBlobs

SOUND = 6
# Some forty deaths and resurrections, each waiting for the disk: slow where the machine is busy.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """An own installation with two altered files, its backup, and what is left after each death."""
    home = tmp_path_factory.mktemp("installation") / "home"
    store, backup = FileBlobs(home / "blobs"), FileBlobs(home / "backup")
    digests = [store.put(f"tệp {n}".encode() * 40) for n in range(SOUND)]
    for digest in digests:
        backup.put(store.read(digest))
    for digest in digests[:2]:
        flip_a_bit(FolderPlace(home / "blobs"), digest)
    environment = {
        **os.environ,
        "VANTHU_HOME": str(home),
        "VANTHU_DATABASE_URL": f"sqlite:///{home}/vanthu.sqlite3",
        "DJANGO_SETTINGS_MODULE": "vanthu.settings.test",
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
    }
    run = [sys.executable, "-m"]
    subprocess.run([*run, "django", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    ended = subprocess.run(
        [*run, "tests.evidence.fixity_child"],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]


def test_the_undisturbed_run_restores_both_and_keeps_what_they_were(lives: list[dict[str, Any]]) -> None:
    whole = lives[0]
    assert whole["states"] == ["RESTORED", "RESTORED"]
    assert (whole["wrong"], whole["count"], whole["kept"], whole["open_rounds"]) == ([], SOUND, 2, 0)


def test_wherever_it_dies_the_next_slot_ends_with_the_same(lives: list[dict[str, Any]]) -> None:
    whole, deaths = lives[0], lives[1:]
    assert len(deaths) == len(whole["places"]) > 30
    for death in deaths:
        assert death["killed"], death
        assert death["states"] == ["RESTORED", "RESTORED"], death
        assert death["kinds"] == ["ALTERED", "ALTERED"], death
        assert (death["wrong"], death["count"], death["kept"]) == ([], SOUND, 2), death
        assert death["open_rounds"] == 0, death
        assert not death["chain_broken"], death


def test_it_died_at_commits_and_at_the_store(lives: list[dict[str, Any]]) -> None:
    died = {death["died"] for death in lives[1:]}
    assert {"before commit", "after commit"} <= died
    assert any("set_aside" in place for place in died)
    assert any("_write" in place for place in died)
