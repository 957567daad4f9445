"""SHA-256 of the message and of its contents; of a long message computed by a thread, beside the decoding."""

from __future__ import annotations

import hashlib
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

_ALONE_BYTES = 16 * 1024 * 1024  # less than this is not worth a thread


class Digests:
    """Feed with `update`; `close` must be called, even after trouble."""

    def __init__(self) -> None:
        self._bytes = 0
        # One place only: decoding holds the interpreter, and to wait for the place is what lets the thread have it.
        self._queue: Queue[tuple[_Hash, bytes] | None] = Queue(1)
        self._thread: Thread | None = None

    def new(self) -> _Hash:
        return hashlib.sha256()

    def update(self, digest: _Hash, data: bytes) -> None:
        """Add data, at once or later; `hexdigest` waits for it."""
        if self._thread is not None:
            self._queue.put((digest, data))
            return
        digest.update(data)
        self._bytes += len(data)
        if self._bytes > _ALONE_BYTES:
            self._thread = Thread(target=self._work, daemon=True, name="edxml-digests")
            self._thread.start()

    def hexdigest(self, digest: _Hash) -> str:
        self.close()
        return digest.hexdigest()

    def close(self) -> None:
        """End the thread when all that waited is hashed; it starts again when there is more."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            task[0].update(task[1])
