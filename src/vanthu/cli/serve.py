"""`vanthu serve`: the web server, with job worker and timetable beside it as a process of their own."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import click

from vanthu.cli.setup import require_migrated, start_django
from vanthu.cli.trouble import Trouble

GRACE = 7
"""Seconds that a process gets to finish its requests or its job; the whole stop stays below ten."""
LOOK_EACH = 0.2
RESTART_AFTER = (1.0, 2.0, 5.0, 10.0)
SETTLED = 60.0
PR_SET_PDEATHSIG = 1

OCCUPIED = (
    "Chưa khởi động được máy chủ: cổng {port} tại {host} đang có chương trình khác dùng. "
    "Dừng chương trình đó hoặc chọn cổng khác bằng --port."
)
NO_ADDRESS = (
    "Chưa khởi động được máy chủ: không dùng được địa chỉ {host}:{port} ({why}). Kiểm tra --host và --port."
)
WEB_ENDED = "Máy chủ web đã tự dừng (mã {code}). Xem các dòng nhật ký phía trên rồi chạy lại."


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="địa chỉ lắng nghe")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="cổng")
@click.option("--workers", type=click.IntRange(1, 64), help="số tiến trình web; SQLite: 1, PostgreSQL: 2")
@click.option("--no-jobs", is_flag=True, help="không chạy việc nền và lịch bên trong")
def command(host: str, port: int, workers: int | None, no_jobs: bool) -> None:
    """Chạy máy chủ web, kèm việc nền và lịch; dừng bằng Ctrl+C."""
    run_server(host=host, port=port, workers=workers, with_jobs=not no_jobs)


def run_server(*, host: str, port: int, workers: int | None = None, with_jobs: bool = True) -> None:
    """Serve until told to stop. Refuses: an occupied port, a database that is not there."""
    refuse_occupied(host, port)
    start_django(chatty=True)
    require_migrated()
    from django.db import connections

    is_sqlite = connections["default"].vendor == "sqlite"
    connections.close_all()
    # One process and a few threads: SQLite has one writer at a time, and locks are shared more fairly inside one.
    chosen, threads = workers or (1 if is_sqlite else 2), 4 if is_sqlite else 8
    commands = {"web": web_command(host, port, chosen, threads)}
    if with_jobs:
        commands["jobs"] = jobs_command()
    Household(commands, ready=lambda: _announce(host, port)).keep(is_ready=lambda: answers(host, port))


def refuse_occupied(host: str, port: int) -> None:
    """The web server shares ports (SO_REUSEPORT) and would not notice; we do."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if answers(host, port) or "in use" in str(error):
            raise Trouble(OCCUPIED.format(host=host, port=port)) from error
        raise Trouble(NO_ADDRESS.format(host=host, port=port, why=error.strerror or error)) from error


def answers(host: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - recognised, not bound
    try:
        with socket.create_connection((near, port), timeout=1):
            return True
    except OSError:
        return False


def web_command(
    host: str,
    port: int,
    workers: int,
    threads: int | None = None,
    *,
    interface: str = "wsgi",
    target: str = "vanthu.wsgi:application",
) -> list[str]:
    options = {
        "--interface": interface,
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--workers-kill-timeout": str(GRACE - 2),
        "--log-level": "warning",
    }
    flags = ["--no-ws", "--respawn-failed-workers"]
    if threads is not None:
        options["--blocking-threads"] = str(threads)
    pairs = [part for pair in options.items() for part in pair]
    return [sys.executable, "-m", "granian", *pairs, *flags, target]


def jobs_command() -> list[str]:
    return [sys.executable, "-m", "vanthu.cli", "worker", "--with-timetable", "--of-server", str(os.getpid())]


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Vanthu đang chạy tại http://{shown}:{port} – dừng bằng Ctrl+C.")


class Household:
    """The processes of one server: `web` is why it runs; `jobs` is started again when it dies."""

    def __init__(self, commands: dict[str, list[str]], *, ready: Callable[[], None]) -> None:
        self._commands = commands
        self._ready = ready
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = False
        self._deaths = 0
        self._started_at = 0.0

    def keep(self, *, is_ready: Callable[[], bool]) -> None:
        """Run until a signal says stop or the web server ends; then nobody is left."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        announced = False
        try:
            for name in self._commands:
                self._start(name)
            while not self._stopping and self._running["web"].poll() is None:
                if not announced and is_ready():
                    self._ready()
                    announced = True
                self._mind_jobs()
                time.sleep(LOOK_EACH)
            code = self._running["web"].poll()
        finally:
            self._stop_all()
        if not self._stopping:
            raise Trouble(WEB_ENDED.format(code=code))

    def _on_signal(self, *_: object) -> None:
        self._stopping = True

    def _start(self, name: str) -> None:
        # The command is our own; start_new_session keeps Ctrl+C with the parent, which stops both in order.
        self._running[name] = subprocess.Popen(  # noqa: S603
            self._commands[name],
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
        )
        if name == "jobs":
            self._started_at = time.monotonic()

    def _mind_jobs(self) -> None:
        """A job worker that was killed comes back: what it had claimed is taken up again when its lease ends."""
        jobs = self._running.get("jobs")
        if jobs is None or jobs.poll() is None:
            return
        lived = time.monotonic() - self._started_at
        self._deaths = 0 if lived > SETTLED else self._deaths
        if lived >= RESTART_AFTER[min(self._deaths, len(RESTART_AFTER) - 1)]:
            self._deaths += 1
            click.echo(f"Tiến trình việc nền đã dừng (mã {jobs.returncode}); khởi động lại.", err=True)
            self._start("jobs")

    def _stop_all(self) -> None:
        alive = [process for process in self._running.values() if process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                _kill_session(process)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Whoever did not stop in time goes with everybody it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _die_with_parent() -> None:
    """Linux tells the child when the parent is killed outright; elsewhere the worker looks for itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
