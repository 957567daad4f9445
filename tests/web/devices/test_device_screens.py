"""Signing with a token at the browser, a PIN typed here, a service waited for: what the screens say and answer."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.factories.drafting import a_checked_draft, a_signed_document
from tests.factories.keys import Token, a_seal_token_of, a_token_of
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.registry.queries import outgoing_card
from vanthu.registry.rules.states import OutgoingState
from vanthu.signing.models import PendingSignature
from vanthu.signing.queries import last_pending, signatures_of
from vanthu.signing.rules.kinds import KeyPlace, SignatureKind


def pending_of(document_id: int, kind: SignatureKind = SignatureKind.PERSONAL) -> int:
    card = last_pending(document_id, kind)
    assert card is not None
    return card.id


def call(client: Client, document_id: int, name: str, pending_id: int | None = None, **fields: str) -> Any:
    pending_id = pending_id or pending_of(document_id)
    return client.post(f"/van-ban/{document_id}/ky-so/{pending_id}/{name}/", fields)


def press_sign(client: Client, document_id: int, **fields: str) -> Any:
    card = draft_card(document_id)
    assert card is not None
    return client.post(f"/van-ban/{document_id}/ky/", {"version": str(card.version)} | fields)


def signed_by(token: Token, task: dict[str, str]) -> str:
    return b64encode(token.sign_hash(b64decode(task["digest"]))).decode()


@pytest.fixture
def token(cast: Cast) -> Token:
    return a_token_of(cast.a.leader, cast.a, now=FIXED_NOW)


@pytest.fixture
def leader(cast: Cast, sign_in: SignIn, token: Token) -> Client:
    return sign_in(cast.a.leader)


@pytest.fixture
def asked(cast: Cast, leader: Client) -> int:
    """A document whose leader has pressed "Ký"; his token is asked."""
    document_id = a_checked_draft(cast)
    assert press_sign(leader, document_id).status_code == 302
    return document_id


def test_the_screen_waits_for_the_token_instead_of_offering_to_sign(asked: int, leader: Client) -> None:
    page = document_page(leader, asked)
    assert "Đang chờ thiết bị" in words_of(page)
    assert "data-vanthu-token" in page.content.decode()
    assert 'id="draft-act"' not in page.content.decode()


def test_sign_and_open_the_next_stays_where_the_token_is_waited_for(cast: Cast, leader: Client) -> None:
    first, _second = a_checked_draft(cast), a_checked_draft(cast)
    answer = press_sign(leader, first, roi="tiep", **{"hang-cho": "cho-ky"})
    assert answer.headers["Location"].startswith(f"/van-ban/{first}/")


def test_the_token_is_given_certificate_and_hash_and_its_answer_signs(
    asked: int, leader: Client, token: Token
) -> None:
    task = call(leader, asked, "chuan-bi").json()
    assert b64decode(task["certificate"]) == token.certificate
    assert task["algorithm"] == "rsa"
    done = call(leader, asked, "nop", signature=signed_by(token, task))
    assert done.json() == {"url": f"/van-ban/{asked}/"}
    card = draft_card(asked)
    assert card is not None
    assert card.state is State.SIGNED
    again = call(leader, asked, "nop", signature=signed_by(token, task))
    assert again.json() == done.json()
    assert len(signatures_of(asked)) == 1


@pytest.mark.parametrize("signature", ["", "khong-phai-base64!", b64encode(bytes(256)).decode()])
def test_what_is_no_signature_is_refused_with_words(asked: int, leader: Client, signature: str) -> None:
    answer = call(leader, asked, "nop", signature=signature)
    assert answer.status_code == 422
    assert "không khớp với chứng thư số" in answer.json()["words"]
    assert answer.json()["is_over"] is False


def test_a_lapsed_question_is_said_to_be_over(
    asked: int, leader: Client, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(minutes=21))
    answer = call(leader, asked, "chuan-bi")
    assert (answer.status_code, answer.json()["is_over"]) == (422, True)
    words = words_of(document_page(leader, asked))
    assert "Yêu cầu ký đã hết hạn" in words
    assert "Ký số ban hành" in words


def test_giving_up_brings_the_button_back(asked: int, leader: Client) -> None:
    assert call(leader, asked, "huy").status_code == 302
    page = document_page(leader, asked)
    assert "Đang chờ thiết bị" not in words_of(page)
    assert 'id="draft-act"' in page.content.decode()


def test_others_read_who_is_signing_and_can_do_nothing(
    asked: int, cast: Cast, sign_in: SignIn, token: Token, leader: Client
) -> None:
    task = call(leader, asked, "chuan-bi").json()
    officer = sign_in(cast.a.officer)
    page = document_page(officer, asked)
    assert "Đang chờ người ký." in words_of(page)
    assert "data-vanthu-token" not in page.content.decode()
    assert call(officer, asked, "chuan-bi").status_code == 403
    assert call(officer, asked, "nop", signature=signed_by(token, task)).status_code == 403
    assert call(officer, asked, "huy").status_code == 403


def test_a_stranger_gets_404_for_every_call(asked: int, cast: Cast, sign_in: SignIn) -> None:
    stranger = sign_in(cast.outsider)
    assert [call(stranger, asked, name).status_code for name in ("chuan-bi", "nop", "huy")] == [404] * 3
    assert stranger.get(f"/van-ban/{asked}/ky-so/{pending_of(asked)}/trang-thai/").status_code == 404


def test_the_page_is_told_when_the_wait_has_ended(asked: int, leader: Client, token: Token) -> None:
    address = f"/van-ban/{asked}/ky-so/{pending_of(asked)}/trang-thai/"
    assert leader.get(address).status_code == 204
    task = call(leader, asked, "chuan-bi").json()
    call(leader, asked, "nop", signature=signed_by(token, task))
    assert leader.get(address).headers["HX-Redirect"] == f"/van-ban/{asked}/"


def test_the_seal_is_asked_of_the_clerks_token_and_the_issue_goes_on(cast: Cast, sign_in: SignIn) -> None:
    token = a_seal_token_of(cast.a, now=FIXED_NOW)
    clerk, document_id = sign_in(cast.a.clerk), a_signed_document(cast)
    clerk.post(f"/van-ban/{document_id}/phat-hanh/", {"version": "1"})
    assert "Đang chờ thiết bị" in words_of(document_page(clerk, document_id))
    pending_id = pending_of(document_id, SignatureKind.AGENCY)
    task = call(clerk, document_id, "chuan-bi", pending_id).json()
    call(clerk, document_id, "nop", pending_id, signature=signed_by(token, task))
    card = outgoing_card(document_id)
    assert card is not None
    assert card.state is OutgoingState.SEALED
    assert card.leaves_at is not None
    assert "Dừng gửi" in words_of(document_page(clerk, document_id))


def test_a_key_that_asks_for_a_pin_gets_a_field_that_no_browser_keeps(cast: Cast, sign_in: SignIn) -> None:
    a_token_of(
        cast.a.leader, cast.a, place=KeyPlace.PKCS11, now=FIXED_NOW, module="/khong-co.so", token="x", key="y"
    )
    leader, document_id = sign_in(cast.a.leader), a_checked_draft(cast)
    page = document_page(leader, document_id).content.decode()
    field = next(line for line in page.split("<input") if 'name="pin"' in line)
    assert 'type="password"' in field
    assert 'autocomplete="off"' in field
    missing = press_sign(leader, document_id)
    assert missing.status_code == 422
    assert "Chưa nhập mã PIN" in words_of(missing)
    refused = press_sign(leader, document_id, pin="73194682")
    assert refused.status_code == 422
    assert "73194682" not in refused.content.decode()
    assert not PendingSignature.objects.exists()


def test_a_remote_key_says_where_to_confirm(cast: Cast, sign_in: SignIn) -> None:
    a_token_of(cast.a.leader, cast.a, place=KeyPlace.REMOTE, now=FIXED_NOW, credential="k", auth="implicit")
    leader, document_id = sign_in(cast.a.leader), a_checked_draft(cast)
    press_sign(leader, document_id)
    page = document_page(leader, document_id)
    assert "Đang chờ xác nhận ký từ xa" in words_of(page)
    assert "data-vanthu-token" not in page.content.decode()
