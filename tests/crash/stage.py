"""The stage of the crash tests: a prepared installation that is laid out anew for every life, and its processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.crash.actor_process import BORN
from tests.crash.life import WORK, Act, whole_life

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a key for tests only, never for an installation"
Answer = dict[str, Any]


class Killed(Exception):
    """The process at the other end is gone."""


class Process:
    """A web or worker process of the product, seen from outside."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._lines = link.makefile("rw", encoding="utf-8")
        self.pid = int(self._read()["pid"])

    def tell(self, do: str, **order: object) -> None:
        try:
            self._lines.write(json.dumps({"do": do, **order}) + "\n")
            self._lines.flush()
        except OSError:
            raise Killed from None

    def ask(self, do: str, **order: object) -> Answer:
        self.tell(do, **order)
        answer = self._read()
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer

    def _read(self) -> Answer:
        try:
            line = self._lines.readline()
        except OSError:
            line = ""
        if not line:
            raise Killed
        answer: Answer = json.loads(line)
        return answer

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        self._link.close()


class Database:
    """Where the lives are played: a SQLite file in the home, or databases of our own on the named server."""

    def __init__(self, server: str, name: str) -> None:
        self.server, self.name = server, name

    def url(self, home: Path) -> str:
        if not self.server:
            return f"sqlite:///{home / 'vanthu.sqlite3'}"
        return urlsplit(self.server)._replace(path=f"/{self.name}").geturl()

    def create(self, template: Database | None = None) -> None:
        self.drop()
        if self.server:
            copy_of = f' TEMPLATE "{template.name}"' if template else ""
            self._command(f'CREATE DATABASE "{self.name}"{copy_of}')

    def drop(self) -> None:
        if self.server:
            self._command(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _command(self, sql: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.encode())


class Stage:
    """Lays out the prepared installation for each life and starts its processes."""

    def __init__(self, folder: Path, server: str, founded_at: datetime | None = None) -> None:
        self.home = folder / "home"
        self._founded_at = founded_at
        self._prepared = folder / "prepared"
        self._address = folder / "link"
        self._folder = folder
        unique = f"vanthu_crash_{os.getpid()}"
        self.database = Database(server, unique)
        self._template = Database(server, f"{unique}_prepared")
        self._exit = ExitStack()
        self.born_at = 0.0
        self._processes: list[Process] = []
        self._starting = threading.Lock()

    def __enter__(self) -> Stage:
        self._listener = socket.socket(socket.AF_UNIX)
        self._exit.callback(self._listener.close)
        self._listener.bind(str(self._address))
        self._listener.listen()
        self._prepare()
        self._zygote = self._start_zygote()
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        self._exit.close()
        self.database.drop()
        self._template.drop()

    def _prepare(self) -> None:
        """Found the city once, on the path where the lives are played; keep a copy of everything."""
        self.home.mkdir()
        self.database.create()
        self.born_at = time.monotonic()
        with ExitStack() as once:
            self._zygote = self._start_zygote(once)
            # With a clock of its own the city is founded empty; on the lives' clock the prelude has happened.
            offset = (self._founded_at - BORN).total_seconds() if self._founded_at else 0
            self.spawn(offset=offset).ask("found", prelude=self._founded_at is None)
            self.clear()
        shutil.copytree(self.home, self._prepared)
        self._template.create(self.database)

    def installation(self) -> dict[str, str]:
        """The variables of the installation where the lives are played."""
        return {"VANTHU_HOME": str(self.home), "VANTHU_DATABASE_URL": self.database.url(self.home)}

    def _start_zygote(self, exit_stack: ExitStack | None = None) -> subprocess.Popen[bytes]:
        surroundings = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vanthu.settings.test",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "VANTHU_SECRET_KEY": SECRET,
            "VANTHU_LOG_LEVEL": "CRITICAL",
            **self.installation(),
        }
        command = [sys.executable, "-m", "tests.crash.actor_process"]
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE)
        (exit_stack or self._exit).callback(_end_program, process)
        return process

    def seconds_since_born(self) -> float:
        """How far the real clock is ahead of the lives' clock."""
        return (datetime.now(UTC) - BORN).total_seconds()

    def lay_out(self) -> None:
        """A fresh copy of the prepared installation."""
        self.clear()
        shutil.rmtree(self.home)
        shutil.copytree(self._prepared, self.home)
        self.database.create(self._template)
        self.born_at = time.monotonic()

    def spawn(
        self,
        *,
        offset: float = 0,
        fatal: int | None = None,
        watched: bool = False,
        quick_checks: bool = True,
    ) -> Process:
        """Start a process: `fatal` is the place where it kills itself, `offset` how far its clock is ahead."""
        order = {
            "address": str(self._address),
            "born_at": self.born_at,
            "offset": offset,
            "fatal": fatal,
            "watched": watched or fatal is not None,
            "quick_checks": quick_checks,
        }
        # Who presses and who shoots may both start a process: each takes the one it asked for.
        with self._starting:
            assert self._zygote.stdin is not None
            self._zygote.stdin.write(json.dumps(order).encode() + b"\n")
            self._zygote.stdin.flush()
            link, _ = self._listener.accept()
            process = Process(link)
            self._processes.append(process)
        return process

    def clear(self) -> None:
        """End every process of the life."""
        while self._processes:
            self._processes.pop().end()


def _end_program(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


LIFE: list[int | str] = [WORK if step == WORK else number for number, step in enumerate(whole_life())]
"""The life as the conductor sees it: numbers of acts, and the worker's turns."""


def name_of(act: int) -> str:
    chosen = whole_life()[act]
    assert isinstance(chosen, Act)
    return chosen.name
