"""A person at the screens: a browser context of his own, signed in beforehand, everything else by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from playwright.sync_api import Browser, Page, expect

from vanthu.foundation import worker
from vanthu.kernel.actor import Actor
from vanthu.web.middleware import CAPACITY


def let_the_worker_run() -> None:
    """What runs in the background between two acts."""
    worker.run_all(now=lambda: datetime.now(UTC))


def session_of(actor: Actor) -> str:
    """The only thing that is prepared: a session, as signing in would leave it."""
    person = get_user_model().objects.get(pk=actor.user_id)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[CAPACITY] = actor.post_id
    store.create()
    return str(store.session_key)


@dataclass
class Desk:
    """One person's browser."""

    page: Page
    base: str
    troubles: list[str]

    @classmethod
    def of(cls, browser: Browser, base: str, actor: Actor) -> Desk:
        context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 1366, "height": 850}
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(actor), "url": base}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        desk = cls(page, base, [])
        page.on("pageerror", lambda error: desk.troubles.append(str(error)))
        page.on("console", lambda m: desk.troubles.append(m.text) if m.type == "error" else None)
        return desk

    def open_queue(self, label: str) -> None:
        self.page.goto(self.base)
        self.page.locator(".app-rail").get_by_role("link", name=re.compile(f"^{re.escape(label)}")).click()
        expect(self.page.get_by_role("heading", level=1, name=label)).to_be_visible()

    def open(self, queue: str, subject: str) -> None:
        """Find the document in its queue, as the person would, and open it."""
        self.open_queue(queue)
        # One click looks beside the list, Enter opens: the way of people who work by keyboard.
        self.page.locator(".rows").get_by_role("link", name=re.compile(re.escape(subject))).first.press(
            "Enter"
        )
        expect(self.page.locator(".process-subject")).to_contain_text(subject)

    def press(self, label: str) -> None:
        # Before the style sheet is there, what it hides (the bar of a phone) counts as seen and would be picked.
        self.page.wait_for_load_state("load")
        self.page.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).first.click()

    def press_in_dialog(self, label: str) -> None:
        self.page.locator("dialog[open]").get_by_role("button", name=label, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).locator("visible=true").first.fill(text)

    def sees_state(self, label: str) -> None:
        expect(self.page.locator(".process-head .status")).to_have_text(label)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def face(self, label: str) -> None:
        self.page.locator("#panel-content").get_by_role("link", name=label, exact=True).click()

    def close(self) -> None:
        self.page.context.close()
