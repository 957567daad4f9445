"""The words of the refusals of this context."""

from vanthu.kernel.refusals import Catalogue, Refusal

REFUSALS: Catalogue = {
    "renditions.page.not-there": Refusal(
        "VT-REN-001",
        "Không mở được trang {page}.",
        "Tệp chỉ có {pages} trang.",
        "Chọn trang khác.",
    ),
    "renditions.page.cannot-be-drawn": Refusal(
        "VT-REN-002",
        "Chưa hiển thị được trang {page}.",
        "Trang có cấu trúc mà hệ thống không đọc được trong giới hạn an toàn.",
        "Tải tệp gốc về máy để xem; nếu tệp do cơ quan khác gửi, đề nghị gửi lại bản PDF khác.",
    ),
    "renditions.template.unprintable": Refusal(
        "VT-REN-003",
        "Chưa tạo được bản PDF.",
        "Mẫu trình bày không in được nội dung này.",
        "Kiểm tra lại nội dung vừa nhập; nếu vẫn lỗi, báo quản trị kèm mã này.",
    ),
}
