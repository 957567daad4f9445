"""A leader and a clerk whose keys lie in tokens at their desks, and the program that reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import FIXED_NOW
from tests.factories.keys import a_seal_token_of, a_token_of
from tests.signing.desk_agent import Bridge, Simulator, in_a_file
from tests.web.conftest import SignIn
from vanthu.kernel.actor import Actor
from vanthu.signing.queries import PendingCard, last_pending
from vanthu.signing.rules.kinds import KeyPlace, SignatureKind


@pytest.fixture(scope="session")
def program() -> Iterator[Simulator]:
    running = Simulator(FIXED_NOW)
    yield running
    running.close()


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    cache.clear()
    open_bridge = Bridge()
    yield open_bridge
    open_bridge.close()


@dataclass
class Desk:
    """One person's screen, the agent beside it and the way between agent and server."""

    cast: Cast
    program: Simulator
    bridge: Bridge
    sign_in: SignIn

    def screen(self, actor: Actor) -> Client:
        return self.sign_in(actor)

    def press_sign(self, document_id: int, actor: Actor | None = None) -> PendingCard:
        """The leader presses the button; nothing is signed yet."""
        url = reverse("draft-sign", args=[document_id])
        page = self.screen(actor or self.cast.a.leader).post(url, {"version": 4})
        assert page.status_code == 302, page.content.decode()
        return self.pending(document_id, SignatureKind.PERSONAL)

    def press_issue(self, document_id: int, version: int) -> PendingCard:
        page = self.screen(self.cast.a.clerk).post(
            reverse("outgoing-issue", args=[document_id]), {"version": version}
        )
        assert page.status_code == 302, page.content.decode()
        return self.pending(document_id, SignatureKind.AGENCY)

    @staticmethod
    def pending(document_id: int, kind: SignatureKind) -> PendingCard:
        card = last_pending(document_id, kind)
        assert card is not None
        return card

    def task(self, pending: PendingCard, actor: Actor) -> dict[str, str]:
        """What the page is told when it begins: through the bridge, as the agent will call."""
        host = self.bridge.origin.removeprefix("http://")
        answer = self.screen(actor).post(
            reverse("agent-start", args=[pending.id]), headers={"host": host, "origin": self.bridge.origin}
        )
        assert answer.status_code == 200, answer.content
        found: dict[str, str] = answer.json()
        return found

    def call_agent(self, task: dict[str, str]) -> Any:
        """The agent's answer to the browser."""
        return self.bridge.serve_while(lambda: self.program.call(task["address"], task["request"]))

    def sign(self, pending: PendingCard, actor: Actor, how: str = "honest") -> Any:
        self.program.behave(how)
        return self.call_agent(self.task(pending, actor))


@pytest.fixture
def desk(
    cast: Cast,
    program: Simulator,
    bridge: Bridge,
    sign_in: SignIn,
    settings: Any,
    tmp_path: Path,
    now: datetime,
) -> Desk:
    settings.VANTHU_DESK_AGENT = program.service
    settings.VANTHU_HOLD_SECONDS = 0
    personal = a_token_of(cast.a.leader, cast.a, place=KeyPlace.DESK_AGENT, now=now)
    agency = a_seal_token_of(cast.a, place=KeyPlace.DESK_AGENT, now=now)
    program.plug_in(
        personal=in_a_file(personal, tmp_path, "personal"), agency=in_a_file(agency, tmp_path, "agency")
    )
    return Desk(cast, program, bridge, sign_in)
