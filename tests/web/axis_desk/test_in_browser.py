"""The axis' desk on a telephone and by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.axis.foreign.letters import Letter
from tests.cast import Cast
from tests.journeys.screens import Desk
from tests.web.axis_desk.conftest import Traffic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
LONG = (
    "V/v rà soát danh mục thủ tục hành chính thuộc thẩm quyền giải quyết của Ủy ban nhân dân phường, xã " * 3
)


def test_the_operator_finds_a_parcel_that_is_held_up_on_a_telephone_and_by_keyboard(
    browser: Browser, live_server: Any, cast: Cast, traffic: Traffic
) -> None:
    doc_id = traffic.letter(
        Letter("H26.01.1", ("H26.02.1", "0201234567"), subject=LONG), ago=timedelta(hours=3)
    )
    desk = Desk.of(browser, live_server.url, cast.city_admin)
    page = desk.page
    page.goto(f"{live_server.url}/quan-tri/truc/")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Thêm hệ thống vào trục")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    for path in ("", "goi-tin/", f"goi-tin/{doc_id}/", "he-thong/H26.02/", "them-he-thong/"):
        page.goto(f"{live_server.url}/quan-tri/truc/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{live_server.url}/quan-tri/truc/goi-tin/{doc_id}/")
    expect(page.get_by_text("Hệ thống của nơi nhận không kết nối từ")).to_be_visible()
    page.get_by_label("Lý do dừng giao, nơi gửi đọc được").first.fill("Gửi nhầm nơi nhận")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã dừng giao; nơi gửi thấy lý do ở lần hỏi tới.")).to_be_visible()
    desk.page.context.close()
    assert not desk.troubles
