"""Rules M6, M7 and M8 on real files and real people: who signs, after whom, and what has legal value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft
from tests.factories.registry import a_filled_document
from tests.proof import refused
from tests.signing.conftest import Letter, Pki, agency_request, check
from vanthu.documents import operations as documents
from vanthu.documents.queries import main_bytes
from vanthu.documents.rules.kinds import FileStage
from vanthu.drafting import operations as drafting
from vanthu.kernel.actor import Actor, system_actor
from vanthu.kernel.errors import NotPermitted, NotReady, NotVisible
from vanthu.organizations.rules.authority import AuthorityFacts
from vanthu.registry import operations as registry
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.readiness import ArrivalFacts, unmet_for_accepting, unmet_for_sealing
from vanthu.registry.rules.states import OutgoingState
from vanthu.signing.models import SignatureMade
from vanthu.signing.rules.acceptance import Acceptance, acceptance

TODAY = date(2026, 11, 20)


def state_of(document_id: int) -> OutgoingState:
    card = outgoing_card(document_id)
    assert card is not None
    return card.state


def test_m6_the_seal_needs_the_signature_of_the_very_person_who_signed_with_authority(
    cast: Cast, now: datetime
) -> None:
    """M6: another's valid signature does not stand for his. Norm: NĐ30 Đ.32.2d."""
    document_id = a_filled_document(cast)
    other = a_checked_draft(cast, signer_post_id=cast.a.deputy.post_id)
    drafting.sign_draft(actor=cast.a.deputy, document_id=other, now=now)
    swapped = documents.store_file(main_bytes(other), name="khac.pdf", stage=FileStage.NUMBERED)
    documents.add_file(actor=cast.a.clerk, document_id=document_id, file=swapped, now=now)
    checked = ("signing.FileCheck", "audit.AuditEvent", "audit.ChainHead")
    with refused("registry.outgoing.not-the-signers", kind=NotReady, but=checked):
        registry.seal_outgoing(actor=cast.a.clerk, document_id=document_id, now=now)
    assert state_of(document_id) is OutgoingState.FILLED


def test_m6_a_file_without_or_with_a_broken_personal_signature_is_not_sealed(
    pki: Pki, letter: Letter
) -> None:
    """M6. Norm: NĐ30 Đ.32.2d."""
    at = letter.filled.index(b"stream\n") + 20
    broken = letter.filled[:at] + bytes([letter.filled[at] ^ 1]) + letter.filled[at + 1 :]
    sealed_alone = pki.backend(pki.agency).sign(letter.draft, agency_request())
    found = [
        [violation.code for violation in unmet_for_sealing(check(pki, pdf))]
        for pdf in (letter.draft, broken, sealed_alone, letter.filled)
    ]
    assert found == [
        ["registry.outgoing.no-personal-signature"],
        ["registry.outgoing.bad-personal-signature"],
        ["registry.outgoing.no-personal-signature"],
        [],
    ]


@pytest.mark.parametrize("who", ["leader", "officer", "head", "checker", "system"])
def test_m6_nobody_but_the_clerk_in_person_uses_the_agencys_key(cast: Cast, now: datetime, who: str) -> None:
    """M6: not the head, and nothing unattended. Norm: NĐ30 Đ.32.2c; decision D24."""
    document_id = a_filled_document(cast)
    actor: Actor = system_actor(cast.a.id) if who == "system" else getattr(cast.a, who)
    with pytest.raises((NotPermitted, NotVisible)) as refusal:
        registry.seal_outgoing(actor=actor, document_id=document_id, now=now)
    assert refusal.value.code in {"registry.not-clerk", "document.not-found"}
    assert state_of(document_id) is OutgoingState.FILLED
    assert SignatureMade.objects.filter(document_id=document_id, kind="agency").count() == 0


def test_m7_legal_value_takes_both_signatures(pki: Pki, letter: Letter) -> None:
    """M7. Norm: NĐ30 Đ.5.1."""
    agency_alone = pki.backend(pki.agency).sign(letter.draft, agency_request())
    verdicts = [check(pki, pdf) for pdf in (letter.draft, letter.filled, agency_alone, letter.issued)]
    assert [acceptance(verdict) for verdict in verdicts] == [
        Acceptance.REFERENCE_ONLY,
        Acceptance.REFERENCE_ONLY,
        Acceptance.REFERENCE_ONLY,
        Acceptance.OK,
    ]
    codes = [
        [row.code for row in unmet_for_accepting(ArrivalFacts(verdict, False, False, False))]
        for verdict in verdicts
    ]
    assert codes == [["registry.incoming.not-an-original"]] * 3 + [[]]


def delegation(**changes: object) -> AuthorityFacts:
    """TUQ as it must be: written, for some types, for some time."""
    proper = AuthorityFacts(
        id=1,
        post_id=1,
        capacity=("TUQ",),
        title_lines=("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"),
        issuer="",
        doc_types=frozenset({"thong_bao"}),
        valid_from=TODAY - timedelta(days=10),
        valid_to=TODAY + timedelta(days=10),
        basis="Giấy ủy quyền số 05/GUQ-SNV",
    )
    return replace(proper, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "doc_type", "covered"),
    [
        (delegation(), "thong_bao", True),
        (delegation(basis=" "), "thong_bao", False),
        (delegation(valid_to=None), "thong_bao", False),
        (delegation(valid_to=TODAY - timedelta(days=1)), "thong_bao", False),
        (delegation(valid_from=TODAY + timedelta(days=1)), "thong_bao", False),
        (delegation(), "quyet_dinh", False),
        (delegation(capacity=("TUQ", "KT")), "thong_bao", False),
        (delegation(capacity=("TUQ", "TUQ")), "thong_bao", False),
        (delegation(capacity=("TM",), valid_to=None, basis=""), "thong_bao", True),
    ],
    ids=[
        "proper",
        "not-written",
        "without-end",
        "lapsed",
        "not-yet",
        "another-content",
        "handed-to-a-deputy",
        "handed-on",
        "own-authority",
    ],
)
def test_m8_a_delegation_is_written_limited_and_not_handed_on(
    row: AuthorityFacts, doc_type: str, covered: bool
) -> None:
    """M8. Norm: NĐ30 Đ.13.3."""
    assert row.covers(doc_type=doc_type, on=TODAY) is covered


def test_m8_whoever_the_table_does_not_name_can_neither_be_proposed_nor_sign(
    cast: Cast, now: datetime
) -> None:
    """M8. Norm: NĐ30 Đ.13."""
    with refused("drafting.signer.unknown", kind=NotReady):
        a_checked_draft(cast, signer_post_id=cast.a.officer.post_id)
    document_id = a_checked_draft(cast)
    with pytest.raises(NotPermitted, match=r"drafting\.draft\.not-signer"):
        drafting.sign_draft(actor=cast.a.head, document_id=document_id, now=now)
