"""Trình, duyệt nội dung, kiểm tra thể thức, ký, trả lại, hủy: the panel of a draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.cast import Agency, Cast
from tests.factories.drafting import a_checked_draft, a_draft, a_submitted_draft, an_approved_draft
from tests.web.conftest import SignIn
from tests.web.pages import document_page, values_of, words_of
from vanthu.drafting.queries import DraftCard, draft_card, steps_of
from vanthu.drafting.rules.states import State
from vanthu.kernel.actor import Actor
from vanthu.signing.models import SignatureMade

STAGES = {
    State.DRAFT: a_draft,
    State.AWAITING_CONTENT: a_submitted_draft,
    State.AWAITING_FORM: an_approved_draft,
    State.AWAITING_SIGNATURE: a_checked_draft,
}

# Enough letters for the check to see the size of the text, not of the heads.
LONG_TEXT = tuple(
    f"Nội dung thứ {n} của văn bản, viết đủ dài để chiếm phần lớn trang giấy." * 3 for n in range(4)
)


def holder(agency: Agency, state: State) -> Actor:
    return {
        State.DRAFT: agency.officer,
        State.AWAITING_CONTENT: agency.head,
        State.AWAITING_FORM: agency.checker,
        State.AWAITING_SIGNATURE: agency.leader,
    }[state]


def act(client: Client, document_id: int, name: str, **fields: Any) -> Any:
    version = fields.pop("version", card_of(document_id).version)
    return client.post(f"/van-ban/{document_id}/{name}/", {"version": version} | fields)


def card_of(document_id: int) -> DraftCard:
    card = draft_card(document_id)
    assert card is not None
    return card


def test_a_draft_goes_from_its_author_to_the_signature_on_the_screens(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast)
    way = [
        (cast.a.officer, "trinh-duyet", {"summary": "Trình theo chỉ đạo."}, State.AWAITING_CONTENT),
        (cast.a.head, "duyet-noi-dung", {"note": "Nhất trí."}, State.AWAITING_FORM),
        (cast.a.checker, "dat-the-thuc", {"note": ""}, State.AWAITING_SIGNATURE),
        (cast.a.leader, "ky", {}, State.SIGNED),
    ]
    for actor, name, fields, state in way:
        assert act(sign_in(actor), document_id, name, **fields).status_code == 302
        assert card_of(document_id).state is state
    assert SignatureMade.objects.get(document_id=document_id).signer_name == cast.a.leader.name
    assert [step.note for step in steps_of(document_id)][:2] == ["Trình theo chỉ đạo.", "Nhất trí."]


def test_the_holder_finds_one_primary_act_that_carries_the_version(cast: Cast, sign_in: SignIn) -> None:
    labels = {
        State.DRAFT: "Trình lãnh đạo đơn vị",
        State.AWAITING_CONTENT: "Duyệt nội dung",
        State.AWAITING_FORM: "Đạt thể thức",
        State.AWAITING_SIGNATURE: "Ký số ban hành",
    }
    for state, build in STAGES.items():
        document_id = build(cast)
        page = document_page(sign_in(holder(cast.a, state)), document_id)
        assert labels[state] in words_of(page)
        assert page.content.decode().count('data-vanthu-act="primary"') == 1
        assert set(values_of(page, "version")) == {str(card_of(document_id).version)}


@pytest.mark.parametrize("state", [State.AWAITING_CONTENT, State.AWAITING_FORM, State.AWAITING_SIGNATURE])
def test_the_author_sees_where_it_lies_and_why_he_can_not_act(
    state: State, cast: Cast, sign_in: SignIn
) -> None:
    document_id = STAGES[state](cast)
    page = document_page(sign_in(cast.a.officer), document_id)
    words = words_of(page)
    before = holder(cast.a, state)
    assert f"Đang ở: {before.name} , {before.title}" in words
    assert "từ 09:00 20/11/2026" in words
    assert "Dự thảo không ở bước của bạn." in words
    assert 'data-vanthu-act="primary"' not in page.content.decode()


@pytest.mark.parametrize(
    ("state", "name", "code"),
    [
        (State.AWAITING_CONTENT, "duyet-noi-dung", "VT-DRA-003"),
        (State.AWAITING_FORM, "dat-the-thuc", "VT-DRA-004"),
        (State.AWAITING_SIGNATURE, "ky", "VT-DRA-005"),
    ],
)
def test_an_act_that_is_another_persons_is_forbidden_in_words(
    state: State, name: str, code: str, cast: Cast, sign_in: SignIn
) -> None:
    document_id = STAGES[state](cast)
    answer = act(sign_in(cast.a.officer), document_id, name)
    assert answer.status_code == 403
    assert f"Mã để báo lại: {code}" in words_of(answer)
    assert card_of(document_id).state is state


def test_another_agency_gets_404_for_every_act(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_submitted_draft(cast)
    client = sign_in(cast.b.head)
    assert document_page(client, document_id).status_code == 404
    for name in ("trinh-duyet", "duyet-noi-dung", "dat-the-thuc", "ky", "tra-lai-du-thao", "huy-du-thao"):
        assert act(client, document_id, name, reason="x").status_code == 404
    assert card_of(document_id).state is State.AWAITING_CONTENT


def test_a_return_brings_the_reason_before_the_author(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_checked_draft(cast)
    answer = act(sign_in(cast.a.leader), document_id, "tra-lai-du-thao", reason="Bổ sung số liệu quý III.")
    assert answer.status_code == 302
    words = words_of(document_page(sign_in(cast.a.officer), document_id))
    assert f"{cast.a.leader.name} ({cast.a.leader.title}) trả lại lúc 09:00 20/11/2026:" in words
    assert "Bổ sung số liệu quý III." in words


def test_a_return_without_reason_opens_its_form_again(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_submitted_draft(cast)
    answer = act(sign_in(cast.a.head), document_id, "tra-lai-du-thao", reason="  ")
    assert answer.status_code == 422
    assert "Nhập nội dung này." in words_of(answer)
    assert 'id="return-open"' in answer.content.decode()
    assert card_of(document_id).state is State.AWAITING_CONTENT


def test_a_refused_return_keeps_what_was_typed_and_can_be_sent_again(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_submitted_draft(cast)
    client = sign_in(cast.a.head)
    answer = act(client, document_id, "tra-lai-du-thao", reason="Sửa đoạn hai.", version=0)
    assert answer.status_code == 409
    assert "Sửa đoạn hai." in answer.content.decode()
    again = values_of(answer, "version")[0]
    assert (
        act(client, document_id, "tra-lai-du-thao", reason="Sửa đoạn hai.", version=again).status_code == 302
    )


def test_a_second_click_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_submitted_draft(cast)
    client, version = sign_in(cast.a.head), card_of(document_id).version
    assert act(client, document_id, "duyet-noi-dung", version=version).status_code == 302
    answer = act(client, document_id, "duyet-noi-dung", version=version)
    assert answer.status_code == 409
    assert "Dự thảo đã chuyển sang bước khác." in words_of(answer)
    assert card_of(document_id).state is State.AWAITING_FORM


def test_a_draft_is_given_up_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast)
    client = sign_in(cast.a.officer)
    assert act(client, document_id, "huy-du-thao", reason="").status_code == 422
    assert act(client, document_id, "huy-du-thao", reason="Nhập nhầm.").status_code == 302
    words = words_of(document_page(client, document_id))
    assert "đã hủy dự thảo lúc 09:00 20/11/2026." in words
    assert "Nhập nhầm." in words


def test_the_form_check_shows_each_point_with_its_clause_and_keeps_the_report(
    cast: Cast, sign_in: SignIn
) -> None:
    get_user_model().objects.filter(pk=cast.a.leader.user_id).update(full_name="TS. Trần Văn Thử")
    document_id = an_approved_draft(cast, paragraphs=LONG_TEXT)
    client = sign_in(cast.a.checker)
    words = words_of(document_page(client, document_id))
    assert "1 điểm chưa đúng thể thức." in words
    assert "PL I, II.7 Không ghi học hàm, học vị, danh hiệu trước họ tên người ký." in words
    assert act(client, document_id, "dat-the-thuc", note="Để nguyên.").status_code == 302
    assert [row["rule"] for row in card_of(document_id).form_report] == ["PL1.học-hàm"]
    assert "1 điểm chưa đúng thể thức." in words_of(document_page(sign_in(cast.a.leader), document_id))


def test_a_draft_in_good_form_is_said_to_be_so(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_approved_draft(cast, paragraphs=LONG_TEXT)
    words = words_of(document_page(sign_in(cast.a.checker), document_id))
    assert "Đúng thể thức." in words


def test_the_signer_sees_where_the_signature_will_stand(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_checked_draft(cast)
    text = document_page(sign_in(cast.a.leader), document_id).content.decode()
    assert "Chữ ký số hiện ở khung này, trang 1." in text
    assert 'class="place-signature" x="' in text
    assert "place-signature" not in document_page(sign_in(cast.a.officer), document_id).content.decode()


def test_a_submission_without_recipients_names_what_is_missing(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_draft(cast, to=())
    answer = act(sign_in(cast.a.officer), document_id, "trinh-duyet", summary="Trình gấp")
    assert answer.status_code == 422
    assert "Chọn ít nhất một nơi nhận." in words_of(answer)
    assert "Trình gấp" in answer.content.decode()
