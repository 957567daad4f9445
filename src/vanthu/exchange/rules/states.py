"""What a sender asks back, and what a receiver makes of it: one machine on each side (law.md b.3; D27)."""

from __future__ import annotations

from enum import StrEnum

from vanthu.kernel.transitions import TransitionTable, row


class AskKind(StrEnum):
    """Yêu cầu của nơi gửi đối với văn bản đã gửi."""

    TAKE_BACK = "TAKE_BACK"  # lấy lại: gửi nhầm (mã 13)
    REVOKE = "REVOKE"  # thu hồi, theo thông báo thu hồi (edXML loại 1)
    REMOVE = "REMOVE"  # bớt nơi nhận (edXML loại 2)
    CHANGE = "CHANGE"  # cập nhật nội dung (edXML loại 2): received only, ours never change (M18)
    REPLACE = "REPLACE"  # thay thế (edXML loại 3): received only, nobody is asked


KIND_LABELS = {
    AskKind.TAKE_BACK: "Lấy lại",
    AskKind.REVOKE: "Thu hồi",
    AskKind.REMOVE: "Bớt nơi nhận",
    AskKind.CHANGE: "Cập nhật nội dung",
    AskKind.REPLACE: "Thay thế",
}


class AskState(StrEnum):
    """Yêu cầu gửi tới một nơi nhận, tại nơi gửi."""

    DUE = "DUE"  # chờ gửi yêu cầu
    SENT = "SENT"  # YEU_CAU_LAY_LAI: đã gửi yêu cầu
    AGREED = "AGREED"  # DONG_Y (15)
    DECLINED = "DECLINED"  # TU_CHOI_LAY_LAI (16)
    UNDELIVERED = "UNDELIVERED"  # yêu cầu không tới được nơi nhận


class AskMove(StrEnum):
    SEND = "SEND"  # gửi yêu cầu
    AGREE = "AGREE"  # nơi nhận đồng ý (15)
    DECLINE = "DECLINE"  # nơi nhận từ chối (16)
    GIVE_UP = "GIVE_UP"  # đường truyền không nhận yêu cầu


ASK = TransitionTable(
    subject="exchange.ask",
    initial=AskState.DUE,
    rows=[
        row(AskMove.SEND, [AskState.DUE], AskState.SENT),
        # The answer may overtake the receipt of the question; whoever declined may withdraw it after all; and what
        # the line was taken not to have carried may have come (it is sent again, or it had arrived).
        row(
            AskMove.AGREE,
            [AskState.DUE, AskState.SENT, AskState.DECLINED, AskState.UNDELIVERED],
            AskState.AGREED,
        ),
        row(AskMove.DECLINE, [AskState.DUE, AskState.SENT], AskState.DECLINED),
        row(AskMove.GIVE_UP, [AskState.DUE, AskState.SENT], AskState.UNDELIVERED),
    ],
)

ASK_LABELS = {
    AskState.DUE: "Chờ gửi yêu cầu",
    AskState.SENT: "Đã gửi yêu cầu",
    AskState.AGREED: "Đồng ý",
    AskState.DECLINED: "Từ chối",
    AskState.UNDELIVERED: "Không gửi được yêu cầu",
}


class DemandState(StrEnum):
    """Yêu cầu của nơi gửi, tại nơi nhận."""

    PARKED = "PARKED"  # văn bản chưa đến: chờ ghép
    OPEN = "OPEN"  # chờ văn thư thực hiện
    AGREED = "AGREED"  # đã thực hiện (15)
    DECLINED = "DECLINED"  # đã từ chối (16)


class DemandMove(StrEnum):
    MATCH = "MATCH"  # văn bản đã đến
    AGREE = "AGREE"  # thực hiện, đồng ý
    DECLINE = "DECLINE"  # từ chối


DEMAND = TransitionTable(
    subject="exchange.demand",
    initial=DemandState.PARKED,
    rows=[
        row(DemandMove.MATCH, [DemandState.PARKED], DemandState.OPEN),
        row(DemandMove.AGREE, [DemandState.OPEN], DemandState.AGREED),
        row(DemandMove.DECLINE, [DemandState.OPEN], DemandState.DECLINED),
    ],
)

DEMAND_LABELS = {
    DemandState.PARKED: "Chờ văn bản đến",
    DemandState.OPEN: "Chờ thực hiện",
    DemandState.AGREED: "Đã thực hiện",
    DemandState.DECLINED: "Đã từ chối",
}
