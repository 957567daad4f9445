"""One writer per server: calls that wait at the same time share one transaction and one wait for the disk.

Each call is answered only after the commit that holds it, so sharing costs no durability.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection

from vanthu.axis.rules.orders import Order, Outcome

log = logging.getLogger("vanthu.axis")

MOST_AT_ONCE = 128

Write = Callable[[Sequence[Order]], list[Outcome]]


@dataclass(slots=True)
class _Waiting:
    order: Order
    loop: asyncio.AbstractEventLoop | None
    future: asyncio.Future[Outcome] | None
    result: Outcome = None
    error: BaseException | None = None


class GroupCommit:
    """Takes orders from the event loop and writes them in a thread of its own."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    async def write(self, order: Order) -> Outcome:
        """The outcome, once it is durable. Raises what the database raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._put(_Waiting(order, loop, future))
        return await future

    def note(self, order: Order) -> None:
        """Write it with the next transaction; nobody waits, and a crash may lose it."""
        self._put(_Waiting(order, None, None))

    def close(self) -> None:
        """Write what is waiting, then end the thread."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()
            self._thread = None

    def _put(self, item: _Waiting) -> None:
        if self._thread is None:
            self._start()
        self._waiting.put(item)

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="axis-writer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._next_batch()
            if batch:
                self._write_batch(batch)
                _answer(batch)
        connection.close()

    def _next_batch(self) -> tuple[list[_Waiting], bool]:
        """Whoever waits now, at least one; False when the end was among them."""
        batch: list[_Waiting] = []
        item = self._waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) == MOST_AT_ONCE:
                return batch, True
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False

    def _write_batch(self, batch: list[_Waiting]) -> None:
        try:
            outcomes = self._write([item.order for item in batch])
        except Exception as error:  # one order may be at fault: the others shall not suffer for it
            log.warning("axis: %d orders could not be written together: %s", len(batch), type(error).__name__)
            _recover(error)
            self._write_singly(batch)
            return
        for item, outcome in zip(batch, outcomes, strict=True):
            item.result = outcome

    def _write_singly(self, batch: list[_Waiting]) -> None:
        for item in batch:
            try:
                item.result = self._write([item.order])[0]
            except Exception as error:  # told to whoever waits for it
                log.exception("axis: an order could not be written")
                _recover(error)
                item.error = error


def _recover(error: Exception) -> None:
    """A connection that broke is made anew."""
    if isinstance(error, DatabaseError):
        connection.close()


def _answer(batch: list[_Waiting]) -> None:
    """Wake each loop once, however many of its calls are done."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for item in batch:
        if item.loop is not None:
            by_loop.setdefault(item.loop, []).append(item)
    for loop, items in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, items)
        except RuntimeError:
            log.info("axis: the server ended before %d answers", len(items))


def _resolve(items: list[_Waiting]) -> None:
    for item in items:
        if item.future is None or item.future.done():
            continue
        if item.error is not None:
            item.future.set_exception(item.error)
        else:
            item.future.set_result(item.result)
