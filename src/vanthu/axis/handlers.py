"""Which function answers which call of the protocol, and where it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from vanthu.axis import directory_calls, reading_calls, sending_calls
from vanthu.axis.bodies import Body
from vanthu.axis.caller import TRIES, Caller, JudgedByOldState, Machinery, Request, identify, identify_now
from vanthu.axis.replies import Reply
from vanthu.axis.rules import answers
from vanthu.axis.rules.answers import Code, Refused

BY_WRITER: Mapping[str, Callable[[Machinery, Caller, Body], Awaitable[Reply]]] = {
    "sendEdoc": sending_calls.send_edoc,
    "updateStatus": sending_calls.update_status,
}
"""On the event loop; they wait for the writer."""

IN_THREAD: Mapping[str, Callable[[Machinery, Caller, Body], Reply]] = {
    "getAgenciesList": reading_calls.agencies_list,
    "getAgenciesListQD20": reading_calls.agencies_list_qd20,
    "getSynchronizeUnit": reading_calls.units,
    "registerAgency": directory_calls.register,
    "deleteAgency": directory_calls.delete,
    "getReceivedEdocList": reading_calls.received_list,
    "getSentEdocList": reading_calls.sent_list,
    "getEdoc": reading_calls.get_edoc,
    "downloadEdoc": reading_calls.download_edoc,
    "countReceiveEdoc": reading_calls.count_edocs,
    "countReceiveStatus": reading_calls.count_statuses,
}


async def answer_by_writer(machinery: Machinery, request: Request, caller: Caller, body: Body) -> Reply:
    """Answer one of the busy writes; judged again where the directory changed meanwhile."""
    for _try in range(TRIES):
        try:
            return await BY_WRITER[request.call.name](machinery, caller, body)
        except JudgedByOldState:
            caller = await identify(machinery, request)
    raise Refused(Code.SYSTEM, answers.TROUBLE)


def answer_in_thread(machinery: Machinery, request: Request, body: Body) -> Reply:
    """Answer any other call, from the proof to the reply in one go."""
    return IN_THREAD[request.call.name](machinery, identify_now(machinery, request), body)
