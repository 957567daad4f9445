"""Kills a reading of the store at every step, each time in a fork of its own: `python -m tests.evidence.fixity_child`.

Needs VANTHU_HOME with a migrated SQLite database and a folder of blobs. For each place in the run (every commit, every
touch of the store) it copies that home, forks a child that dies there, lets a second child run to the end, and prints
one JSON line with what is left: {"died": place, "states": […], "kinds": […], "wrong": […], "kept": N, "cursor": …}.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.db import connections  # noqa: E402

from tests.conftest import FIXED_NOW  # noqa: E402
from tests.crash.killing import Reaper  # noqa: E402
from vanthu.audit.queries import verify_chains  # noqa: E402
from vanthu.evidence import operations as evidence  # noqa: E402
from vanthu.evidence.models import FixityFinding, FixityRound  # noqa: E402
from vanthu.evidence.operations import fixity  # noqa: E402
from vanthu.foundation.storage import sha256_of  # noqa: E402

TOUCHES = (
    ("vanthu.foundation.storage.files", "FileBlobs.measure"),
    ("vanthu.foundation.storage.files", "FileBlobs.set_aside"),
    ("vanthu.foundation.storage.files", "FileBlobs._write"),
    ("vanthu.foundation.storage.files", "_sync_folder"),
)


def settle_in(home: Path) -> None:
    """From here on this process lives in a copy."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    connections["default"].settings_dict["NAME"] = str(home / "vanthu.sqlite3")
    settings.VANTHU_BLOBS, settings.VANTHU_BACKUP_BLOBS = str(home / "blobs"), str(home / "backup")
    fixity.PORTION = 4


def read_all(fatal: int | None) -> list[str]:
    """Read until the round has ended; the places passed."""
    reaper = Reaper(fatal)
    reaper._watch_commits()
    for module, name in TOUCHES:
        reaper._watch_step(module, name)
    row = FixityRound.objects.filter(ended_at=None).exists()
    if not row:
        evidence.check_all_stored_bytes(now=FIXED_NOW)
    else:  # the slot after the death goes on where the cursor stands
        FixityRound.objects.filter(ended_at=None).update(started_at=FIXED_NOW.replace(year=2025))
        evidence.check_stored_bytes(now=FIXED_NOW)
    return reaper.passed


def what_is_left(home: Path) -> dict[str, Any]:
    blobs = home / "blobs"
    files = [path for path in blobs.glob("??/??/*") if not path.name.startswith(".")]
    rows = list(FixityFinding.objects.order_by("id"))
    return {
        "states": [row.state for row in rows],
        "kinds": sorted(row.kind for row in rows),
        "wrong": [path.name for path in files if sha256_of(path.read_bytes()) != path.name],
        "count": len(files),
        "kept": len(list((blobs / ".altered").glob("*"))) if (blobs / ".altered").exists() else 0,
        "open_rounds": FixityRound.objects.filter(ended_at=None).count(),
        "chain_broken": any(report.broken for report in verify_chains()),
    }


def in_a_child(work: Callable[[], dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """Do it in a fork; how it ended and what it said."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return status, json.loads(said) if said else {}


def main() -> None:
    home = Path(settings.VANTHU_HOME)
    copies = home.parent / "copies"
    for connection in connections.all(initialized_only=True):
        connection.close()

    def live(copy: Path, fatal: int | None) -> Callable[[], dict[str, Any]]:
        def work() -> dict[str, Any]:
            settle_in(copy)
            passed = read_all(fatal)
            return {"places": passed} | what_is_left(copy)

        return work

    def a_copy(name: str) -> Path:
        return Path(shutil.copytree(home, copies / name))

    _, whole = in_a_child(live(a_copy("whole"), None))
    json.dump(whole, sys.stdout)
    print()  # noqa: T201 - the parent reads lines
    for place in range(len(whole["places"])):
        copy = a_copy(str(place))
        status, _ = in_a_child(live(copy, place))
        _, after = in_a_child(live(copy, None))
        after.pop("places", None)
        json.dump({"died": whole["places"][place], "killed": os.WIFSIGNALED(status)} | after, sys.stdout)
        print()  # noqa: T201
        shutil.rmtree(copy)


if __name__ == "__main__":
    main()
