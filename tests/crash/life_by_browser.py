"""The life that is played against the real server: one letter from its first word to the receiver's result.

Each act is what a person sees and does: the queue where the letter waits for him, the form on its page, the words he
enters. After a crash he looks again and presses only where the page still offers the button.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.crash.browser import (
    PATIENCE_SECONDS,
    Browser,
    ConnectionBroken,
    Page,
    Values,
    choice,
    pressable,
)
from tests.crash.stage import Process
from vanthu.demo.cities.small import HOAN_KIEM, STC

LETTER = "rà soát hồ sơ công việc còn tồn đến hết quý III"
AUTHOR, HEAD, CHECKER, SIGNER, CLERK = (
    f"{seat}.snv" for seat in ("chuyenvien", "truongphong", "phovp", "giamdoc", "vanthu")
)
RECEIVER, DIRECTOR, UNIT_HEAD, OFFICER = (
    f"{seat}.stc" for seat in ("vanthu", "giamdoc", "truongphong", "chuyenvien")
)
WARD = "vanthu.hoankiem"
BETWEEN_LOOKS = 0.1
REDIRECT = 302


def nothing(_form: Any) -> Values:
    return {}


@dataclass(frozen=True)
class Press:
    """Who presses which button: the queues he opens, how the form's address ends, what he enters."""

    who: str
    queues: str
    ending: str
    enters: Callable[[Any], Values] = nothing


def directs(form: Any) -> Values:
    unit = form.xpath(".//input[@name='lead_unit_id' and not(@disabled)]/@value")[-1]
    return {"lead_unit_id": str(unit), "text": "Giao chủ trì tham mưu trả lời."}


ACTS = (
    Press(AUTHOR, "du-thao-cua-toi", "/trinh-duyet/"),
    Press(HEAD, "cho-duyet-noi-dung", "/duyet-noi-dung/"),
    Press(CHECKER, "cho-kiem-tra-the-thuc", "/dat-the-thuc/"),
    Press(SIGNER, "cho-ky", "/ky/"),
    # What a crash left numbered or sealed waits in the second queue.
    Press(CLERK, "cho-cap-so cho-phat-hanh", "/phat-hanh/"),
    Press(RECEIVER, "cho-tiep-nhan", "/tiep-nhan/"),
    Press(
        WARD,
        "cho-tiep-nhan",
        "/tu-choi/",
        lambda _: {"reason": "WRONG_RECIPIENT", "text": "Không thuộc thẩm quyền của phường"},
    ),
    Press(
        RECEIVER,
        "cho-trinh",
        "/trinh/",
        lambda form: {"leader_post_id": choice(form, "leader_post_id", "– Giám đốc")},
    ),
    Press(DIRECTOR, "cho-chi-dao", "/giao-xu-ly/", directs),
    Press(CLERK, "bi-tu-choi", "/da-biet-tu-choi/"),
    Press(
        UNIT_HEAD,
        "cho-phan-cong",
        "/phan-cong/",
        lambda form: {"post_id": choice(form, "post_id", "Chuyên viên")},
    ),
    Press(OFFICER, "viec-cua-toi", "/bat-dau/"),
    Press(OFFICER, "viec-cua-toi", "/trinh-ket-qua/", lambda _: {"result": "Đã rà soát xong."}),
    Press(UNIT_HEAD, "cho-duyet-ket-qua", "/duyet/"),
)
PEOPLE = sorted({act.who for act in ACTS})


@dataclass
class People:
    """Everybody at his browser; `clerk_of_the_log` notes what stood in the log when an act was answered."""

    port: int
    clerk_of_the_log: Process
    cookie: str
    browsers: dict[str, Browser] = field(default_factory=dict)
    reported: list[list[Any]] = field(default_factory=list)
    answered: int = 0
    broken: int = 0

    def sit_down(self) -> None:
        sessions = self.clerk_of_the_log.ask("sessions", names=PEOPLE)["sessions"]
        self.browsers = {name: Browser(self.port, {self.cookie: key}) for name, key in sessions.items()}

    def live(self) -> None:
        self._until_done(self._draft, "write the draft")
        for act in ACTS:
            seen: list[str] = []
            self._until_done(partial(self._press, act, seen), f"{act.who} {act.ending}")

    def _until_done(self, look_and_press: Callable[[], bool], name: str) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if look_and_press():
                    return
            except ConnectionBroken:
                pass  # the server is down: he looks again when it is back
            assert time.monotonic() < limit, f"nobody brings what '{name}' waits for"
            time.sleep(BETWEEN_LOOKS)

    def _draft(self) -> bool:
        author = self.browsers[AUTHOR]
        if author.find("du-thao-cua-toi", LETTER):
            return True
        page = author.get("/van-ban-di/soan/")
        form = pressable(page, "")
        assert form is not None, page.words()[:500]
        values: Values = {
            "type_code": "cong_van",
            "subject": LETTER,
            "body": "Thực hiện kế hoạch công tác năm, đề nghị quý cơ quan phối hợp rà soát.",
            "recipients": [STC, HOAN_KIEM],
            "signer_post_id": choice(form, "signer_post_id", "– Giám đốc"),
        }
        self._send(author, form, values, page="/van-ban-di/soan/")
        return True

    def _press(self, act: Press, seen: list[str]) -> bool:
        """Look; press where the page offers it. What was offered before and no longer is, has been done."""
        browser = self.browsers[act.who]
        found = (browser.find(queue, LETTER) for queue in act.queues.split())
        address = next(filter(None, found), None)
        if address is None:
            return bool(seen)
        form = pressable(browser.get(address), act.ending)
        if form is None:
            return bool(seen)
        seen.append(address)
        self._send(browser, form, act.enters(form))
        return True

    def _send(self, browser: Browser, form: Any, values: Values, *, page: str = "") -> Page:
        try:
            answer = browser.send(form, values, page=page)
        except ConnectionBroken:
            self.broken += 1
            raise
        assert answer.status == REDIRECT, f"{form.action}: {answer.status} {answer.words()[:1500]}"
        self.answered += 1
        self.reported += self.clerk_of_the_log.ask("look_at_the_log")["log"]
        return browser.get(answer.location)
