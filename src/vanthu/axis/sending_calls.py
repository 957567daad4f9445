"""sendEdoc and updateStatus: the busy writes; they wait for the writer, not in a thread."""

from __future__ import annotations

from django.conf import settings

from vanthu.axis.bodies import Body
from vanthu.axis.caller import Caller, JudgedByOldState, Machinery, refusal_note
from vanthu.axis.queries import calls
from vanthu.axis.reading_calls import kind_of, no_parcel
from vanthu.axis.replies import Reply, said
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused
from vanthu.axis.rules.facts import INLINE
from vanthu.axis.rules.orders import (
    Accepted,
    MessageOrder,
    Note,
    Order,
    Outcome,
    Outdated,
    Reported,
    ReportOrder,
)
from vanthu.axis.rules.states import EventKind, MessageKind, ParcelState
from vanthu.axis.sending import (
    Letter,
    demand_receivers,
    demand_sender,
    file_of,
    order_of,
    read_letter,
)
from vanthu.foundation.storage import axis_blobs


async def send_edoc(machinery: Machinery, caller: Caller, body: Body) -> Reply:
    if not body.is_large:
        return await _send(machinery, caller, body)
    async with machinery.large:
        return await _send(machinery, caller, body)


async def _send(machinery: Machinery, caller: Caller, body: Body) -> Reply:
    sha256 = ""
    try:
        kind = kind_of(caller)
        if body.is_large:
            data, sha256 = await machinery.in_thread(file_of, body.whole(), caller.value("hash-file"))
            letter = await machinery.in_thread(_letter, caller, kind, data, sha256)
        else:
            data, sha256 = file_of(body.whole(), caller.value("hash-file"))
            letter = _letter(caller, kind, data, sha256)
        order = await _order(machinery, caller, letter)
    except Refused as refused:
        if await machinery.has_changed(caller.directory):
            raise JudgedByOldState from refused
        return await _refused_sending(machinery, caller, sha256, refused)
    outcome = await _written(machinery, order)
    assert isinstance(outcome, Accepted)
    if order.content is None:
        # The sweep may have removed equal bytes of an older message at this very moment: see retention.sweep_blobs.
        await machinery.in_thread(axis_blobs().put, letter.data)
    return said(answers.answer(DocId=outcome.doc_id))


async def _written(machinery: Machinery, order: Order) -> Outcome:
    outcome = await machinery.writer.write(order)
    if isinstance(outcome, Outdated):
        await machinery.in_thread(machinery.remembered.look, at_once=True)
        raise JudgedByOldState
    return outcome


def _letter(caller: Caller, kind: MessageKind, data: bytes, sha256: str) -> Letter:
    return read_letter(kind, caller.needed("from"), caller.value("to"), data, sha256)


async def _order(machinery: Machinery, caller: Caller, letter: Letter) -> MessageOrder:
    agencies = await machinery.agencies(letter.codes)
    try:
        demand_sender(letter, caller.system, agencies, tuple)
    except Refused:
        served = await machinery.in_thread(calls.codes_served, caller.system.id)
        demand_sender(letter, caller.system, agencies, lambda: served)
    demand_receivers(letter, agencies, forwards=is_forwarding())
    is_inline = len(letter.data) <= INLINE
    if not is_inline:
        await machinery.in_thread(axis_blobs().put, letter.data)
    return order_of(letter, caller, agencies, is_inline=is_inline)


def is_forwarding() -> bool:
    """Whether receivers that are not here are reached over an axis above."""
    return bool(settings.VANTHU_AXIS_UPSTREAM_URL)


async def _refused_sending(machinery: Machinery, caller: Caller, sha256: str, refused: Refused) -> Reply:
    """What was taken in once is answered with its id, also when a receiver was closed meanwhile (D26)."""
    sender_code = caller.value("from")
    if sha256:
        known = await machinery.in_thread(calls.message_known, caller.system.id, sender_code, sha256)
        if known:
            machinery.writer.note(
                Note(
                    EventKind.REPEATED,
                    caller.now,
                    message_id=known,
                    system_code=caller.system.code,
                    call=caller.call,
                    outcome="0",
                    remote=caller.remote,
                )
            )
            return said(answers.answer(DocId=known))
    machinery.writer.note(
        refusal_note(refused, caller.call, caller.system.code, now=caller.now, remote=caller.remote)
    )
    return said(answers.refusal(refused, DocId=""))


async def update_status(machinery: Machinery, caller: Caller, _body: Body) -> Reply:
    doc_id, text = caller.needed("docId"), caller.value("status").upper()
    if text not in {ParcelState.PROCESSING, ParcelState.DONE, ParcelState.FAIL}:
        raise Refused(Code.EDXML_WRONG, answers.BAD_STATE)
    outcome = await _written(
        machinery,
        ReportOrder(
            doc_id=doc_id[:60],
            system_id=caller.system.id,
            system_code=caller.system.code,
            state=ParcelState(text),
            description=_words(caller.value("description"))[:500],
            at=caller.now,
            directory=caller.directory,
            remote=caller.remote,
        ),
    )
    assert isinstance(outcome, Reported)
    if not outcome.is_known:
        raise no_parcel(doc_id)
    return said(answers.answer())


def _words(header: str) -> str:
    """What a header says, if it was written in UTF-8; servers hand it over as Latin-1."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
