"""An axis as an operator runs it: its own home and database, `vanthu axis serve`, and the operator's acts."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.axis.foreign.service import PATH, Service
from tests.crash.real_server import end_family
from tests.crash.stage import ROOT, Database
from tests.ports import quiet_port

PATIENCE_SECONDS = 90
BETWEEN_LOOKS = 0.05
CAPTURED = ("00.26.TEST", "dummy-secret-for-loopback")
_names = itertools.count(1)


class Axis:
    """One axis; `with` prepares its database and ends everything it started."""

    def __init__(self, folder: Path, server: str, **settings: str) -> None:
        self.home = folder / "home"
        self.home.mkdir()
        self.port = quiet_port()
        self._log = folder / "axis.log"
        self._database = Database(server, f"vanthu_axis_{os.getpid()}_{next(_names)}")
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "vanthu.settings.base",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "VANTHU_HOME": str(self.home),
            "VANTHU_DATABASE_URL": self._database.url(self.home),
            "VANTHU_SECRET_KEY": "a key for tests only, never for an installation",
            "VANTHU_LOG_LEVEL": "WARNING",
            "VANTHU_BLOBS": "",
            "VANTHU_AXIS_BLOBS": "",
            **settings,
        }
        self._web: subprocess.Popen[bytes] | None = None
        self._operator: subprocess.Popen[str] | None = None
        self._systems = itertools.count(1)
        self._captured: Service | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    def __enter__(self) -> Axis:
        self._database.create()
        command = [sys.executable, "-m", "vanthu.cli", "migrate"]
        subprocess.run(command, cwd=ROOT, env=self._environment, check=True, capture_output=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._captured is not None:
            self._captured.close()
        if self._operator is not None:
            assert self._operator.stdin is not None
            assert self._operator.stdout is not None
            self._operator.stdin.close()
            self._operator.wait(timeout=30)
            self._operator.stdout.close()
        self._database.drop()

    def start(self, *, with_jobs: bool = False) -> None:
        """Serve; returns when it answers."""
        command = [sys.executable, "-m", "vanthu.cli", "axis", "serve", "--port", str(self.port)]
        command += [] if with_jobs else ["--no-jobs"]
        with self._log.open("ab") as log:
            self._web = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        limit = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert time.monotonic() < limit, f"the axis does not start: {self.told()}"
            assert self._web.poll() is None, f"the axis ended: {self.told()}"
            time.sleep(BETWEEN_LOOKS)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(b"GET /health HTTP/1.1\r\nHost: axis\r\nConnection: close\r\n\r\n")
                return line.recv(12).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    @property
    def is_running(self) -> bool:
        return self._web is not None and self._web.poll() is None

    def stop(self) -> None:
        """As an operator stops it: it may finish what it has begun."""
        if self._web is not None:
            self._web.send_signal(signal.SIGTERM)
            self._web.wait(timeout=30)
            self._end_family()

    def kill(self) -> None:
        """kill −9 of the whole family at once."""
        self._end_family()

    def _end_family(self) -> None:
        if self._web is None:
            return
        end_family(self._web)
        self._web = None

    def told(self) -> str:
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else ""

    def new_system(self) -> tuple[str, str]:
        """A system that may join: its id and secret."""
        code = f"H26.SYS.{next(self._systems)}"
        return code, str(self.ask("add", code=code, name=f"Hệ thống {code}"))

    def captured_system(self) -> Service:
        """The system of the wire captures, with its secret; it has joined once."""
        if self._captured is None:
            systemid, secret = CAPTURED
            self.ask("add", code=systemid, name="Hệ thống trong bản ghi đường truyền", secret=secret)
            self._captured = Service(self.base, systemid, secret)
        return self._captured

    def close(self, code: str, reason: str) -> None:
        self.ask("close", code=code, reason=reason)

    def renew_secret(self, code: str) -> str:
        return str(self.ask("renew", code=code))

    def ask(self, do: str, **order: object) -> Any:
        """The operator's act; what it gives back."""
        self._order(do, **order)
        assert self._operator is not None
        assert self._operator.stdout is not None
        reply = json.loads(self._operator.stdout.readline())
        assert "error" not in reply, reply
        return reply["answer"]

    def interrupt(self, do: str, after: float) -> None:
        """The same act, killed after so many seconds; whatever came of it, another process goes on later."""
        self._order(do)
        operator, self._operator = self._operator, None
        assert operator is not None
        with suppress(subprocess.TimeoutExpired):
            operator.wait(after)
        operator.kill()
        operator.wait()
        for pipe in (operator.stdin, operator.stdout):
            if pipe is not None:
                pipe.close()

    def _order(self, do: str, **order: object) -> None:
        if self._operator is None:
            command = [sys.executable, "-m", "tests.axis.operator_process"]
            self._operator = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self._environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        assert self._operator.stdin is not None
        self._operator.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._operator.stdin.flush()
