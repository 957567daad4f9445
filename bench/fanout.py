"""One document issued to 1,000 agencies of one installation, until 1,000 arrivals stand with their verdicts.

The limit is the same rows by plain SQL in the same run: see _plain_sql.py. Without arguments it measures on SQLite
and, where PostgreSQL is installed, on a private server with the durability an installation has.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
GOAL = 5.0
SUBJECT = "triển khai kế hoạch chuyển đổi số năm 2027"
WAIT_SECONDS = 120.0


@dataclass(frozen=True)
class Result:
    """What one measurement found."""

    database: str
    recipients: int
    workers: int
    seconds: float
    plain_seconds: float
    ratio: float
    rows: int
    blobs_added: int
    blob_bytes_added: int
    file_checks: int


def now() -> datetime:
    return datetime.now(UTC)


class City:
    """A private installation: the small city and so many fictitious agencies with a records office each."""

    def __init__(self, recipients: int) -> None:
        from django.core.management import call_command

        from vanthu.demo.cities.small import city, finance, home_affairs
        from vanthu.demo.cities.staffing import directory
        from vanthu.kernel.actor import system_actor
        from vanthu.organizations.operations import load_calendar, load_directory
        from vanthu.organizations.reference import read_calendar_seed
        from vanthu.organizations.rules.calendars import seeded_special_days
        from vanthu.registry.operations import load_series

        call_command("migrate", interactive=False, verbosity=0)
        system = system_actor(None)
        load_calendar(actor=system, days=seeded_special_days(read_calendar_seed()), now=now())
        self.codes = tuple(f"H26.TD{number}" for number in range(10_000, 10_000 + recipients))
        houses = (city(), home_affairs(), finance(), *map(_house, self.codes))
        plan = directory(houses)
        load_directory(actor=system, plan=plan, password_hash="!", now=now())
        load_series(actor=system, plans=plan.series, now=now())

    def sealed_document(self) -> int:
        """A real document to all of them, signed, numbered and sealed, one press before it leaves."""
        from vanthu.drafting import operations as drafting
        from vanthu.drafting.models import Draft
        from vanthu.organizations import queries as organizations
        from vanthu.registry import operations as registry

        author = _actor("chuyenvien.snv")
        assert author.agency_id is not None
        signer = next(
            row for row in organizations.signers_of(author.agency_id, now=now()) if row.title == "Giám đốc"
        )
        order = drafting.DraftOrder(
            "cong_van", SUBJECT, ("Sở Nội vụ đề nghị quý cơ quan thực hiện.",), self.codes, signer.id
        )
        document_id = drafting.start_draft(actor=author, order=order, now=now())
        drafting.submit_draft(actor=author, document_id=document_id, now=now())
        draft = Draft.objects.get(document_id=document_id)
        for post_id, move in (
            (draft.approver_post_id, drafting.approve_content),
            (draft.checker_post_id, drafting.pass_form),
            (draft.signer_post_id, drafting.sign_draft),
        ):
            move(actor=_at_post(post_id), document_id=document_id, now=now())
        clerk = _actor("vanthu.snv")
        registry.give_number(actor=clerk, document_id=document_id, now=now())
        registry.fill_outgoing(actor=clerk, document_id=document_id, now=now())
        registry.seal_outgoing(actor=clerk, document_id=document_id, now=now())
        return document_id


def _house(code: str) -> Any:
    from vanthu.demo.cities.small import CLERK, HEAD, commune, office
    from vanthu.demo.cities.staffing import House, Seat

    number = code.rpartition("TD")[2]
    seats = (
        Seat("vanthu", "vp", "Văn thư", CLERK),
        Seat("chutich", None, "Chủ tịch", HEAD, "head"),
    )
    return House(commune(code, "xã", f"Trình diễn {number}"), f"td{number}", (office(code),), seats)


def _actor(username: str) -> Any:
    from vanthu.accounts.queries import person_named
    from vanthu.organizations.queries import actor_of

    return actor_of(person_named(username).pk, now=now())


def _at_post(post_id: int) -> Any:
    from vanthu.organizations.queries import actor_of, post_holder

    holder = post_holder(post_id, now=now())
    assert holder is not None
    assert holder.person_id is not None
    return actor_of(holder.person_id, post_id=post_id, now=now())


@contextmanager
def running_workers(number: int, profile: str = "") -> Iterator[None]:
    """So many `vanthu worker` processes; they stand ready when the block begins."""
    program = [sys.executable, str(Path(__file__)), "--be-a-worker"]
    programs = []
    for _ in range(number):
        command = [*program, "--profile", profile] if profile else program
        programs.append(subprocess.Popen(command, stdout=subprocess.PIPE))
    for started in programs:
        assert started.stdout is not None
        started.stdout.readline()
    try:
        yield
    finally:
        for started in programs:
            started.send_signal(signal.SIGTERM)
        for started in programs:
            started.wait()
            assert started.stdout is not None
            started.stdout.close()


def be_a_worker(profile: str) -> None:
    import cProfile
    import threading

    import django

    django.setup()
    from django.db import connection

    from vanthu.foundation import worker

    connection.ensure_connection()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("ready", flush=True)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    worker.run_forever(stop, idle_seconds=0.05)
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)


def fan_out(document_id: int, recipients: int) -> float:
    """Press "Phát hành" and wait until everything stands; the seconds."""
    from vanthu.exchange.models import Delivery
    from vanthu.registry import operations as registry

    clerk = _actor("vanthu.snv")
    started = time.perf_counter()
    registry.issue_outgoing(actor=clerk, document_id=document_id, now=now())
    arrived = Delivery.objects.filter(document_id=document_id, state="ARRIVED")
    while arrived.count() < recipients:
        if time.perf_counter() - started > WAIT_SECONDS:
            raise SystemExit(f"only {arrived.count()} of {recipients} arrived within {WAIT_SECONDS:.0f} s")
        time.sleep(0.02)
    took = time.perf_counter() - started
    _require_everything(document_id, recipients)
    return took


def _require_everything(document_id: int, recipients: int) -> None:
    """Each receiver has its own record with the verdict, and it lies in the queue of the records office."""
    from vanthu.documents.models import Document
    from vanthu.queues.models import QueueCounter, QueueItem

    digest = Document.objects.get(pk=document_id).main_sha256
    records = Document.objects.filter(direction="INCOMING", main_sha256=digest, verdict="VALID")
    waiting = QueueItem.objects.filter(document__in=records, queue="TO_RECEIVE", is_done=False)
    assert records.count() == waiting.count() == recipients
    assert not QueueCounter.objects.filter(queue="TO_RECEIVE", count=0).exists()


def _blobs() -> tuple[int, int]:
    from django.conf import settings

    files = [file for file in Path(settings.VANTHU_BLOBS).rglob("*") if file.is_file()]
    return len(files), sum(file.stat().st_size for file in files)


def measure(city: City, url: str, *, workers: int, profile: str) -> Result:
    from django.db import connections

    from _plain_sql import Replay, Server
    from vanthu.documents.queries import record_of
    from vanthu.signing.models import FileCheck

    document_id = city.sealed_document()
    recipients = len(city.codes)
    sender = record_of(document_id).agency_id
    blobs_before, checks_before = _blobs(), FileCheck.objects.count()
    connections.close_all()
    server = Server(url)
    copy = server.copy_to(f"vanthu_plain_{os.getpid()}_{workers}")
    before = server.read_rows()
    with running_workers(workers, profile):
        seconds = fan_out(document_id, recipients)
    blobs_after, checks_after = _blobs(), FileCheck.objects.count()
    connections.close_all()
    replay = Replay(before, server.read_rows(), copy, sender=sender)
    plain_seconds = replay.seconds(copy)
    for table, count in replay.row_counts.items():
        print(f"    {count:6} rows in {table}", file=sys.stderr)
    return Result(
        database="SQLite" if server.is_sqlite else "PostgreSQL",
        recipients=recipients,
        workers=workers,
        seconds=round(seconds, 3),
        plain_seconds=round(plain_seconds, 3),
        ratio=round(seconds / plain_seconds, 2),
        rows=sum(replay.row_counts.values()),
        blobs_added=blobs_after[0] - blobs_before[0],
        blob_bytes_added=blobs_after[1] - blobs_before[1],
        file_checks=checks_after - checks_before,
    )


def measure_here(url: str, recipients: int, profile: str) -> list[Result]:
    import django

    django.setup()
    started = time.perf_counter()
    city = City(recipients)
    print(f"  prepared in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return [
        measure(city, url, workers=workers, profile=profile if workers == 1 else "") for workers in (1, 2)
    ]


def measure_in_private_home(url: str, recipients: int, profile: str) -> list[Result]:
    """A process of its own per database: Django knows one."""
    with tempfile.TemporaryDirectory(prefix="vanthu-bench-") as home:
        chosen = url or f"sqlite:///{home}/vanthu.sqlite3"
        if url:
            chosen = _create_database(url)
        environment = {
            **os.environ,
            "VANTHU_HOME": home,
            "VANTHU_DATABASE_URL": chosen,
            "VANTHU_DEMO": "1",
            "VANTHU_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "vanthu.settings.base",
            "PYTHONPATH": str(ROOT / "src"),
        }
        command = [sys.executable, __file__, "--here", chosen, "--recipients", str(recipients)]
        command += ["--profile", profile] if profile else []
        ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
        if ended.returncode:
            raise SystemExit(f"the measurement ended with {ended.returncode}")
        return [Result(**row) for row in json.loads(ended.stdout.splitlines()[-1])]


def _create_database(server: str) -> str:
    import psycopg

    name = f"vanthu_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@contextmanager
def private_postgres() -> Iterator[str]:
    """The tests' private server, but with the durability of an installation: fsync and synchronous commit on."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import test_postgres

    test_postgres.FAST_AND_CARELESS = ("max_connections=60",)
    with test_postgres.private_cluster() as url:
        yield url


def table(results: list[Result]) -> str:
    names = ("workers", "seconds", "plain SQL", "ratio", "rows", "files", "checks")
    head = f"{'database':11} " + " ".join(f"{name:>9}" for name in names)
    lines = [
        f"{row.database:11} {row.workers:9} {row.seconds:9.2f} {row.plain_seconds:9.2f} {row.ratio:9.1f} "
        f"{row.rows:9} {row.blobs_added:9} {row.file_checks:9}"
        for row in results
    ]
    return "\n".join([head, *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database", default=os.environ.get("VANTHU_DATABASE_URL", ""), help="a PostgreSQL server"
    )
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--recipients", type=int, default=1000)
    parser.add_argument("--profile", default="", help="write the worker's cProfile here")
    parser.add_argument("--here", help=argparse.SUPPRESS)
    parser.add_argument("--be-a-worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be_a_worker:
        be_a_worker(options.profile)
    elif options.here:
        results = measure_here(options.here, options.recipients, options.profile)
        print(json.dumps([asdict(row) for row in results]))
    else:
        report(options)


def report(options: argparse.Namespace) -> None:
    results: list[Result] = []
    if options.only != "postgres":
        results += measure_in_private_home("", options.recipients, options.profile)
    if options.only != "sqlite":
        if options.database.startswith("postgres"):
            results += measure_in_private_home(options.database, options.recipients, options.profile)
        else:
            with private_postgres() as url:
                results += measure_in_private_home(url, options.recipients, options.profile)
    print(
        f"One document to {options.recipients} agencies, until all arrivals stand (goal: ratio ≤ {GOAL:.0f})"
    )
    print(table(results))
    print(json.dumps({"benchmark": "fanout", "goal": GOAL, "results": [asdict(row) for row in results]}))


if __name__ == "__main__":
    main()
