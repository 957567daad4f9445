"""Arrival, verdict, refusal, consent, acceptance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_registered_document, an_accepted_document
from tests.factories.signing import Letter
from tests.proof import audited, demand_true_counters, desks, queues_with, refused
from vanthu.documents.queries import is_visible, record_of
from vanthu.exchange.queries import answers_sent
from vanthu.exchange.rules.statuses import StatusCode
from vanthu.foundation import worker
from vanthu.foundation.models import Job
from vanthu.kernel.actor import Role, Urgency, holder_of_office, holder_of_post
from vanthu.kernel.errors import IllegalMove, NotPermitted, NotReady, NotVisible, StaleVersion
from vanthu.organizations.models import PostRole
from vanthu.queues.rules.catalogue import Queue
from vanthu.registry import operations as registry
from vanthu.registry.operations import RegistrationOrder
from vanthu.registry.queries import arrival_series, incoming_card, incoming_moves, next_number
from vanthu.registry.rules.states import IncomingMove, IncomingState, RefusalReason
from vanthu.signing.rules.verdicts import Verdict

MUST_REFUSE = [
    Verdict.INVALID_INTEGRITY,
    Verdict.INVALID_CHAIN,
    Verdict.REVOKED,
    Verdict.EXPIRED_AT_SIGNING,
    Verdict.WRONG_SUBJECT,
]
DOUBTFUL = [Verdict.INDETERMINATE, Verdict.MODIFIED_AFTER, Verdict.VALID_NO_TSA]


def statuses(document_id: int) -> list[tuple[StatusCode, str]]:
    return [(row.code, row.description) for row in answers_sent(document_id)]


def test_an_arrival_waits_at_the_records_office_with_its_limit(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    card = incoming_card(document_id)
    assert card is not None
    assert (card.state, card.arrived_at, card.arrival_number) == (IncomingState.ARRIVED, now, None)
    assert card.due_at == datetime(2026, 11, 23, 17, 0, tzinfo=now.tzinfo)
    assert card.due_trace
    assert desks(document_id) == {(holder_of_office(cast.b.id), Queue.TO_RECEIVE)}
    seeing = {actor for actor in cast.everybody if is_visible(actor, document_id)}
    assert seeing == {cast.b.clerk}
    demand_true_counters()


def test_an_unchecked_arrival_is_checked_by_a_job_and_cannot_be_accepted_before(
    cast: Cast, now: datetime
) -> None:
    """M14."""
    document_id = an_arrival(cast, verdict=None)
    with refused("registry.incoming.not-verified", kind=NotReady):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)

    with audited() as log:
        worker.run_all(now=lambda: now)
    assert record_of(document_id).verdict == Verdict.VALID
    assert log.by("registry.incoming.note-verdict").detail == {"verdict": "VALID"}
    registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_noting_the_same_verdict_again_leaves_no_trace(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with audited() as log:
        registry.note_verdict(actor=cast.b.clerk, document_id=document_id, now=now)
    assert log.events == []


def test_acceptance_tells_the_sender_and_brings_it_to_registration(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with audited() as log:
        number = registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, version=1, now=now)

    card = incoming_card(document_id)
    assert card is not None
    assert (number, card.state, card.accepted_at) == (None, IncomingState.ACCEPTED, now)
    assert statuses(document_id) == [(StatusCode.ACCEPTED, "")]
    assert queues_with(document_id) == {Queue.TO_REGISTER}
    assert log.by("registry.incoming.accept").detail["verdict"] == "VALID"
    demand_true_counters()


def test_accepting_and_registering_in_one_act_says_the_number(cast: Cast, now: datetime) -> None:
    """D25: status 03 carries the số đến when it was given in the same act."""
    document_id = an_arrival(cast)
    number = registry.accept_arrival(
        actor=cast.b.clerk, document_id=document_id, registration=RegistrationOrder(), now=now
    )
    assert number == 1
    assert statuses(document_id) == [(StatusCode.ACCEPTED, "Số đến 1")]
    assert queues_with(document_id) == {Queue.TO_SUBMIT}
    demand_true_counters()


def test_a_registration_that_fails_takes_the_acceptance_with_it(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with refused("registry.incoming.number-missing", kind=NotReady):
        registry.accept_arrival(
            actor=cast.b.clerk,
            document_id=document_id,
            registration=RegistrationOrder(full_number=" "),
            now=now,
        )
    assert next_number(arrival_series(cast.b.id).pk, 2026) == 1


@pytest.mark.parametrize("verdict", MUST_REFUSE)
@pytest.mark.parametrize("as_reference", [True, False])
def test_what_must_be_returned_is_not_accepted(
    cast: Cast, now: datetime, verdict: Verdict, as_reference: bool
) -> None:
    """D40: no role overrides these, not even with consent."""
    document_id = an_arrival(cast, verdict=verdict)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Nhận không?", now=now)
    registry.give_consent(actor=cast.b.chief, document_id=document_id, reason="Nhận", now=now)
    with refused("registry.incoming.must-refuse", kind=NotReady):
        registry.accept_arrival(
            actor=cast.b.clerk, document_id=document_id, as_reference=as_reference, now=now
        )


@pytest.mark.parametrize("verdict", DOUBTFUL)
def test_a_doubtful_signature_is_accepted_with_the_chiefs_consent_only(
    cast: Cast, now: datetime, verdict: Verdict
) -> None:
    document_id = an_arrival(cast, verdict=verdict)
    with refused("registry.incoming.consent-missing", kind=NotReady):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)

    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    assert desks(document_id) == {
        (holder_of_office(cast.b.id), Queue.TO_RECEIVE),
        (holder_of_post(cast.b.chief.post_id or 0), Queue.TO_CONSENT),
    }
    demand_true_counters()
    with audited() as log:
        registry.give_consent(actor=cast.b.chief, document_id=document_id, reason="Đã gọi bên gửi", now=now)
    assert "registry.incoming.consent" in log.verbs
    assert queues_with(document_id) == {Queue.TO_RECEIVE}
    card = incoming_card(document_id)
    assert card is not None
    assert cast.b.chief.name in card.consent_by
    assert card.consent_reason == "Đã gọi bên gửi"

    registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)
    demand_true_counters()


def test_asking_again_takes_an_earlier_consent_back(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    registry.give_consent(actor=cast.b.chief, document_id=document_id, reason="Nhận", now=now)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Hỏi lại", now=now)
    with refused("registry.incoming.consent-missing", kind=NotReady):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_consent_is_asked_with_a_question_and_given_with_a_reason(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    with refused("registry.incoming.reason-missing", kind=NotReady):
        registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question=" ", now=now)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    with refused("registry.incoming.reason-missing", kind=NotReady):
        registry.give_consent(actor=cast.b.chief, document_id=document_id, reason="", now=now)


def test_the_clerk_cannot_consent_to_what_he_asked(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    with refused("registry.incoming.consent-needs-chief", kind=NotPermitted):
        registry.give_consent(actor=cast.b.clerk, document_id=document_id, reason="Nhận", now=now)


def test_without_an_office_chief_nobody_can_be_asked(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    PostRole.objects.filter(post__agency_id=cast.b.id, role=Role.OFFICE_CHIEF).delete()
    with refused("registry.incoming.no-chief", kind=NotReady):
        registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)


def test_an_arrival_refused_or_accepted_after_the_question_leaves_the_chiefs_desk(
    cast: Cast, now: datetime
) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    registry.refuse_arrival(
        actor=cast.b.clerk, document_id=document_id, reason=RefusalReason.BAD_SIGNATURE, text="Lỗi", now=now
    )
    assert queues_with(document_id) == set()
    demand_true_counters()


@pytest.mark.parametrize("verdict", [Verdict.UNSIGNED, Verdict.UNREADABLE])
def test_an_unsigned_one_is_taken_for_reference_only(cast: Cast, now: datetime, verdict: Verdict) -> None:
    document_id = an_arrival(cast, verdict=verdict)
    with refused("registry.incoming.not-an-original", kind=NotReady):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)
    registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, as_reference=True, now=now)
    card = incoming_card(document_id)
    assert card is not None
    assert card.as_reference


def test_a_refusal_says_why_and_reaches_the_sender(cast: Cast, now: datetime) -> None:
    """M15."""
    document_id = an_arrival(cast)
    with audited() as log:
        registry.refuse_arrival(
            actor=cast.b.clerk,
            document_id=document_id,
            reason=RefusalReason.WRONG_RECIPIENT,
            text=" Thuộc Sở Y tế ",
            version=1,
            now=now,
        )

    card = incoming_card(document_id)
    assert card is not None
    assert (card.state, card.refusal, card.refusal_text) == (
        IncomingState.REFUSED,
        RefusalReason.WRONG_RECIPIENT,
        "Thuộc Sở Y tế",
    )
    assert statuses(document_id) == [(StatusCode.REFUSED, "Sai nơi nhận: Thuộc Sở Y tế")]
    assert desks(document_id) == set()
    assert Job.objects.filter(kind="exchange.send_status").exists()
    assert log.by("registry.incoming.refuse").detail["reason"] == "WRONG_RECIPIENT"
    demand_true_counters()


def test_a_refusal_without_a_reason_is_none(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast)
    with refused("registry.incoming.reason-missing", kind=NotReady):
        registry.refuse_arrival(
            actor=cast.b.clerk, document_id=document_id, reason=RefusalReason.DUPLICATE, text="", now=now
        )


def test_what_was_refused_or_accepted_is_not_refused_again(cast: Cast, now: datetime) -> None:
    words = {"reason": RefusalReason.WRONG_FORM, "text": "Sai thể thức"}
    document_id = an_accepted_document(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.refuse_arrival(actor=cast.b.clerk, document_id=document_id, now=now, **words)
    document_id = an_arrival(cast)
    registry.refuse_arrival(actor=cast.b.clerk, document_id=document_id, now=now, **words)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_a_second_click_on_accept_is_refused(cast: Cast, now: datetime) -> None:
    document_id = an_accepted_document(cast)
    with refused("registry.incoming.illegal-move", kind=IllegalMove):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, now=now)


def test_a_stale_form_accepts_nothing(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    with refused("document.stale", kind=StaleVersion):
        registry.accept_arrival(actor=cast.b.clerk, document_id=document_id, version=1, now=now)


def test_only_the_clerk_of_the_receiver_acts(cast: Cast, now: datetime) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    registry.ask_consent(actor=cast.b.clerk, document_id=document_id, question="Xin ý kiến", now=now)
    with refused("registry.not-clerk", kind=NotPermitted):
        registry.accept_arrival(actor=cast.b.chief, document_id=document_id, now=now)
    for stranger in (cast.a.clerk, cast.b.leader, cast.b.officer, cast.outsider, cast.city_admin):
        with refused("document.not-found", kind=NotVisible):
            registry.accept_arrival(actor=stranger, document_id=document_id, now=now)


def test_the_buttons_of_an_arrival_are_what_the_operations_allow(cast: Cast, now: datetime) -> None:
    card = incoming_card(an_arrival(cast))
    assert card is not None

    def allowed(actor: object) -> set[IncomingMove]:
        return {move for move, decision in incoming_moves(actor, card) if decision}  # type: ignore[arg-type]

    assert allowed(cast.b.clerk) == {IncomingMove.REFUSE, IncomingMove.ASK_CONSENT, IncomingMove.ACCEPT}
    assert allowed(cast.b.chief) == {IncomingMove.CONSENT}
    assert allowed(cast.a.clerk) == set()


def test_an_urgent_arrival_is_due_within_the_hour_and_stands_first(cast: Cast, now: datetime) -> None:
    card = incoming_card(an_arrival(cast, urgency=Urgency.URGENT))
    assert card is not None
    assert card.due_at == now + timedelta(minutes=60)


def test_a_scan_is_accepted_as_it_is_taken_in(cast: Cast, now: datetime, letter: Letter) -> None:
    from vanthu.documents.operations import store_file

    order = RegistrationOrder(subject="Đơn kiến nghị", full_number="05/KN", issuer_name="Ban Trình Diễn")
    file = store_file(letter.draft, name="scan.pdf", page_count=1)
    with audited() as log:
        document_id = registry.intake_scan(actor=cast.b.clerk, order=order, file=file, now=now)

    card = incoming_card(document_id)
    assert card is not None
    assert (card.state, card.is_scan) == (IncomingState.ACCEPTED, True)
    assert queues_with(document_id) == {Queue.TO_REGISTER}
    assert {"registry.incoming.intake-scan", "registry.incoming.take"} <= set(log.verbs)
    registry.register_arrival(actor=cast.b.clerk, document_id=document_id, order=RegistrationOrder(), now=now)
    assert statuses(document_id) == []
    demand_true_counters()


@pytest.mark.parametrize(
    ("order", "codes"),
    [
        (RegistrationOrder(full_number="05/KN"), ["registry.incoming.subject-missing"]),
        (RegistrationOrder(subject="Đơn"), ["registry.incoming.number-missing"]),
        (RegistrationOrder(), ["registry.incoming.subject-missing", "registry.incoming.number-missing"]),
        (RegistrationOrder(subject="(TUYỆT MẬT)", full_number="05/KN"), ["documents.secret"]),
    ],
    ids=["subject", "number", "both", "M32-secret"],
)
def test_a_scan_without_its_fields_is_not_taken_in(
    cast: Cast, now: datetime, letter: Letter, order: RegistrationOrder, codes: list[str]
) -> None:
    from vanthu.documents.operations import store_file

    file = store_file(letter.draft, name="scan.pdf")
    with refused(*codes, kind=NotReady):
        registry.intake_scan(actor=cast.b.clerk, order=order, file=file, now=now)


def test_only_the_clerk_takes_scans_in(cast: Cast, now: datetime, letter: Letter) -> None:
    from vanthu.documents.operations import store_file

    file = store_file(letter.draft, name="scan.pdf")
    with refused("registry.not-clerk", kind=NotPermitted):
        registry.intake_scan(
            actor=cast.b.officer, order=RegistrationOrder(subject="Đơn", full_number="1"), file=file, now=now
        )


def test_a_registered_document_shows_its_submission_as_the_only_next_step(cast: Cast) -> None:
    card = incoming_card(a_registered_document(cast))
    assert card is not None
    assert [move for move, decision in incoming_moves(cast.b.clerk, card) if decision] == [
        IncomingMove.SUBMIT
    ]
