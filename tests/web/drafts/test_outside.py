"""Nơi nhận ngoài hệ thống: looked up, ticked, kept, and shown by the way that reaches them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.registry import a_sealed_document
from tests.web.conftest import SignIn
from tests.web.drafts.test_writing import NEW, filled
from tests.web.pages import document_page, queries_of, words_of, writes_among
from vanthu.documents.models import Document
from vanthu.documents.queries import recipients_of
from vanthu.organizations.models import AgencyAlias, OutsideAgency
from vanthu.organizations.rules.names import folded

LOOK = f"{NEW}co-quan-ngoai/"


@pytest.fixture(autouse=True)
def ministries(db: None, now: datetime) -> None:
    for number in range(40):
        name = f"Bộ Thử nghiệm {number}"
        OutsideAgency.objects.create(code=f"G{number + 60}", name=name, folded_name=folded(name), seen_at=now)
    AgencyAlias.objects.create(alias="000.00.00.G60", code="G60", source="OLD")


def test_words_without_accents_find_agencies_and_twenty_are_shown(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.a.officer)
    page = client.get(LOOK, {"tim-ngoai": "bo thu nghiem"})
    assert page.content.decode().count('type="checkbox"') == 20
    assert "gõ thêm để thu hẹp" in words_of(page)
    page = client.get(LOOK, {"tim-ngoai": "bo thu nghiem 39"})
    assert 'value="G99"' in page.content.decode()
    assert writes_among(queries_of(client, f"{LOOK}?tim-ngoai=bo+thu")) == []


def test_an_old_code_finds_its_agency(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.a.officer).get(LOOK, {"tim-ngoai": "000.00.00.G60"})
    assert 'value="G60"' in page.content.decode()


def test_what_is_ticked_stays_while_other_words_are_typed(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.a.officer).get(LOOK, {"tim-ngoai": "không có", "recipients": ["G61"]})
    assert 'value="G61" checked' in page.content.decode()
    assert "Không có cơ quan nào khớp." in words_of(page)


def test_who_may_not_draft_may_not_look(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.auditor).get(LOOK).status_code == 403


def test_the_empty_page_asks_for_words_and_lists_nobody_outside(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.a.officer).get(NEW)
    assert "Ngoài hệ thống, qua trục liên thông" in words_of(page)
    assert "Bộ Thử nghiệm" not in words_of(page)


def test_an_agency_outside_becomes_a_recipient(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.a.officer)
    answer = client.post(NEW, filled(cast, recipients=[cast.b.code, "G60"]))
    assert answer.status_code == 302
    document = Document.objects.latest("id")
    assert [(row.agency_code, row.name) for row in recipients_of(document.pk)] == [
        (cast.b.code, cast.b.row.name),
        ("G60", "Bộ Thử nghiệm 0"),
    ]
    assert 'value="G60" checked' in client.get(f"/van-ban/{document.pk}/sua/").content.decode()


def test_a_code_that_nobody_knows_is_refused(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.a.officer).post(NEW, filled(cast, recipients=["G5"]))
    assert answer.status_code == 422
    assert not Document.objects.filter(subject="tổng kết công tác văn thư").exists()


def test_without_a_script_a_button_looks_and_everything_typed_stays(cast: Cast, sign_in: SignIn) -> None:
    typed = filled(cast, subject="", **{"tim": "1", "tim-ngoai": "thu nghiem 7"})
    page = sign_in(cast.a.officer).post(NEW, typed)
    assert page.status_code == 200
    body = page.content.decode()
    assert 'value="G67"' in body
    assert "Đoạn thứ nhất." in body
    assert f'value="{cast.b.code}" checked' in body
    assert "field-error" not in body
    assert not Document.objects.filter(subject="").exists()


def test_before_issue_recipients_stand_in_three_groups(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.VANTHU_LINE_URL = "http://127.0.0.1:9"
    settings.VANTHU_LINE_SYSTEM, settings.VANTHU_LINE_SECRET = "00.26.TEST", "dummy"
    OutsideAgency.objects.filter(code="G61").update(is_active=False, closed_on=date(2026, 3, 1))
    document_id = a_sealed_document(cast, to=(cast.b.code, "G60", "G61"))
    text = words_of(document_page(sign_in(cast.a.clerk), document_id))
    assert "Nơi nhận: 3" in text
    assert "Trong hệ thống 1" in text
    assert "Trục liên thông 1" in text
    assert "Bản giấy 1" in text
    assert "Không còn trong danh sách của trục liên thông (từ 01/03/2026)" in text
