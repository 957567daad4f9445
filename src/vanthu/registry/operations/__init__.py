"""The acts of the records office, one file per stretch of the way."""

from vanthu.registry.operations.annexes import take_annex
from vanthu.registry.operations.ending import end_outgoing, recall_incoming
from vanthu.registry.operations.incoming import (
    Newcomer,
    RegistrationOrder,
    accept_arrival,
    ask_consent,
    give_consent,
    intake_scan,
    note_recheck,
    note_verdict,
    refuse_arrival,
    register_arrival,
    submit_incoming,
    take_arrival,
    take_back,
)
from vanthu.registry.operations.numbering import load_series, take_number
from vanthu.registry.operations.outgoing import (
    fill_outgoing,
    give_number,
    issue_in_one_act,
    issue_outgoing,
    leave_when_due,
    open_outgoing,
    stop_leaving,
    void_number,
)
from vanthu.registry.operations.sealing import seal_outgoing, take_seal

__all__ = [
    "Newcomer",
    "RegistrationOrder",
    "accept_arrival",
    "ask_consent",
    "end_outgoing",
    "fill_outgoing",
    "give_consent",
    "give_number",
    "intake_scan",
    "issue_in_one_act",
    "issue_outgoing",
    "leave_when_due",
    "load_series",
    "note_recheck",
    "note_verdict",
    "open_outgoing",
    "recall_incoming",
    "refuse_arrival",
    "register_arrival",
    "seal_outgoing",
    "stop_leaving",
    "submit_incoming",
    "take_annex",
    "take_arrival",
    "take_back",
    "take_number",
    "take_seal",
    "void_number",
]
