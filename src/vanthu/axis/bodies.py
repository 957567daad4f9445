"""Takes the body of a request piece by piece: never more than the limit, never longer than somebody keeps writing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused

Receive = Callable[[], Awaitable[dict[str, Any]]]
IN_MEMORY = 1 << 20
MEGABYTE = 1 << 20
DRAINED = 8 * MEGABYTE
"""So much of a body that is not wanted is read and dropped: a client that is still writing hears no answer."""


class ClientGone(Exception):
    """The client broke off or fell silent: there is nobody to answer."""


class Body:
    """What came, in memory while it is small. `size` in bytes."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._file: BinaryIO | None = None
        self.size = 0

    def add(self, piece: bytes, limit: int) -> None:
        self.size += len(piece)
        if self.size > limit:
            raise too_large(limit)
        if self._file is None and self.is_large:
            self._file = TemporaryFile()  # noqa: SIM115 - closed by `close`
            self._file.writelines(self._pieces)
            self._pieces.clear()
        if self._file is not None:
            self._file.write(piece)
        else:
            self._pieces.append(piece)

    @property
    def is_large(self) -> bool:
        return self.size > IN_MEMORY

    def whole(self) -> bytes:
        if self._file is None:
            return b"".join(self._pieces)
        self._file.seek(0)
        return self._file.read()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


async def read_body(receive: Receive, *, limit: int, idle: float) -> Body:
    """The whole body. Raises `Refused` beyond the limit (bytes), `ClientGone` when it does not come whole."""
    body = Body()
    try:
        await _take(receive, idle, lambda piece: body.add(piece, limit))
    except BaseException:
        body.close()
        raise
    return body


def too_large(limit: int) -> Refused:
    return Refused(Code.FILE_INVALID, answers.TOO_LARGE.format(limit=max(limit // MEGABYTE, 1)))


async def drain(receive: Receive, *, idle: float) -> None:
    """Read what is still being written and drop it, up to a bound."""
    dropped = 0

    def drop(piece: bytes) -> None:
        nonlocal dropped
        dropped += len(piece)
        if dropped > DRAINED:
            raise ClientGone

    with suppress(ClientGone):
        await _take(receive, min(idle, 5.0), drop)


async def _take(receive: Receive, idle: float, take: Callable[[bytes], None]) -> None:
    """Every piece may be `idle` seconds on its way; one clock for all of them, set anew."""
    now = asyncio.get_running_loop().time
    is_more = True
    try:
        async with asyncio.timeout(idle) as patience:
            while is_more:
                event = await receive()
                if event["type"] != "http.request":
                    raise ClientGone
                if piece := event.get("body", b""):
                    take(piece)
                if is_more := event.get("more_body", False):
                    patience.reschedule(now() + idle)
    except TimeoutError:
        raise ClientGone from None
