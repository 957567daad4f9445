"""SHA-256 of the message and of its contents, computed beside the decoding when there is much to compute."""

from __future__ import annotations

import hashlib
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

_ALONE_BYTES = 4 * 1024 * 1024  # less than this is not worth a thread
_WAITING = 8  # chunks that may wait, which bounds the memory


class Digests:
    """Hashes that are fed from one place. `close` must be called, even after trouble."""

    def __init__(self) -> None:
        self._bytes = 0
        self._queue: Queue[tuple[_Hash, bytes] | None] | None = None
        self._thread: Thread | None = None

    def new(self) -> _Hash:
        return hashlib.sha256()

    def update(self, digest: _Hash, data: bytes) -> None:
        """Add data, at once or later; `hexdigest` waits for it."""
        if self._queue is None:
            digest.update(data)
            self._bytes += len(data)
            if self._bytes > _ALONE_BYTES:
                self._start()
        else:
            self._queue.put((digest, data))

    def hexdigest(self, digest: _Hash) -> str:
        if self._queue is not None:
            self._queue.join()
        return digest.hexdigest()

    def close(self) -> None:
        """End the thread. What was not asked for by then is dropped."""
        if self._queue is not None and self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._queue = self._thread = None

    def _start(self) -> None:
        self._queue = Queue(_WAITING)
        self._thread = Thread(target=self._work, args=(self._queue,), daemon=True, name="edxml-digests")
        self._thread.start()

    @staticmethod
    def _work(queue: Queue[tuple[_Hash, bytes] | None]) -> None:
        while (task := queue.get()) is not None:
            task[0].update(task[1])
            queue.task_done()
