"""The acts from submission to completion."""

from vanthu.routing.operations.direct import (
    DirectionOrder,
    direct_and_assign,
    file_for_information,
    open_handling,
    return_to_clerk,
    take_up_again,
)
from vanthu.routing.operations.withdraw import note_withdrawal, withdraw_handling
from vanthu.routing.operations.work import (
    complete_task,
    decline_task,
    note_task,
    return_result,
    start_work,
    sub_assign,
    submit_result,
)

__all__ = [
    "DirectionOrder",
    "complete_task",
    "decline_task",
    "direct_and_assign",
    "file_for_information",
    "note_task",
    "note_withdrawal",
    "open_handling",
    "return_result",
    "return_to_clerk",
    "start_work",
    "sub_assign",
    "submit_result",
    "take_up_again",
    "withdraw_handling",
]
