"""`vanthu serve`: the real server on a free port in a private home; it answers, and leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.running import surroundings, until, vanthu
from tests.ports import quiet_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

LONGEST_STOP = 10.0
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "var"
    assert vanthu(folder, "migrate").returncode == 0
    return folder


@pytest.fixture
def port() -> int:
    return quiet_port()


@pytest.fixture
def start(home: Path, port: int) -> Iterator[Start]:
    """Start a server and wait until it says where it is."""
    started: list[subprocess.Popen[str]] = []

    def serve(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "vanthu.cli", "serve", "--port", str(port), *options]
        server = subprocess.Popen(
            command, env=surroundings(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        started.append(server)
        assert server.stdout is not None
        for line in server.stdout:
            if f"http://127.0.0.1:{port}" in line:
                return server
        raise AssertionError(f"the server ended with {server.wait()}")

    yield serve
    for server in started:
        everybody = [server.pid, *descendants(server.pid)]
        server.kill()
        server.communicate()
        for pid in everybody:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


def parent_and_state(pid: int) -> tuple[int, str]:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[1]), after_name[0]


def is_alive(pid: int) -> bool:
    try:
        return parent_and_state(pid)[1] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = parent_and_state(int(folder.name))[0]
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    found, waiting = [], [pid]
    while waiting:
        children = [child for child, parent in parents.items() if parent == waiting[-1]]
        waiting.pop()
        found += children
        waiting += children
    return found


def job_workers(server: int) -> list[int]:
    return [pid for pid in descendants(server) if b"--with-timetable" in command_line(pid)]


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def fetch(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_shows_the_sign_in_page_and_stops_clean(start: Start, port: int, how: signal.Signals) -> None:
    server = start()
    status, page = fetch(port, "/accounts/login/")
    assert status == 200
    assert "csrfmiddlewaretoken" in page
    assert fetch(port, "/static/css/tokens.css")[0] == 200
    everybody = descendants(server.pid)
    assert len(job_workers(server.pid)) == 1
    assert len(everybody) >= 3

    asked = time.monotonic()
    server.send_signal(how)
    assert server.wait(LONGEST_STOP) == 0
    assert time.monotonic() - asked < LONGEST_STOP
    assert [pid for pid in everybody if is_alive(pid)] == []


def test_without_jobs_only_the_web_runs(start: Start) -> None:
    assert job_workers(start("--no-jobs").pid) == []


def test_a_killed_job_worker_comes_back_while_the_pages_stay(start: Start, port: int) -> None:
    server = start()
    (worker,) = job_workers(server.pid)
    os.kill(worker, signal.SIGKILL)
    assert fetch(port, "/accounts/login/")[0] == 200
    assert until(lambda: any(pid != worker for pid in job_workers(server.pid)))


def test_a_server_that_is_killed_outright_leaves_nobody_behind(start: Start) -> None:
    server = start()
    everybody = descendants(server.pid)
    server.kill()
    server.wait()
    assert until(lambda: not any(is_alive(pid) for pid in everybody)), everybody


def test_an_occupied_port_is_refused_in_words(home: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        run = vanthu(home, "serve", "--port", str(port))
    assert run.returncode == 2
    assert f"cổng {port}" in run.stderr
    assert "--port" in run.stderr
