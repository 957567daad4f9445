"""The whole life of a document, played through the screens by a separate session for each person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, expect

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.journeys.screens import Desk, let_the_worker_run
from vanthu.audit.queries import verify_chains
from vanthu.documents.queries import main_bytes
from vanthu.kernel.actor import Actor
from vanthu.organizations.queries import AgencyRow
from vanthu.signing.operations import trust_store
from vanthu.signing.rules.verdicts import Verdict
from vanthu.signing.validation import verify_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

QUESTION = "rà soát biên chế và kinh phí năm 2027"
ANSWER = "ý kiến về biên chế và kinh phí năm 2027"


@pytest.fixture
def clock() -> Iterator[None]:
    """One morning in office hours, going on from there: the edge reads the clock of the test."""
    with time_machine.travel(FIXED_NOW, tick=True):
        yield


@pytest.fixture
def at(browser: Browser, live_server: Any, cast: Cast, settings: Any, clock: None) -> Iterator[Any]:
    """`at(actor)` is that person's desk; nobody may have met an error in the console by the end."""
    settings.VANTHU_HOLD_SECONDS = 0
    desks: dict[int | None, Desk] = {}

    def open_desk(actor: Actor) -> Desk:
        if actor.post_id not in desks:
            desks[actor.post_id] = Desk.of(browser, live_server.url, actor)
        return desks[actor.post_id]

    yield open_desk
    troubles = {desk.page.url: desk.troubles for desk in desks.values() if desk.troubles}
    for desk in desks.values():
        desk.close()
    assert not troubles


def write(desk: Desk, *, subject: str, to: AgencyRow, signer: Actor) -> None:
    page = desk.page
    page.get_by_label("Trích yếu").fill(subject)
    page.get_by_label("Nội dung", exact=False).first.fill(
        "Thực hiện kế hoạch công tác năm, đề nghị quý cơ quan phối hợp.\n\nTrân trọng cảm ơn sự phối hợp."
    )
    page.locator(f'input[name="recipients"][value="{to.code}"]').check()
    page.locator('select[name="signer_post_id"]').select_option(str(signer.post_id))
    desk.press("Lưu và xem bản in")
    desk.sees_state("Dự thảo")


def issue(at: Any, house: Any, subject: str) -> None:
    """From the author's desk to the recipients: five people, each at his own screen."""
    at(house.officer).press("Trình lãnh đạo đơn vị")
    at(house.officer).sees_state("Chờ duyệt nội dung")
    head = at(house.head)
    head.open("Chờ duyệt nội dung", subject)
    head.press("Duyệt nội dung")
    head.sees_state("Chờ kiểm tra thể thức")
    checker = at(house.checker)
    checker.open("Chờ kiểm tra thể thức", subject)
    checker.press("Đạt thể thức")
    checker.sees_state("Chờ ký")
    leader = at(house.leader)
    leader.open("Chờ ký", subject)
    leader.press("Ký số ban hành")
    leader.sees("Đã ký")
    clerk = at(house.clerk)
    clerk.open("Chờ cấp số", subject)
    clerk.press("Cấp số, ký số cơ quan, phát hành")
    clerk.sees_state("Đã phát hành")
    let_the_worker_run()


def receive(at: Any, house: Any, subject: str) -> None:
    clerk = at(house.clerk)
    clerk.open("Chờ tiếp nhận", subject)
    clerk.sees("chữ ký hợp lệ")
    clerk.press("Tiếp nhận và đăng ký")
    clerk.sees_state("Chờ trình")


def test_a_document_lives_its_whole_life_between_two_agencies(at: Any, cast: Cast) -> None:
    a, b = cast.a, cast.b

    # A asks: drafted, approved, checked, signed, numbered, sealed, issued.
    officer = at(a.officer)
    officer.open_queue("Dự thảo của tôi")
    officer.page.get_by_role("link", name="Soạn văn bản").click()
    write(officer, subject=QUESTION, to=b.row, signer=a.leader)
    issue(at, a, QUESTION)
    asked_id = int(at(a.clerk).page.url.split("/van-ban/")[1].split("/")[0])

    # B receives, registers, submits; its leader directs; the unit head hands on; the officer starts.
    receive(at, b, QUESTION)
    clerk = at(b.clerk)
    clerk.page.locator('select[name="leader_post_id"]').select_option(str(b.leader.post_id))
    clerk.press("Trình")
    leader = at(b.leader)
    leader.open("Chờ cho ý kiến chỉ đạo", QUESTION)
    leader.page.get_by_label(f"{b.unit.name}: chủ trì").check()
    leader.fill("Ý kiến chỉ đạo", "Giao đơn vị chủ trì tham mưu văn bản trả lời.")
    leader.press("Giao xử lý")
    head = at(b.head)
    head.open("Chờ phân công", QUESTION)
    head.page.locator('select[name="post_id"], input[name="post_id"]').first.wait_for()
    choose_person(head, b.officer)
    head.press("Phân công")
    worker = at(b.officer)
    worker.open("Việc của tôi", QUESTION)
    worker.press("Bắt đầu xử lý")
    worker.sees("Đang xử lý")

    # B answers with a document of its own.
    worker.page.get_by_role("link", name="Soạn văn bản trả lời").click()
    write(worker, subject=ANSWER, to=a.row, signer=b.leader)
    issue(at, b, ANSWER)
    receive(at, a, ANSWER)

    # The officer reports, the unit head closes; A sees every status.
    worker.open("Việc của tôi", QUESTION)
    worker.fill("Kết quả giải quyết", "Đã tham mưu văn bản trả lời.")
    worker.press("Trình kết quả")
    head.open("Chờ duyệt kết quả", QUESTION)
    head.press("Duyệt, hoàn thành")
    head.sees_state("Hoàn thành")
    let_the_worker_run()
    asker = at(a.clerk)
    asker.page.goto(f"{asker.base}/van-ban/{asked_id}/?mat=luong")
    asker.page.get_by_text("Trạng thái nhận về").first.click()
    for status in ("01 Đã đến", "03 Đã tiếp nhận", "04 Phân công", "05 Đang xử lý", "06 Hoàn thành"):
        asker.sees(status)

    verdict = verify_pdf(main_bytes(asked_id), trust=trust_store(), at=datetime.now(UTC))
    assert verdict.verdict is Verdict.VALID
    assert not [report.broken for report in verify_chains() if report.broken]


def choose_person(desk: Desk, actor: Actor) -> None:
    radio = desk.page.locator(f'input[name="post_id"][value="{actor.post_id}"]')
    if radio.count():
        radio.check()
    else:
        desk.page.locator('select[name="post_id"]').select_option(str(actor.post_id))


def test_a_refusal_reaches_the_sender_with_its_reason(at: Any, cast: Cast) -> None:
    a, b = cast.a, cast.b
    officer = at(a.officer)
    officer.page.goto(f"{officer.base}/van-ban-di/soan/")
    write(officer, subject=QUESTION, to=b.row, signer=a.leader)
    issue(at, a, QUESTION)

    receiver = at(b.clerk)
    receiver.open("Chờ tiếp nhận", QUESTION)
    receiver.press("Từ chối")
    dialog = receiver.page.locator("dialog[open]")
    dialog.locator("select").select_option("MISSING_FILES")
    dialog.locator("textarea").fill("Thiếu phụ lục kèm theo.")
    receiver.press_in_dialog("Từ chối và báo bên gửi")
    receiver.sees_state("Đã từ chối")
    let_the_worker_run()

    sender = at(a.clerk)
    sender.open("Bị từ chối", QUESTION)
    sender.sees("Thiếu phụ lục kèm theo.")
    sender.press("Đã biết")
    sender.open_queue("Bị từ chối")
    expect(sender.page.locator(".rows")).to_have_count(0)
