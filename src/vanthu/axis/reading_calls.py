"""Lists, counts and contents: the calls that change nothing; they run in threads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from vanthu.axis.bodies import Body
from vanthu.axis.caller import Caller, Machinery
from vanthu.axis.queries import calls
from vanthu.axis.replies import Reply, said
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.codes import receivers_named
from vanthu.axis.rules.orders import Note
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState
from vanthu.axis.rules.wire import moment, number
from vanthu.edxml.base64_text import encoded
from vanthu.edxml.gateway import plain_ascii
from vanthu.foundation.storage import MissingBlob, axis_blobs

PIECE = 3 << 18
"""Bytes of content that go out at a time; a multiple of three, so that pieces of base64 join."""
PAGE, LARGEST_PAGE = 1000, 5000
FILE_TYPE = "application/octet-stream"


def agencies_list(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    return said(answers.answer(data=list(calls.agency_list())))


def agencies_list_qd20(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    level = number(caller.value("level"), default=0, least=0, most=9)
    if level is None:
        raise _bad("level", caller)
    return said(answers.answer(data=list(calls.agency_list(level=level, is_qd20=True))))


def units(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    return said(answers.answer(data=list(calls.unit_list())))


def received_list(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    return said(answers.answer(data=calls.received(caller.system.id, _filter(caller, is_received=True))))


def sent_list(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    """One message by its id. An id that a service object kept from fetching something is no wish for this list."""
    doc_id = caller.value("docId")
    is_left_over = "filepath" in caller.values or "status" in caller.values
    if is_left_over and doc_id and not calls.is_sent_by(caller.system.id, doc_id[:60]):
        doc_id = ""
    return said(
        answers.answer(data=calls.sent(caller.system.id, _filter(caller, is_received=False), doc_id[:60]))
    )


def _filter(caller: Caller, *, is_received: bool) -> calls.ListFilter:
    size = number(caller.value("pageSize"), default=PAGE, least=1, most=LARGEST_PAGE)
    page = number(caller.value("pageIndex"), default=1, least=1, most=1_000_000)
    if size is None or page is None:
        raise _bad("pageSize" if size is None else "pageIndex", caller)
    return calls.ListFilter(
        kind=kind_of(caller),
        states=_states(caller) if is_received else (),
        to_codes=receivers_named(caller.value("to"))
        if is_received and not _kept(caller, "hash-file")
        else (),
        since=_moment(caller, "fromDate", is_end=False),
        until=_moment(caller, "toDate", is_end=True),
        first=(page - 1) * size,
        count=size,
    )


def _states(caller: Caller) -> tuple[ParcelState, ...]:
    """The states that are asked for; none: what is open.

    The vendor's client keeps the parameters of all earlier calls of a service object: after updateStatus its list
    says status=done, and the docId beside it tells that nobody wished for that.
    """
    text = "" if _kept(caller, "docId") else caller.value("status").upper()
    if not text:
        return ()
    if text == "ALL":
        return tuple(ParcelState)
    if text not in set(ParcelState):
        raise _bad("status", caller)
    return (ParcelState(text),)


def _kept(caller: Caller, name: str) -> bool:
    """Whether a parameter is there that this call does not have: left over from an earlier one."""
    return name.lower() in caller.values


def _moment(caller: Caller, name: str, *, is_end: bool) -> datetime | None:
    text = caller.value(name)
    if not text:
        return None
    found = moment(text, is_end=is_end)
    if found is None:
        raise _bad(name, caller)
    return found


def _bad(name: str, caller: Caller) -> Refused:
    value = plain_ascii(caller.value(name))[:60]
    return Refused(Code.EDXML_WRONG, answers.BAD_VALUE.format(name=name, value=value))


def kind_of(caller: Caller) -> MessageKind:
    text = caller.needed("messagetype").lower()
    if text not in set(MessageKind):
        raise _bad("messagetype", caller)
    return MessageKind(text)


def get_edoc(machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    data = _content(machinery, caller)
    head, tail = answers.answer(data="").rsplit(b'"', 1)
    head, tail = head + b"", b'"' + tail
    size = len(head) + 4 * ((len(data) + 2) // 3) + len(tail)
    if len(data) <= PIECE:
        return said(head + encoded(data) + tail)
    return Reply(_in_base64(head, data, tail), size)


def _in_base64(head: bytes, data: bytes, tail: bytes) -> Iterator[bytes]:
    yield head
    for start in range(0, len(data), PIECE):
        yield encoded(data[start : start + PIECE])
    yield tail


def download_edoc(machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    data = _content(machinery, caller)
    pieces = (data[start : start + PIECE] for start in range(0, len(data), PIECE))
    return Reply(data if len(data) <= PIECE else pieces, len(data), content_type=FILE_TYPE)


def _content(machinery: Machinery, caller: Caller) -> bytes:
    doc_id = caller.needed("docId")
    stored = calls.content_of(caller.system.id, doc_id[:60])
    if stored is None:
        raise no_parcel(doc_id)
    data = stored.content
    try:
        if data is None and not stored.is_forgotten:
            data = axis_blobs().read(stored.sha256)
    except MissingBlob:
        data = None
    if data is None:
        raise Refused(Code.FILE_PROCESSING, answers.FORGOTTEN.format(doc_id=doc_id[:60]))
    machinery.writer.note(
        Note(
            EventKind.FETCHED,
            caller.now,
            message_id=stored.message_id,
            parcel_id=doc_id[:24],
            system_code=caller.system.code,
            call=caller.call,
            outcome="0",
            remote=caller.remote,
        )
    )
    return data


def count_edocs(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    return said(answers.answer(count=str(calls.waiting_count(caller.system.id, MessageKind.EDOC))))


def count_statuses(_machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    return said(answers.answer(count=str(calls.waiting_count(caller.system.id, MessageKind.STATUS))))


def no_parcel(doc_id: str) -> Refused:
    """The same words for a parcel that is not there and for one of somebody else's."""
    return Refused(Code.FILE_PROCESSING, answers.NO_PARCEL.format(doc_id=doc_id[:60]))
