"""Cấp số, ký số cơ quan, phát hành; giữ lại, dừng gửi, gửi ngay; hủy số."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import CLOSED, Cast
from tests.factories.drafting import a_signed_document
from tests.factories.registry import a_numbered_document, a_sealed_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, queries_of, words_of
from vanthu.exchange.models import Delivery
from vanthu.foundation import worker
from vanthu.kernel.actor import Urgency
from vanthu.organizations.models import Agency, AgencyStatus
from vanthu.registry.models import SeriesYear
from vanthu.registry.queries import OutgoingCard, outgoing_card
from vanthu.registry.rules.states import OutgoingState


def card_of(document_id: int) -> OutgoingCard:
    card = outgoing_card(document_id)
    assert card is not None
    return card


def act(client: Client, document_id: int, name: str, **fields: Any) -> Any:
    version = fields.pop("version", card_of(document_id).version)
    return client.post(f"/van-ban/{document_id}/{name}/", {"version": version} | fields)


def test_the_sheet_says_number_date_limit_and_recipients_before_anything_is_done(
    cast: Cast, sign_in: SignIn
) -> None:
    Agency.objects.filter(pk=cast.ward.row.id).update(can_receive=False, cannot_receive_reason="chưa kết nối")
    document_id = a_signed_document(cast, to=(cast.b.code, cast.ward.row.code))
    page = document_page(sign_in(cast.a.clerk), document_id)
    words = words_of(page)
    assert "Số dự kiến 01/SNV-" in words
    assert "ngày 20/11/2026 · sổ" in words
    assert "Phát hành chậm nhất 12:00 23/11/2026 vì sao?" in words
    assert f"Trong hệ thống 1 {cast.b.row.name}" in words
    assert f"Bản giấy 1 {cast.ward.row.name} chưa kết nối" in words
    assert "Giữ lại 60 giây trước khi gửi" in words
    assert 'class="place-seal"' in page.content.decode()
    assert not SeriesYear.objects.filter(last__gt=0).exists()


def test_one_act_numbers_seals_and_holds_then_it_leaves(
    cast: Cast, sign_in: SignIn, clock: time_machine.Coordinates
) -> None:
    document_id = a_signed_document(cast)
    client = sign_in(cast.a.clerk)
    assert act(client, document_id, "phat-hanh").status_code == 302
    assert card_of(document_id).state is OutgoingState.SEALED
    words = words_of(document_page(client, document_id))
    assert "Chưa gửi – giữ lại đến 09:01:00" in words
    assert "Dừng gửi" in words
    assert "Gửi ngay" in words
    clock.shift(timedelta(seconds=61))
    worker.run_all()
    assert card_of(document_id).state is OutgoingState.ISSUED
    words = words_of(document_page(client, document_id))
    assert "Đã phát hành 01/SNV-" in words
    assert f"Đã đến 1 {cast.b.row.name}" in words


def test_an_urgent_document_leaves_at_once(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_signed_document(cast, urgency=Urgency.EXPRESS)
    client = sign_in(cast.a.clerk)
    assert "Văn bản khẩn: gửi ngay, không giữ lại." in words_of(document_page(client, document_id))
    assert act(client, document_id, "phat-hanh").status_code == 302
    assert card_of(document_id).state is OutgoingState.ISSUED


def test_without_a_hold_it_leaves_at_once(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.VANTHU_HOLD_SECONDS = 0
    document_id = a_signed_document(cast)
    act(sign_in(cast.a.clerk), document_id, "phat-hanh")
    assert card_of(document_id).state is OutgoingState.ISSUED


def test_two_clicks_give_one_number_and_send_once(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.VANTHU_HOLD_SECONDS = 0
    document_id = a_signed_document(cast)
    client, version = sign_in(cast.a.clerk), card_of(document_id).version
    assert act(client, document_id, "phat-hanh", version=version).status_code == 302
    second = act(client, document_id, "phat-hanh", version=version)
    assert second.status_code == 409
    assert "VT-DOC-002" in words_of(second)
    assert Delivery.objects.filter(document_id=document_id).count() == 1
    assert SeriesYear.objects.get(last__gt=0).last == 1


def test_two_clicks_on_send_now_send_once(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_signed_document(cast)
    client = sign_in(cast.a.clerk)
    act(client, document_id, "phat-hanh")
    version = card_of(document_id).version
    assert act(client, document_id, "gui-ngay", version=version).status_code == 302
    assert act(client, document_id, "gui-ngay", version=version).status_code == 409
    assert Delivery.objects.filter(document_id=document_id).count() == 1


def test_what_was_stopped_keeps_number_and_seal_and_can_leave_later(
    cast: Cast, sign_in: SignIn, clock: time_machine.Coordinates
) -> None:
    document_id = a_signed_document(cast)
    client = sign_in(cast.a.clerk)
    act(client, document_id, "phat-hanh")
    assert act(client, document_id, "dung-gui").status_code == 302
    clock.shift(timedelta(minutes=5))
    worker.run_all()
    card = card_of(document_id)
    assert (card.state, card.number) == (OutgoingState.SEALED, 1)
    assert "Chưa gửi. Văn bản đã có số và chữ ký số của cơ quan" in words_of(
        document_page(client, document_id)
    )
    assert act(client, document_id, "dung-gui").status_code == 422
    act(client, document_id, "phat-hanh")
    assert card_of(document_id).leaves_at is not None


def test_an_interrupted_issue_goes_on_with_the_same_number(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_numbered_document(cast)
    client = sign_in(cast.a.clerk)
    words = words_of(document_page(client, document_id))
    assert "Số đã cấp 01/SNV-" in words
    assert "Tiếp tục phát hành" in words
    assert act(client, document_id, "phat-hanh").status_code == 302
    assert (card_of(document_id).state, card_of(document_id).number) == (OutgoingState.SEALED, 1)


def test_a_recipient_closed_meanwhile_is_shown_and_stops_the_issue(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_signed_document(cast, urgency=Urgency.URGENT)
    Agency.objects.filter(code=cast.b.code).update(
        status=AgencyStatus.CLOSED, closed_on=date(2026, 11, 19), can_receive=False
    )
    client = sign_in(cast.a.clerk)
    assert "Có nơi nhận đã giải thể" in words_of(document_page(client, document_id))
    answer = act(client, document_id, "phat-hanh")
    assert answer.status_code == 422
    assert "VT-DRA-017" in words_of(answer)
    assert card_of(document_id).state is OutgoingState.SIGNED  # no number was spent
    assert CLOSED not in words_of(answer)


@pytest.mark.parametrize("who", ["officer", "leader"])
def test_whoever_is_not_the_clerk_reads_why(who: str, cast: Cast, sign_in: SignIn) -> None:
    document_id = a_signed_document(cast)
    client = sign_in(getattr(cast.a, who))
    page = document_page(client, document_id)
    assert "Chỉ văn thư cơ quan thực hiện bước này." in words_of(page)
    assert 'data-vanthu-act="primary"' not in page.content.decode()
    answer = act(client, document_id, "phat-hanh")
    assert answer.status_code == 403
    assert "VT-REG-001" in words_of(answer)
    assert card_of(document_id).state is OutgoingState.SIGNED


def test_another_agency_gets_404_for_every_act(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_sealed_document(cast)
    client = sign_in(cast.b.clerk)
    for name in ("phat-hanh", "gui-ngay", "dung-gui", "huy-so", "da-biet-tu-choi"):
        assert act(client, document_id, name, reason="x").status_code == 404
    assert card_of(document_id).state is OutgoingState.SEALED


def test_the_leader_voids_a_number_with_a_reason(cast: Cast, sign_in: SignIn) -> None:
    document_id = a_numbered_document(cast)
    clerk, leader = sign_in(cast.a.clerk), sign_in(cast.a.leader)
    assert "Chỉ người đứng đầu cơ quan quyết định hủy" in words_of(document_page(clerk, document_id))
    assert act(clerk, document_id, "huy-so", reason="Nhầm").status_code == 403
    refused = act(leader, document_id, "huy-so", reason="")
    assert refused.status_code == 422
    assert "Nhập nội dung này." in words_of(refused)
    assert act(leader, document_id, "huy-so", reason="Sai nội dung.").status_code == 302
    assert "Số 01/SNV-" in words_of(document_page(leader, document_id))
    assert card_of(document_id).state is OutgoingState.VOIDED


def test_a_page_costs_the_same_for_one_recipient_and_for_a_hundred(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.a.clerk)
    few = a_signed_document(cast)
    many = a_signed_document(cast, to=(cast.b.code, *a_hundred_agencies(cast)))
    assert len(queries_of(client, f"/van-ban/{few}/")) == len(queries_of(client, f"/van-ban/{many}/"))
    for document_id in (few, many):
        act(client, document_id, "phat-hanh")
        act(client, document_id, "gui-ngay")
    assert Delivery.objects.filter(document_id=many).count() == 101
    assert len(queries_of(client, f"/van-ban/{few}/")) == len(queries_of(client, f"/van-ban/{many}/"))


def a_hundred_agencies(cast: Cast) -> list[str]:
    model = Agency.objects.get(code=cast.ward.row.code)
    codes = [f"H26.TD{n}" for n in range(500, 600)]
    rows = []
    for code in codes:
        row = Agency.objects.get(pk=model.pk)
        row.pk, row.code, row.name = None, code, f"Ủy ban nhân dân phường số {code[-3:]}"
        rows.append(row)
    Agency.objects.bulk_create(rows)
    return codes
