"""Documents that come over the axis."""

from __future__ import annotations

from collections.abc import Callable

from tests.cast import Cast
from tests.exchange.inbox.gateway import ScriptedGateway
from tests.exchange.inbox.letters import an_edoc, message
from tests.proof import demand_true_counters, queues_with
from vanthu.documents.models import Document
from vanthu.exchange.models import Arrival, Inbound, InboundState, StatusOut
from vanthu.exchange.operations.inbox import Polled
from vanthu.queues.rules.catalogue import Queue

Poll = Callable[[], Polled]


def test_a_document_lies_in_the_clerks_queue_and_the_axis_is_told(
    cast: Cast, gateway: ScriptedGateway, poll: Poll
) -> None:
    gateway.hold(message(an_edoc(cast.b.code)), doc_id="a1", receiver=cast.b.code)
    polled = poll()
    assert (polled.fetched, polled.settled, polled.acknowledged, polled.trouble) == (1, 1, 1, "")
    inbound = Inbound.objects.get()
    assert (inbound.state, inbound.is_acknowledged) == (InboundState.TAKEN, True)
    arrival = Arrival.objects.get()
    document = Document.objects.get(pk=arrival.document_id)
    assert (document.full_number, document.issuer_code, document.type_code) == (
        "125/BTN-VP",
        "G99",
        "cong_van",
    )
    assert queues_with(document.pk) == {Queue.TO_RECEIVE}
    assert gateway.acknowledgements_of("a1") == ["done"]
    assert [row.code for row in StatusOut.objects.all()] == ["01"]
    demand_true_counters()
