"""Takes the body of a request piece by piece: never more than the limit, never longer than somebody keeps writing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import Any

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
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self.size = 0

    def add(self, piece: bytes, limit: int) -> None:
        if self.size + len(piece) > limit:
            raise too_large(limit)
        self._file.write(piece)
        self.size += len(piece)

    @property
    def is_large(self) -> bool:
        return self.size > IN_MEMORY

    def whole(self) -> bytes:
        self._file.seek(0)
        return self._file.read()

    def close(self) -> None:
        self._file.close()


async def read_body(receive: Receive, *, limit: int, idle: float) -> Body:
    """The whole body. Raises `Refused` beyond the limit (bytes), `ClientGone` when it does not come whole."""
    body = Body()
    try:
        async for piece in _pieces(receive, idle):
            body.add(piece, limit)
    except BaseException:
        body.close()
        raise
    return body


def too_large(limit: int) -> Refused:
    return Refused(Code.FILE_INVALID, answers.TOO_LARGE.format(limit=max(limit // MEGABYTE, 1)))


async def drain(receive: Receive, *, idle: float) -> None:
    """Read what is still being written and drop it, up to a bound."""
    dropped = 0
    try:
        async for piece in _pieces(receive, min(idle, 5.0)):
            dropped += len(piece)
            if dropped > DRAINED:
                return
    except ClientGone:
        return


async def _pieces(receive: Receive, idle: float) -> AsyncIterator[bytes]:
    is_more = True
    while is_more:
        try:
            async with asyncio.timeout(idle):
                event = await receive()
        except TimeoutError:
            raise ClientGone from None
        if event["type"] != "http.request":
            raise ClientGone
        if piece := event.get("body", b""):
            yield piece
        is_more = event.get("more_body", False)
