"""Signatures that a device elsewhere owes: asked, answered once or never; the act that asked goes on."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft, a_signed_document
from tests.factories.keys import Token, a_seal_token_of, a_token_of
from tests.factories.registry import a_filled_document
from tests.proof import audited, demand_true_counters, desks, refused
from vanthu.documents.queries import files_of, main_bytes, record_of
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.foundation.models import Job
from vanthu.kernel.actor import Actor, holder_of_office
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry import operations as registry
from vanthu.registry.queries import next_number, outgoing_card, outgoing_series
from vanthu.registry.rules.states import OutgoingState
from vanthu.signing import operations as signing
from vanthu.signing.backends import SigningFailed
from vanthu.signing.models import PendingSignature
from vanthu.signing.operations import check_file
from vanthu.signing.queries import (
    PendingCard,
    device_task,
    last_pending,
    pending_by_token,
    signatures_of,
)
from vanthu.signing.rules.kinds import SignatureKind, SigningOutcome
from vanthu.signing.rules.pending import PendingStatus
from vanthu.signing.rules.verdicts import Verdict

MINUTE = timedelta(minutes=1)


def state_of(document_id: int) -> State:
    card = draft_card(document_id)
    assert card is not None
    return card.state


def entry_state(document_id: int) -> OutgoingState:
    card = outgoing_card(document_id)
    assert card is not None
    return card.state


def question(document_id: int, kind: SignatureKind = SignatureKind.PERSONAL) -> PendingCard:
    card = last_pending(document_id, kind)
    assert card is not None
    return card


def answer_of(token: Token, actor: Actor, pending_id: int) -> bytes:
    return token.sign_hash(b64decode(device_task(actor, pending_id).digest))


@pytest.fixture
def token(cast: Cast, now: datetime) -> Token:
    return a_token_of(cast.a.leader, cast.a, now=now)


@pytest.fixture
def asked(cast: Cast, token: Token, now: datetime) -> PendingCard:
    """The leader has pressed "Ký"; his token is asked."""
    document_id = a_checked_draft(cast)
    outcome = drafting.sign_draft(actor=cast.a.leader, document_id=document_id, version=4, now=now)
    assert outcome is SigningOutcome.WAITING
    return question(document_id)


def test_pressing_sign_asks_the_token_and_changes_nothing_else(
    cast: Cast, asked: PendingCard, now: datetime
) -> None:
    assert (asked.status, asked.kind) == (PendingStatus.WAITING, SignatureKind.PERSONAL)
    assert asked.expires_at == now + 20 * MINUTE
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE
    assert signatures_of(asked.document_id) == ()
    assert len(files_of(asked.document_id)) == 1


def test_the_answer_signs_the_document_and_the_records_office_finds_it(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    approved = main_bytes(asked.document_id)
    with audited() as log:
        card = signing.deliver_signature(
            actor=cast.a.leader,
            pending_id=asked.id,
            signature=answer_of(token, cast.a.leader, asked.id),
            now=now + MINUTE,
        )
    assert card.status is PendingStatus.DONE
    assert state_of(asked.document_id) is State.SIGNED
    assert main_bytes(asked.document_id).startswith(approved)
    document = record_of(asked.document_id)
    assert document.main_sha256 == card.sha256_result
    verdict = check_file(actor=cast.a.clerk, sha256=document.main_sha256, now=now + MINUTE)
    assert verdict.verdict is Verdict.VALID
    assert desks(asked.document_id) == {(holder_of_office(cast.a.id), Queue.TO_NUMBER)}
    for verb in ("signing.pending.answer", "drafting.draft.sign", "signing.signature.record"):
        assert log.by(verb)
    demand_true_counters()


def test_a_repeated_answer_changes_nothing(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    signature = answer_of(token, cast.a.leader, asked.id)
    arguments: dict[str, Any] = {"actor": cast.a.leader, "pending_id": asked.id, "signature": signature}
    first = signing.deliver_signature(**arguments, now=now)
    again = signing.deliver_signature(**arguments, now=now + 60 * MINUTE)
    assert again == first
    assert len(signatures_of(asked.document_id)) == 1


def test_a_wrong_signature_is_refused_and_the_question_waits_on(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    with refused("signing.remote.wrong-signature", kind=SigningFailed):
        signing.deliver_signature(
            actor=cast.a.leader, pending_id=asked.id, signature=token.sign_hash(bytes(32)), now=now
        )
    assert question(asked.document_id).status is PendingStatus.WAITING
    assert state_of(asked.document_id) is State.AWAITING_SIGNATURE


def test_the_key_of_somebody_else_does_not_sign_for_the_leader(
    cast: Cast, asked: PendingCard, now: datetime
) -> None:
    stranger = a_token_of(cast.a.deputy, cast.a, now=now)
    with refused("signing.remote.wrong-signature", kind=SigningFailed):
        signing.deliver_signature(
            actor=cast.a.leader,
            pending_id=asked.id,
            signature=answer_of(stranger, cast.a.leader, asked.id),
            now=now,
        )


@pytest.mark.parametrize("who", ["officer", "head", "checker"])
def test_nobody_completes_what_another_was_asked(
    cast: Cast, asked: PendingCard, token: Token, now: datetime, who: str
) -> None:
    actor = getattr(cast.a, who)
    with refused("signing.pending.not-yours", kind=NotPermitted):
        signing.deliver_signature(
            actor=actor, pending_id=asked.id, signature=answer_of(token, actor, asked.id), now=now
        )
    with refused("signing.pending.not-yours", kind=NotPermitted):
        signing.give_up(actor=actor, pending_id=asked.id, now=now)


def test_a_stranger_does_not_find_the_question(cast: Cast, asked: PendingCard, now: datetime) -> None:
    with refused("document.not-found", kind=NotVisible):
        signing.deliver_signature(actor=cast.outsider, pending_id=asked.id, signature=b"x", now=now)


def test_an_answer_that_comes_too_late_is_refused_before_and_after_the_sweep(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    late = asked.expires_at + timedelta(seconds=1)
    signature = answer_of(token, cast.a.leader, asked.id)
    with refused("signing.pending.expired", kind=NotReady):
        signing.deliver_signature(actor=cast.a.leader, pending_id=asked.id, signature=signature, now=late)
    assert signing.expire_waiting(now=late) == 1
    assert signing.expire_waiting(now=late) == 0
    assert question(asked.document_id).status is PendingStatus.EXPIRED
    with refused("signing.pending.illegal-move", kind=IllegalMove):
        signing.deliver_signature(actor=cast.a.leader, pending_id=asked.id, signature=signature, now=late)


def test_after_giving_up_the_leader_may_ask_again(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    signing.give_up(actor=cast.a.leader, pending_id=asked.id, now=now)
    signing.give_up(actor=cast.a.leader, pending_id=asked.id, now=now)
    assert question(asked.document_id).status is PendingStatus.REFUSED
    drafting.sign_draft(actor=cast.a.leader, document_id=asked.document_id, now=now)
    anew = question(asked.document_id)
    assert anew.id != asked.id
    signing.deliver_signature(
        actor=cast.a.leader,
        pending_id=anew.id,
        signature=answer_of(token, cast.a.leader, anew.id),
        now=now,
    )
    assert state_of(asked.document_id) is State.SIGNED


def test_asking_again_for_the_same_bytes_finds_the_same_question(
    cast: Cast, asked: PendingCard, now: datetime
) -> None:
    drafting.sign_draft(actor=cast.a.leader, document_id=asked.document_id, now=now + MINUTE)
    assert question(asked.document_id).id == asked.id
    assert PendingSignature.objects.filter(document_id=asked.document_id).count() == 1


def test_a_draft_that_was_returned_meanwhile_is_not_signed(
    cast: Cast, asked: PendingCard, token: Token, now: datetime
) -> None:
    drafting.return_draft(actor=cast.a.leader, document_id=asked.document_id, reason="Sửa", now=now)
    with pytest.raises((IllegalMove, NotReady)):
        signing.deliver_signature(
            actor=cast.a.leader,
            pending_id=asked.id,
            signature=answer_of(token, cast.a.leader, asked.id),
            now=now,
        )
    assert state_of(asked.document_id) is State.DRAFT
    assert signatures_of(asked.document_id) == ()


def test_a_token_leads_to_its_one_question_while_it_waits(
    cast: Cast, asked: PendingCard, now: datetime
) -> None:
    first = signing.give_token(actor=cast.a.leader, pending_id=asked.id, now=now)
    second = signing.give_token(actor=cast.a.leader, pending_id=asked.id, now=now)
    assert pending_by_token(second).id == asked.id
    with refused("signing.pending.not-found", kind=NotVisible):
        pending_by_token(first)
    assert second not in str(PendingSignature.objects.values().get(pk=asked.id))
    signing.give_up(actor=cast.a.leader, pending_id=asked.id, now=now)
    with refused("signing.pending.not-found", kind=NotVisible):
        pending_by_token(second)


def test_the_clerk_numbers_asks_the_seal_and_the_answer_resumes_the_issue(cast: Cast, now: datetime) -> None:
    """D10: the number is given once and kept."""
    token = a_seal_token_of(cast.a, now=now)
    document_id = a_signed_document(cast)
    outcome = registry.issue_in_one_act(
        actor=cast.a.clerk, document_id=document_id, hold=timedelta(seconds=60), now=now
    )
    assert outcome is SigningOutcome.WAITING
    assert entry_state(document_id) is OutgoingState.FILLED
    asked = question(document_id, SignatureKind.AGENCY)
    arguments: dict[str, Any] = {
        "actor": cast.a.clerk,
        "pending_id": asked.id,
        "signature": answer_of(token, cast.a.clerk, asked.id),
    }
    signing.deliver_signature(**arguments, now=now + MINUTE)
    signing.deliver_signature(**arguments, now=now + 2 * MINUTE)

    card = outgoing_card(document_id)
    assert card is not None
    assert (card.state, card.leaves_at) == (OutgoingState.SEALED, now + 2 * MINUTE)
    assert [row.kind for row in signatures_of(document_id)] == ["personal", "agency"]
    assert record_of(document_id).verdict == Verdict.VALID
    assert Job.objects.filter(kind="registry.leave").count() == 1
    leaves_at = now + 2 * MINUTE
    registry.leave_when_due(document_id=document_id, leaves_at=leaves_at.isoformat(), now=leaves_at)
    assert entry_state(document_id) is OutgoingState.ISSUED
    assert next_number(outgoing_series(cast.a.id, "cong_van").pk, 2026) == 2
    demand_true_counters()


def test_a_seal_that_was_not_given_in_time_keeps_number_and_date(cast: Cast, now: datetime) -> None:
    """D10: a failure keeps the number and resumes."""
    token = a_seal_token_of(cast.a, now=now)
    document_id = a_signed_document(cast)
    registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=now)
    number = record_of(document_id).full_number
    later = now + 60 * MINUTE
    signing.expire_waiting(now=later)
    assert (
        registry.issue_in_one_act(actor=cast.a.clerk, document_id=document_id, now=later)
        is SigningOutcome.WAITING
    )
    asked = question(document_id, SignatureKind.AGENCY)
    signing.deliver_signature(
        actor=cast.a.clerk,
        pending_id=asked.id,
        signature=answer_of(token, cast.a.clerk, asked.id),
        now=later,
    )
    assert record_of(document_id).full_number == number
    assert entry_state(document_id) is OutgoingState.SEALED


def test_the_agencys_seal_is_completed_by_the_clerk_who_asked_only(cast: Cast, now: datetime) -> None:
    """M6: Văn thư personally (NĐ30 Đ.32.2)."""
    token = a_seal_token_of(cast.a, now=now)
    document_id = a_filled_document(cast)
    registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    asked = question(document_id, SignatureKind.AGENCY)
    with refused("signing.pending.not-yours", kind=NotPermitted):
        signing.deliver_signature(
            actor=cast.a.leader,
            pending_id=asked.id,
            signature=answer_of(token, cast.a.leader, asked.id),
            now=now,
        )
    assert entry_state(document_id) is OutgoingState.FILLED


def test_a_number_that_was_voided_meanwhile_is_not_sealed(cast: Cast, now: datetime) -> None:
    token = a_seal_token_of(cast.a, now=now)
    document_id = a_filled_document(cast)
    registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    asked = question(document_id, SignatureKind.AGENCY)
    registry.void_number(actor=cast.a.leader, document_id=document_id, reason="Sai", now=now)
    with pytest.raises(IllegalMove):
        signing.deliver_signature(
            actor=cast.a.clerk,
            pending_id=asked.id,
            signature=answer_of(token, cast.a.clerk, asked.id),
            now=now,
        )
    assert entry_state(document_id) is OutgoingState.VOIDED
