"""The acts of exchange: plan and send deliveries, take packages in, track statuses."""

from vanthu.exchange.operations.aside_decisions import return_aside, take_aside
from vanthu.exchange.operations.asking import remind_of_asks, send_asks
from vanthu.exchange.operations.business import AskedBack, note_arrival, take_asked_back, take_business
from vanthu.exchange.operations.carrying import send_packet
from vanthu.exchange.operations.demands import agree_to_demand, decline_demand
from vanthu.exchange.operations.directory import register_agencies, sync_agencies
from vanthu.exchange.operations.inbox import line_pause, match_parked, poll_line, settle
from vanthu.exchange.operations.line import has_line
from vanthu.exchange.operations.line_watch import forget_calls
from vanthu.exchange.operations.paper import PostingOrder, post_on_paper, print_mailing, turn_to_paper
from vanthu.exchange.operations.posting import compose_packets, post_status, split_packet
from vanthu.exchange.operations.recall import (
    RecallOrder,
    ask_back,
    remove_recipients,
    revoke_deliveries,
)
from vanthu.exchange.operations.receive import receive_envelope
from vanthu.exchange.operations.recipients import add_recipients
from vanthu.exchange.operations.resending import resend_packet
from vanthu.exchange.operations.resuming import remind_of_packets, watch_packet
from vanthu.exchange.operations.send import plan_deliveries, send_deliveries
from vanthu.exchange.operations.track import acknowledge_refusals, answer, deliver_status, receive_status

__all__ = [
    "AskedBack",
    "PostingOrder",
    "RecallOrder",
    "acknowledge_refusals",
    "add_recipients",
    "agree_to_demand",
    "answer",
    "ask_back",
    "compose_packets",
    "decline_demand",
    "deliver_status",
    "forget_calls",
    "has_line",
    "line_pause",
    "match_parked",
    "note_arrival",
    "plan_deliveries",
    "poll_line",
    "post_on_paper",
    "post_status",
    "print_mailing",
    "receive_envelope",
    "receive_status",
    "register_agencies",
    "remind_of_asks",
    "remind_of_packets",
    "remove_recipients",
    "resend_packet",
    "return_aside",
    "revoke_deliveries",
    "send_asks",
    "send_deliveries",
    "send_packet",
    "settle",
    "split_packet",
    "sync_agencies",
    "take_aside",
    "take_asked_back",
    "take_business",
    "turn_to_paper",
    "watch_packet",
]
