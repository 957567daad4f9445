"""The records office's two machines: from the signature to issue, from arrival to registration (law.md b.1, b.2; D8)."""

from __future__ import annotations

from enum import StrEnum

from vanthu.kernel.transitions import TransitionTable, row


class OutgoingState(StrEnum):
    """Trạng thái văn bản đi tại văn thư."""

    SIGNED = "SIGNED"  # DA_KY: chờ cấp số
    NUMBERED = "NUMBERED"  # DA_CAP_SO
    FILLED = "FILLED"  # DA_CAP_SO, số và ngày đã điền vào tệp
    SEALED = "SEALED"  # DA_KY_CO_QUAN
    ISSUED = "ISSUED"  # DA_PHAT_HANH
    VOIDED = "VOIDED"  # DA_HUY sau cấp số
    RECALLED = "RECALLED"  # DA_THU_HOI
    REPLACED = "REPLACED"  # DA_THAY_THE


class OutgoingMove(StrEnum):
    NUMBER = "NUMBER"  # cấp số, ngày
    FILL = "FILL"  # điền số, ngày vào tệp
    SEAL = "SEAL"  # ký số cơ quan
    HOLD = "HOLD"  # hẹn gửi (giữ lại trước khi gửi, D28)
    STOP = "STOP"  # dừng gửi
    ISSUE = "ISSUE"  # phát hành
    VOID = "VOID"  # hủy số
    RECALL = "RECALL"  # thu hồi, by the issue of a văn bản thông báo thu hồi
    REPLACE = "REPLACE"  # thay thế, by the issue of another document


OUTGOING = TransitionTable(
    subject="registry.outgoing",
    initial=OutgoingState.SIGNED,
    rows=[
        row(OutgoingMove.NUMBER, [OutgoingState.SIGNED], OutgoingState.NUMBERED),
        row(OutgoingMove.FILL, [OutgoingState.NUMBERED], OutgoingState.FILLED),
        row(OutgoingMove.SEAL, [OutgoingState.FILLED], OutgoingState.SEALED),
        row(OutgoingMove.HOLD, [OutgoingState.SEALED]),
        row(OutgoingMove.STOP, [OutgoingState.SEALED]),
        row(OutgoingMove.ISSUE, [OutgoingState.SEALED], OutgoingState.ISSUED),
        row(
            OutgoingMove.VOID,
            [OutgoingState.NUMBERED, OutgoingState.FILLED, OutgoingState.SEALED],
            OutgoingState.VOIDED,
        ),
        row(OutgoingMove.RECALL, [OutgoingState.ISSUED], OutgoingState.RECALLED),
        row(OutgoingMove.REPLACE, [OutgoingState.ISSUED], OutgoingState.REPLACED),
    ],
)

OUTGOING_LABELS = {
    OutgoingState.SIGNED: "Chờ cấp số",
    OutgoingState.NUMBERED: "Đã cấp số",
    OutgoingState.FILLED: "Đã cấp số",
    OutgoingState.SEALED: "Đã ký số cơ quan",
    OutgoingState.ISSUED: "Đã phát hành",
    OutgoingState.VOIDED: "Số hủy",
    OutgoingState.RECALLED: "Đã thu hồi",
    OutgoingState.REPLACED: "Đã thay thế",
}


class IncomingState(StrEnum):
    """Trạng thái văn bản đến tại văn thư."""

    ARRIVED = "ARRIVED"  # DA_DEN
    REFUSED = "REFUSED"  # TU_CHOI
    ACCEPTED = "ACCEPTED"  # DA_TIEP_NHAN
    REGISTERED = "REGISTERED"  # DA_DANG_KY
    SUBMITTED = "SUBMITTED"  # đã trình: phần sau thuộc routing
    RECALLED = "RECALLED"  # BI_THU_HOI: số đến và thông tin giữ nguyên


class IncomingMove(StrEnum):
    REFUSE = "REFUSE"  # từ chối, trả lại
    ASK_CONSENT = "ASK_CONSENT"  # xin ý kiến tiếp nhận (D40)
    CONSENT = "CONSENT"  # đồng ý tiếp nhận
    ACCEPT = "ACCEPT"  # tiếp nhận
    REGISTER = "REGISTER"  # đăng ký
    SUBMIT = "SUBMIT"  # trình
    TAKE_BACK = "TAKE_BACK"  # lãnh đạo trả lại văn thư
    RECALL = "RECALL"  # nơi gửi thu hồi, lấy lại


INCOMING = TransitionTable(
    subject="registry.incoming",
    initial=IncomingState.ARRIVED,
    rows=[
        row(IncomingMove.REFUSE, [IncomingState.ARRIVED], IncomingState.REFUSED),
        row(IncomingMove.ASK_CONSENT, [IncomingState.ARRIVED]),
        row(IncomingMove.CONSENT, [IncomingState.ARRIVED]),
        row(IncomingMove.ACCEPT, [IncomingState.ARRIVED], IncomingState.ACCEPTED),
        row(IncomingMove.REGISTER, [IncomingState.ACCEPTED], IncomingState.REGISTERED),
        row(IncomingMove.SUBMIT, [IncomingState.REGISTERED], IncomingState.SUBMITTED),
        row(IncomingMove.TAKE_BACK, [IncomingState.SUBMITTED], IncomingState.REGISTERED),
        row(
            IncomingMove.RECALL,
            [
                IncomingState.ARRIVED,
                IncomingState.ACCEPTED,
                IncomingState.REGISTERED,
                IncomingState.SUBMITTED,
            ],
            IncomingState.RECALLED,
        ),
    ],
)

INCOMING_LABELS = {
    IncomingState.ARRIVED: "Chờ tiếp nhận",
    IncomingState.REFUSED: "Đã từ chối",
    IncomingState.ACCEPTED: "Chờ đăng ký",
    IncomingState.REGISTERED: "Chờ trình",
    IncomingState.SUBMITTED: "Đã trình",
    IncomingState.RECALLED: "Bị thu hồi",
}


class RefusalReason(StrEnum):
    """Lý do từ chối, trả lại. Norm: NĐ30 Đ.21.2b, QĐ28 Đ.9 (law.md §1.8)."""

    WRONG_RECIPIENT = "WRONG_RECIPIENT"
    BAD_SIGNATURE = "BAD_SIGNATURE"
    NOT_INTACT = "NOT_INTACT"
    MISSING_FILES = "MISSING_FILES"
    WRONG_FORM = "WRONG_FORM"
    SECRET = "SECRET"  # noqa: S105 - a reason, not a password
    DUPLICATE = "DUPLICATE"


REFUSAL_LABELS = {
    RefusalReason.WRONG_RECIPIENT: "Sai nơi nhận",
    RefusalReason.BAD_SIGNATURE: "Không có hoặc không hợp lệ chữ ký số",
    RefusalReason.NOT_INTACT: "Không bảo đảm toàn vẹn",
    RefusalReason.MISSING_FILES: "Thiếu tệp, phụ lục",
    RefusalReason.WRONG_FORM: "Sai thể thức, kỹ thuật trình bày",
    RefusalReason.SECRET: "Văn bản mật gửi trên hệ thống",
    RefusalReason.DUPLICATE: "Trùng lặp",
}
