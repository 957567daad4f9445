"""Tiếp nhận, từ chối, xin ý kiến, đăng ký, trình: the clerk's acts through the web."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.factories.exchange import an_arrival
from tests.factories.registry import a_registered_document, an_accepted_document
from tests.web.conftest import SignIn
from tests.web.pages import document_page, queries_of, values_of, words_of, writes_among
from vanthu.audit.models import AuditEvent
from vanthu.registry.queries import incoming_card
from vanthu.registry.rules.states import IncomingState
from vanthu.signing.rules.verdicts import Verdict


def act(client: Client, document_id: int, name: str, **fields: Any) -> Any:
    """Press a button of the panel: with the version that the page showed, and what the form was filled with."""
    version = values_of(document_page(client, document_id), "version")[0]
    return client.post(f"/van-ban/{document_id}/{name}/", {"version": version, **fields})


def register_fields(document_id: int, **changes: Any) -> dict[str, Any]:
    from vanthu.documents.queries import record_of

    card = record_of(document_id)
    return {
        "subject": card.subject,
        "full_number": card.full_number,
        "issued_on": f"{card.issued_on:%Y-%m-%d}",
        "issuer_name": card.issuer_name,
        "type_code": card.type_code,
        "urgency": int(card.urgency),
        **changes,
    }


def state_of(document_id: int) -> IncomingState:
    card = incoming_card(document_id)
    assert card is not None
    return card.state


def test_accepting_registers_in_the_same_act(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    client = sign_in(cast.b.clerk)
    assert "Được tiếp nhận, đăng ký vào sổ." in words_of(document_page(client, document_id))
    answer = act(client, document_id, "tiep-nhan", **register_fields(document_id, subject="trích yếu đã sửa"))
    assert answer.status_code == 302
    assert state_of(document_id) is IncomingState.REGISTERED
    words = words_of(document_page(client, document_id))
    assert "Số đến 1" in words
    assert "trích yếu đã sửa" in words


def test_a_signature_that_does_not_verify_cannot_be_accepted(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INVALID_INTEGRITY)
    client = sign_in(cast.b.clerk)
    assert "phải trả lại nơi gửi" in words_of(document_page(client, document_id))
    answer = act(client, document_id, "tiep-nhan", **register_fields(document_id))
    assert answer.status_code == 422
    assert "VT-INC-004" in words_of(answer)
    assert state_of(document_id) is IncomingState.ARRIVED


def test_a_refusal_needs_its_reason_and_keeps_what_was_chosen(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    client = sign_in(cast.b.clerk)
    answer = act(client, document_id, "tu-choi", reason="WRONG_FORM", text="")
    assert answer.status_code == 422
    assert '<option value="WRONG_FORM" selected' in answer.content.decode()
    assert act(client, document_id, "tu-choi", reason="WRONG_FORM", text="Sai mẫu.").status_code == 302
    assert state_of(document_id) is IncomingState.REFUSED
    assert "Sai mẫu." in words_of(document_page(client, document_id))


def test_a_doubtful_signature_is_accepted_after_the_chief_consents(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    clerk = sign_in(cast.b.clerk)
    refused = act(clerk, document_id, "tiep-nhan", **register_fields(document_id))
    assert refused.status_code == 422
    assert "VT-INC-005" in words_of(refused)
    assert act(clerk, document_id, "xin-y-kien", text="Thiếu dữ liệu thu hồi.").status_code == 302
    chief = sign_in(cast.b.chief)
    assert "Thiếu dữ liệu thu hồi." in words_of(document_page(chief, document_id))
    assert act(chief, document_id, "dong-y-tiep-nhan", text="Đã gọi xác minh.").status_code == 302
    assert act(clerk, document_id, "tiep-nhan", **register_fields(document_id)).status_code == 302
    assert state_of(document_id) is IncomingState.REGISTERED


def test_an_accepted_document_is_registered_on_its_own(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = an_accepted_document(cast, now=now)
    client = sign_in(cast.b.clerk)
    missing = act(client, document_id, "dang-ky", **register_fields(document_id, full_number=""))
    assert missing.status_code == 422
    assert act(client, document_id, "dang-ky", **register_fields(document_id)).status_code == 302
    assert state_of(document_id) is IncomingState.REGISTERED


def test_a_registered_document_is_laid_before_a_leader(cast: Cast, sign_in: SignIn, now: datetime) -> None:
    document_id = a_registered_document(cast, now=now)
    client = sign_in(cast.b.clerk)
    nobody = act(client, document_id, "trinh", leader_post_id=cast.b.officer.post_id)
    assert nobody.status_code == 422
    answer = act(client, document_id, "trinh", leader_post_id=cast.b.leader.post_id, proposal="Kính trình.")
    assert answer.status_code == 302
    assert state_of(document_id) is IncomingState.SUBMITTED
    leader = sign_in(cast.b.leader)
    assert "Kính trình." in words_of(document_page(leader, document_id))


def test_a_stale_form_is_refused_and_nothing_is_written(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast, verdict=Verdict.INDETERMINATE)
    client = sign_in(cast.b.clerk)
    old = values_of(document_page(client, document_id), "version")[0]
    act(client, document_id, "xin-y-kien", text="Hỏi ý kiến.")
    events = AuditEvent.objects.filter(verb__startswith="registry.").count()
    answer = client.post(
        f"/van-ban/{document_id}/tu-choi/", {"version": old, "reason": "WRONG_FORM", "text": "Sai mẫu."}
    )
    assert answer.status_code == 409
    assert "VT-DOC-002" in words_of(answer)
    assert AuditEvent.objects.filter(verb__startswith="registry.").count() == events


def test_another_agency_finds_nothing_and_an_officer_may_not(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    for actor in (cast.a.clerk, cast.outsider, cast.b.officer):
        client = sign_in(actor)
        assert document_page(client, document_id).status_code == 404
        assert client.post(f"/van-ban/{document_id}/tiep-nhan/", {"version": 1}).status_code == 404


def test_reading_an_arrival_writes_nothing_but_the_view(cast: Cast, sign_in: SignIn) -> None:
    document_id = an_arrival(cast)
    statements = writes_among(queries_of(sign_in(cast.b.clerk), f"/van-ban/{document_id}/"))
    assert statements
    assert all("audit_" in sql or "documents_opening" in sql for sql in statements)


@pytest.mark.parametrize(
    "name", ["tiep-nhan", "tu-choi", "dang-ky", "trinh", "xin-y-kien", "dong-y-tiep-nhan"]
)
def test_an_act_is_never_done_by_reading(cast: Cast, sign_in: SignIn, name: str) -> None:
    document_id = an_arrival(cast)
    assert sign_in(cast.b.clerk).get(f"/van-ban/{document_id}/{name}/").status_code == 405
    assert state_of(document_id) is IncomingState.ARRIVED
