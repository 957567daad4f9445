"""What became of an issued document at each recipient."""

from __future__ import annotations

from datetime import datetime

from tests.cast import Cast
from tests.factories.registry import an_issued_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, words_of
from vanthu.exchange.models import Arrival
from vanthu.foundation import worker
from vanthu.registry import operations as registry
from vanthu.registry.rules.states import RefusalReason


def a_refused_document(cast: Cast, now: datetime) -> int:
    """Refused by B, arrived at the ward."""
    document_id = an_issued_document(cast, to=(cast.b.code, cast.ward.row.code), now=now)
    worker.run_all(now=lambda: now)
    registry.refuse_arrival(
        actor=cast.b.clerk,
        document_id=Arrival.objects.get(recipient_code=cast.b.code).document_id or 0,
        reason=RefusalReason.WRONG_RECIPIENT,
        text="Không thuộc thẩm quyền.",
        now=now,
    )
    worker.run_all(now=lambda: now)
    return document_id


def test_a_refusal_stands_on_top_with_its_reason_until_the_clerk_knows(
    cast: Cast, sign_in: SignIn, now: datetime
) -> None:
    document_id = a_refused_document(cast, now)
    client = sign_in(cast.a.clerk)
    words = words_of(document_page(client, document_id))
    assert "1 nơi nhận từ chối, trả lại hoặc chưa gửi được" in words
    assert "Không thuộc thẩm quyền." in words
    assert words.index(cast.b.row.name) < words.index("Đã đến 1")
    assert client.post(f"/van-ban/{document_id}/da-biet-tu-choi/").status_code == 302
    words = words_of(document_page(client, document_id))
    assert "nơi nhận từ chối, trả lại hoặc chưa gửi được" not in words
    assert "Từ chối tiếp nhận 1" in words
    again = client.post(f"/van-ban/{document_id}/da-biet-tu-choi/")
    assert again.status_code == 422
    assert "VT-EXC-003" in words_of(again)


def test_only_the_clerk_takes_note_of_a_refusal(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = a_refused_document(cast, now)
    client = sign_in(cast.a.officer)
    words = words_of(document_page(client, document_id))
    assert "Không thuộc thẩm quyền." in words
    assert "Chỉ văn thư cơ quan thực hiện bước này." in words
    assert client.post(f"/van-ban/{document_id}/da-biet-tu-choi/").status_code == 403


def test_each_status_of_a_recipient_can_be_read(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_issued_document(cast, now=now)
    client = sign_in(cast.a.clerk)
    assert "Chờ gửi 1" in words_of(document_page(client, document_id))
    worker.run_all(now=lambda: now)
    registry.accept_arrival(
        actor=cast.b.clerk,
        document_id=Arrival.objects.get(recipient_code=cast.b.code).document_id or 0,
        now=now,
    )
    worker.run_all(now=lambda: now)
    words = words_of(document_page(client, document_id))
    assert "Đã tiếp nhận 1" in words
    assert "01 Đã đến" in words
    assert "03 Đã tiếp nhận" in words
