"""Number, fill, seal, issue, void: four committed steps on the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from tests.cast import CLOSED, Cast
from tests.factories.drafting import a_checked_draft, a_signed_document
from tests.factories.registry import (
    a_filled_document,
    a_numbered_document,
    a_sealed_document,
    an_issued_document,
)
from tests.proof import audited, demand_true_counters, desks, queues_with, refused
from vanthu.documents import operations as documents
from vanthu.documents.queries import files_of, main_bytes, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting import operations as drafting
from vanthu.exchange.queries import deliveries_of
from vanthu.foundation.models import Job
from vanthu.kernel.actor import Urgency, holder_of_office, system_actor
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.organizations.models import Agency, AgencyStatus
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry import operations as registry
from vanthu.registry.queries import next_number, outgoing_card, outgoing_moves, outgoing_series
from vanthu.registry.rules.states import OutgoingMove, OutgoingState
from vanthu.signing.models import FileCheck
from vanthu.signing.operations import check_file
from vanthu.signing.queries import signatures_of
from vanthu.signing.rules.verdicts import Verdict

Act = Callable[..., Any]
Given = Callable[..., int]


def state_of(document_id: int) -> OutgoingState:
    card = outgoing_card(document_id)
    assert card is not None
    return card.state


def next_of(cast: Cast, kind: str = "cong_van") -> int:
    return next_number(outgoing_series(cast.a.id, kind).pk, 2026)


def test_a_signed_document_is_due_by_the_next_working_morning(cast: Cast, now: datetime) -> None:
    card = outgoing_card(a_signed_document(cast))
    assert card is not None
    assert card.due_at == datetime(2026, 11, 23, 12, 0, tzinfo=now.tzinfo)
    assert card.due_trace


def test_the_number_is_taken_recorded_and_printed_in_the_documents_fields(cast: Cast, now: datetime) -> None:
    """M3, M5."""
    document_id = a_signed_document(cast)
    with audited() as log:
        number = registry.give_number(actor=cast.a.clerk, document_id=document_id, version=1, now=now)

    document, card = record_of(document_id), outgoing_card(document_id)
    assert card is not None
    assert number == document.full_number == "01/SNV-TCBC"
    assert (document.number, document.issued_on) == (1, now.date())
    assert (card.state, card.number, card.numbered_on) == (OutgoingState.NUMBERED, 1, now.date())
    assert desks(document_id) == {(holder_of_office(cast.a.id), Queue.TO_ISSUE)}
    assert log.by("registry.outgoing.number").detail["number"] == "01/SNV-TCBC"
    demand_true_counters()


def test_each_series_of_an_agency_counts_for_itself(cast: Cast) -> None:
    """NĐ30 Đ.15.1: groups as the head decides."""
    letters = [record_of(a_numbered_document(cast)).number for _ in range(2)]
    decision = record_of(a_numbered_document(cast, type_code="quyet_dinh"))
    other = record_of(a_numbered_document(cast, type_code="thong_bao"))
    assert (letters, decision.number, other.number) == ([1, 2], 1, 1)
    assert decision.full_number == "01/QĐ-SNV"


def test_a_number_is_not_given_on_a_day_before_the_last(cast: Cast, now: datetime) -> None:
    """D10."""
    a_numbered_document(cast)
    document_id = a_signed_document(cast)
    with refused("registry.outgoing.date-goes-back", kind=NotReady):
        registry.give_number(actor=cast.a.clerk, document_id=document_id, now=now - timedelta(days=1))
    assert next_of(cast) == 2


def test_filling_changes_nothing_but_the_two_fields(cast: Cast, now: datetime) -> None:
    """law.md §6.6 mode A."""
    document_id = a_numbered_document(cast)
    before = main_bytes(document_id)
    registry.fill_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)

    filled = main_bytes(document_id)
    assert filled.startswith(before)
    with pikepdf.open(BytesIO(filled)) as pdf:
        values = {str(field.T): str(field.V) for field in pdf.Root.AcroForm.Fields if "/V" in field}
    assert values["so_ky_hieu"] == "01/SNV-TCBC"
    assert values["ngay_ban_hanh"] == "Hà Nội, ngày 20 tháng 11 năm 2026"
    verdict = check_file(actor=cast.a.clerk, sha256=record_of(document_id).main_sha256, now=now)
    assert verdict.verdict is Verdict.VALID


def test_the_seal_stands_behind_the_personal_signature(cast: Cast, now: datetime) -> None:
    document_id = a_filled_document(cast)
    with audited() as log:
        registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)

    assert state_of(document_id) is OutgoingState.SEALED
    assert record_of(document_id).verdict == Verdict.VALID
    assert [row.kind for row in signatures_of(document_id)] == ["personal", "agency"]
    assert cast.a.clerk.name in signatures_of(document_id)[1].responsibility
    assert log.by("registry.outgoing.seal").subject_id == str(document_id)
    assert [file.stage for file in files_of(document_id)] == list(FileStage)[:4]


@pytest.mark.parametrize(
    ("file", "code"),
    [("draft", "no-personal-signature"), ("tampered", "bad-personal-signature")],
    ids=["M6-unsigned", "M6-tampered"],
)
def test_no_seal_without_a_valid_personal_signature(cast: Cast, now: datetime, file: str, code: str) -> None:
    document_id = a_filled_document(cast)
    stages = {row.stage: row.sha256 for row in files_of(document_id)}
    from vanthu.foundation.storage import blobs

    data = blobs().read(stages[FileStage.DRAFT if file == "draft" else FileStage.NUMBERED])
    if file == "tampered":
        at = data.index(b"stream\n") + 20
        data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    wrong = documents.store_file(data, name="khac.pdf", stage=FileStage.NUMBERED)
    documents.add_file(actor=cast.a.clerk, document_id=document_id, file=wrong, now=now)

    checked = ("signing.FileCheck", "audit.AuditEvent", "audit.ChainHead")
    with refused(f"registry.outgoing.{code}", kind=NotReady, but=checked):
        registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    assert state_of(document_id) is OutgoingState.FILLED


def test_issue_plans_deliveries_and_leaves_every_desk(cast: Cast, now: datetime) -> None:
    document_id = a_sealed_document(cast)
    with audited() as log:
        registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)

    card = outgoing_card(document_id)
    assert card is not None
    assert (card.state, card.issued_at) == (OutgoingState.ISSUED, now)
    assert [row.recipient_code for row in deliveries_of(document_id)] == [cast.b.code]
    assert desks(document_id) == set()
    assert log.by("registry.outgoing.issue").detail["recipients"] == 1
    assert "exchange.delivery.plan" in log.verbs
    demand_true_counters()


def test_a_recipient_closed_meanwhile_stops_the_issue_and_keeps_the_number(cast: Cast, now: datetime) -> None:
    """M39."""
    document_id = a_sealed_document(cast)
    Agency.objects.filter(code=cast.b.code).update(status=AgencyStatus.CLOSED, closed_on=now.date())
    with refused("drafting.recipient.closed", kind=NotReady):
        registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    assert record_of(document_id).full_number == "01/SNV-TCBC"


def test_nothing_leaves_without_recipients_or_without_both_signatures(cast: Cast, now: datetime) -> None:
    """M7."""
    document_id = a_sealed_document(cast)
    documents.set_recipients(
        actor=cast.a.clerk, document_id=document_id, agency_id=cast.a.id, recipients=[], now=now
    )
    FileCheck.objects.all().delete()
    codes = ("registry.outgoing.no-recipient", "registry.outgoing.not-both-signatures")
    with refused(*codes, kind=NotReady):
        registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)


STEPS: list[tuple[str, Act, Given]] = [
    ("number", registry.give_number, a_signed_document),
    ("fill", registry.fill_outgoing, a_numbered_document),
    ("seal", registry.seal_outgoing, a_filled_document),
    ("issue", registry.issue_outgoing, a_sealed_document),
]
EACH = pytest.mark.parametrize(
    ("act", "given"), [step[1:] for step in STEPS], ids=[step[0] for step in STEPS]
)


@EACH
def test_a_second_click_on_a_step_is_refused(cast: Cast, now: datetime, act: Act, given: Given) -> None:
    document_id = given(cast)
    act(actor=cast.a.clerk, document_id=document_id, now=now)
    with refused("registry.outgoing.illegal-move", kind=IllegalMove):
        act(actor=cast.a.clerk, document_id=document_id, now=now)


@EACH
def test_a_step_is_the_clerks_and_nobody_elses(cast: Cast, now: datetime, act: Act, given: Given) -> None:
    """NĐ30 Đ.32.2: văn thư personally."""
    document_id = given(cast)
    for actor in (cast.a.leader, cast.a.head, cast.a.officer):
        with refused("registry.not-clerk", kind=NotPermitted):
            act(actor=actor, document_id=document_id, now=now)
    for stranger in (cast.b.clerk, cast.outsider, cast.city_admin):
        with refused("document.not-found", kind=NotVisible):
            act(actor=stranger, document_id=document_id, now=now)


@pytest.mark.parametrize("act", [registry.give_number, registry.issue_outgoing])
def test_a_stale_form_neither_numbers_nor_issues(cast: Cast, now: datetime, act: Act) -> None:
    document_id = a_signed_document(cast) if act is registry.give_number else a_sealed_document(cast)
    with refused("document.stale", kind=StaleVersion):
        act(actor=cast.a.clerk, document_id=document_id, version=77, now=now)


def test_a_draft_that_is_not_signed_has_no_step_here(cast: Cast, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    documents.grant_access(
        actor=cast.a.leader,
        document_id=document_id,
        agency_id=cast.a.id,
        holders=[holder_of_office(cast.a.id)],
        because="test",
        now=now,
    )
    for act in (registry.give_number, registry.fill_outgoing, registry.issue_in_one_act):
        with refused("document.not-found", kind=NotVisible):
            act(actor=cast.a.clerk, document_id=document_id, now=now)


def test_one_act_plays_the_four_steps(cast: Cast, now: datetime) -> None:
    document_id = a_signed_document(cast)
    with audited() as log:
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, version=1, now=now)

    assert state_of(document_id) is OutgoingState.ISSUED
    steps = [verb for verb in log.verbs if verb.startswith("registry.outgoing.")]
    assert steps == [f"registry.outgoing.{step}" for step in ("number", "fill", "seal", "issue")]
    demand_true_counters()


@pytest.mark.parametrize("given", [a_numbered_document, a_filled_document, a_sealed_document])
def test_one_act_resumes_where_an_earlier_try_stopped_and_keeps_the_number(
    cast: Cast, now: datetime, given: Given
) -> None:
    """D10."""
    document_id = given(cast)
    number = record_of(document_id).full_number
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now + timedelta(hours=1))

    assert state_of(document_id) is OutgoingState.ISSUED
    assert record_of(document_id).full_number == number
    assert next_of(cast) == 2


def test_a_second_click_on_issue_changes_nothing(cast: Cast, now: datetime) -> None:
    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, version=1, now=now)
    with refused("document.stale", kind=StaleVersion):
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, version=1, now=now)
    with refused("registry.outgoing.illegal-move", kind=IllegalMove):
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)


def test_a_void_number_is_kept_and_never_given_again(cast: Cast, now: datetime) -> None:
    document_id = a_sealed_document(cast)
    with audited() as log:
        registry.void_number(actor=cast.a.leader, document_id=document_id, reason="Ký nhầm", now=now)

    assert state_of(document_id) is OutgoingState.VOIDED
    assert record_of(document_id).full_number == "01/SNV-TCBC"
    assert record_of(a_numbered_document(cast)).full_number == "02/SNV-TCBC"
    assert desks(document_id) == set()
    assert log.by("registry.outgoing.void").detail["reason"] == "Ký nhầm"
    demand_true_counters()


def test_voiding_is_the_leaders_needs_a_reason_and_ends_with_issue(cast: Cast, now: datetime) -> None:
    document_id = a_numbered_document(cast)
    with refused("registry.outgoing.void-needs-leader", kind=NotPermitted):
        registry.void_number(actor=cast.a.clerk, document_id=document_id, reason="Nhầm", now=now)
    with refused("registry.outgoing.void-reason-missing", kind=NotReady):
        registry.void_number(actor=cast.a.leader, document_id=document_id, reason=" ", now=now)
    issued = an_issued_document(cast)
    with refused("registry.outgoing.illegal-move", kind=IllegalMove):
        registry.void_number(actor=cast.a.leader, document_id=issued, reason="Nhầm", now=now)


def test_the_buttons_on_the_way_out_are_what_the_operations_allow(cast: Cast) -> None:
    card = outgoing_card(a_numbered_document(cast))
    assert card is not None
    allowed = [
        {move for move, decision in outgoing_moves(actor, card) if decision}
        for actor in (cast.a.clerk, cast.a.leader, cast.b.clerk)
    ]
    assert allowed == [{OutgoingMove.FILL}, {OutgoingMove.VOID}, set()]


def test_urgent_documents_are_due_by_the_clock(cast: Cast, now: datetime) -> None:
    card = outgoing_card(a_signed_document(cast, urgency=Urgency.EXPRESS))
    assert card is not None
    assert card.due_at == now + timedelta(minutes=15)


# The hold before leaving (D28) ---------------------------------------------------------------------

HOLD = timedelta(seconds=60)


def test_a_held_document_leaves_by_itself_when_the_hold_ran_out(cast: Cast, now: datetime) -> None:
    from vanthu.foundation import worker

    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, hold=HOLD, now=now)
    card = outgoing_card(document_id)
    assert card is not None
    assert (card.state, card.leaves_at) == (OutgoingState.SEALED, now + HOLD)
    assert worker.run_all(now=lambda: now + HOLD - timedelta(seconds=1)) == 0

    with audited() as log:
        worker.run_all(now=lambda: now + HOLD)
    card = outgoing_card(document_id)
    assert card is not None
    assert (card.state, card.leaves_at, card.issued_at) == (OutgoingState.ISSUED, None, now + HOLD)
    assert log.by("registry.outgoing.issue").actor_name == system_actor(cast.a.id).name
    demand_true_counters()


def test_stopping_keeps_number_date_and_seal(cast: Cast, now: datetime) -> None:
    from vanthu.foundation import worker

    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, hold=HOLD, now=now)
    with audited() as log:
        registry.stop_leaving(actor=cast.a.clerk, document_id=document_id, now=now)
    worker.run_all(now=lambda: now + 2 * HOLD)

    card = outgoing_card(document_id)
    assert card is not None
    assert (card.state, card.leaves_at, card.number) == (OutgoingState.SEALED, None, 1)
    assert log.verbs == ["registry.outgoing.stop"]
    assert queues_with(document_id) == {Queue.TO_ISSUE}
    assert deliveries_of(document_id) == ()


def test_a_hold_set_anew_is_not_ended_by_the_old_one(cast: Cast, now: datetime) -> None:
    from vanthu.foundation import worker

    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, hold=HOLD, now=now)
    registry.stop_leaving(actor=cast.a.clerk, document_id=document_id, now=now)
    later = now + timedelta(seconds=30)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, hold=HOLD, now=later)

    worker.run_all(now=lambda: now + HOLD)
    assert state_of(document_id) is OutgoingState.SEALED
    worker.run_all(now=lambda: later + HOLD)
    assert state_of(document_id) is OutgoingState.ISSUED
    assert Job.objects.filter(kind="registry.leave").count() == 2


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.VERY_URGENT, Urgency.EXPRESS])
def test_urgent_documents_are_not_held(cast: Cast, now: datetime, urgency: Urgency) -> None:
    document_id = a_signed_document(cast, urgency=urgency)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, hold=HOLD, now=now)
    assert state_of(document_id) is OutgoingState.ISSUED


def test_only_what_is_held_is_stopped_and_only_by_the_clerk(cast: Cast, now: datetime) -> None:
    document_id = a_sealed_document(cast)
    with refused("registry.outgoing.not-leaving", kind=NotReady):
        registry.stop_leaving(actor=cast.a.clerk, document_id=document_id, now=now)
    with refused("registry.not-clerk", kind=NotPermitted):
        registry.stop_leaving(actor=cast.a.leader, document_id=document_id, now=now)
    registry.issue_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    with refused("registry.outgoing.illegal-move", kind=IllegalMove):
        registry.stop_leaving(actor=cast.a.clerk, document_id=document_id, now=now)


def test_a_closed_agency_is_named_with_its_successor(cast: Cast, now: datetime) -> None:
    from tests.factories.drafting import a_draft_order

    with pytest.raises(NotReady) as refusal:
        drafting.start_draft(actor=cast.a.officer, order=a_draft_order(cast.a, to=(CLOSED,)), now=now)
    assert refusal.value.details["successors"] == cast.ward.row.name
