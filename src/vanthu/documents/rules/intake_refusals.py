"""The words with which `intake` turns a file away."""

from vanthu.kernel.refusals import Catalogue, Refusal

_WHAT = "Chưa nhận được tệp “{name}”."

INTAKE_REFUSALS: Catalogue = {
    "documents.file.empty": Refusal(
        "VT-FIL-001", _WHAT, "Tệp không có nội dung (0 byte).", "Chọn lại tệp đã lưu đầy đủ rồi tải lên."
    ),
    "documents.file.too-large": Refusal(
        "VT-FIL-002",
        _WHAT,
        "Tệp lớn hơn {limit_mb} MB.",
        "Giảm độ phân giải bản quét hoặc tách phụ lục thành tệp riêng.",
    ),
    "documents.file.not-a-pdf": Refusal(
        "VT-FIL-003", _WHAT, "Nội dung tệp không phải định dạng PDF.", "Xuất văn bản ra PDF rồi tải lên."
    ),
    "documents.file.unknown-type": Refusal(
        "VT-FIL-004",
        _WHAT,
        "Định dạng tệp không thuộc loại được nhận.",
        "Dùng PDF, DOCX, XLSX, PNG, JPEG, XML hoặc ZIP.",
    ),
    "documents.file.type-lies": Refusal(
        "VT-FIL-005",
        _WHAT,
        "Phần mở rộng hoặc loại tệp khai báo không đúng với nội dung ({found}).",
        "Đổi lại đúng tên tệp, hoặc lưu lại tệp từ phần mềm đã tạo ra nó.",
    ),
    "documents.file.encrypted": Refusal(
        "VT-FIL-006", _WHAT, "Tệp được đặt mật khẩu hoặc mã hóa.", "Bỏ mật khẩu rồi tải lên lại."
    ),
    "documents.file.unreadable": Refusal(
        "VT-FIL-007",
        _WHAT,
        "Tệp bị hỏng hoặc không đọc được.",
        "Mở tệp trên máy, lưu lại dưới dạng PDF rồi tải lên; nếu do nơi khác gửi, đề nghị gửi lại.",
    ),
    "documents.file.javascript": Refusal(
        "VT-FIL-008",
        _WHAT,
        "Tệp PDF chứa mã lệnh tự chạy.",
        "In lại văn bản ra PDF (không kèm mã lệnh) rồi tải lên.",
    ),
}
