"""Remote signing in the flow: a PIN typed here, or a confirmation on the signer's telephone that is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft
from tests.factories.keys import Token, a_token_of
from tests.proof import audited, refused
from tests.signing.csc_server import PASSWORD, PIN, USER, Credential, CscService, serving
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.foundation import jobs
from vanthu.foundation.models import Job, JobState
from vanthu.kernel.errors import NotReady
from vanthu.signing.backends import SigningFailed
from vanthu.signing.operations import KeySecrets, demo_authority
from vanthu.signing.queries import key_card, last_pending, signatures_of
from vanthu.signing.rules.kinds import KeyPlace, SignatureKind, SigningOutcome
from vanthu.signing.rules.pending import PendingStatus

NAME = "khoa-lanh-dao"
SECOND = timedelta(seconds=1)


def state_of(document_id: int) -> State:
    card = draft_card(document_id)
    assert card is not None
    return card.state


def status_of(document_id: int) -> tuple[PendingStatus, str]:
    card = last_pending(document_id, SignatureKind.PERSONAL)
    assert card is not None
    return card.status, card.reason


def serve(token: Token, now: datetime, settings: LazySettings, **options: object) -> CscService:
    credential = Credential(token.key, [token.certificate, demo_authority(now).chain[0]], **options)  # type: ignore[arg-type]
    settings.VANTHU_CSC_USER, settings.VANTHU_CSC_PASSWORD = USER, PASSWORD
    return CscService({NAME: credential})


@pytest.fixture
def telephone(cast: Cast, now: datetime, settings: LazySettings) -> Iterator[CscService]:
    """The leader's key is at a service that asks him on his telephone."""
    token = a_token_of(
        cast.a.leader, cast.a, place=KeyPlace.REMOTE, now=now, credential=NAME, auth="implicit"
    )
    with serving(serve(token, now, settings, auth_mode="implicit", asks_pin=False)) as service:
        settings.VANTHU_CSC_URL = service.url
        yield service


@pytest.fixture
def typed(cast: Cast, now: datetime, settings: LazySettings) -> Iterator[CscService]:
    """The leader's key is at a service that wants a PIN."""
    token = a_token_of(
        cast.a.leader, cast.a, place=KeyPlace.REMOTE, now=now, credential=NAME, auth="explicit"
    )
    with serving(serve(token, now, settings)) as service:
        settings.VANTHU_CSC_URL = service.url
        yield service


def ask(cast: Cast, now: datetime) -> int:
    document_id = a_checked_draft(cast)
    outcome = drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
    assert outcome is SigningOutcome.WAITING
    return document_id


def work(now: datetime) -> None:
    """One round of the worker over what asks the service."""
    for lease in jobs.claim(now=now, limit=50):
        if lease.kind == "signing.ask_remote":
            jobs.run(lease, now=now)


def asking() -> Job:
    return Job.objects.get(kind="signing.ask_remote")


def test_the_worker_asks_until_the_signer_has_confirmed_then_the_document_is_signed(
    cast: Cast, telephone: CscService, now: datetime
) -> None:
    document_id = ask(cast, now)
    work(now)
    assert (asking().state, status_of(document_id)[0]) == (JobState.READY, PendingStatus.WAITING)
    telephone.confirmed.set()
    with audited() as log:
        work(now + 5 * SECOND)
    assert asking().state == JobState.DONE
    assert status_of(document_id) == (PendingStatus.DONE, "")
    assert state_of(document_id) is State.SIGNED
    assert len(signatures_of(document_id)) == 1
    assert log.by("drafting.draft.sign").actor_name == cast.a.leader.name


def test_a_refusal_on_the_telephone_ends_the_question(
    cast: Cast, telephone: CscService, now: datetime
) -> None:
    document_id = ask(cast, now)
    telephone.misbehave("credentials/authorize", "error:access_denied:")
    work(now)
    assert status_of(document_id) == (PendingStatus.REFUSED, "signing.csc.cancelled")
    assert asking().state == JobState.DONE
    assert state_of(document_id) is State.AWAITING_SIGNATURE


def test_a_service_that_is_away_is_asked_again(cast: Cast, telephone: CscService, now: datetime) -> None:
    document_id = ask(cast, now)
    telephone.misbehave("credentials/authorize", "500", "hang-up")
    telephone.confirmed.set()
    for seconds in (0, 10, 30):
        work(now + seconds * SECOND)
    assert status_of(document_id)[0] is PendingStatus.DONE


def test_after_the_signer_confirmed_he_is_not_asked_twice(
    cast: Cast, telephone: CscService, now: datetime
) -> None:
    document_id = ask(cast, now)
    telephone.confirmed.set()
    telephone.misbehave("signatures/signHash", "500")
    work(now)
    assert status_of(document_id) == (PendingStatus.REFUSED, "signing.csc.sad-expired")
    assert len(telephone.calls("credentials/authorize")) == 1


def test_a_wrong_signature_of_the_service_ends_the_question_unsigned(
    cast: Cast, telephone: CscService, now: datetime
) -> None:
    document_id = ask(cast, now)
    telephone.confirmed.set()
    telephone.misbehave("signatures/signHash", "wrong-hash")
    work(now)
    assert status_of(document_id) == (PendingStatus.REFUSED, "signing.remote.wrong-signature")
    assert signatures_of(document_id) == ()


def test_a_question_that_has_lapsed_is_not_asked_any_more(
    cast: Cast, telephone: CscService, now: datetime
) -> None:
    ask(cast, now)
    telephone.confirmed.set()
    work(now + timedelta(minutes=21))
    assert telephone.calls("credentials/authorize") == []
    assert asking().state == JobState.DONE


def test_with_a_pin_typed_the_document_is_signed_at_once_and_the_pin_is_kept_nowhere(
    cast: Cast, typed: CscService, now: datetime
) -> None:
    document_id = a_checked_draft(cast)
    card = key_card(f"person:{cast.a.leader.user_id}")
    assert card is not None
    assert card.asks == ("pin",)
    secrets = KeySecrets(pin=PIN)
    with audited() as log:
        outcome = drafting.sign_draft(actor=cast.a.leader, document_id=document_id, typed=secrets, now=now)
    assert outcome is SigningOutcome.SIGNED
    assert state_of(document_id) is State.SIGNED
    assert PIN not in repr(secrets)
    assert PIN not in repr(log.__dict__)
    assert PIN not in repr(list(Job.objects.values()))


def test_without_a_pin_nobody_is_asked(cast: Cast, typed: CscService, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    with refused("signing.pin.missing", kind=NotReady):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
    assert typed.asked == []


def test_a_wrong_pin_signs_nothing(cast: Cast, typed: CscService, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    with refused("signing.csc.pin-refused", kind=SigningFailed):
        drafting.sign_draft(
            actor=cast.a.leader, document_id=document_id, typed=KeySecrets(pin="000001"), now=now
        )
    assert state_of(document_id) is State.AWAITING_SIGNATURE
