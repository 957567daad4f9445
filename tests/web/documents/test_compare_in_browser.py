"""The two versions stand side by side on a desk and one above the other on a telephone; arrows turn the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.cast import Cast
from tests.journeys.screens import Desk
from tests.signing.hostile.material import increment, text_page
from tests.web.documents.test_compare import an_arrival_with, two_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def box(figure: Locator) -> tuple[float, float]:
    place = figure.bounding_box()
    assert place is not None
    return place["x"], place["y"]


def test_the_versions_stand_beside_each_other_and_arrows_turn_the_page(
    browser: Browser, live_server: Any, cast: Cast, now: datetime
) -> None:
    data = increment(two_pages(), {12: text_page("Noi nhan: mot noi khac")})
    document_id = an_arrival_with(cast, data, now)
    desk = Desk.of(browser, live_server.url, cast.b.clerk)
    page = desk.page
    page.goto(f"{live_server.url}/van-ban/{document_id}/so-ban-da-ky/")
    expect(page.get_by_role("img", name="Bản đã ký, trang 2")).to_be_visible()
    figures = page.locator(".compare-sides figure")
    (left, top), (right, level) = box(figures.nth(0)), box(figures.nth(1))
    assert right > left
    assert top == level
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("img", name="Bản hiện có, trang 1")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("img", name="Bản hiện có, trang 2")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    (left, top), (right, below) = box(figures.nth(0)), box(figures.nth(1))
    assert right == left
    assert below > top
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.page.context.close()
    assert not desk.troubles
