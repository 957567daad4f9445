"""The acts of exchange: plan and send deliveries, take packages in, track statuses."""

from vanthu.exchange.operations.business import note_arrival, take_business
from vanthu.exchange.operations.paper import PostingOrder, post_on_paper, print_mailing, turn_to_paper
from vanthu.exchange.operations.receive import receive_envelope
from vanthu.exchange.operations.send import plan_deliveries, send_deliveries
from vanthu.exchange.operations.track import acknowledge_refusals, answer, deliver_status, receive_status

__all__ = [
    "PostingOrder",
    "acknowledge_refusals",
    "answer",
    "deliver_status",
    "note_arrival",
    "plan_deliveries",
    "post_on_paper",
    "print_mailing",
    "receive_envelope",
    "receive_status",
    "send_deliveries",
    "take_business",
    "turn_to_paper",
]
