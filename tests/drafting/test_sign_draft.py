"""The personal signature: what was approved, by whom the table of authority names, and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft, a_signed_document
from tests.proof import audited, demand_true_counters, desks, refused
from vanthu.documents.queries import files_of, is_visible, main_bytes, record_of
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card, steps_of
from vanthu.drafting.rules.states import Move, State
from vanthu.kernel.actor import holder_of_office
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.organizations.models import SigningAuthority
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.states import OutgoingState
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import check_file
from vanthu.signing.queries import signatures_of
from vanthu.signing.rules.verdicts import Verdict


def test_the_leader_signs_and_the_records_office_finds_it(cast: Cast, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    approved = main_bytes(document_id)
    with audited() as log:
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, version=4, now=now)

    assert main_bytes(document_id).startswith(approved)
    assert [file.stage for file in files_of(document_id)] == [FileStage.DRAFT, FileStage.SIGNED]
    card, entry = draft_card(document_id), outgoing_card(document_id)
    assert card is not None
    assert entry is not None
    assert (card.state, card.signed_at) == (State.SIGNED, now)
    assert (entry.state, entry.signed_at) == (OutgoingState.SIGNED, now)
    assert steps_of(document_id)[-1].move is Move.SIGN
    (signature,) = signatures_of(document_id)
    assert (signature.kind, signature.signer_name) == ("personal", cast.a.leader.name)
    assert signature.responsibility.startswith("GIÁM ĐỐC")
    assert desks(document_id) == {(holder_of_office(cast.a.id), Queue.TO_NUMBER)}
    assert is_visible(cast.a.clerk, document_id)
    for verb in ("drafting.draft.sign", "signing.signature.record", "registry.outgoing.open"):
        assert log.by(verb)
    demand_true_counters()


def test_the_signature_is_valid_for_whoever_checks_the_file(cast: Cast, now: datetime) -> None:
    document = record_of(a_signed_document(cast))
    verdict = check_file(actor=cast.a.clerk, sha256=document.main_sha256, now=now)

    assert verdict.verdict is Verdict.VALID
    assert [(finding.kind, finding.signer.name) for finding in verdict.signatures] == [
        ("personal", cast.a.leader.name)
    ]


def test_a_second_click_does_not_sign_twice(cast: Cast, now: datetime) -> None:
    document_id = a_signed_document(cast)
    with refused("drafting.draft.illegal-move", kind=IllegalMove):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)


@pytest.mark.parametrize("who", ["head", "checker", "officer"])
def test_nobody_signs_for_the_signer(cast: Cast, now: datetime, who: str) -> None:
    document_id = a_checked_draft(cast)
    with refused("drafting.draft.not-signer", kind=NotPermitted):
        drafting.sign_draft(actor=getattr(cast.a, who), document_id=document_id, now=now)


@pytest.mark.parametrize("who", ["deputy", "clerk", "assistant"])
def test_whoever_was_not_given_the_draft_does_not_find_it(cast: Cast, now: datetime, who: str) -> None:
    document_id = a_checked_draft(cast)
    with refused("document.not-found", kind=NotVisible):
        drafting.sign_draft(actor=getattr(cast.a, who), document_id=document_id, now=now)


def test_a_stale_form_is_not_signed(cast: Cast, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    with refused("document.stale", kind=StaleVersion):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, version=1, now=now)


def test_authority_that_ended_meanwhile_no_longer_signs(cast: Cast, now: datetime) -> None:
    """M8."""
    document_id = a_checked_draft(cast)
    rows = SigningAuthority.objects.filter(post_id=cast.a.leader.post_id)
    rows.update(valid_to=now.date() - timedelta(days=1))
    with refused("drafting.draft.no-authority", kind=NotReady):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)


def test_the_deputy_signs_for_the_head_and_says_so(cast: Cast, now: datetime) -> None:
    document_id = a_checked_draft(cast, signer_post_id=cast.a.deputy.post_id)
    drafting.sign_draft(actor=cast.a.deputy, document_id=document_id, now=now)
    assert signatures_of(document_id)[0].responsibility.startswith("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC")


def test_a_written_delegation_covers_its_types_and_days_only(cast: Cast, now: datetime) -> None:
    """NĐ30 Đ.13.3."""
    head = cast.b.head.post_id
    document_id = a_checked_draft(
        cast, sender=cast.b, to=(cast.a.code,), type_code="thong_bao", signer_post_id=head
    )
    SigningAuthority.objects.filter(post_id=head, valid_to=date(2026, 12, 31)).update(valid_to=now.date())
    tomorrow = now + timedelta(days=1)
    with refused("drafting.draft.no-authority", kind=NotReady):
        drafting.sign_draft(actor=cast.b.head, document_id=document_id, now=tomorrow)
    drafting.sign_draft(actor=cast.b.head, document_id=document_id, now=now)
    assert "TUQ." in signatures_of(document_id)[0].responsibility


def test_without_a_key_nothing_is_signed(cast: Cast, now: datetime, settings: LazySettings) -> None:
    """An installation that is no demonstration makes no keys."""
    document_id = a_checked_draft(cast)
    SigningKey.objects.filter(owner=f"person:{cast.a.leader.user_id}").delete()
    settings.VANTHU_DEMO = False
    with refused("signing.key.missing", kind=NotReady):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
