"""Somebody at the desks of one installation. Run as a program: an order in a line of JSON, an answer in another.

The products' own processes (`vanthu worker`, `vanthu axis serve`) run beside it and are killed; this one is not.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

import django

Answer = dict[str, Any]
TRIES = 20


def clock() -> datetime:
    return datetime.now(UTC)


def _until_it_answers(call: Callable[[], Any]) -> Any:
    """An axis that has just started may be slow: the operator presses again."""
    from vanthu.exchange.channels.vxp.client import LineTrouble

    for _ in range(TRIES - 1):
        with suppress(LineTrouble):
            return call()
    return call()


class Desk:
    """The orders that a test gives: `do_<order>`, keyword arguments, an answer of JSON values."""

    def do_found(self, house: str) -> Answer:
        """In an empty database: one department below the city, and an authority that certifies its people."""
        from vanthu.cli.installation import make_home
        from vanthu.demo.cities import small
        from vanthu.demo.cities.staffing import directory
        from vanthu.kernel.actor import system_actor
        from vanthu.organizations.operations import load_directory
        from vanthu.registry.operations import load_series
        from vanthu.signing.operations import demo_authority

        make_home()
        chosen = {"snv": small.home_affairs, "stc": small.finance}[house]()
        plan = directory((small.city(), chosen))
        load_directory(actor=system_actor(None), plan=plan, password_hash="!", now=clock())
        load_series(actor=system_actor(None), plans=plan.series, now=clock())
        demo_authority(clock())
        return {"code": chosen.agency.code, "name": chosen.agency.name}

    def do_join(self, code: str) -> Answer:
        """Register the agency with the axis, as an operator does once."""
        from vanthu.exchange.operations import register_agencies
        from vanthu.kernel.actor import system_actor

        codes = _until_it_answers(
            lambda: register_agencies(actor=system_actor(None), codes=[code], now=clock())
        )
        return {"codes": codes}

    def do_read_directory(self) -> Answer:
        """Whom the axis knows: the nightly reading of its list, done now."""
        from vanthu.exchange.operations import sync_agencies

        report = _until_it_answers(lambda: sync_agencies(now=clock()))
        assert report is not None
        return {"listed": report.listed}

    def do_let_leases_end(self) -> Answer:
        """Time has passed since a process died: what it had claimed may be claimed again."""
        from vanthu.exchange.models import LineWatch
        from vanthu.foundation.models import Job, JobState

        long_ago = clock() - timedelta(hours=1)
        LineWatch.objects.update(leased_until=None)
        return {"ended": Job.objects.filter(state=JobState.LEASED).update(leased_until=long_ago)}

    def do_jobs(self) -> Answer:
        """What is open and due, and what was given up, by kind; work of a later hour is neither."""
        from vanthu.foundation.models import Job, JobState

        rows = (
            Job.objects.exclude(state=JobState.DONE)
            .filter(run_at__lte=clock() + timedelta(minutes=5))
            .values_list("kind", "state", "last_error")
        )
        dead = [f"{kind}: {error}" for kind, state, error in rows if state == JobState.DEAD]
        return {
            "open": dict(Counter(kind for kind, state, _ in rows if state != JobState.DEAD)),
            "dead": dead,
        }

    def do_issue(
        self, author: str, text: str, recipients: list[str], signer: str, answers: int | None = None
    ) -> Answer:
        """From the first word to its leaving: drafted, approved, checked, signed, numbered, sealed, issued."""
        from vanthu.demo import desks, texts
        from vanthu.documents.queries import record_of
        from vanthu.drafting.rules.states import State
        from vanthu.registry import operations as registry

        stage = self._stage()
        document_id = stage.start(
            author, getattr(texts, text), *recipients, signer=signer, answers_id=answers
        )
        desks._bring(stage, document_id, State.SIGNED)
        clerk = stage.actor(f"vanthu.{author.rsplit('.', 1)[1]}")
        registry.issue_in_one_act(actor=clerk, document_id=document_id, hold=timedelta(0), now=clock())
        card = record_of(document_id)
        return {"document": document_id, "number": card.full_number, "sha256": card.main_sha256}

    def do_arrival(self, number: str) -> Answer:
        """What the clerk sees of a document that came: its record and what was found about its signatures."""
        from vanthu.documents.models import Document
        from vanthu.documents.rules.kinds import Direction

        found = Document.objects.filter(full_number=number, direction=Direction.INCOMING).first()
        if found is None:
            return {"document": None}
        return {"document": found.pk, "verdict": found.verdict, "sha256": found.main_sha256}

    def do_verify(self, document: int) -> Answer:
        """Judge the file itself, here and now, by this installation's own trust."""
        from vanthu.documents.queries import main_bytes
        from vanthu.signing.operations import trust_store
        from vanthu.signing.validation import verify_isolated

        verdict = verify_isolated(main_bytes(document), trust=trust_store(), at=clock(), name="arrived")
        kinds = sorted(str(finding.kind) for finding in verdict.signatures)
        return {"verdict": verdict.verdict, "kinds": kinds}

    def do_step(self, house: str, document: int, step: str) -> Answer:
        """One press of a button at the receiver's: accept, submit, direct, assign, start, report, complete, file."""
        getattr(self, f"_{step}")(self._stage(), house, document)
        return {}

    def do_refuse(self, house: str, document: int, text: str) -> Answer:
        from vanthu.registry import operations as registry
        from vanthu.registry.rules.states import RefusalReason

        clerk = self._stage().actor(f"vanthu.{house}")
        registry.refuse_arrival(
            actor=clerk, document_id=document, reason=RefusalReason.MISSING_FILES, text=text, now=clock()
        )
        return {}

    def do_delivery(self, document: int) -> Answer:
        """How the sender sees it, recipient by recipient."""
        from vanthu.exchange.queries import deliveries_of

        rows = deliveries_of(document)
        return {
            row.recipient_code: {
                "state": row.state,
                "codes": [status.code for status in row.statuses],
                "said": [status.description for status in row.statuses],
                "error": row.last_error,
            }
            for row in rows
        }

    def do_standing(self, document: int) -> Answer:
        """How the receiver sees it."""
        from vanthu.demo.stage import standing_at_receiver

        return {"standing": standing_at_receiver(document)}

    def do_chains(self) -> Answer:
        from vanthu.audit.queries import verify_chains

        reports = list(verify_chains())
        return {"chains": len(reports), "broken": [str(row.broken) for row in reports if row.broken]}

    def do_known(self, code: str) -> Answer:
        """Whether the directory knows an agency outside."""
        from vanthu.organizations.models import OutsideAgency

        return {"known": OutsideAgency.objects.filter(code=code).exists()}

    def do_run(self, job: str) -> Answer:
        """Owe a job now, as the timetable would at its hour."""
        from django.db import transaction

        from vanthu.foundation.jobs import named

        with transaction.atomic():
            named(job).enqueue(now=clock())
        return {}

    # The receiver's buttons, pressed by whoever sits there.

    def _stage(self) -> Any:
        from vanthu.demo.stage import Stage

        return Stage(clock)

    def _accept(self, stage: Any, house: str, document: int) -> None:
        from vanthu.registry import operations as registry

        registry.accept_arrival(
            actor=stage.actor(f"vanthu.{house}"),
            document_id=document,
            registration=registry.RegistrationOrder(),
            now=clock(),
        )

    def _submit(self, stage: Any, house: str, document: int) -> None:
        from vanthu.registry import operations as registry

        registry.submit_incoming(
            actor=stage.actor(f"vanthu.{house}"),
            document_id=document,
            leader_post_id=stage.actor(f"giamdoc.{house}").post_id,
            now=clock(),
        )

    def _direct(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        order = routing.DirectionOrder(
            "Giao chủ trì tham mưu trả lời.", stage.unit_of(f"truongphong.{house}")
        )
        routing.direct_and_assign(
            actor=stage.actor(f"giamdoc.{house}"), document_id=document, order=order, now=clock()
        )

    def _assign(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        routing.sub_assign(
            actor=stage.actor(f"truongphong.{house}"),
            assignment_id=stage.task_at(document, f"truongphong.{house}").id,
            post_id=stage.actor(f"chuyenvien.{house}").post_id,
            now=clock(),
        )

    def _start(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        task = stage.task_at(document, f"chuyenvien.{house}")
        routing.start_work(actor=stage.actor(f"chuyenvien.{house}"), assignment_id=task.id, now=clock())

    def _report(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        task = stage.task_at(document, f"chuyenvien.{house}")
        routing.submit_result(
            actor=stage.actor(f"chuyenvien.{house}"),
            assignment_id=task.id,
            result="Đã tham mưu văn bản trả lời.",
            now=clock(),
        )

    def _complete(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        task = stage.task_at(document, f"chuyenvien.{house}")
        routing.complete_task(actor=stage.actor(f"truongphong.{house}"), assignment_id=task.id, now=clock())

    def _file(self, stage: Any, house: str, document: int) -> None:
        from vanthu.routing import operations as routing

        routing.file_for_information(
            actor=stage.actor(f"giamdoc.{house}"), document_id=document, text="Đã xem; lưu.", now=clock()
        )


def serve(desk: Desk, orders: TextIO, answers: TextIO) -> None:
    from vanthu.kernel.errors import DomainError

    for line in orders:
        order = json.loads(line)
        try:
            answer = getattr(desk, f"do_{order.pop('do')}")(**order)
        except DomainError as refusal:
            said = [asdict(violation) for violation in refusal.violations]
            answer = {"error": f"{said}\n{traceback.format_exc()}"}
        except Exception:  # told to the test, which fails with it
            answer = {"error": traceback.format_exc()}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main(desk: type[Desk] = Desk) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # nothing that prints shall stand between the answers
    django.setup()
    serve(desk(), sys.stdin, answers)


if __name__ == "__main__":
    main()
