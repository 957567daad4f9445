"""A leader signs and a clerk issues with VGCA Sign Service, at their own screens, the agent beside them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, expect

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.factories.keys import a_seal_token_of, a_token_of
from tests.journeys.screens import Desk, let_the_worker_run
from tests.signing.desk_agent import Simulator, in_a_file
from vanthu.audit.queries import verify_chains
from vanthu.documents.queries import main_bytes
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import AgencyRow
from vanthu.signing.operations import trust_store
from vanthu.signing.rules.kinds import KeyPlace
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import verify_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

SUBJECT = "tổ chức tập huấn công tác văn thư năm 2027"


@pytest.fixture(scope="module")
def program() -> Iterator[Simulator]:
    running = Simulator(FIXED_NOW)
    yield running
    running.close()


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(FIXED_NOW, tick=True):
        yield


def listen_at(settings: Any, address: str) -> None:
    settings.VANTHU_DESK_AGENT = address
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | {"connect-src": ["'self'", address]}}


@pytest.fixture
def at(
    browser: Browser,
    live_server: Any,
    cast: Cast,
    settings: Any,
    program: Simulator,
    tmp_path: Path,
    clock: None,
) -> Iterator[Callable[[Actor], Desk]]:
    """`at(actor)` is that person's desk; the leader's and the agency's keys are tokens at theirs."""
    settings.VANTHU_HOLD_SECONDS = 0
    listen_at(settings, program.service)
    personal = a_token_of(cast.a.leader, cast.a, place=KeyPlace.DESK_AGENT, now=FIXED_NOW)
    agency = a_seal_token_of(cast.a, place=KeyPlace.DESK_AGENT, now=FIXED_NOW)
    program.plug_in(
        personal=in_a_file(personal, tmp_path, "personal"), agency=in_a_file(agency, tmp_path, "agency")
    )
    desks: dict[int | None, Desk] = {}

    def open_desk(actor: Actor) -> Desk:
        if actor.post_id not in desks:
            desks[actor.post_id] = Desk.of(browser, live_server.url, actor)
        return desks[actor.post_id]

    yield open_desk
    for desk in desks.values():
        desk.close()


def write(desk: Desk, *, to: AgencyRow, signer: Actor) -> None:
    desk.page.goto(f"{desk.base}/van-ban-di/soan/")
    desk.page.get_by_label("Trích yếu").fill(SUBJECT)
    desk.page.get_by_label("Nội dung", exact=False).first.fill(
        "Đề nghị quý cơ quan cử người dự.\n\nTrân trọng."
    )
    desk.page.locator(f'input[name="recipients"][value="{to.code}"]').check()
    desk.page.locator('select[name="signer_post_id"]').select_option(str(signer.post_id))
    desk.press("Lưu và xem bản in")
    desk.press("Trình lãnh đạo đơn vị")
    desk.sees_state("Chờ duyệt nội dung")


def bring_to_the_leader(at: Callable[[Actor], Desk], cast: Cast) -> Desk:
    house = cast.a
    write(at(house.officer), to=cast.b.row, signer=house.leader)
    at(house.head).open("Chờ duyệt nội dung", SUBJECT)
    at(house.head).press("Duyệt nội dung")
    at(house.head).sees_state("Chờ kiểm tra thể thức")
    at(house.checker).open("Chờ kiểm tra thể thức", SUBJECT)
    at(house.checker).press("Đạt thể thức")
    at(house.checker).sees_state("Chờ ký")
    leader = at(house.leader)
    leader.open("Chờ ký", SUBJECT)
    return leader


def shows_where_it_runs(desk: Desk) -> None:
    """The same page on a telephone: no button that can't work, and a word about where it does."""
    browser = desk.page.context.browser
    assert browser is not None
    phone = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, locale="vi-VN"
    )
    phone.add_cookies(desk.page.context.cookies())  # type: ignore[arg-type]
    page = phone.new_page()
    page.goto(desk.page.url.replace("/ky/", "/"))
    page.get_by_role("button", name="Xử lý").or_(page.locator("[data-vanthu-toggles='panel']")).first.click()
    expect(page.get_by_text("VGCA Sign Service chỉ chạy trên máy tính.")).to_be_visible()
    expect(page.get_by_role("button", name="Ký lại")).to_be_hidden()
    expect(page.get_by_role("button", name="Thôi ký")).to_be_visible()
    phone.close()


def test_leader_and_clerk_sign_with_the_agent_and_the_letter_leaves(
    at: Callable[[Actor], Desk], cast: Cast, program: Simulator
) -> None:
    leader = bring_to_the_leader(at, cast)

    # The agent changes the page first: the file is refused, the leader reads why, and signs again by keyboard.
    program.behave("page-changed")
    leader.press("Ký số ban hành")
    leader.sees("Tệp gửi lên có thay đổi khác ngoài chữ ký.")
    leader.sees("Văn bản giữ nguyên như trước khi ký.")
    leader.sees_state("Chờ ký")
    expect(leader.page.locator("#agent")).to_have_attribute("aria-live", "polite")
    program.behave("honest")
    leader.page.get_by_role("button", name="Ký lại").press("Enter")
    leader.sees("Đã nhận tệp đã ký.")
    assert not leader.troubles

    clerk = at(cast.a.clerk)
    clerk.open("Chờ cấp số", SUBJECT)
    clerk.press("Cấp số, ký số cơ quan, phát hành")
    clerk.sees("Đã nhận tệp đã ký.")
    let_the_worker_run()
    clerk.page.reload()
    clerk.sees_state("Đã phát hành")
    assert not clerk.troubles

    issued_id = int(clerk.page.url.split("/van-ban/")[1].split("/")[0])
    found = verify_pdf(main_bytes(issued_id), trust=trust_store(), at=datetime.now(UTC))
    assert [(finding.kind, finding.verdict) for finding in found.signatures] == [
        ("personal", Verdict.VALID_NO_TSA),
        ("agency", Verdict.VALID_NO_TSA),
    ]
    assert not [report.broken for report in verify_chains() if report.broken]
    receiver = at(cast.b.clerk)
    receiver.open("Chờ tiếp nhận", SUBJECT)


def test_a_computer_without_the_agent_says_what_to_do_and_the_leader_may_stop(
    at: Callable[[Actor], Desk], cast: Cast, settings: Any, program: Simulator
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        listen_at(settings, f"ws://127.0.0.1:{nobody.getsockname()[1]}")
        leader = bring_to_the_leader(at, cast)
        leader.press("Ký số ban hành")
        leader.sees("Máy này chưa cài hoặc chưa chạy VGCA Sign Service.")
        leader.sees("Mở VGCA Sign Service rồi bấm Ký lại")
    shows_where_it_runs(leader)
    leader.press("Thôi ký")
    leader.sees_state("Chờ ký")
    expect(leader.page.get_by_role("button", name="Ký số ban hành")).to_be_visible()
    program.behave("cancelled")
    listen_at(settings, program.service)
    leader.press("Ký số ban hành")
    leader.sees("Người ký đã hủy trong VGCA Sign Service.")
