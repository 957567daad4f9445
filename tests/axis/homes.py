"""Two complete installations seen from outside: each with a home, a database, a desk and a worker of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.crash.real_server import end_family
from tests.crash.stage import ROOT, SECRET, Database
from tests.ports import quiet_port

Answer = dict[str, Any]
BETWEEN_LOOKS = 0.05
PATIENCE = 60.0


def own_place(blobs: str, name: str) -> str:
    """A place in the named bucket that no other installation shares; empty: the home's own folder."""
    if not blobs.startswith("s3:"):
        return ""
    parts = urlsplit(blobs)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{os.getpid()}-{name}").geturl()


class Installation:
    """A home, a database, and the processes of the product that run on them; each may be killed outright."""

    def __init__(
        self,
        folder: Path,
        name: str,
        server: str,
        variables: dict[str, str],
        template: Installation | None = None,
    ) -> None:
        self.name = name
        self._template = template
        self.home = folder / name
        self.database = Database(server, f"vanthu_axis_{os.getpid()}_{name}")
        self.kills = 0
        self._log = folder / f"{name}.log"
        self._variables = variables
        self._running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """An empty database, migrated; a copy of another's, which is quicker, where one is given."""
        self.home.mkdir(parents=True)
        self.database.create(self._template.database if self._template else None)
        if self._template is None:
            self.run("migrate")
        elif not self.database.server:
            shutil.copy(self._template.home / "vanthu.sqlite3", self.home)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, trouble: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if trouble is not None:
            trouble.add_note(f"{self.name}: {self.told()}")
        self.close()
        self.database.drop()

    def close(self) -> None:
        self.kill()

    def surroundings(self, settings: str = "vanthu.settings.base") -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "VANTHU_SECRET_KEY": SECRET,
            "VANTHU_HOME": str(self.home),
            "VANTHU_DATABASE_URL": self.database.url(self.home),
            "VANTHU_BLOBS": own_place(os.environ.get("VANTHU_BLOBS", ""), self.name),
            "VANTHU_LOG_LEVEL": "WARNING",
            **self._variables,
        }

    def run(self, *arguments: str) -> Answer:
        """`vanthu …` to its end; what it said as JSON. Fails where it does not end well."""
        command = [sys.executable, "-m", "vanthu.cli", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.surroundings(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout) if "--json" in arguments else {}

    def start(self, *arguments: str) -> None:
        """`vanthu …` for as long as it lives."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "vanthu.cli", *arguments],
                cwd=ROOT,
                env=self.surroundings(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill −9 of the process and of everybody it has started."""
        running, self._running = self._running, None
        if running is None:
            return
        end_family(running)

    @property
    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def told(self) -> str:
        return self._log.read_text(errors="replace")[-4000:] if self._log.exists() else ""


class AxisHome(Installation):
    """The axis between them, on a port that stays its own while it is down."""

    def __init__(self, folder: Path, server: str) -> None:
        super().__init__(folder, "axis", server, {})
        self.port = quiet_port()

    def join(self, system: str) -> str:
        """A new system on the axis; its secret."""
        added = self.run("axis", "systems", "add", system, "--name", f"Hệ thống {system}", "--json")
        return str(added["secret"])

    def serve(self) -> None:
        self.start("axis", "serve", "--port", str(self.port), "--no-jobs")

    def wait_until_it_answers(self) -> None:
        def answers() -> bool:
            assert self.is_running, f"the axis has ended: {self.told()}"
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return True
            except OSError:
                return False

        wait_until("the axis answers", answers)

    def die_and_come_back(self) -> None:
        self.kill()
        self.kills += 1
        self.serve()


class Home(Installation):
    """An installation of an agency: somebody sits at its desk, and the product's own worker runs, and may be killed."""

    def __init__(
        self,
        folder: Path,
        name: str,
        server: str,
        *,
        template: Installation | None = None,
        desk: str = "tests.axis.home_process",
    ) -> None:
        quiet = {"VANTHU_DEMO": "1", "VANTHU_HOLD_SECONDS": "0", "VANTHU_KEEP_AFTER_MINUTES": "600"}
        super().__init__(folder, name, server, quiet, template)
        self._program = desk
        self._desk: subprocess.Popen[str] | None = None

    def joins(self, line: dict[str, str]) -> None:
        """The operator describes the line; what starts from now on uses it."""
        self._variables = self._variables | {f"VANTHU_LINE_{key}": value for key, value in line.items()}

    def close(self) -> None:
        super().close()
        self.leave_the_desk()

    def sit_down(self) -> None:
        """Somebody comes to the desk; whoever sat there before has left."""
        self.leave_the_desk()
        with self._log.open("ab") as log:
            self._desk = subprocess.Popen(
                [sys.executable, "-m", self._program],
                cwd=ROOT,
                env=self.surroundings("vanthu.settings.test"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def leave_the_desk(self) -> None:
        desk, self._desk = self._desk, None
        if desk is None:
            return
        desk.kill()
        desk.communicate()

    def ask(self, do: str, **order: object) -> Answer:
        """Order something at the desk. Fails with what the desk says when it goes wrong."""
        self.tell(do, **order)
        return self.answer()

    def tell(self, do: str, **order: object) -> None:
        if self._desk is None:
            self.sit_down()
        assert self._desk is not None
        assert self._desk.stdin is not None
        self._desk.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._desk.stdin.flush()

    def answer(self) -> Answer:
        assert self._desk is not None
        assert self._desk.stdout is not None
        line = self._desk.stdout.readline()
        assert line, f"{self.name}: the desk has gone: {self.told()}"
        found: Answer = json.loads(line)
        assert "error" not in found, f"{self.name}: {found['error']}"
        return found

    def work(self) -> None:
        """`vanthu worker --with-timetable`, as an operator starts it."""
        self.start("worker", "--with-timetable")

    def die_and_come_back(self) -> None:
        """The supervisor starts the worker again; what the dead one had claimed is free by then."""
        self.kill()
        self.kills += 1
        self.ask("let_leases_end")
        self.work()


def wait_until(
    what: str, holds: Callable[[], object], *, patience: float = PATIENCE, each: float = BETWEEN_LOOKS
) -> Any:
    """Look until it is so; what was found. Fails where it does not become so in time."""
    limit = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < limit, f"waited {patience:.0f} s: {what}"
        time.sleep(each)
    return found
