"""The axis as it runs, and systems that join it: each test has systems of its own on one axis."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pytest

from tests.axis.foreign.letters import Letter, document
from tests.axis.foreign.service import Service
from tests.axis.installation import Axis
from tests.crash.conftest import tell
from tests.crash.reporting import named_server

__all__ = ["Axis", "Join", "Member", "tell"]
_numbers = itertools.count(1)


@dataclass
class Member:
    """A system that joined, with one agency at the start."""

    service: Service
    code: str

    def again(self, at: datetime | None = None) -> Service:
        """The same system in a new service object, with a stamp of its own."""
        return self.service.another(at=at)

    def register(self, name: str = "Đơn vị thử") -> str:
        """One more agency of this system; its code."""
        code = f"H26.97.{next(_numbers)}"
        answer = self.service.register_agency(code, name)
        assert answer.is_ok, answer.words
        return code

    def send(self, letter: Letter) -> str:
        answer = self.service.send(document(letter), sender=letter.sender)
        assert answer.is_ok, answer.words
        return answer.doc_id

    def close(self) -> None:
        self.service.close()


class Join(Protocol):
    def __call__(self) -> Member: ...


@pytest.fixture(scope="session")
def the_axis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Axis]:
    with Axis(tmp_path_factory.mktemp("axis"), named_server()) as axis:
        axis.start()
        yield axis


@pytest.fixture
def axis(the_axis: Axis) -> Iterator[Axis]:
    """Running, whatever the test before it did."""
    if not the_axis.is_running:
        the_axis.start()
    yield the_axis
    assert the_axis.is_running, the_axis.told()


@pytest.fixture
def join(axis: Axis) -> Iterator[Join]:
    members: list[Member] = []

    def joined() -> Member:
        systemid, secret = axis.new_system()
        member = Member(Service(axis.base, systemid, secret), "")
        members.append(member)
        member.code = member.register()
        return member

    yield joined
    for member in members:
        member.close()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("randomly_seed", default=0) or 0)
