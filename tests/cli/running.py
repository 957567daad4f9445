"""Runs the real `vanthu` in a private home, as an operator would."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MINUTE = 60.0


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """The environment of an installation that knows nothing of the tests' own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VANTHU_", "DJANGO_"))}
    return {**kept, "VANTHU_HOME": str(home), **more}


def vanthu(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vanthu.cli", *arguments]
    return subprocess.run(
        command,
        env=surroundings(home, **more),
        capture_output=True,
        text=True,
        timeout=4 * MINUTE,
        check=False,
    )


def said(run: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Look again and again, at most so long; whether it came true."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        pause.wait(0.05)
    return True
