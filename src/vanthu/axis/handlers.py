"""Which function answers which call of the protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from vanthu.axis import directory_calls, reading_calls, sending_calls
from vanthu.axis.bodies import Body
from vanthu.axis.caller import Caller, Machinery
from vanthu.axis.replies import Reply

Handler = Callable[[Machinery, Caller, Body], Awaitable[Reply]]
Reader = Callable[[Machinery, Caller, Body], Reply]


def in_thread(reader: Reader) -> Handler:
    async def handler(machinery: Machinery, caller: Caller, body: Body) -> Reply:
        return await machinery.in_thread(reader, machinery, caller, body)

    return handler


HANDLERS: Mapping[str, Handler] = {
    "sendEdoc": sending_calls.send_edoc,
    "updateStatus": sending_calls.update_status,
    "getAgenciesList": in_thread(reading_calls.agencies_list),
    "getAgenciesListQD20": in_thread(reading_calls.agencies_list_qd20),
    "getSynchronizeUnit": in_thread(reading_calls.units),
    "registerAgency": in_thread(directory_calls.register),
    "deleteAgency": in_thread(directory_calls.delete),
    "getReceivedEdocList": in_thread(reading_calls.received_list),
    "getSentEdocList": in_thread(reading_calls.sent_list),
    "getEdoc": in_thread(reading_calls.get_edoc),
    "downloadEdoc": in_thread(reading_calls.download_edoc),
    "countReceiveEdoc": in_thread(reading_calls.count_edocs),
    "countReceiveStatus": in_thread(reading_calls.count_statuses),
}
