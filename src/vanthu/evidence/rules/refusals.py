"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "evidence.log.rewritten": Refusal(
        "VT-EVI-001",
        "Chưa ký đầu cây nhật ký mới.",
        "Nhật ký không nối tiếp đầu cây đã ký: {why}.",
        "Giữ nguyên hệ thống, báo người phụ trách an toàn thông tin và đối chiếu với tệp nhân chứng.",
    ),
    "evidence.key.missing": Refusal(
        "VT-EVI-002",
        "Chưa ký được đầu cây nhật ký.",
        "Không có tệp khóa nhật ký của hệ thống.",
        "Khôi phục tệp khóa từ bản lưu, hoặc thay khóa bằng `vanthu audit log-key --rotate`.",
    ),
    "evidence.proof.no-head": Refusal(
        "VT-EVI-003",
        "Chưa lập được tệp chứng cứ.",
        "Sự kiện của văn bản chưa vào cây nhật ký nào.",
        "Cây được lập mỗi giờ; chờ lần lập kế tiếp hoặc chạy `vanthu tick`.",
    ),
    "evidence.head.unknown": Refusal(
        "VT-EVI-004",
        "Chưa so được hai đầu cây.",
        "Không có đầu cây nào kích thước {size}.",
        "Xem danh sách bằng `vanthu audit heads`.",
    ),
    "evidence.log.unopened": Refusal(
        "VT-EVI-005",
        "Chưa lập được cây nhật ký.",
        "Nhật ký chưa có khóa ký.",
        "Chạy `vanthu audit log-key` một lần để tạo khóa.",
    ),
    "evidence.head.not-administrator": Refusal(
        "VT-EVI-006",
        "Không mở được trang nhật ký và chứng cứ.",
        "Chỉ quản trị hệ thống Thành phố và người kiểm tra, giám sát xem các đầu cây.",
        "Liên hệ quản trị hệ thống Thành phố.",
    ),
    "evidence.fixity.not-administrator": Refusal(
        "VT-EVI-020",
        "Không mở được trang toàn vẹn kho lưu trữ.",
        "Chỉ quản trị hệ thống Thành phố theo dõi kho tệp.",
        "Liên hệ quản trị hệ thống Thành phố.",
    ),
}
