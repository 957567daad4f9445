"""Where a document stands, for everybody concerned who has nothing to do with it now."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from vanthu.kernel.actor import Actor
from vanthu.routing.queries import HandlingCard, TaskRow, handling_moves, task_moves
from vanthu.routing.rules.states import CLOSED, Move, State, TaskMove, TaskState
from vanthu.web.documents.panel import disabled_reason
from vanthu.web.my_work.tasks import leads, task_facts
from vanthu.web.words import moment

ACT_LABELS = {
    Move.DIRECT: "Giao xử lý",
    Move.TAKE_UP: "Xem xét lại",
    TaskMove.START: "Bắt đầu xử lý",
    TaskMove.REPORT: "Trình kết quả",
    TaskMove.APPROVE: "Duyệt, hoàn thành",
}
_NEXT = {
    TaskState.WAITING: TaskMove.START,
    TaskState.IN_PROGRESS: TaskMove.REPORT,
    TaskState.REPORTED: TaskMove.APPROVE,
}


def standing(actor: Actor, handling: HandlingCard, tasks: tuple[TaskRow, ...]) -> dict[str, Any]:
    """Who has it, what comes next, and why that is not for the one who looks."""
    holder = _holder(tasks)
    return {
        "banner": _banner(handling, tasks),
        "holder": task_facts(holder) if holder and handling.state not in (State.DONE, State.FILED) else None,
        "acts": _acts(actor, handling, holder),
    }


def _holder(tasks: tuple[TaskRow, ...]) -> TaskRow | None:
    """The deepest open task of the lead."""
    open_leads = [task for task in tasks if task.state not in CLOSED and leads(task, tasks)]
    return open_leads[-1] if open_leads else None


def _banner(handling: HandlingCard, tasks: tuple[TaskRow, ...]) -> dict[str, str]:
    match handling.state:
        case State.AWAITING_DIRECTION:
            return {"kind": "info", "text": _("Văn bản đang chờ lãnh đạo cho ý kiến chỉ đạo."), "why": ""}
        case State.RETURNED:
            return {"kind": "info", "text": _("Lãnh đạo đã trả lại văn thư."), "why": ""}
        case State.FILED:
            return {"kind": "info", "text": _("Lãnh đạo cho lưu để biết."), "why": ""}
        case State.DONE:
            return _done(handling, tasks)
    return {"kind": "", "text": "", "why": ""}


def _done(handling: HandlingCard, tasks: tuple[TaskRow, ...]) -> dict[str, str]:
    when = moment(handling.completed_at) if handling.completed_at else ""
    said = _("Hoàn thành lúc {when}, đúng hạn.") if handling.on_time else _("Hoàn thành lúc {when}, quá hạn.")
    results = [task.result for task in tasks if task.result and leads(task, tasks)]
    return {"kind": "ok", "text": said.format(when=when), "why": results[-1] if results else ""}


def _acts(actor: Actor, handling: HandlingCard, holder: TaskRow | None) -> list[dict[str, str]]:
    """The next act with the reason why it is not his; an act that is his would have its own section."""
    decisions: dict[Any, Any] = dict(handling_moves(actor, handling))
    wanted: list[Any] = [move for move in (Move.DIRECT, Move.TAKE_UP) if move in decisions]
    if holder is not None and not wanted:
        decisions = dict(task_moves(actor, holder))
        wanted = [_NEXT[holder.state]]
    found = []
    for move in wanted:
        reason = disabled_reason(decisions[move])
        if reason:
            found.append({"label": _(ACT_LABELS[move]), "reason": reason})
    return found
