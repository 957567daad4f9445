"""The steps between people: submit, approve, check, return, discard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.drafting import (
    a_checked_draft,
    a_draft,
    a_draft_order,
    a_signed_document,
    a_submitted_draft,
    an_approved_draft,
)
from tests.proof import audited, demand_true_counters, desks, refused
from vanthu.documents import operations as documents
from vanthu.documents.queries import is_visible, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting import operations as drafting
from vanthu.drafting.models import Draft
from vanthu.drafting.queries import available_moves, draft_card, steps_of
from vanthu.drafting.rules.states import Move, State
from vanthu.kernel.actor import Actor, holder_of_post
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.queues.rules.catalogue import Queue


def desk(actor: Actor, queue: Queue) -> set[tuple[str, Queue]]:
    return {(holder_of_post(actor.post_id or 0), queue)}


def state_of(document_id: int) -> State:
    return State(Draft.objects.get(document_id=document_id).state)


def test_a_draft_goes_up_step_by_step_and_every_step_is_noted(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast)
    a = cast.a
    with audited() as log:
        drafting.submit_draft(actor=a.officer, document_id=document_id, summary=" Trình ký ", now=now)
        assert desks(document_id) == desk(a.head, Queue.TO_APPROVE)
        drafting.approve_content(actor=a.head, document_id=document_id, note="Nhất trí", now=now)
        assert desks(document_id) == desk(a.checker, Queue.TO_CHECK_FORM)
        report = [{"code": "form.margin", "text": "Lề trái 30 mm"}]
        drafting.pass_form(actor=a.checker, document_id=document_id, report=report, now=now)
        assert desks(document_id) == desk(a.leader, Queue.TO_SIGN)

    card = draft_card(document_id)
    assert card is not None
    assert (card.state, card.summary, card.form_report) == (State.AWAITING_SIGNATURE, "Trình ký", report)
    assert card.approved_sha256 == record_of(document_id).main_sha256
    notes = [(step.move, step.person_name, step.note) for step in steps_of(document_id)]
    assert notes == [
        (Move.SUBMIT, a.officer.name, " Trình ký "),
        (Move.APPROVE_CONTENT, a.head.name, "Nhất trí"),
        (Move.PASS_FORM, a.checker.name, ""),
    ]
    assert {step.sha256 for step in steps_of(document_id)} == {card.approved_sha256}
    for verb in ("drafting.draft.submit", "drafting.draft.approve-content", "drafting.draft.pass-form"):
        assert log.by(verb).subject_id == str(document_id)
    assert not is_visible(a.clerk, document_id)
    demand_true_counters()


Act = Callable[..., Any]
STEPS: list[tuple[str, Act, str, Callable[..., int], dict[str, str]]] = [
    ("submit", drafting.submit_draft, "officer", a_draft, {}),
    ("approve", drafting.approve_content, "head", a_submitted_draft, {}),
    ("pass form", drafting.pass_form, "checker", an_approved_draft, {}),
    ("return content", drafting.return_draft, "head", a_submitted_draft, {"reason": "Sửa"}),
    ("return form", drafting.return_draft, "checker", an_approved_draft, {"reason": "Sửa"}),
    ("return signature", drafting.return_draft, "leader", a_checked_draft, {"reason": "Sửa"}),
    ("discard", drafting.discard_draft, "officer", a_draft, {"reason": "Trùng"}),
]
EACH = pytest.mark.parametrize(
    ("act", "who", "given", "words"), [s[1:] for s in STEPS], ids=[s[0] for s in STEPS]
)


@EACH
def test_a_step_from_a_stale_form_is_refused(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    document_id = given(cast)
    with refused("document.stale", kind=StaleVersion):
        act(actor=getattr(cast.a, who), document_id=document_id, version=99, now=now, **words)


@EACH
def test_the_other_agency_does_not_find_the_draft(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    document_id = given(cast)
    with refused("document.not-found", kind=NotVisible):
        act(actor=getattr(cast.b, who), document_id=document_id, now=now, **words)


@EACH
def test_a_second_click_on_a_step_is_refused(
    cast: Cast, now: datetime, act: Act, who: str, given: Callable[..., int], words: dict[str, str]
) -> None:
    document_id = given(cast)
    act(actor=getattr(cast.a, who), document_id=document_id, now=now, **words)
    with refused("drafting.draft.illegal-move", kind=IllegalMove):
        act(actor=getattr(cast.a, who), document_id=document_id, now=now, **words)


@pytest.mark.parametrize(
    ("given", "act", "words", "code"),
    [
        (a_submitted_draft, drafting.approve_content, {}, "drafting.draft.not-unit-head"),
        (a_submitted_draft, drafting.return_draft, {"reason": "Sửa"}, "drafting.draft.not-holder"),
    ],
)
def test_the_author_neither_approves_nor_returns_his_own_draft(
    cast: Cast, now: datetime, given: Callable[..., int], act: Act, words: dict[str, str], code: str
) -> None:
    document_id = given(cast)
    with refused(code, kind=NotPermitted):
        act(actor=cast.a.officer, document_id=document_id, now=now, **words)


def test_the_head_of_the_unit_does_not_check_the_form(cast: Cast, now: datetime) -> None:
    document_id = an_approved_draft(cast)
    with refused("drafting.draft.not-form-checker", kind=NotPermitted):
        drafting.pass_form(actor=cast.a.head, document_id=document_id, now=now)


def test_a_draft_without_recipients_does_not_go_up(cast: Cast, now: datetime) -> None:
    document_id = a_draft(cast, to=())
    with refused("drafting.draft.recipients-missing", kind=NotReady):
        drafting.submit_draft(actor=cast.a.officer, document_id=document_id, now=now)


def test_a_return_goes_back_to_the_author_by_way_of_the_head(cast: Cast, now: datetime) -> None:
    """NĐ30 Đ.10.3."""
    document_id = a_checked_draft(cast)
    with audited() as log:
        drafting.return_draft(actor=cast.a.leader, document_id=document_id, reason="Thiếu căn cứ", now=now)

    card = draft_card(document_id)
    assert card is not None
    assert (card.state, card.approved_sha256) == (State.DRAFT, "")
    assert desks(document_id) == desk(cast.a.officer, Queue.MY_DRAFTS)
    assert steps_of(document_id)[-1].note == "Thiếu căn cứ"
    assert is_visible(cast.a.head, document_id)
    assert log.by("drafting.draft.return").detail["note"] == "Thiếu căn cứ"
    demand_true_counters()


@pytest.mark.parametrize("act", [drafting.return_draft, drafting.discard_draft])
def test_a_return_and_a_discard_need_a_reason(cast: Cast, now: datetime, act: Act) -> None:
    document_id = a_submitted_draft(cast)
    with refused("drafting.draft.reason-missing", kind=NotReady):
        act(actor=cast.a.head, document_id=document_id, reason="  ", now=now)


def test_a_discarded_draft_leaves_every_desk_and_stays_on_record(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_draft(cast)
    drafting.discard_draft(actor=cast.a.head, document_id=document_id, reason="Trùng", now=now)

    assert state_of(document_id) is State.DISCARDED
    assert desks(document_id) == set()
    assert is_visible(cast.a.officer, document_id)
    demand_true_counters()


def test_a_signed_document_is_not_discarded(cast: Cast, now: datetime) -> None:
    document_id = a_signed_document(cast)
    with refused("drafting.draft.illegal-move", kind=IllegalMove):
        drafting.discard_draft(actor=cast.a.officer, document_id=document_id, reason="Hủy", now=now)


@pytest.mark.parametrize(
    ("given", "act", "who"),
    [
        (a_submitted_draft, drafting.approve_content, "head"),
        (an_approved_draft, drafting.pass_form, "checker"),
        (a_checked_draft, drafting.sign_draft, "leader"),
    ],
    ids=["content", "form", "signature"],
)
def test_a_file_changed_after_submission_is_not_approved(
    cast: Cast, now: datetime, given: Callable[..., int], act: Act, who: str
) -> None:
    """M9: the hash is compared at each step."""
    document_id = given(cast)
    other = documents.store_file(b"%PDF-1.7 other", name="khac.pdf", stage=FileStage.DRAFT)
    documents.add_file(actor=cast.a.officer, document_id=document_id, file=other, now=now)
    with refused("drafting.draft.changed-after-approval", kind=NotReady):
        act(actor=getattr(cast.a, who), document_id=document_id, now=now)


def test_a_returned_draft_is_revised_and_goes_the_whole_way_again(cast: Cast, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    a = cast.a
    drafting.return_draft(actor=a.leader, document_id=document_id, reason="Sửa", now=now)
    order = a_draft_order(a, to=(cast.b.code,), subject="đã sửa theo ý kiến")
    drafting.revise_draft(actor=a.officer, document_id=document_id, order=order, now=now)
    drafting.submit_draft(actor=a.officer, document_id=document_id, now=now)
    drafting.approve_content(actor=a.head, document_id=document_id, now=now)
    drafting.pass_form(actor=a.checker, document_id=document_id, now=now)

    assert state_of(document_id) is State.AWAITING_SIGNATURE
    demand_true_counters()


def test_the_buttons_are_the_moves_that_the_operations_allow(cast: Cast, now: datetime) -> None:
    document_id = a_submitted_draft(cast)
    card = draft_card(document_id)
    assert card is not None
    for actor in cast.everybody:
        allowed = {move for move, decision in available_moves(actor, card) if decision}
        expected = {
            cast.a.head: {Move.APPROVE_CONTENT, Move.RETURN, Move.DISCARD},
            cast.a.officer: {Move.DISCARD},
        }.get(actor, set())
        assert allowed == expected, actor.title
