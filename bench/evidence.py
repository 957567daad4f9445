"""A log of many events taken into the tree, one document proved, its proof checked.

The limit is the plain check of the same chains in the same run (read each event, hash it once): growing reads and
hashes the same events once more. `python bench/evidence.py 1000000` for a million leaves.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOAL = 3.0
EVENTS, CHAINS, EVENTS_OF_ONE = 100_000, 200, 40
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def fill(events: int, document_id: int, agency_id: int) -> None:
    """Chains as an installation would have written them; some events speak of the document."""
    from vanthu.audit.models import AuditEvent, ChainHead

    ChainHead.objects.all().delete()
    AuditEvent.objects.all().delete()
    spread = [agency_id, *range(1_000_000, 1_000_000 + CHAINS - 1)]
    heads, last = dict.fromkeys(spread, "0" * 64), dict.fromkeys(spread, 0)
    rows = []
    for number in range(events):
        chain = spread[number % CHAINS]
        of_one = chain == agency_id and last[chain] % (events // CHAINS // EVENTS_OF_ONE) == 0
        row = AuditEvent(
            chain=chain,
            seq=last[chain] + 1,
            at=NOW,
            actor_id=number % 5000,
            actor_name="Nguyễn Thị Trình Diễn",
            acting_as="Chuyên viên",
            verb="documents.document.view",
            subject_kind="documents.document",
            subject_id=str(document_id if of_one else 10_000_000 + number),
            before="",
            after="0" * 64,
            detail={"to": "DONE"},
        )
        row.digest = heads[chain] = row.facts().digest(heads[chain])
        last[chain] += 1
        rows.append(row)
        if len(rows) == 5_000 or number == events - 1:
            AuditEvent.objects.bulk_create(rows)
            rows.clear()
    ChainHead.objects.bulk_create(ChainHead(chain=c, seq=last[c], digest=heads[c]) for c in spread)


def timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def a_document() -> tuple[int, int]:
    """A record with a file, in an agency of its own."""
    from vanthu.demo.cities.small import SNV, small
    from vanthu.documents import operations as documents
    from vanthu.documents.rules.kinds import Direction, FileStage
    from vanthu.kernel.actor import system_actor
    from vanthu.organizations.operations import load_directory
    from vanthu.organizations.queries import agencies_by_code

    load_directory(actor=system_actor(None), plan=small(), password_hash="!", now=NOW)
    agency = agencies_by_code([SNV])[SNV]
    file = documents.store_file(b"%PDF-1.7 " * 5000, name="van-ban.pdf", stage=FileStage.RECEIVED)
    order = documents.RecordOrder(
        direction=Direction.INCOMING,
        type_code="cong_van",
        subject="thử",
        issuer_code=SNV,
        issuer_name=agency.name,
    )
    document_id = documents.create_document(
        actor=system_actor(agency.id), agency_id=agency.id, order=order, files=[file], now=NOW
    )
    return document_id, agency.id


def measure(events: int) -> dict[str, float]:  # noqa: PLR0915 - one measurement after another
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from vanthu.audit.queries import verify_chains
    from vanthu.evidence import operations
    from vanthu.evidence.queries.tree import log_keys, newest_head
    from vanthu.evidence.queries.verification import verify_heads
    from vanthu.evidence.rules.checking import Means, check
    from vanthu.kernel.actor import system_actor

    document_id, agency_id = a_document()
    fill(events, document_id, agency_id)
    system = system_actor(None)
    plain = timed(lambda: list(verify_chains()))
    operations.open_log(actor=system, now=NOW)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def grow() -> None:
        while operations.grow_tree(actor=system, now=NOW).more:
            continue

    grown = timed(grow)
    head = newest_head()
    assert head is not None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    operations.stamp_what_waits(actor=system, now=NOW)
    verified = timed(verify_heads)
    proofs: list[bytes] = []
    queries: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        queries.append(sql)
        return execute(sql, *rest)

    def prove() -> None:
        actor = system_actor(agency_id)
        proofs.append(operations.export_proof(actor=actor, document_id=document_id, now=NOW))

    with connection.execute_wrapper(note):
        prove()
    asked = len(queries)
    tiles = sum("evidence_treetile" in sql for sql in queries)
    proved = statistics.median(timed(prove) for _ in range(9))
    means = Means(at=NOW, pin=log_keys()[0].fingerprint)
    checked = statistics.median(timed(lambda: check(proofs[0], means)) for _ in range(9))
    bundle = json.loads(proofs[0])
    return {
        "leaves": head.size,
        "plain_seconds": round(plain, 2),
        "grow_seconds": round(grown, 2),
        "ratio": round(grown / plain, 2),
        "grow_more_memory_mb": round(memory / 1024, 1),
        "verify_heads_seconds": round(verified, 2),
        "events_proved": len(bundle["events"]),
        "hashes_in_path": len(bundle["events"][0]["path"]),
        "prove_ms": round(proved * 1000, 1),
        "prove_queries": asked,
        "prove_tiles_read": tiles,
        "check_ms": round(checked * 1000, 1),
        "bundle_bytes": len(proofs[0]),
    }


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from bench._setting import run_in_private_home

    if "--inside" in sys.argv:
        print(json.dumps(measure(int(sys.argv[-1]))))
        return 0
    events = sys.argv[1] if len(sys.argv) > 1 else str(EVENTS)
    found = json.loads(run_in_private_home(str(Path(__file__)), ["--inside", events]).splitlines()[-1])
    for name, value in found.items():
        print(f"{name:>22}  {value:,}")
    print(f"ratio to the plain check {found['ratio']} (goal ≤ {GOAL})")
    return 0 if found["ratio"] <= GOAL else 1


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
