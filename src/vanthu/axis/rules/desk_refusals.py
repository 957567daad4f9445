"""The words of what the operator of the axis may not or cannot do."""

from vanthu.kernel.refusals import Catalogue, Refusal

DESK_REFUSALS: Catalogue = {
    "axis.desk.not-operator": Refusal(
        "VT-AXI-031",
        "Không thực hiện được thao tác trên trục.",
        "Chỉ quản trị hệ thống Thành phố vận hành trục liên thông.",
        "Liên hệ quản trị hệ thống Thành phố.",
    ),
    "axis.parcel.unknown": Refusal(
        "VT-AXI-032",
        "Không thực hiện được thao tác.",
        "Trục không có gói tin này.",
        "Kiểm tra lại mã gói tin.",
    ),
    "axis.parcel.forgotten": Refusal(
        "VT-AXI-033",
        "Chưa cho giao lại được gói tin.",
        "Nội dung đã hết hạn lưu trên trục và đã được bỏ.",
        "Đề nghị nơi gửi phát hành lại.",
    ),
    "axis.parcel.waiting": Refusal(
        "VT-AXI-034",
        "Chưa cho giao lại được gói tin.",
        "Gói tin đang trong danh sách chờ của nơi nhận.",
        "Chờ nơi nhận lấy; xem nguyên nhân ở dòng thời gian.",
    ),
    "axis.parcel.settled": Refusal(
        "VT-AXI-035",
        "Chưa dừng giao được gói tin.",
        "Nơi nhận đã báo kết quả của gói tin này.",
        "Không cần dừng nữa.",
    ),
    "axis.parcel.no-reason": Refusal(
        "VT-AXI-036",
        "Chưa dừng giao được gói tin.",
        "Thiếu lý do; nơi gửi sẽ đọc lý do này.",
        "Nhập lý do rồi thực hiện lại.",
    ),
    "axis.system.no-reason": Refusal(
        "VT-AXI-037",
        "Chưa đóng được hệ thống.",
        "Thiếu lý do đóng.",
        "Nhập lý do rồi thực hiện lại.",
    ),
}
