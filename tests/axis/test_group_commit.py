"""Whose orders share a transaction, and that nobody waits who has no company."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from vanthu.axis import group_commit
from vanthu.axis.group_commit import GroupCommit
from vanthu.axis.rules.orders import Order, Outcome, Seen

FAR = 3600.0


class Book:
    """Writes nothing down but the sizes of the transactions."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()

    def write(self, orders: Sequence[Order]) -> list[Outcome]:
        self.sizes.append(len(orders))
        self.begun.set()
        self.may_go_on.wait()
        return [None for _ in orders]


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def writer(book: Book, monkeypatch: pytest.MonkeyPatch) -> Iterator[GroupCommit]:
    """One that would wait an hour for company, so that only the company decides."""
    monkeypatch.setattr(group_commit, "COMPANY_WAIT", FAR)
    made = GroupCommit(book.write)
    yield made
    made.close()


def order(number: int = 1) -> Order:
    return Seen(number, datetime(2026, 11, 23, tzinfo=UTC))


def test_an_order_without_company_is_written_at_once(writer: GroupCommit, book: Book) -> None:
    async def alone() -> None:
        with writer.expecting():
            await asyncio.wait_for(writer.write(order()), 30)

    asyncio.run(alone())
    assert book.sizes == [1]


def test_calls_that_are_on_their_way_share_one_transaction(writer: GroupCommit, book: Book) -> None:
    async def call(arrived: asyncio.Event) -> None:
        with writer.expecting():
            await arrived.wait()
            await writer.write(order())

    async def one_after_the_other() -> None:
        doors = [asyncio.Event() for _ in range(5)]
        calls = [asyncio.create_task(call(door)) for door in doors]
        await asyncio.sleep(0)
        for door in doors:
            door.set()
            await asyncio.sleep(0)
        await asyncio.wait_for(asyncio.gather(*calls), 30)

    asyncio.run(one_after_the_other())
    assert book.sizes == [5]


def test_whoever_was_expected_and_never_writes_holds_nobody_up(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "COMPANY_WAIT", 0.01)
    writer = GroupCommit(book.write)

    async def beside_a_slow_one() -> None:
        with writer.expecting(), writer.expecting():
            await asyncio.wait_for(writer.write(order()), 30)

    asyncio.run(beside_a_slow_one())
    writer.close()
    assert book.sizes == [1]


def test_what_came_while_the_disk_was_busy_is_written_together_then(writer: GroupCommit, book: Book) -> None:
    async def during_a_commit() -> None:
        book.may_go_on.clear()
        first = asyncio.create_task(writer.write(order()))
        await asyncio.to_thread(book.begun.wait)
        rest = [asyncio.create_task(writer.write(order(number))) for number in range(4)]
        await asyncio.sleep(0)
        book.may_go_on.set()
        await asyncio.wait_for(asyncio.gather(first, *rest), 30)

    asyncio.run(during_a_commit())
    assert book.sizes == [1, 4]
