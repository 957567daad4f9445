"""The product itself, `vanthu serve` with web and job worker, which is killed outright and started again."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.crash.browser import PATIENCE_SECONDS, Browser, ConnectionBroken
from tests.crash.stage import ROOT, SECRET, Stage
from tests.ports import quiet_port

BETWEEN_LOOKS = 0.05
LONGEST_PEACE = 2.5
"""So many seconds at most pass between the first answer of a server and its end."""


class RealServer:
    """One installation's server: all of its processes, however deep."""

    def __init__(self, stage: Stage, log: Path) -> None:
        self.port = quiet_port()
        self._log = log
        self._surroundings = {
            **os.environ,
            **stage.installation(),
            "DJANGO_SETTINGS_MODULE": "vanthu.settings.base",
            "PYTHONPATH": str(ROOT / "src"),
            "VANTHU_SECRET_KEY": SECRET,
            "VANTHU_DEMO": "1",
            "VANTHU_HOLD_SECONDS": "0",
            "VANTHU_KEEP_AFTER_MINUTES": "0",
            "VANTHU_LOG_LEVEL": "WARNING",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "vanthu.cli", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._surroundings, stdout=log, stderr=log, start_new_session=True
            )

    def wait_until_it_answers(self) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                Browser(self.port).get("/accounts/login/")
            except ConnectionBroken:
                assert time.monotonic() < limit, f"the server does not start: {self.told()}"
                time.sleep(BETWEEN_LOOKS)
            else:
                return

    def kill(self) -> int:
        """kill −9 of the server and everything it started; how many processes that were."""
        if self._process is None:
            return 0
        killed = end_family(self._process)
        self._process = None
        return killed

    def told(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


def end_family(process: subprocess.Popen[bytes]) -> int:
    """kill −9 of a process and everything it started; how many those were.

    It ends when all are gone: whoever still dies holds the port, and the next server would not start.
    """
    family = stopped_family(process.pid)
    for pid in family:
        with suppress(ProcessLookupError):
            _end(pid)
    process.wait()
    return len(family)


def _end(pid: int) -> None:
    """The wait until the kernel has closed what the process held works for one that is not our child, too."""
    handle = os.pidfd_open(pid)
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        ended, _, _ = select.select([handle], [], [], PATIENCE_SECONDS)
        assert ended, f"process {pid} outlives kill -9"
    finally:
        os.close(handle)


def stopped_family(root: int) -> list[int]:
    """Root and all descendants, stopped first: nobody has a child while we look, or outlives his parent."""
    family: list[int] = []
    found = [root]
    while found:
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        family += found
        found = [pid for pid, parent in _parents() if parent in family and pid not in family]
    return family


def _parents() -> Iterator[tuple[int, int]]:
    """Every process and its parent, as the kernel lists them; a zombie's name may hold anything but a last bracket."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
            yield int(file.parent.name), int(fields[1])


class Fire(threading.Thread):
    """Kills the whole server at random instants and starts it again; one in five falls into its start."""

    def __init__(self, stage: Stage, server: RealServer, chance: random.Random, shots: int) -> None:
        super().__init__(daemon=True)
        self.kills = self.processes = 0
        self._stage, self._server, self._chance, self._shots = stage, server, chance, shots
        self._ceased = threading.Event()
        self.trouble: BaseException | None = None

    def run(self) -> None:
        try:
            self._shoot()
        except BaseException as trouble:
            self.trouble = trouble

    def _shoot(self) -> None:
        # The time that a lease takes to run out is not waited for: nobody lives who could hold one.
        operator = self._stage.spawn()
        for _ in range(self._shots):
            if self._chance.random() >= 0.2:
                self._server.wait_until_it_answers()
            if self._ceased.wait(self._chance.uniform(0.0, LONGEST_PEACE)):
                return
            self.processes += self._server.kill()
            self.kills += 1
            operator.ask("let_leases_end")
            self._server.start()

    def cease(self) -> None:
        self._ceased.set()
        self.join()
        if self.trouble is not None:
            raise self.trouble
