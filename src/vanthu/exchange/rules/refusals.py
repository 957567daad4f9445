"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "exchange.recipient.closed": Refusal(
        "VT-EXC-001",
        "Không gửi được văn bản tới {name}.",
        "Cơ quan nhận đã giải thể, kết thúc hoạt động.",
        "Gửi cơ quan kế thừa: {successors}.",
    ),
    "exchange.recipient.unknown": Refusal(
        "VT-EXC-002",
        "Không gửi được văn bản.",
        "Danh bạ không có cơ quan mang mã {code}.",
        "Kiểm tra mã định danh của nơi nhận.",
    ),
    "exchange.delivery.not-refused": Refusal(
        "VT-EXC-003",
        "Chưa ghi nhận được.",
        "Văn bản không ở trạng thái bị từ chối, trả lại.",
        "Tải lại trang để xem trạng thái gửi nhận.",
    ),
    "exchange.other-agency": Refusal(
        "VT-EXC-004",
        "Không thực hiện được thao tác.",
        "Văn bản thuộc cơ quan khác.",
        "Chọn lại tư cách xử lý.",
    ),
}
