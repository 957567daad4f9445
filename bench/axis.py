"""Messages per second through the city axis, as a ratio to bare durable inserts of the same bytes in the same run.

The figure that counts: sendEdoc of 6 kB documents over real HTTP, answered after the commit. The limit: one
connection that inserts the same bytes row by row, each with a durable commit of its own, in the same database.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from _axis_load import Door, sending
from _setting import POSTGRES, SQLITE, postgres, run_in_private_home

ROOT = Path(__file__).resolve().parent.parent
LOAD = ROOT / "bench" / "_axis_load.py"
GOAL = 0.3
SENDER, RECEIVER = "H26.98", "H26.99"
CLIENTS = 2
PADDING = 3600
"""Bytes of an attachment that make a message of some 6 kB."""


@dataclass(frozen=True)
class Result:
    """What one database gave: messages per second, and ratios to bare inserts of the same bytes."""

    database: str
    message_bytes: int
    messages: int
    bare_per_second: float
    sent_per_second: float
    settled_per_second: float
    ratio: float
    trip_ratio: float


def messages(number: int, first: int) -> list[bytes]:
    """So many different documents of the composed sample's shape, each with an attachment of its own."""
    import base64

    whole = []
    for index in range(first, first + number):
        content = base64.b64encode(b"%PDF-1.4\n" + os.urandom(PADDING)).decode()
        whole.append(
            TEMPLATE.format(number=index, sender=SENDER, receiver=RECEIVER, content=content).encode()
        )
    return whole


NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
TEMPLATE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="' + NAMESPACE + '">\n'
    '<edXML:edXMLEnvelope xmlns:edXML="' + NAMESPACE + '"><edXML:edXMLHeader><edXML:MessageHeader>'
    "<edXML:From><edXML:OrganId>{sender}</edXML:OrganId><edXML:OrganName>Sở Thử nghiệm</edXML:OrganName></edXML:From>"
    "<edXML:To><edXML:OrganId>{receiver}</edXML:OrganId><edXML:OrganName>Sở Đối chiếu</edXML:OrganName></edXML:To>"
    "<edXML:DocumentId>{sender},2026/11/22,{number}/STN-VP</edXML:DocumentId>"
    "<edXML:Code><edXML:CodeNumber>{number}</edXML:CodeNumber><edXML:CodeNotation>STN-VP</edXML:CodeNotation></edXML:Code>"
    "<edXML:PromulgationInfo><edXML:Place>Hà Nội</edXML:Place>"
    "<edXML:PromulgationDate>2026/11/22</edXML:PromulgationDate></edXML:PromulgationInfo>"
    "<edXML:DocumentType><edXML:Type>2</edXML:Type><edXML:TypeName>Công văn</edXML:TypeName></edXML:DocumentType>"
    "<edXML:Subject>V/v thử nghiệm liên thông</edXML:Subject>"
    "<edXML:SignerInfo><edXML:FullName>Người Ký Thử</edXML:FullName></edXML:SignerInfo></edXML:MessageHeader>"
    "<edXML:TraceHeaderList><edXML:TraceHeader><edXML:OrganId>{sender}</edXML:OrganId>"
    "<edXML:Timestamp>2026/11/22 09:30:00</edXML:Timestamp></edXML:TraceHeader></edXML:TraceHeaderList>"
    '</edXML:edXMLHeader><edXML:edXMLBody><edXML:edXMLManifest version="1.0"><edXML:Reference>'
    "<edXML:ContentId>cid:1</edXML:ContentId><edXML:ContentType>application/pdf</edXML:ContentType>"
    "<edXML:AttachmentName>a.pdf</edXML:AttachmentName></edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody>"
    "</edXML:edXMLEnvelope>\n<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId>"
    "<AttachmentName>a.pdf</AttachmentName><ContentType>application/pdf</ContentType>"
    '<edXML:ContentTransferEncoded xmlns:edXML="' + NAMESPACE + '">{content}</edXML:ContentTransferEncoded>'
    "</Attachment></AttachmentEncoded>\n</edXML>"
)


# --- the measurement, in a home of its own ------------------------------------------------------------------------


def prepare() -> tuple[str, str]:
    """An axis with two systems, an agency each; their secrets."""
    import django

    django.setup()
    from django.core.management import call_command

    from vanthu.axis.models import AxisSystem
    from vanthu.axis.operations.directory import register_agency
    from vanthu.axis.operations.systems import add_system
    from vanthu.axis.rules.listing import AgencyOrder
    from vanthu.kernel.actor import system_actor

    call_command("migrate", interactive=False, verbosity=0)
    actor, now = system_actor(None), datetime.now(UTC)
    secrets = []
    for code in (SENDER, RECEIVER):
        secrets.append(add_system(actor=actor, code=code, name=code, now=now))
        system_id = AxisSystem.objects.get(code=code).pk
        register_agency(actor=actor, system_id=system_id, order=AgencyOrder(code, code), now=now)
    return secrets[0], secrets[1]


def bare_inserts(datas: Sequence[bytes]) -> float:
    """Rows per second of one connection that commits durably after each; the bytes and their digest, nothing else."""
    import hashlib

    from django.db import connection

    rows = [(hashlib.sha256(data).hexdigest(), data) for data in datas]
    with connection.cursor() as cursor:
        binary = "BLOB" if connection.vendor == "sqlite" else "BYTEA"
        cursor.execute("DROP TABLE IF EXISTS bare_message")
        cursor.execute(f"CREATE TABLE bare_message (sha256 TEXT PRIMARY KEY, content {binary})")
    raw = connection.connection
    mark = "?" if connection.vendor == "sqlite" else "%s"
    statement = f"INSERT INTO bare_message VALUES ({mark}, {mark})"
    began = time.perf_counter()
    for row in rows:
        # Outside a transaction each statement is one: SQLite by isolation_level None, PostgreSQL by autocommit.
        raw.execute(statement, row)
    return len(rows) / (time.perf_counter() - began)


@contextmanager
def served(port: int, profile: str) -> Iterator[None]:
    """`vanthu axis serve`, as an operator starts it."""
    command = [sys.executable, "-m", "vanthu.cli", "axis", "serve", "--port", str(port), "--no-jobs"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        watcher = _watch(port, profile) if profile else None
        yield
        if watcher is not None:
            watcher.wait()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _watch(port: int, profile: str) -> subprocess.Popen[bytes]:
    found = subprocess.run(["fuser", f"{port}/tcp"], capture_output=True, text=True, check=False)
    pids = found.stdout.split()
    command = ["py-spy", "record", "--native", "-d", "6", "-f", "raw", "-o", profile, "-p", pids[-1]]
    return subprocess.Popen(command)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the axis did not start")


def played(tasks: Sequence[dict[str, Any]]) -> tuple[int, float]:
    """All tasks at the same time, a process each; how many messages, and the seconds of the slowest."""
    programs = []
    for task in tasks:
        program = subprocess.Popen([sys.executable, str(LOAD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert program.stdin is not None
        assert program.stdout is not None
        pickle.dump(task, program.stdin)
        program.stdin.flush()
        program.stdout.readline()
        programs.append(program)
    for program in programs:
        assert program.stdin is not None
        program.stdin.write(b"\n")
        program.stdin.flush()
    answers = [json.loads(program.communicate()[0]) for program in programs]
    return sum(count for count, _ in answers), max(seconds for _, seconds in answers)


def measure(number: int, rounds: int, connections: int, profile: str) -> dict[str, float]:
    """Bare inserts and sendings in turn, then fetching; the median round of each."""
    secrets = prepare()
    port = _free_port()
    sender, receiver = Door(port, SENDER, secrets[0]), Door(port, RECEIVER, secrets[1])
    bare, sent = [], []
    with served(port, profile):
        for turn in range(rounds + 1):
            datas = messages(number, first=turn * number)
            requests = [sending(sender, SENDER, data) for data in datas]
            tasks = [
                {
                    "what": "send",
                    "port": port,
                    "requests": requests[part::CLIENTS],
                    "connections": connections,
                }
                for part in range(CLIENTS)
            ]
            bare.append(bare_inserts(datas))
            count, seconds = played(tasks)
            sent.append(count / seconds)
        shares = [
            {"what": "fetch", "door": (port, RECEIVER, receiver.secret), "share": share, "shares": 4}
            for share in range(4)
        ]
        count, seconds = played(shares)
    size = len(datas[0])
    _demand_whole(number * (rounds + 1), count)
    # The first round warms both sides up.
    return {
        "bytes": size,
        "bare": statistics.median(bare[1:]),
        "sent": statistics.median(sent[1:]),
        "settled": count / seconds,
    }


def _demand_whole(expected: int, fetched: int) -> None:
    from vanthu.axis.models import AxisEvent, Message, Parcel

    kept = (Message.objects.count(), Parcel.objects.filter(state="DONE").count())
    accepted = AxisEvent.objects.filter(kind="ACCEPTED").count()
    if (*kept, fetched, accepted) != (expected,) * 4:
        raise SystemExit(
            f"{expected} messages were sent; kept, settled, fetched, told: {kept} {fetched} {accepted}"
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- from outside --------------------------------------------------------------------------------------------------


def result_of(database: str, number: int, found: dict[str, float]) -> Result:
    trip = 1 / (1 / found["sent"] + 1 / found["settled"])
    return Result(
        database=database,
        message_bytes=int(found["bytes"]),
        messages=number,
        bare_per_second=round(found["bare"], 1),
        sent_per_second=round(found["sent"], 1),
        settled_per_second=round(found["settled"], 1),
        ratio=round(found["sent"] / found["bare"], 3),
        trip_ratio=round(trip / found["bare"], 3),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--database", default="", help="a PostgreSQL whose user may create databases")
    parser.add_argument("--messages", type=int, default=3000, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16, help="of each of the two clients")
    parser.add_argument("--profile", default="", help="where py-spy writes what the server did")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.messages, options.rounds, options.connections, options.profile)))
        return 0
    inner = ["--measure", *sys.argv[1:]]
    results = []
    if options.only != "postgres":
        found = json.loads(run_in_private_home(__file__, inner).splitlines()[-1])
        results.append(result_of(SQLITE, options.messages, found))
    if options.only != "sqlite":
        with postgres(options.database) as server:
            found = json.loads(run_in_private_home(__file__, inner, server=server).splitlines()[-1])
        results.append(result_of(POSTGRES, options.messages, found))
    report(results)
    return 0 if all(result.ratio >= GOAL for result in results) else 1


def report(results: Sequence[Result]) -> None:
    print(
        f"{'database':<12}{'bare/s':>10}{'sendEdoc/s':>12}{'ratio':>8}{'fetch+done/s':>14}{'whole trip':>12}"
    )
    for row in results:
        print(
            f"{row.database:<12}{row.bare_per_second:>10.0f}{row.sent_per_second:>12.0f}{row.ratio:>8.2f}"
            f"{row.settled_per_second:>14.0f}{row.trip_ratio:>12.2f}"
        )
    print(f"goal: ratio at least {GOAL}")
    print(json.dumps({"bench": "axis", "goal": GOAL, "results": [asdict(row) for row in results]}))


if __name__ == "__main__":
    sys.exit(main())
