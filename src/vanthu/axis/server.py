"""The protocol over HTTP: an ASGI application without sessions or middleware; it answers in the protocol, always.

ASGI, because a body that comes slowly must not hold a thread (ADR 14).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from vanthu.axis.bodies import MEGABYTE, ClientGone, Receive, drain, read_body, too_large
from vanthu.axis.caller import Caller, Machinery, Request, identify
from vanthu.axis.handlers import BY_WRITER, answer_by_writer, answer_in_thread
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
            request = _request(call, scope)
            limit = _limit(request)
            caller = await identify(machinery, request) if call.name in BY_WRITER else None
        except Refused:
            if not any(name == b"expect" for name, _value in scope["headers"]):
                await drain(receive, idle=settings.VANTHU_AXIS_IDLE_SECONDS)
            raise
        with machinery.writer.expecting() if caller is not None else nullcontext():
            return await _answer(machinery, request, caller, receive, limit)

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
                    self._machinery.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _answer(
    machinery: Machinery, request: Request, caller: Caller | None, receive: Receive, limit: int
) -> Reply:
    body = await read_body(receive, limit=limit, idle=settings.VANTHU_AXIS_IDLE_SECONDS)
    try:
        if caller is None:
            return await machinery.in_thread(answer_in_thread, machinery, request, body)
        return await answer_by_writer(machinery, request, caller, body)
    finally:
        body.close()


def _request(call: Call, scope: Scope) -> Request:
    """Refuses: another method, a parameter that is there twice."""
    remote = str((scope.get("client") or ("",))[0])
    headers = _headers(scope)
    if scope["method"] != call.method and not (call.name in EITHER_METHOD and scope["method"] == "GET"):
        raise Refused(Code.SYSTEM, answers.WRONG_METHOD.format(method=call.method))
    return Request(call, headers, datetime.now(UTC), remote)


def _headers(scope: Scope) -> dict[str, str]:
    """Names in small letters. Refuses: a parameter that is there twice, for nobody could say which one was signed."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in found and key.startswith("xroadvnpt-"):
            raise Refused(Code.UNAUTHORIZED, answers.WRONG_SIGNATURE)
        found[key] = value.decode("latin-1")
    return found


def _limit(request: Request) -> int:
    """How many bytes the body may have. Refuses: one that announces more, before a byte of it is read."""
    is_file = request.call.name == "sendEdoc"
    limit = settings.VANTHU_AXIS_MESSAGE_MB * MEGABYTE + len(FILE_END) if is_file else SMALL_BODY
    announced = request.headers.get("content-length", "0")
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
