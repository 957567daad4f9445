"""The acts of exchange: plan and send deliveries, take packages in, track statuses."""

from vanthu.exchange.operations.business import note_arrival, take_business
from vanthu.exchange.operations.receive import receive_envelope
from vanthu.exchange.operations.send import plan_deliveries, send_deliveries
from vanthu.exchange.operations.track import acknowledge_refusals, answer, deliver_status, receive_status

__all__ = [
    "acknowledge_refusals",
    "answer",
    "deliver_status",
    "plan_deliveries",
    "note_arrival",
    "receive_envelope",
    "receive_status",
    "send_deliveries",
    "take_business",
]
