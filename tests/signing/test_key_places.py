"""Where a key lies is said in its record: a token beside the server is opened with the PIN that is typed, each time."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.conf import LazySettings

from tests.cast import Cast
from tests.factories.drafting import a_checked_draft
from tests.proof import audited, refused
from tests.signing.conftest import Pki
from tests.signing.softhsm import PIN
from vanthu.drafting import operations as drafting
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.kernel.errors import NotReady
from vanthu.signing.backends import SigningFailed
from vanthu.signing.backends.pkcs11 import TokenKey
from vanthu.signing.models import SigningKey
from vanthu.signing.operations import KeySecrets
from vanthu.signing.queries import key_card, signatures_of
from vanthu.signing.rules.kinds import KeyPlace, SigningOutcome


@pytest.fixture
def leaders_token(cast: Cast, token_key: TokenKey, pki: Pki, now: datetime, settings: LazySettings) -> str:
    """The leader's key lies in a token beside the server; the PIN is nowhere but in his head."""
    settings.VANTHU_PKCS11_MODULES = (token_key.library,)
    owner = f"person:{cast.a.leader.user_id}"
    SigningKey.objects.filter(owner=owner).delete()
    SigningKey.objects.create(
        owner=owner,
        place=KeyPlace.PKCS11,
        whereabouts={"module": token_key.library, "token": token_key.token_label, "key": token_key.key_label},
        subject="Nguyễn Văn An",
        serial=f"{pki.person.serial:X}",
        certificate=pki.person.certificate,
        made_at=now,
    )
    return owner


def state_of(document_id: int) -> State:
    card = draft_card(document_id)
    assert card is not None
    return card.state


def test_a_token_beside_the_server_signs_with_the_pin_that_is_typed(
    cast: Cast, leaders_token: str, pki: Pki, now: datetime
) -> None:
    card = key_card(leaders_token)
    assert card is not None
    assert card.asks == ("pin",)
    document_id = a_checked_draft(cast)
    with audited() as log:
        outcome = drafting.sign_draft(
            actor=cast.a.leader, document_id=document_id, typed=KeySecrets(pin=PIN), now=now
        )
    assert outcome is SigningOutcome.SIGNED
    assert state_of(document_id) is State.SIGNED
    assert signatures_of(document_id)[0].serial == f"{pki.person.serial:X}"
    assert PIN not in repr(log.__dict__)
    assert PIN not in repr(list(SigningKey.objects.values()))


def test_a_wrong_or_missing_pin_signs_nothing(cast: Cast, leaders_token: str, now: datetime) -> None:
    document_id = a_checked_draft(cast)
    with refused("signing.pin.missing", kind=NotReady):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, now=now)
    with refused("signing.token.pin-refused", kind=SigningFailed):
        drafting.sign_draft(
            actor=cast.a.leader, document_id=document_id, typed=KeySecrets(pin="000001"), now=now
        )
    assert state_of(document_id) is State.AWAITING_SIGNATURE


def test_a_driver_that_the_operator_has_not_named_is_not_loaded(
    cast: Cast, leaders_token: str, now: datetime, settings: LazySettings
) -> None:
    """A library runs inside the server: an administrator who registers keys does not choose it."""
    settings.VANTHU_PKCS11_MODULES = ("/usr/lib/khac.so",)
    document_id = a_checked_draft(cast)
    with refused("signing.token.module-not-allowed", kind=SigningFailed):
        drafting.sign_draft(actor=cast.a.leader, document_id=document_id, typed=KeySecrets(pin=PIN), now=now)
