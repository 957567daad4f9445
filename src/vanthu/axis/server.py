"""The protocol over HTTP: an ASGI application without sessions or middleware; it answers in the protocol, always.

ASGI, because a body that comes slowly must not hold a thread (ADR 14).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from vanthu.axis.bodies import MEGABYTE, ClientGone, Receive, drain, read_body, too_large
from vanthu.axis.caller import Caller, JudgedByOldState, Machinery, identify
from vanthu.axis.handlers import HANDLERS
from vanthu.axis.queries import calls
from vanthu.axis.replies import Reply, said
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.edxml.gateway import CALLS, FILE_END, PATH, Call

log = logging.getLogger("vanthu.axis")

Send = Callable[[dict[str, Any]], Awaitable[None]]
Scope = Mapping[str, Any]
SMALL_BODY = MEGABYTE
"""Bytes: no other call than sendEdoc has more to say."""
TRIES = 5
"""So often a call is judged again while somebody keeps changing the directory."""
HEALTH = "/health"
EITHER_METHOD = frozenset({"countReceiveEdoc", "countReceiveStatus"})


class Axis:
    """One server process."""

    def __init__(self) -> None:
        self._machinery: Machinery | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = CALLS.get(scope["path"].removeprefix(f"{PATH}/"))
        if self._machinery is None:
            self._machinery = Machinery()
        try:
            reply = await self._reply(self._machinery, call, scope, receive)
        except ClientGone:
            # What came was not whole: whoever still listens hears that nothing was taken.
            reply = _refusal(Refused(Code.FILE_INVALID, answers.BROKEN_OFF), call, http_status=400)
        except Refused as refused:
            reply = _refusal(refused, call)
        except Exception:  # the caller gets a code of the protocol; what happened stands in the log
            log.exception("axis: a call failed")
            reply = _refusal(Refused(Code.SYSTEM, answers.TROUBLE), call)
        await _send(reply, send)

    async def _reply(self, machinery: Machinery, call: Call | None, scope: Scope, receive: Receive) -> Reply:
        if call is None:
            return await self._elsewhere(machinery, scope, receive)
        try:
            headers = _headers(scope)
            _demand_method(call, scope["method"])
            limit = _limit(call, headers)
            remote = str((scope.get("client") or ("",))[0])
            now = datetime.now(UTC)
            caller = await _identified(machinery, call, headers, now, remote)
        except Refused:
            if b"expect" not in _names(scope):
                await drain(receive, idle=settings.VANTHU_AXIS_IDLE_SECONDS)
            raise
        body = await read_body(receive, limit=limit, idle=settings.VANTHU_AXIS_IDLE_SECONDS)
        try:
            for _try in range(TRIES):
                try:
                    return await HANDLERS[call.name](machinery, caller, body)
                except JudgedByOldState:
                    caller = await _identified(machinery, call, headers, now, remote)
            raise Refused(Code.SYSTEM, answers.TROUBLE)
        finally:
            body.close()

    async def _elsewhere(self, machinery: Machinery, scope: Scope, receive: Receive) -> Reply:
        if scope["path"] == HEALTH:
            await machinery.in_thread(calls.is_reachable)
            return said(answers.answer())
        await drain(receive, idle=settings.VANTHU_AXIS_IDLE_SECONDS)
        return said(answers.refusal(Refused(Code.SYSTEM, answers.NO_CALL)), http_status=404)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self._machinery = Machinery()
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.shutdown":
                if self._machinery is not None:
                    self._machinery.writer.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _identified(
    machinery: Machinery, call: Call, headers: Mapping[str, str], now: datetime, remote: str
) -> Caller:
    for _try in range(TRIES):
        with suppress(JudgedByOldState):
            return await identify(machinery, call, headers, now=now, remote=remote)
    raise Refused(Code.SYSTEM, answers.TROUBLE)


def _names(scope: Scope) -> Counter[bytes]:
    return Counter(name for name, _value in scope["headers"])


def _headers(scope: Scope) -> dict[str, str]:
    """Names in small letters. Refuses: a parameter that is there twice, for nobody could say which one was signed."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in found and key.startswith("xroadvnpt-"):
            raise Refused(Code.UNAUTHORIZED, answers.WRONG_SIGNATURE)
        found[key] = value.decode("latin-1")
    return found


def _demand_method(call: Call, method: str) -> None:
    if method != call.method and not (call.name in EITHER_METHOD and method == "GET"):
        raise Refused(Code.SYSTEM, answers.WRONG_METHOD.format(method=call.method))


def _limit(call: Call, headers: Mapping[str, str]) -> int:
    """How many bytes the body may have. Refuses: one that announces more, before a byte of it is read."""
    is_file = call.name == "sendEdoc"
    limit = settings.VANTHU_AXIS_MESSAGE_MB * MEGABYTE + len(FILE_END) if is_file else SMALL_BODY
    announced = headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        raise too_large(limit)
    return limit


def _refusal(refused: Refused, call: Call | None, *, http_status: int = 200) -> Reply:
    """The vendor's client reads DocId also where nothing was taken, and stores whatever downloadEdoc brings."""
    if call is not None and call.name == "downloadEdoc":
        names = ((b"xroadvnpt-errorcode", refused.code.value), (b"xroadvnpt-errordesc", refused.text))
        headers = tuple((name, text.encode("ascii", "replace")) for name, text in names)
        return Reply(b"", 0, http_status=404, headers=headers)
    more = {"DocId": ""} if call is not None and call.name == "sendEdoc" else {}
    return said(answers.refusal(refused, **more), http_status)


async def _send(reply: Reply, send: Send) -> None:
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(reply.size).encode()),
        *reply.headers,
    ]
    await send({"type": "http.response.start", "status": reply.http_status, "headers": headers})
    if isinstance(reply.body, bytes):
        await send({"type": "http.response.body", "body": reply.body})
        return
    for piece in reply.body:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
