"""Two machines: the handling of a document (law.md b.1, second half) and each assignment in it (decision D45)."""

from __future__ import annotations

from enum import StrEnum

from vanthu.kernel.transitions import TransitionTable, row


class State(StrEnum):
    """Trạng thái giải quyết văn bản đến."""

    AWAITING_DIRECTION = "AWAITING_DIRECTION"  # CHO_CHI_DAO
    ASSIGNED = "ASSIGNED"  # DA_PHAN_CONG
    IN_PROGRESS = "IN_PROGRESS"  # DANG_XU_LY
    AWAITING_APPROVAL = "AWAITING_APPROVAL"  # CHO_DUYET_KET_QUA
    DONE = "DONE"  # HOAN_THANH
    FILED = "FILED"  # LUU_DE_BIET
    RETURNED = "RETURNED"  # trả lại văn thư
    RECALLED = "RECALLED"  # BI_THU_HOI


class Move(StrEnum):
    SUBMIT_AGAIN = "SUBMIT_AGAIN"  # trình lại
    DIRECT = "DIRECT"  # chỉ đạo, phân công
    FILE = "FILE"  # lưu để biết
    TAKE_UP = "TAKE_UP"  # xem xét lại (D46)
    RETURN_TO_CLERK = "RETURN_TO_CLERK"  # trả lại văn thư
    SUB_ASSIGN = "SUB_ASSIGN"  # phân công trong đơn vị
    DECLINE = "DECLINE"  # trả lại: không đúng chức năng, nhiệm vụ
    START = "START"  # bắt đầu xử lý
    SUBMIT_RESULT = "SUBMIT_RESULT"  # trình kết quả
    REWORK = "REWORK"  # trả lại làm tiếp
    COMPLETE = "COMPLETE"  # hoàn thành
    RECALL = "RECALL"  # nơi gửi thu hồi, lấy lại


HANDLING = TransitionTable(
    subject="routing.handling",
    initial=State.AWAITING_DIRECTION,
    rows=[
        row(Move.SUBMIT_AGAIN, [State.RETURNED], State.AWAITING_DIRECTION),
        row(Move.DIRECT, [State.AWAITING_DIRECTION], State.ASSIGNED),
        row(Move.FILE, [State.AWAITING_DIRECTION], State.FILED),
        row(Move.TAKE_UP, [State.FILED], State.AWAITING_DIRECTION),
        row(Move.RETURN_TO_CLERK, [State.AWAITING_DIRECTION], State.RETURNED),
        row(Move.SUB_ASSIGN, [State.ASSIGNED]),
        row(Move.DECLINE, [State.ASSIGNED, State.IN_PROGRESS], State.AWAITING_DIRECTION),
        row(Move.START, [State.ASSIGNED], State.IN_PROGRESS),
        row(Move.SUBMIT_RESULT, [State.IN_PROGRESS], State.AWAITING_APPROVAL),
        row(Move.REWORK, [State.AWAITING_APPROVAL], State.IN_PROGRESS),
        row(Move.COMPLETE, [State.AWAITING_APPROVAL], State.DONE),
        # D27: in every state, the completed ones included.
        row(Move.RECALL, [state for state in State if state is not State.RECALLED], State.RECALLED),
    ],
)

STATE_LABELS = {
    State.AWAITING_DIRECTION: "Chờ cho ý kiến chỉ đạo",
    State.ASSIGNED: "Đã phân công",
    State.IN_PROGRESS: "Đang xử lý",
    State.AWAITING_APPROVAL: "Chờ duyệt kết quả",
    State.DONE: "Hoàn thành",
    State.FILED: "Lưu để biết",
    State.RETURNED: "Đã trả lại văn thư",
    State.RECALLED: "Bị thu hồi",
}


class Part(StrEnum):
    """Vai trò trong phân công. Norm: NĐ30 Đ.23.2 (M21)."""

    LEAD = "LEAD"  # chủ trì
    COOPERATE = "COOPERATE"  # phối hợp
    INFORM = "INFORM"  # để biết


PART_LABELS = {Part.LEAD: "Chủ trì", Part.COOPERATE: "Phối hợp", Part.INFORM: "Để biết"}


class TaskState(StrEnum):
    """Trạng thái phần việc được giao (D45)."""

    WAITING = "WAITING"  # CHỜ NHẬN
    IN_PROGRESS = "IN_PROGRESS"  # ĐANG XỬ LÝ
    REPORTED = "REPORTED"  # ĐÃ BÁO CÁO
    APPROVED = "APPROVED"  # ĐÃ DUYỆT
    DECLINED = "DECLINED"  # trả lại: không đúng chức năng, nhiệm vụ
    RECALLED = "RECALLED"  # thu hồi giao
    WAIVED = "WAIVED"  # kết thúc không cần báo cáo


class TaskMove(StrEnum):
    ASSIGN_ON = "ASSIGN_ON"  # giao tiếp trong đơn vị
    START = "START"
    REPORT = "REPORT"
    REWORK = "REWORK"
    APPROVE = "APPROVE"
    DECLINE = "DECLINE"
    RECALL = "RECALL"
    WAIVE = "WAIVE"
    NOTE = "NOTE"  # đã biết


_OPEN = (TaskState.WAITING, TaskState.IN_PROGRESS)

ASSIGNMENT = TransitionTable(
    subject="routing.assignment",
    initial=TaskState.WAITING,
    rows=[
        row(TaskMove.ASSIGN_ON, _OPEN),
        row(TaskMove.START, [TaskState.WAITING], TaskState.IN_PROGRESS),
        row(TaskMove.REPORT, [TaskState.IN_PROGRESS], TaskState.REPORTED),
        row(TaskMove.REWORK, [TaskState.REPORTED], TaskState.IN_PROGRESS),
        row(TaskMove.APPROVE, [TaskState.REPORTED], TaskState.APPROVED),
        row(TaskMove.DECLINE, _OPEN, TaskState.DECLINED),
        row(TaskMove.RECALL, [*_OPEN, TaskState.REPORTED], TaskState.RECALLED),
        row(TaskMove.WAIVE, _OPEN, TaskState.WAIVED),
        row(TaskMove.NOTE, [TaskState.WAITING], TaskState.APPROVED),
    ],
)

CLOSED = frozenset({TaskState.APPROVED, TaskState.DECLINED, TaskState.RECALLED, TaskState.WAIVED})

TASK_LABELS = {
    TaskState.WAITING: "Chờ nhận",
    TaskState.IN_PROGRESS: "Đang xử lý",
    TaskState.REPORTED: "Đã báo cáo",
    TaskState.APPROVED: "Đã duyệt",
    TaskState.DECLINED: "Đã trả lại",
    TaskState.RECALLED: "Thu hồi giao",
    TaskState.WAIVED: "Kết thúc, không cần báo cáo",
}
