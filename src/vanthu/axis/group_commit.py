"""One writer per server: calls that wait at the same time share one transaction and one wait for the disk.

Each call is answered only after the commit that holds it, so sharing costs no durability.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto

from django.db import DatabaseError, connection

from vanthu.axis.rules.orders import Order, Outcome

log = logging.getLogger("vanthu.axis")

MOST_AT_ONCE = 128
NOTES_WAIT = 0.25
"""Seconds that notes wait for an order whose transaction they can share."""
COMPANY_WAIT = 0.008
"""Seconds that an order waits for those of other calls that are on their way; without any it never waits."""

Write = Callable[[Sequence[Order]], list[Outcome]]


@dataclass(slots=True)
class _Waiting:
    """An order, and who waits for it; notes have nobody."""

    order: Order
    loop: asyncio.AbstractEventLoop | None = None
    future: asyncio.Future[Outcome] | None = None
    result: Outcome = None
    error: BaseException | None = None


class _Signal(Enum):
    NOTES = auto()
    END = auto()


class GroupCommit:
    """Takes orders from the event loop, notes from anywhere, and writes them in a thread of its own."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: queue.SimpleQueue[_Waiting | _Signal] = queue.SimpleQueue()
        self._notes: deque[_Waiting] = deque()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._coming = 0

    @contextmanager
    def expecting(self) -> Iterator[None]:
        """On the event loop, around a call that will probably write: whoever is before it waits a moment for it."""
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1

    async def write(self, order: Order) -> Outcome:
        """The outcome, once it is durable. Raises what the database raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._put(_Waiting(order, loop, future))
        return await future

    def note(self, order: Order) -> None:
        """Write it with the next transaction, soon; nobody waits, and a crash may lose it."""
        self._notes.append(_Waiting(order))
        if len(self._notes) <= 1:
            self._put(_Signal.NOTES)

    def close(self) -> None:
        """Write what is waiting, then end the thread."""
        if self._thread is not None:
            self._waiting.put(_Signal.END)
            self._thread.join()
            self._thread = None

    def _put(self, item: _Waiting | _Signal) -> None:
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
        while is_open or self._notes:
            batch: list[_Waiting] = []
            if is_open:
                is_open = self._gather(batch)
            while self._notes and len(batch) < MOST_AT_ONCE:
                batch.append(self._notes.popleft())
            if batch:
                self._write_batch(batch)
                _answer(batch)
        connection.close()

    def _gather(self, batch: list[_Waiting]) -> bool:
        """Put in whoever waits now, at least one unless notes have waited long enough; False at the end."""
        until = 0.0
        try:
            item = self._waiting.get(timeout=NOTES_WAIT if self._notes else None)
            while item is not _Signal.END:
                if isinstance(item, _Waiting):
                    until = until or time.monotonic() + COMPANY_WAIT
                    batch.append(item)
                if len(batch) == MOST_AT_ONCE:
                    return True
                item = self._next(batch, until)
        except queue.Empty:
            return True
        return False

    def _next(self, batch: list[_Waiting], until: float) -> _Waiting | _Signal:
        """Raises `queue.Empty` when nobody else is worth waiting for."""
        if not batch:
            return self._waiting.get(timeout=NOTES_WAIT)
        left = until - time.monotonic()
        if len(batch) < self._coming and left > 0:
            return self._waiting.get(timeout=left)
        return self._waiting.get_nowait()

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
