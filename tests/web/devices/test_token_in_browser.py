"""A token at a real browser: a provider in the page, a real key in this process, the keyboard, and a telephone's width."""

from __future__ import annotations

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.factories.drafting import a_checked_draft
from tests.factories.keys import Token, a_token_of
from tests.journeys.screens import Desk
from vanthu.drafting.queries import draft_card
from vanthu.drafting.rules.states import State
from vanthu.signing.queries import signatures_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PROVIDER = """
window.vanthuToken = {
  async sign(task) {
    const answer = await window.askTheToken(task);
    if (answer.error) throw Object.assign(new Error(answer.error), { code: answer.error });
    return answer.signature;
  },
};
"""


@pytest.fixture
def clock() -> Iterator[None]:
    with time_machine.travel(FIXED_NOW, tick=True):
        yield


class Helper(BaseHTTPRequestHandler):
    """A program on the signer's machine: it knows the page that may ask, and gives the signature to it alone."""

    device: Device
    origin: str

    def do_OPTIONS(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/sign"
        assert self.headers["Origin"] == self.origin
        assert "Cookie" not in self.headers
        self._answer(json.dumps(self.device.answer(body)).encode())

    def _answer(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", self.origin)
        self.send_header("Access-Control-Allow-Headers", "content-type")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Nothing on the screen."""


class Device:
    """What the provider reaches; `moods` says how it answers next, honestly when nothing is left."""

    def __init__(self, token: Token) -> None:
        self.token = token
        self.moods: list[str] = []
        self.tasks: list[dict[str, str]] = []

    def answer(self, task: dict[str, str]) -> dict[str, str]:
        self.tasks.append(task)
        mood = self.moods.pop(0) if self.moods else ""
        if mood and mood != "wrong":
            return {"error": mood}
        digest = bytes(32) if mood == "wrong" else b64decode(task["digest"])
        return {"signature": b64encode(self.token.sign_hash(digest)).decode()}


@pytest.fixture
def device(cast: Cast) -> Device:
    return Device(a_token_of(cast.a.leader, cast.a, now=FIXED_NOW))


@pytest.fixture
def desk(
    browser: Browser, live_server: Any, cast: Cast, clock: None, device: Device, settings: Any
) -> Iterator[Desk]:
    """The leader's browser, a document before him that is ready to be signed."""
    opened = Desk.of(browser, live_server.url, cast.a.leader)
    opened.page.expose_function("askTheToken", device.answer)
    opened.page.add_init_script(PROVIDER)
    yield opened
    opened.close()


def open_document(desk: Desk, cast: Cast) -> int:
    document_id = a_checked_draft(cast)
    desk.page.goto(f"{desk.base}/van-ban/{document_id}/")
    return document_id


def is_signed(document_id: int) -> bool:
    card = draft_card(document_id)
    assert card is not None
    return card.state is State.SIGNED


def heading(page: Page, text: str) -> Any:
    return page.locator("#device h2:visible").filter(has_text=text)


def test_the_token_signs_after_one_press(desk: Desk, cast: Cast, device: Device) -> None:
    document_id = open_document(desk, cast)
    desk.press("Ký số ban hành")
    desk.sees("Đã ký số.")
    assert is_signed(document_id)
    assert b64decode(device.tasks[0]["certificate"]) == device.token.certificate
    assert len(signatures_of(document_id)) == 1
    assert desk.troubles == []


@pytest.mark.parametrize(
    ("mood", "words"),
    [
        ("cancelled", "Đã hủy ở thiết bị"),
        ("pin", "Sai mã PIN ở thiết bị"),
        ("no-device", "Không thấy thiết bị"),
        ("no-certificate", "Thiết bị không có chứng thư số đã đăng ký"),
        ("broken-in-a-new-way", "Thiết bị báo lỗi"),
        ("wrong", "Chưa nhận chữ ký"),
    ],
)
def test_what_went_wrong_is_said_and_the_keyboard_tries_again(
    desk: Desk, cast: Cast, device: Device, mood: str, words: str
) -> None:
    document_id = open_document(desk, cast)
    device.moods = [mood]
    desk.press("Ký số ban hành")
    expect(heading(desk.page, words)).to_be_visible()
    assert not is_signed(document_id)
    expect(desk.page.locator("[data-token-again]")).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.sees("Đã ký số.")
    assert is_signed(document_id)


def test_without_a_provider_the_page_says_what_is_missing(
    browser: Browser, live_server: Any, cast: Cast, clock: None, device: Device
) -> None:
    desk = Desk.of(browser, live_server.url, cast.a.leader)
    document_id = open_document(desk, cast)
    desk.press("Ký số ban hành")
    expect(heading(desk.page, "Không thấy thiết bị")).to_be_visible()
    desk.press("Thôi ký")
    desk.sees_state("Chờ ký")
    expect(desk.page.get_by_role("button", name="Ký số ban hành").first).to_be_visible()
    assert not is_signed(document_id)
    desk.close()


def test_on_a_telephone_nothing_sticks_out(desk: Desk, cast: Cast, device: Device) -> None:
    document_id = open_document(desk, cast)
    desk.page.set_viewport_size({"width": 360, "height": 740})
    device.moods = ["cancelled"] * 9
    desk.page.get_by_role("button", name="Ký số ban hành").locator("visible=true").first.click()
    desk.page.get_by_role("button", name="Ký số ban hành").locator("visible=true").last.click()
    expect(desk.page.locator("[data-vanthu-token][data-state=cancelled]")).to_be_attached()
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    assert not is_signed(document_id)


@pytest.fixture
def helper(device: Device, live_server: Any, settings: Any) -> Iterator[str]:
    """A helper program on this machine, and an installation that names its address."""
    handler = type("Bound", (Helper,), {"device": device, "origin": live_server.url})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"] = ["'self'", address]
    settings.VANTHU_TOKEN_HELPER, settings.CONTENT_SECURITY_POLICY = address, policy
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_helper_on_the_signers_machine_signs_in_place_of_an_extension(
    browser: Browser, live_server: Any, cast: Cast, clock: None, device: Device, helper: str
) -> None:
    desk = Desk.of(browser, live_server.url, cast.a.leader)
    document_id = open_document(desk, cast)
    device.moods = ["pin"]
    desk.press("Ký số ban hành")
    expect(heading(desk.page, "Sai mã PIN ở thiết bị")).to_be_visible()
    desk.press("Ký lại")
    desk.sees("Đã ký số.")
    assert is_signed(document_id)
    assert desk.troubles == []
    desk.close()
