"""A PostgreSQL for the tests: private folder, free port, gone at the end.

`VANTHU_TEST_DATABASE_URL` names a server to use instead. Run as a program, it plays a command with
`VANTHU_DATABASE_URL` set: `scripts/test_postgres.py .venv/bin/pytest tests/registry`.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The data is thrown away at the end, so nothing needs to survive a power cut. Several servers live beside each other,
# each with a connection a thread, and those of a killed one last until the database notices.
FAST_AND_CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


class NoPostgresError(RuntimeError):
    """There is neither a server named nor a PostgreSQL on this machine."""


def server_programs() -> Path:
    """The folder with initdb and pg_ctl: on the path, or the newest that Debian installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda found: float(found.parts[-3]),
        reverse=True,
    )
    if not folders:
        raise NoPostgresError(
            "No PostgreSQL here: run scripts/system-packages, or name a server in VANTHU_TEST_DATABASE_URL."
        )
    return folders[0].parent


def unprivileged_prefix() -> tuple[list[str], pwd.struct_passwd | None]:
    """PostgreSQL refuses to run as root; as root we step down to `postgres`, or to `nobody`."""
    if os.geteuid() != 0:
        return [], None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    ids = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids, "--"], account


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def private_cluster() -> Iterator[str]:
    """Starts a cluster of our own and gives its URL; stops and removes it afterwards."""
    programs = server_programs()
    prefix, account = unprivileged_prefix()
    folder = Path(tempfile.mkdtemp(prefix="vanthu-postgres-"))
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, port = folder / "data", free_port()

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), "-D", str(data), *arguments]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if ended.returncode:
            log = folder / "server.log"
            told = log.read_text() if log.exists() else ""
            raise NoPostgresError(f"{program} did not succeed:\n{ended.stdout}{ended.stderr}{told}")

    options = " ".join(
        [f"-p {port}", "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=''"]
        + [f"-c {setting}" for setting in FAST_AND_CARELESS]
    )
    try:
        run("initdb", "-A", "trust", "-U", "vanthu", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        # DEVNULL-like log file: pg_ctl's child would otherwise hold our pipes open.
        run("pg_ctl", "-w", "-l", str(folder / "server.log"), "-o", options, "start")
        try:
            yield f"postgres://vanthu@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def test_database_url() -> Iterator[str]:
    """The named server, else a private one."""
    named = os.environ.get("VANTHU_TEST_DATABASE_URL")
    if named:
        yield named
        return
    with private_cluster() as url:
        yield url


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit("usage: scripts/test_postgres.py COMMAND [ARGUMENT …]")
    with test_database_url() as database_url:
        environment = {**os.environ, "VANTHU_DATABASE_URL": database_url}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
